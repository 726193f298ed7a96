"""PDF files: printed lines with their places, from which paragraphs are put together."""

import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing

import pypdfium2
import pypdfium2.raw as pdfium

from monitor.documents.furniture import without_furniture
from monitor.documents.paragraphs import blocks
from monitor.documents.pdf_lines import printed_page
from monitor.documents.printed import PrintedPage
from monitor.errors import ParseError
from monitor.types import Document

_ONE_AT_A_TIME = threading.Lock()  # pdfium is not thread-safe
_UNKNOWN = re.compile(r"[\ufffd\ue000-\uf8ff]")  # what a font without a table of its characters gives


def read_pdf(body: bytes, *, url: str | None, max_pages: int) -> Document:
    """The text of a PDF in blocks, without the headers and footers of its pages.

    Raises `ParseError` for one that is encrypted, damaged, too long or without a text layer.
    """
    with _ONE_AT_A_TIME, closing(_opened(body)) as file:
        if len(file) > max_pages:
            raise ParseError(f"has {len(file):,} pages, more than the limit of {max_pages:,}.")
        pages = [printed_page(file, number) for number in range(len(file))]
    text = blocks(without_furniture(pages))
    if not text:
        raise ParseError(
            _why_empty(pages) + (" It has no end mark and may be cut off." if _is_cut_off(body) else "")
        )
    return Document(
        blocks=tuple(text), url=url, media_type="application/pdf", warnings=tuple(_warnings(body, pages))
    )


def _opened(body: bytes) -> pypdfium2.PdfDocument:
    try:
        file = pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as error:
        if pdfium.FPDF_GetLastError() == pdfium.FPDF_ERR_PASSWORD:
            raise ParseError(
                "is an encrypted PDF that opens with a password only; supply it without."
            ) from error
        raise ParseError("is a damaged PDF that cannot be opened; fetch or send it again.") from error
    if len(file) == 0:
        file.close()
        raise ParseError("is a PDF without pages.")
    return file


def _why_empty(pages: Sequence[PrintedPage]) -> str:
    if any(page.has_objects for page in pages):
        return (
            f"is a scanned PDF: {len(pages)} page(s) of pictures without a text layer;"
            " it must be recognised (OCR) first."
        )
    return f"is an empty PDF: nothing is printed on its {len(pages)} page(s)."


def _warnings(body: bytes, pages: Sequence[PrintedPage]) -> Iterator[str]:
    scanned = [str(number) for number, page in enumerate(pages, 1) if page.has_objects and not page.lines]
    if scanned:
        numbers = "、".join(scanned[:10]) + ("等" if len(scanned) > 10 else "")
        yield f"第{numbers}页没有文字层（图片或扫描件），未能读取。"
    text = "".join(line.text for page in pages for line in page.lines)
    if (unknown := len(_UNKNOWN.findall(text))) > 0.02 * len(text):
        yield f"PDF的{len(text):,}个字符中有{unknown:,}个没有对应的文字，正文可能是乱码。"
    if _is_cut_off(body):
        yield "PDF没有结束标记，可能不完整，缺少后面的页。"


def _is_cut_off(body: bytes) -> bool:
    return b"%%EOF" not in body[-2048:]
