"""What a page is: its bytes decide; what it is declared as and what it is called only settle doubts."""

import re
from enum import StrEnum
from io import BytesIO
from pathlib import PurePosixPath
from zipfile import BadZipFile, ZipFile

from monitor.documents.charset import declared_in_markup, decode
from monitor.errors import ParseError
from monitor.types import Page


class Format(StrEnum):
    """What can be read."""

    HTML = "HTML"
    TEXT = "text"
    PDF = "PDF"
    DOCX = "Word (.docx)"
    DOC = "Word (.doc)"
    RTF = "RTF"
    ZIP = "ZIP archive"


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of all of old Office
_OLE_STREAMS = {  # by the names of their streams, the telling ones first
    "EncryptedPackage": "an Office document protected by a password; supply it without protection",
    "WordDocument": Format.DOC,
    "Workbook": "an Excel workbook (.xls), which is not read",
    "PowerPoint Document": "a PowerPoint presentation (.ppt), which is not read",
}
_OFFICE = {  # ZIP files that are documents, by how the name of a member begins
    "word/document": Format.DOCX,
    "xl/workbook": "an Excel workbook (.xlsx), which is not read",
    "ppt/presentation": "a PowerPoint presentation (.pptx), which is not read",
}
_NO_ARCHIVES = {
    "OFD.xml": "an OFD document, which is not read; supply it as PDF",
    "META-INF/manifest.xml": "an OpenDocument file, which is not read; supply it as .docx or PDF",
}
_NOT_READ = {
    b"Rar!": "a RAR archive, which is not read; supply it as ZIP",
    b"7z\xbc\xaf\x27\x1c": "a 7-Zip archive, which is not read; supply it as ZIP",
    b"\x1f\x8b": "a gzip file, which is not read; unpack it first",
    b"\x89PNG": "an image (PNG), which has no text; it must be recognised first",
    b"\xff\xd8\xff": "an image (JPEG), which has no text; it must be recognised first",
    b"GIF8": "an image (GIF), which has no text; it must be recognised first",
    b"II*\0": "an image (TIFF), which has no text; it must be recognised first",
    b"MM\0*": "an image (TIFF), which has no text; it must be recognised first",
    b"MIME-Version:": "a web archive (MHTML), which is not read; supply the page itself or a PDF of it",
    b"From: <Saved by": "a web archive (MHTML), which is not read; supply the page itself or a PDF of it",
    b"\x7fELF": "a program, not a document",
    b"MZ\x90\0": "a program, not a document",
}
_HTML_TYPES = ("text/html", "application/xhtml+xml")
_TEXT_TYPES = ("text/plain", "text/markdown", "text/x-markdown", "application/json")
_HTML_NAMES = (".html", ".htm", ".shtml", ".xhtml", ".jsp", ".aspx", ".php")
_TEXT_NAMES = (".txt", ".md", ".markdown", ".text")
_CERTAIN_HTML = re.compile(
    r"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|meta|\?xml)\b", re.I | re.S
)
_PERHAPS_HTML = re.compile(r"\s*<(?:!--|/?[a-z][a-z0-9]*[\s>/])", re.I)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\ufffd]")


def format_of(page: Page) -> tuple[Format, str]:
    """The format of a page, and its decoded text where that is HTML or text (else empty).

    Raises `ParseError` for what is not read, saying what it is.
    """
    if not page.body.strip(b"\0 \t\r\n"):
        raise ParseError(f"is empty ({len(page.body)} bytes).")
    found = _by_signature(page.body)
    if isinstance(found, Format):
        return found, ""
    if found:
        raise ParseError(f"is {found}.")
    text = decode(page.body, page.charset or declared_in_markup(page.body))[0]
    if len(_CONTROL.findall(text)) > 0.05 * len(text):
        raise ParseError(
            f"is of no format that is read (it begins with {page.body[:8].hex(' ')}){_promise(page)}."
        )
    return (Format.HTML if _is_html(text, page) else Format.TEXT), text


def _by_signature(body: bytes) -> Format | str | None:
    """The format that the first bytes tell; a sentence for one that is not read; None for text."""
    if body.startswith(b"{\\rtf"):
        return Format.RTF
    if body.startswith(_OLE):
        streams = (kind for name, kind in _OLE_STREAMS.items() if name.encode("utf-16-le") in body)
        return next(streams, "an old Office file of an unknown kind, or a damaged one")
    if body.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _package(body)
    if b"%PDF-" in body[:1024] and not body.lstrip().startswith(b"<"):  # after the containers of PDFs
        return Format.PDF
    return next((kind for mark, kind in _NOT_READ.items() if body.startswith(mark)), None)


def _package(body: bytes) -> Format | str:
    try:
        names = ZipFile(BytesIO(body)).namelist()
    except (BadZipFile, ValueError, NotImplementedError, OSError, EOFError) as error:
        return f"a damaged ZIP or Office file ({error}); fetch or send it again"
    marks = _OFFICE if "[Content_Types].xml" in names else _NO_ARCHIVES
    kinds = (kind for start, kind in marks.items() if any(name.startswith(start) for name in names))
    return next(kinds, Format.ZIP)


def _is_html(text: str, page: Page) -> bool:
    if _CERTAIN_HTML.match(text[:4096]):
        return True
    declared, suffix = (page.media_type or "").partition(";")[0].strip().lower(), suffix_of(page.url)
    if declared in _HTML_TYPES + _TEXT_TYPES:
        return declared in _HTML_TYPES
    if suffix in _HTML_NAMES + _TEXT_NAMES:
        return suffix in _HTML_NAMES
    return bool(_PERHAPS_HTML.match(text))


def suffix_of(url: str) -> str:
    """The lower-case ending of a file's name or an address's path, with its dot."""
    path = re.split(r"[?#]", url)[0] if "://" in url else url
    return PurePosixPath(path).suffix.lower()


def _promise(page: Page) -> str:
    return f", although it is declared as {page.media_type}" if page.media_type else ""
