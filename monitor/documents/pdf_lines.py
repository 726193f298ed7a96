"""The printed lines of a PDF page and their places, as pdfium finds them.

Places are taken along and down the direction of the text, so that turned pages read like upright ones.
"""

import ctypes
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from monitor.documents.paragraphs import WIDE
from monitor.documents.printed import HYPHEN, PrintedLine, PrintedPage
from monitor.types import Link

_LINE_END = re.compile(rf"\r\n?|\n|(?<={HYPHEN})")
_CONTROL = re.compile(r"[\x00\x01\x03-\x08\x0b-\x1f\x7f\ufeff]")  # all but HYPHEN and white space
_UNSEEN = re.compile(r"\s|" + _CONTROL.pattern)
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_WIDE = re.compile(WIDE)
_CLOSING = re.escape("，。、；：？！”’）》〉」』】〕…—,.;:?!)]%％")
_FIRST_WORD = re.compile(rf"[“‘（《〈「『【〔(\[]*(?:{WIDE}|<?\w+:/|(?:(?!{WIDE})\S)+|.)[{_CLOSING}]*")
_TOUCHING, _THIN_GAP, _COLUMN_GAP = 0.1, 0.34, 2.0  # in ems: none; one that only layout made; one of columns
_STRETCHED = 5  # thin gaps between single letters: more than the labels 关 键 字 and 发 文 字 号 have
_TILTED = 0.35  # sine of twice the angle: about 10 degrees away from every right angle, a watermark


class _Direction(NamedTuple):
    """Which way text runs: the cosine and sine of its angle to the page's own horizontal."""

    cosine: float = 1.0
    sine: float = 0.0

    def along(self, x: float, y: float) -> float:
        return x * self.cosine + y * self.sine

    def down(self, x: float, y: float) -> float:
        return x * self.sine - y * self.cosine


class _Characters:
    """The characters of a page, by their number; a thin cover of pdfium's functions."""

    def __init__(self, text: pypdfium2.PdfTextPage) -> None:
        self._text = text.raw
        self._box, self._matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        codes = (pdfium.FPDFText_GetUnicode(self._text, i) for i in range(text.count_chars()))
        self.string = _SURROGATE.sub("\ufffd", "".join(map(chr, codes)))

    def direction(self, index: int) -> tuple[_Direction, float]:
        """Which way a character runs, and the size of its type in points."""
        matrix = self._matrix
        pdfium.FPDFText_GetMatrix(self._text, index, matrix)
        scale = math.hypot(matrix.a, matrix.b) or 1.0
        height = math.hypot(matrix.c, matrix.d) or 1.0
        size = abs(pdfium.FPDFText_GetFontSize(self._text, index)) * height
        return _Direction(matrix.a / scale, matrix.b / scale), size

    def origin(self, index: int) -> tuple[float, float]:
        pdfium.FPDFText_GetCharOrigin(self._text, index, self._x, self._y)
        return self._x.value, self._y.value

    def extent(self, index: int, direction: _Direction) -> tuple[float, float]:
        """Where a character begins and ends along the direction of its line, its own white included."""
        pdfium.FPDFText_GetLooseCharBox(self._text, index, self._box)
        box = self._box
        ends = direction.along(box.left, box.bottom), direction.along(box.right, box.top)
        return min(ends), max(ends)

    def is_generated(self, index: int) -> bool:
        """pdfium put the character in, because there is a gap; the file has none."""
        return bool(pdfium.FPDFText_IsGenerated(self._text, index) == 1)


def printed_page(file: pypdfium2.PdfDocument, number: int) -> PrintedPage:
    """One page of an open PDF; one that pdfium cannot load has neither lines nor size."""
    try:
        page = file[number]
    except pypdfium2.PdfiumError:
        return PrintedPage(width=0.0, height=0.0)
    text = page.get_textpage()
    try:
        bounds = page.get_bbox()
        lines = _merged(_lines(_Characters(text), bounds, number))
        for link, x, y in _links(page, text):
            _attach(lines, link, x, bounds[3] - y)
        width, height = page.get_size()
        has_objects = pdfium.FPDFPage_CountObjects(page.raw) > 0
        return PrintedPage(width=width, height=height, lines=tuple(lines), has_objects=has_objects)
    finally:
        text.close()
        page.close()


def _lines(characters: _Characters, bounds: Sequence[float], number: int) -> Iterator[PrintedLine]:
    start = 0
    for end in [*(match.end() for match in _LINE_END.finditer(characters.string)), len(characters.string)]:
        line = _line(characters, start, end, bounds, number)
        if line:
            yield line
        start = end


def _line(
    characters: _Characters, start: int, end: int, bounds: Sequence[float], number: int
) -> PrintedLine | None:
    raw = characters.string[start:end]
    seen = [index for index, character in enumerate(raw, start) if not _UNSEEN.match(character)]
    if not seen:
        return None
    direction, size = characters.direction(seen[0])
    text = _spaced(characters, seen[0], seen[-1] + 1, direction, size)
    if not text.strip() or abs(2 * direction.sine * direction.cosine) > _TILTED:
        return None
    first_word = _FIRST_WORD.match(raw, seen[0] - start)
    word_end = start + first_word.end() - 1 if first_word else seen[0]
    left = characters.extent(seen[0], direction)[0]
    top = min(direction.down(x, y) for x in bounds[::2] for y in bounds[1::2])
    return PrintedLine(
        text=text,
        page=number,
        left=left,
        right=characters.extent(seen[-1], direction)[1],
        baseline=direction.down(*characters.origin(seen[0])) - top,
        size=size,
        first_word=characters.extent(word_end, direction)[1] - left,
    )


def _spaced(characters: _Characters, start: int, end: int, direction: _Direction, size: float) -> str:
    """The text of a line; spaces that only layout made are left out."""
    text = characters.string[start:end]
    gaps = {
        index: (characters.extent(index + 1, direction)[0] - characters.extent(index - 1, direction)[1])
        / (size or 1.0)
        for index, character in enumerate(text, start)
        if character == " " and characters.is_generated(index)
    }
    stretched = _stretched([index for index, gap in gaps.items() if gap <= _THIN_GAP])
    string = characters.string
    parts = (
        _gap(gaps[index], string[index - 1], string[index + 1]) if index in gaps else character
        for index, character in enumerate(text, start)
        if index not in stretched
    )
    return _CONTROL.sub("", "".join(parts))


def _stretched(thin: Sequence[int]) -> set[int]:
    """The thin gaps that set single letters apart, one after the other, to fill a line."""
    runs: list[list[int]] = []
    for index in thin:
        if runs and index == runs[-1][-1] + 2:
            runs[-1].append(index)
        else:
            runs.append([index])
    return {index for run in runs if len(run) >= _STRETCHED for index in run}


def _gap(ems: float, before: str, after: str) -> str:
    """What a gap between two characters means: layout alone makes a thin one where two scripts meet."""
    if ems >= _COLUMN_GAP:
        return "\t"
    scripts_meet = bool(_WIDE.match(before)) != bool(_WIDE.match(after))
    return "" if scripts_meet and ems <= _THIN_GAP else " "


def _merged(lines: Iterator[PrintedLine]) -> list[PrintedLine]:
    """Pieces that stand on one line of the page but not in one of the file, put together."""
    merged: list[PrintedLine] = []
    for line in lines:
        before = merged[-1] if merged else None
        if before and abs(line.baseline - before.baseline) < 0.2 * line.size and line.left > before.right:
            ems = (line.left - before.right) / (line.size or 1.0)
            gap = _gap(ems, before.text[-1], line.text[0]) if ems > _TOUCHING else ""
            merged[-1] = replace(before, text=before.text + gap + line.text, right=line.right)
        else:
            merged.append(line)
    return merged


def _attach(lines: list[PrintedLine], link: Link, x: float, y: float) -> None:
    """Gives a link to the line that its middle (`y` from the top) is on; else to the last one of the page."""
    hit = [
        number
        for number, line in enumerate(lines)
        if line.left <= x <= line.right and 0 <= line.baseline - y <= line.size
    ]
    for number in hit[:1] or range(len(lines))[-1:]:
        lines[number] = replace(lines[number], links=(*lines[number].links, link))


def _links(page: pypdfium2.PdfPage, text: pypdfium2.PdfTextPage) -> Iterator[tuple[Link, float, float]]:
    """The links to addresses on a page, each with the middle of its place."""
    position, link = ctypes.c_int(0), pdfium.FPDF_LINK()
    rectangle = pdfium.FS_RECTF()
    while pdfium.FPDFLink_Enumerate(page.raw, position, link):
        url = _address(page, link)
        if url and pdfium.FPDFLink_GetAnnotRect(link, rectangle):
            box = (rectangle.left, rectangle.bottom, rectangle.right, rectangle.top)
            words = " ".join(text.get_text_bounded(*box).split())
            yield Link(words, url), (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def _address(page: pypdfium2.PdfPage, link: object) -> str:
    action = pdfium.FPDFLink_GetAction(link)
    if not action or pdfium.FPDFAction_GetType(action) != pdfium.PDFACTION_URI:
        return ""
    length = pdfium.FPDFAction_GetURIPath(page.pdf.raw, action, None, 0)
    buffer = ctypes.create_string_buffer(length)
    pdfium.FPDFAction_GetURIPath(page.pdf.raw, action, buffer, length)
    return buffer.value.decode("utf-8", "replace")
