"""Makes the files that the tests read: printed PDFs set line by line, Word documents, archives."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import docx
from docx.document import Document as WordDocument
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from monitor.documents.reading import read
from monitor.types import Document, Page

FONT = "STSong-Light"  # every reader of PDF brings it along
pdfmetrics.registerFont(UnicodeCIDFont(FONT))

WIDTH, HEIGHT = 595.0, 842.0
LEFT, TOP, SIZE, PITCH = 72.0, 90.0, 12.0, 20.0
CHARACTERS, ROWS = 30, 32  # a full line, a full page


def read_one(body: bytes, url: str = "file", **limits: int) -> Document:
    """The only document in some bytes."""
    (document,) = read(Page(url=url, body=body), **limits)
    return document


class Printer:
    """Sets text on pages: `print` puts a line at a place, `paragraph` wraps at the margin."""

    def __init__(self, head: str = "", foot: str = "", *, password: str = "", rotation: int = 0) -> None:
        self._out = BytesIO()
        encryption = StandardEncryption(password, canPrint=0) if password else None
        self._canvas = Canvas(self._out, pagesize=(WIDTH, HEIGHT), encrypt=encryption)
        self._head, self._foot, self._rotation = head, foot, rotation
        self._row, self._page = 0.0, 0
        self._begin_page()

    def _begin_page(self) -> None:
        self._page, self._row = self._page + 1, 0.0
        if self._rotation:
            self._canvas.setPageRotation(self._rotation)
        for text, y in ((self._head, 50.0), (self._foot, HEIGHT - 40.0)):
            if text:
                self.print(text.format(page=self._page), x=LEFT + 120, y=y, size=9)

    def print(self, text: str, *, x: float = LEFT, y: float, size: float = SIZE, tilt: float = 0) -> None:
        """A line at a place; `y` is that of the baseline from the top of the page."""
        self._canvas.saveState()
        self._canvas.translate(x, HEIGHT - y)
        self._canvas.rotate(tilt)
        self._canvas.setFont(FONT, size)
        self._canvas.drawString(0, 0, text)
        self._canvas.restoreState()

    def line(self, text: str, *, indent: float = 0, size: float = SIZE) -> "Printer":
        """The next line, `indent` characters from the margin; begins a page where the last is full."""
        if self._row >= ROWS:
            self.page()
        self.print(text, x=LEFT + indent * SIZE, y=TOP + self._row * PITCH, size=size)
        self._row += 1
        return self

    def paragraph(self, text: str, *, indent: int = 2, width: int = CHARACTERS) -> "Printer":
        """A paragraph of Chinese, broken where the margin is."""
        self.line(text[: width - indent], indent=indent)
        for start in range(width - indent, len(text), width):
            self.line(text[start : start + width])
        return self

    def centred(self, text: str, *, size: float = SIZE) -> "Printer":
        """The next line in the middle of the column."""
        return self.line(text, indent=(CHARACTERS - len(text) * size / SIZE) / 2, size=size)

    def gap(self, rows: float = 0.8) -> "Printer":
        """White between two blocks."""
        self._row += rows
        return self

    def page(self) -> "Printer":
        """Begins the next page."""
        self._canvas.showPage()
        self._begin_page()
        return self

    def link(self, url: str, *, x: float, y: float, width: float) -> "Printer":
        """Makes what stands there lead to an address."""
        self._canvas.linkURL(url, (x, HEIGHT - y - 2, x + width, HEIGHT - y + SIZE))
        return self

    def picture(self) -> "Printer":
        """A drawing that fills the page, as a scan does."""
        self._canvas.rect(20, 20, WIDTH - 40, HEIGHT - 40, fill=1)
        return self

    def pdf(self) -> bytes:
        self._canvas.save()
        return self._out.getvalue()


def word(*paragraphs: str) -> bytes:
    """A Word document of plain paragraphs, with no space between them."""
    document = docx.Document()
    document.styles["Normal"].paragraph_format.space_after = 0
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    return saved(document)


def saved(document: WordDocument) -> bytes:
    """A python-docx document as the bytes of its file."""
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def archive(files: Iterable[tuple[str, bytes]]) -> bytes:
    """A ZIP archive of named files."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as package:
        for name, body in files:
            package.writestr(name, body)
    return out.getvalue()


def sentence(length: int, seed: int = 0) -> str:
    """Chinese text of a given length, different for every seed, that ends as a sentence does."""
    characters = (
        "为进一步规范医疗服务价格管理加强部门协同完善工作机制确保政策落实到位现就有关事项说明如各地要提高认识"
    )
    step = 7 + 2 * (seed % 5)
    return "".join(characters[(seed * 13 + i * step) % len(characters)] for i in range(length - 1)) + "。"


def lines(texts: Sequence[str]) -> list[str]:
    """Printed lines without white space, empty ones left out: what two ways of printing have in common."""
    return [squeezed for text in texts if (squeezed := "".join(text.split()))]
