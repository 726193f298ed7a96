"""The real digests, printed to PDF and saved as Word documents, read like the text that they came from."""

import shutil
import subprocess
from collections.abc import Sequence
from difflib import SequenceMatcher
from pathlib import Path

import pytest

from monitor.types import Document
from tests.documents.printing import lines, read_one

NAMES = ["monthly-2022-12", "notice-shanxi-2022-83", "reference-2022-07-31", "weekly-2021-08-15"]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def converted(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed to convert the corpus")
    folder = tmp_path_factory.mktemp("converted")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    sources = [str(shared / "corpus" / f"{name}.txt") for name in NAMES]
    for form in ("pdf", "docx"):
        command = [office, profile, "--headless", "--infilter=Text (encoded):UTF8", "--convert-to", form]
        subprocess.run(
            [*command, "--outdir", str(folder), *sources], check=True, capture_output=True, timeout=300
        )
    return folder


def text_of(shared: Path, name: str) -> Document:
    return read_one((shared / "corpus" / f"{name}.txt").read_bytes(), f"{name}.txt")


def agreement(expected: Sequence[str], found: Sequence[str]) -> float:
    """The share of lines that are the same and in the same order."""
    return SequenceMatcher(None, expected, found, autojunk=False).ratio()


@pytest.mark.parametrize("name", NAMES)
def test_a_word_document_gives_every_line_of_the_text(shared: Path, converted: Path, name: str) -> None:
    document = read_one((converted / f"{name}.docx").read_bytes())
    expected = text_of(shared, name)
    assert lines(document.lines) == lines(expected.lines)
    assert len(document.blocks) == len(expected.blocks)


@pytest.mark.parametrize("name", NAMES)
def test_a_pdf_gives_the_characters_and_lines_of_the_text(shared: Path, converted: Path, name: str) -> None:
    found = lines(read_one((converted / f"{name}.pdf").read_bytes()).lines)
    expected = lines(text_of(shared, name).lines)
    assert "".join(found) == "".join(expected)
    tables = name.startswith("weekly")  # rows set by tabs, whose wrapped cells no reader can tell from lines
    assert agreement(expected, found) >= (0.96 if tables else 0.998)
