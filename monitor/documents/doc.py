"""Old Word documents (.doc) and RTF, read by a program that the system has: antiword, else LibreOffice."""

import shutil
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

from monitor.documents.docx import read_docx
from monitor.documents.plain import read_text
from monitor.errors import ParseError
from monitor.types import Document

WORD, RTF = "application/msword", "application/rtf"

_SECONDS = 120
_OFFICE_FILTERS = {WORD: "MS Word 97", RTF: "Rich Text Format"}  # else it takes damaged files for plain text


def read_doc(body: bytes, *, url: str | None, max_bytes: int, media_type: str = WORD) -> Document:
    """The text of an old Word document, or of RTF where `media_type` says so.

    antiword takes milliseconds, but knows neither RTF nor every Word; LibreOffice takes seconds.
    Raises `ParseError` where neither is installed or neither can read the file.
    """
    with tempfile.TemporaryDirectory(prefix="policy-monitor-") as name:
        file = Path(name, "document")
        file.write_bytes(body)
        text, complaint = _antiword(file) if media_type == WORD else ("", "")
        if text:
            return read_text(text, url=url, media_type=media_type)
        converted = _office(file, media_type)
    if converted is None:
        found = "is an old Word document" if media_type == WORD else "is an RTF document"
        tried = f" that antiword cannot read ({complaint})" if complaint else ""
        program = "LibreOffice" if tried or media_type == RTF else "antiword or LibreOffice"
        raise ParseError(f"{found}{tried}; install {program}, or supply it as .docx or PDF.")
    if not converted:
        raise ParseError("is a damaged or protected Word document; supply it as .docx or PDF.")
    return replace(read_docx(converted, url=url, max_bytes=max_bytes), media_type=media_type)


def _antiword(file: Path) -> tuple[str, str]:
    """The text, and what antiword complains of where there is none; both empty where it is not installed."""
    program = shutil.which("antiword")
    if program is None:
        return "", ""
    run = _run([program, "-m", "UTF-8.txt", "-w", "0", str(file)])  # 0: a paragraph stays on one line
    text = run.stdout.decode("utf-8", "replace")
    if run.returncode == 0 and text.strip():
        return text, ""
    complaint = " ".join((run.stderr or run.stdout).decode("utf-8", "replace").split())
    return "", complaint.replace(str(file), "it")[:200] or "no text found"


def _office(file: Path, media_type: str) -> bytes | None:
    """The file as .docx; empty where LibreOffice cannot convert it, None where it is not installed."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        return None
    # A profile of its own: two of them with one profile lock each other out.
    profile = f"-env:UserInstallation={(file.parent / 'profile').as_uri()}"
    convert = ["--headless", f"--infilter={_OFFICE_FILTERS[media_type]}", "--convert-to", "docx"]
    _run([program, profile, *convert, "--outdir", str(file.parent), str(file)])
    converted = file.with_suffix(".docx")
    return converted.read_bytes() if converted.exists() else b""


def _run(command: list[str]) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(
            command, capture_output=True, stdin=subprocess.DEVNULL, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise ParseError(
            f"kept {Path(command[0]).name} busy for {_SECONDS} seconds; it is damaged."
        ) from error
