"""Word documents (.docx): paragraphs, headings, tables, text boxes and links in document order.

Reads the WordprocessingML itself (ECMA-376 part 1, §17): python-docx leaves out automatic numbers and what
stands in content controls (where Word puts its tables of contents), tracked insertions and text boxes.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import PurePosixPath
from zipfile import ZipFile

from lxml import etree
from lxml.etree import _Element as Element

from monitor.documents.docx_numbering import Numbering
from monitor.documents.docx_styles import ParagraphStyle, Styles, attribute, local_name
from monitor.documents.packed import unpack
from monitor.errors import ParseError
from monitor.types import Block, BlockKind, Document, Link

_MAIN_TYPE = "/officeDocument"  # how the type of the relationship to the main part ends
_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_NOT_SHOWN = frozenset(
    ("del", "moveFrom", "pPr", "rPr", "sectPr", "rt", "Fallback", "delText", "tblPr", "tcPr")
)
_GAP = 100  # twentieths of a point between paragraphs from which a reader sees a gap
_INDENT = re.compile(r"(?:\u3000{2}| {4})")
_LAYOUT_CELL = 600  # characters: a table with a longer cell arranges the page
_HYPERLINK = re.compile(r'HYPERLINK\s+"([^"]+)"')
_CHARACTERS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def read_docx(body: bytes, *, url: str | None, max_bytes: int) -> Document:
    """The document's blocks: paragraphs without space between them are the lines of one block.

    Raises `ParseError` where the file is damaged, unpacks to more than `max_bytes`, or has no text.
    """
    parts = _Parts(body, max_bytes)
    walk = _Walk(parts)
    for name in (parts.main, "footnotes.xml", "endnotes.xml"):
        root = parts.xml(name)
        if root is not None:
            walk.read(root)
    if not walk.blocks:
        raise ParseError(
            "is a Word document without text; if it shows scanned pages, they must be recognised first."
        )
    return Document(blocks=tuple(walk.blocks), url=url, media_type=_MEDIA_TYPE)


class _Parts:
    """The XML parts of a package, by their names in the folder of the main part."""

    def __init__(self, body: bytes, max_bytes: int) -> None:
        self._package = ZipFile(BytesIO(body))
        self._names = set(self._package.namelist())
        self._left = max_bytes
        self._folder = PurePosixPath()
        mains = (
            r.get("Target", "") for r in self.relationships("") if r.get("Type", "").endswith(_MAIN_TYPE)
        )
        path = PurePosixPath(next(mains, "word/document.xml").lstrip("/"))
        self._folder, self.main = path.parent, path.name

    def xml(self, name: str) -> Element | None:
        """The root element of a part; None where the package has no such part."""
        path = str(self._folder / name)
        if path not in self._names:
            return None
        content = unpack(self._package, self._package.getinfo(path), self._left)
        self._left -= len(content)
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
        )
        try:
            return etree.fromstring(content, parser)
        except etree.XMLSyntaxError as error:
            raise ParseError(f"is a damaged Word document ({path}: {error}).") from error

    def relationships(self, name: str) -> list[Element]:
        """What a part refers to: elements with an Id, a Type and a Target."""
        root = self.xml(f"_rels/{name}.rels")
        return [] if root is None else list(root.iter("{*}Relationship"))


class _Walk:
    """One walk over a document; lines are gathered until a block ends."""

    def __init__(self, parts: _Parts) -> None:
        self.blocks: list[Block] = []
        self._targets = {r.get("Id", ""): r.get("Target", "") for r in parts.relationships(parts.main)}
        self._styles = Styles(parts.xml("styles.xml"))
        self._numbering = Numbering(parts.xml("numbering.xml"))
        self._lines: list[str] = []
        self._links: list[Link] = []
        self._before: ParagraphStyle | None = None

    def read(self, container: Element) -> None:
        self._read(container)
        self._flush()

    def _read(self, container: Element) -> None:
        """Paragraphs and tables; content controls, tracked insertions and the like are looked through."""
        for element in container:
            name = local_name(element)
            if name == "p":
                self._paragraph(element)
            elif name == "tbl":
                self._table(element)
            elif name not in _NOT_SHOWN:
                self._read(element)

    def _paragraph(self, element: Element) -> None:
        style = self._styles.of(element)
        text = _Text(self._targets)
        text.read(element)
        content = "".join(text.parts).strip("\n")
        if not content.strip():
            self._flush()
        else:
            self._add(self._numbering.label(style) + content, text.links, style)
        for box in text.boxes:
            self._flush()
            self._read(box)

    def _add(self, content: str, links: list[Link], style: ParagraphStyle) -> None:
        style = replace(style, indented=style.indented or bool(_INDENT.match(content)))
        if self._before and _are_apart(self._before, style):
            self._flush()
        self._lines += [line.rstrip() for line in content.split("\n") if line.strip()]
        self._links += links
        self._before = style
        if style.heading:
            self._flush(style.heading)

    def _flush(self, level: int = 0) -> None:
        if self._lines:
            kind = BlockKind.HEADING if level else BlockKind.PARAGRAPH
            self.blocks.append(Block(kind, tuple(self._lines), level=level, links=tuple(self._links)))
        self._lines, self._links, self._before = [], [], None

    def _table(self, element: Element) -> None:
        self._flush()
        rows = [list(_children(row, "tc")) for row in _children(element, "tr")]
        cells = [cell for row in rows for cell in row]
        if max(map(len, rows), default=0) < 2 or any(len(_all_text(cell)) > _LAYOUT_CELL for cell in cells):
            for cell in cells:
                self._read(cell)
                self._flush()
            return
        links: list[Link] = []
        texts = tuple(tuple(self._cell(cell, links) for cell in row) for row in rows)
        texts = tuple(row for row in texts if any(row))
        if texts:
            lines = tuple("\t".join(row) for row in texts)
            self.blocks.append(Block(BlockKind.TABLE, lines, rows=texts, links=tuple(links)))

    def _cell(self, element: Element, links: list[Link]) -> str:
        """A cell on one line. A number at its beginning is counted, for the list goes on after the table."""
        texts = []
        for paragraph in _paragraphs(element):
            text = _Text(self._targets)
            text.read(paragraph)
            if content := " ".join("".join(text.parts).split()):
                texts.append(self._numbering.label(self._styles.of(paragraph)) + content)
            links += text.links
            texts += [self._cell(box, links) for box in text.boxes]
        return " ".join(texts)


def _are_apart(first: ParagraphStyle, second: ParagraphStyle) -> bool:
    """A reader sees two paragraphs and not two lines: by a gap, an indent, or another alignment."""
    return (
        bool(second.heading)
        or first.indented
        or second.indented
        or second.starts_page
        or first.alignment != second.alignment
        or max(first.space_after, second.space_before) >= _GAP
    )


class _Text:
    """The text, links and text boxes of one paragraph."""

    def __init__(self, targets: dict[str, str]) -> None:
        self.parts: list[str] = []
        self.links: list[Link] = []
        self.boxes: list[Element] = []
        self._targets = targets
        self._fields: list[tuple[str, int]] = []  # of each open one, its address and the part it starts at

    def read(self, element: Element) -> None:
        for child in element:
            name = local_name(child)
            if name == "t":
                self.parts.append(child.text or "")
            elif name in _CHARACTERS:
                self.parts.append(_CHARACTERS[name])
            elif name == "txbxContent":
                self.boxes.append(child)
            elif name in ("fldChar", "instrText"):
                self._field(child, name)
            elif name in ("hyperlink", "fldSimple"):
                self._linked(child)
            elif name not in _NOT_SHOWN:
                self.read(child)

    def _linked(self, element: Element) -> None:
        start = len(self.parts)
        self.read(element)
        found = _HYPERLINK.search(attribute(element, "instr"))
        self._note(found[1] if found else self._targets.get(attribute(element, "id"), ""), start)

    def _field(self, element: Element, name: str) -> None:
        """A field in its long form: begin, instruction, separate, result, end."""
        kind = attribute(element, "fldCharType")
        if name == "instrText":
            if self._fields and (found := _HYPERLINK.search(element.text or "")):
                self._fields[-1] = (found[1], len(self.parts))
        elif kind == "begin":
            self._fields.append(("", len(self.parts)))
        elif kind == "end" and self._fields:
            self._note(*self._fields.pop())

    def _note(self, url: str, start: int) -> None:
        if url and not url.startswith("#"):
            self.links.append(Link("".join(self.parts[start:]).strip(), url))


def _paragraphs(element: Element) -> Iterator[Element]:
    """The paragraphs inside an element, but not those inside of these."""
    for child in element:
        name = local_name(child)
        if name == "p":
            yield child
        elif name not in _NOT_SHOWN:
            yield from _paragraphs(child)


def _children(element: Element, name: str) -> Iterator[Element]:
    """Rows of a table or cells of a row, through what may stand in between."""
    for child in element:
        found = local_name(child)
        if found == name:
            yield child
        elif found in ("sdt", "sdtContent", "ins", "customXml"):
            yield from _children(child, name)


def _all_text(element: Element) -> str:
    return "".join(text for t in element.iter("{*}t") if (text := t.text))
