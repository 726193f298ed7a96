"""Web pages: headings, paragraphs, tables and links; the decoded source stays with the document.

libxml2 directly, not BeautifulSoup: this is done for every page that changed.
"""

import re
from urllib.parse import urljoin

from lxml import etree
from lxml.etree import _Element as Element

from monitor.documents.paragraphs import WIDE
from monitor.types import Block, BlockKind, Document, Link

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_DROPPED = frozenset(("head", "script", "style", "noscript", "template", "select", "svg", "iframe", "object"))
_BLOCKS = frozenset((
    *_HEADINGS, *("address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details"),
    *("div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hr", "legend"),
    *("li", "main", "menu", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot"),
    *("th", "thead", "tr", "ul"),
))  # fmt: skip
_ARRANGES_THE_PAGE = etree.XPath(
    "boolean(.//table | .//td[string-length(.) > 600]) or not(.//tr[count(td) + count(th) > 1])"
)
_LINE_END_IN_CHINESE = re.compile(rf"(?<={WIDE})[ \t\r]*\n\s*(?={WIDE})")
_SPACE = re.compile(r"[ \t\r\n\f\xa0]+")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_BREAK = "\0"  # stands for <br> until white space is tidied; the source has no NUL left
_NO_ADDRESS = ("#", "javascript:")


def read_html(text: str, *, url: str | None) -> Document:
    """The page's blocks in the order of its source, its meta elements (name → content) and its `title`.

    `meta` keeps names as they are spelt, and the first of equal ones. A page without visible text, such as
    one that a script fills, has no blocks and a warning: its source may hold what a reader looks for.
    """
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    root = _tree(text, parser)
    blocks = tuple(_Walk(_base(root, url)).blocks(root)) if root is not None else ()
    return Document(
        blocks=blocks,
        url=url,
        media_type="text/html",
        markup=text,
        meta=_meta(root) if root is not None else {},
        warnings=tuple(_warnings(parser, blocks)),
    )


def _tree(text: str, parser: etree.HTMLParser) -> Element | None:
    source = _DECLARATION.sub("", text).replace("\0", "").encode("utf-8", "replace")
    try:
        return etree.fromstring(source, parser) if source.strip() else None
    except etree.XMLSyntaxError:
        return None  # nothing in it that could be an element


def _warnings(parser: etree.HTMLParser, blocks: tuple[Block, ...]) -> list[str]:
    warnings = [] if blocks else ["网页没有可见文字，内容可能由脚本载入。"]
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        warnings.append("网页嵌套过深，未能读到末尾，可能缺少文字。")
    return warnings


def _base(root: Element | None, url: str | None) -> str:
    base = root.find(".//base[@href]") if root is not None else None
    return _absolute(url or "", base.get("href", "")) if base is not None else url or ""


def _absolute(base: str, href: str) -> str:
    if href.startswith(("http://", "https://")):
        return href
    try:
        return urljoin(base, href)
    except ValueError:  # a broken IPv6 address and the like
        return href


def _meta(root: Element) -> dict[str, str]:
    meta: dict[str, str] = {}
    title = root.find(".//title")
    if title is not None:
        meta["title"] = _tidy("".join(title.itertext()))
    for element in root.iter("meta"):
        name = element.get("name") or element.get("property") or element.get("http-equiv")
        if name:
            meta.setdefault(name, element.get("content", ""))
    return meta


class _Walk:
    """One walk over a tree. What is gathered becomes a block where the next one begins, or a cell."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._blocks: list[Block] = []
        self._text: list[str] = []
        self._links: list[Link] = []
        self._table: Element | None = None  # the table of data that the walk is in
        self._rows: list[tuple[str, ...]] = []
        self._cells: list[str] = []

    def blocks(self, root: Element) -> list[Block]:
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            tag = element.tag
            if event == "start" and tag in _DROPPED:
                walk.skip_subtree()
            elif event == "start":
                self._begin(element, tag)
                self._text.append(element.text or "")
            else:
                if tag not in _DROPPED:
                    self._finish(element, tag)
                self._text.append(element.tail or "")
        self._flush()
        return self._blocks

    def _begin(self, element: Element, tag: str) -> None:
        if tag == "br":
            self._text.append(_BREAK)
        elif tag in _BLOCKS:
            self._divide(tag)
            if tag == "table" and not _ARRANGES_THE_PAGE(element):
                self._table = element

    def _finish(self, element: Element, tag: str) -> None:
        if tag == "a":
            self._note(element)
        elif element is self._table:
            self._flush_row()
            self._flush_table()
        elif self._table is not None and tag == "tr":
            self._flush_row()
        elif tag in _BLOCKS:
            self._divide(tag)

    def _divide(self, tag: str) -> None:
        """A block begins or ends; inside a table of data only cells and rows divide."""
        if self._table is None:
            self._flush(_HEADINGS.get(tag, 0))
        elif tag in ("td", "th"):
            self._cells.append(" ".join(self._take_lines()))
        else:
            self._text.append(_BREAK)

    def _flush(self, level: int = 0) -> None:
        lines = self._take_lines()
        if lines:
            kind = BlockKind.HEADING if level else BlockKind.PARAGRAPH
            self._blocks.append(Block(kind, lines, level=level, links=self._take_links()))

    def _flush_row(self) -> None:
        """Every second text stood between cells, where it has no place; it is kept all the same."""
        between = " ".join(self._take_lines())
        row = tuple(text for number, text in enumerate([*self._cells, between]) if number % 2 or text)
        self._cells.clear()
        if any(row):
            self._rows.append(row)

    def _flush_table(self) -> None:
        self._table = None
        rows, self._rows = tuple(self._rows), []
        if rows:
            lines = tuple("\t".join(row) for row in rows)
            self._blocks.append(Block(BlockKind.TABLE, lines, rows=rows, links=self._take_links()))

    def _take_lines(self) -> tuple[str, ...]:
        text, self._text = "".join(self._text), []
        if not text or text.isspace():
            return ()
        return tuple(line for part in text.split(_BREAK) if (line := _tidy(part)))

    def _take_links(self) -> tuple[Link, ...]:
        links, self._links = tuple(self._links), []
        return links

    def _note(self, element: Element) -> None:
        href = element.get("href", "").strip()
        if href and not href.lower().startswith(_NO_ADDRESS):
            text = _tidy("".join(element.itertext())) or element.get("title", "")
            self._links.append(Link(text, _absolute(self._base, href)))


def _tidy(text: str) -> str:
    """One line: white space as a browser shows it, but a line end inside Chinese is no space."""
    return _SPACE.sub(" ", _LINE_END_IN_CHINESE.sub("", text)).strip()
