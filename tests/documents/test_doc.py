"""Old Word documents and RTF: read by the program there is; without one, refused with what to install."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.documents.reading import read
from monitor.errors import ParseError
from monitor.types import Page
from tests.documents.printing import read_one, sentence, word

NOT_QUITE_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "WordDocument".encode("utf-16-le")
LINES = (
    "关于示例的通知",
    "",
    "发文机关：甲",
    "成文日期：乙",
    "",
    sentence(900),
)  # antiword wants a page of text
RTF = rb"{\rtf1\ansi\ansicpg936 \u21307?\u20445?\u36890?\u30693?\par}"


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., None]:
    """Leaves only the named programs to be found."""

    def leave(*programs: str) -> None:
        for name in programs:
            found = shutil.which(name)
            if found is None:
                pytest.skip(f"{name} is not installed")
            (tmp_path / name).symlink_to(os.path.realpath(found))
        monkeypatch.setenv("PATH", str(tmp_path))

    return leave


@pytest.fixture(scope="module")
def old_word(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed to make an old Word document")
    folder = tmp_path_factory.mktemp("doc")
    (folder / "a.docx").write_bytes(word(*LINES))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [
        office,
        profile,
        "--headless",
        "--convert-to",
        "doc",
        "--outdir",
        str(folder),
        str(folder / "a.docx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return (folder / "a.doc").read_bytes()


def refusal(body: bytes) -> str:
    with pytest.raises(ParseError) as caught:
        read(Page(url="a.doc", body=body))
    return str(caught.value)


def test_without_a_program_the_refusal_says_what_to_install(only: Callable[..., None]) -> None:
    only()
    assert refusal(NOT_QUITE_WORD) == (
        "a.doc: is an old Word document; install antiword or LibreOffice, or supply it as .docx or PDF."
    )
    assert refusal(RTF) == "a.doc: is an RTF document; install LibreOffice, or supply it as .docx or PDF."


def test_what_antiword_cannot_read_is_told_with_its_words(only: Callable[..., None]) -> None:
    only("antiword")
    message = refusal(NOT_QUITE_WORD)
    assert message.startswith("a.doc: is an old Word document that antiword cannot read (")
    assert message.endswith("; install LibreOffice, or supply it as .docx or PDF.")


@pytest.mark.slow
def test_antiword_reads_an_old_word_document(only: Callable[..., None], old_word: bytes) -> None:
    only("antiword")
    document = read_one(old_word, "a.doc")
    assert document.media_type == "application/msword"
    assert document.lines == LINES


@pytest.mark.slow
def test_libreoffice_reads_what_antiword_does_not(old_word: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    which = shutil.which
    monkeypatch.setattr(shutil, "which", lambda name: None if name == "antiword" else which(name))
    assert read_one(old_word, "a.doc").lines == LINES
    assert read_one(RTF, "a.rtf").lines == ("医保通知",)
