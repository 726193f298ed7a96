"""An HTML page as printed lines, in one pass over its tree.

Everything else about a page is decided on its lines: where a container begins and ends, what is a label and
what its value, which link is an attachment. Cells of a row are divided by `CELL`, inline elements by `EDGE`.
"""

import re
from dataclasses import dataclass, field

from lxml import etree, html

from monitor.parsing.labels import CELL, EDGE

_DROPPED = frozenset(
    (
        "script",
        "style",
        "noscript",
        "template",
        "select",
        "button",
        "textarea",
        "iframe",
        "object",
        "svg",
        "canvas",
    )
)
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "caption",
        "figcaption",
        "br",
    ]
)
_EDGED = frozenset(("span", "b", "strong", "em", "label", "i", "font", "a", "time", "u"))
_INVISIBLE = f" \t\r\n\f\v\u3000\u00a0{CELL}{EDGE}"
_SPACE = re.compile(r"[ \t\r\n\f\v]+")
_XML_DECLARATION = re.compile(r"^\s{0,100}<\?xml[^>]{0,200}\?>")
_LAYOUT_CELL = 400  # characters; a row with a longer cell of paragraphs arranges the page and is no data


@dataclass(slots=True)
class Span:
    """An element with an id or a class, or one that divides the page: it covers `lines[first:last]`."""

    tag: str
    names: tuple[str, ...]  # id and classes, lower case
    first: int
    last: int = 0
    filled: bool = False  # a link or an image is inside


@dataclass(slots=True)
class FlatPage:
    """A page as lines, with what was noted on the way; numbers are those of lines."""

    lines: list[str] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    in_paragraphs: set[int] = field(default_factory=set)
    links: list[tuple[html.HtmlElement, int]] = field(default_factory=list)  # also what opens one by script
    marks: list[tuple[str, int]] = field(default_factory=list)  # comments, and metas that stand for one
    metas: list[tuple[str, str]] = field(default_factory=list)  # name in lower case, content
    title: str = ""
    base: str | None = None


def parse_markup(markup: str) -> html.HtmlElement | None:
    """The tree of a page; None where there is nothing in it."""
    text = _XML_DECLARATION.sub("", markup).replace("\x00", "")
    parser = html.HTMLParser(encoding="utf-8", remove_pis=True)
    try:
        return html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None


def flatten(root: html.HtmlElement, *, hidden: bool = False) -> FlatPage:
    """The lines of a page; what is not displayed only where `hidden` asks for it."""
    return _Flattening(hidden).run(root)


class _Flattening:
    """One walk over a tree. Inside a row of data (`_row`), paragraphs do not break the line."""

    def __init__(self, hidden: bool) -> None:
        self.page = FlatPage()
        self._hidden = hidden
        self._text: list[str] = []
        self._open: dict[html.HtmlElement, Span] = {}
        self._row: html.HtmlElement | None = None
        self._things = 0  # links and images so far

    def run(self, root: html.HtmlElement) -> FlatPage:
        walk = etree.iterwalk(root, events=("start", "end", "comment"))
        for event, element in walk:
            if event == "start":
                if self._is_dropped(element):
                    walk.skip_subtree()
                else:
                    self._begin(element)
                continue
            if event == "comment":
                self.page.marks.append((element.text or "", len(self.page.lines)))
            elif not self._is_dropped(element):
                self._finish(element)
            if element.tail and element is not root:
                self._text.append(element.tail)
        self._break()
        return self.page

    def _is_dropped(self, element: html.HtmlElement) -> bool:
        if element.tag in _DROPPED:
            return True
        if self._hidden or not (style := element.get("style")):
            return False
        return "display:none" in style.replace(" ", "").lower()

    def _begin(self, element: html.HtmlElement) -> None:
        tag = element.tag
        if tag in _BLOCKS:
            self._begin_block(element, tag)
        elif tag in _EDGED:
            self._text.append(EDGE)
            if tag == "a":
                self._note_link(element)
        elif tag == "meta":
            self._note_meta(element)
        elif tag == "base":
            self.page.base = element.get("href") or self.page.base
        elif tag == "title" and not self.page.title:
            self.page.title = element.text or ""
            return
        elif tag == "img":
            self._things += 1
        if tag != "a" and element.get("onclick"):
            self._note_link(element)
        self._note_span(element, tag)
        if element.text:
            self._text.append(element.text)

    def _begin_block(self, element: html.HtmlElement, tag: str) -> None:
        if self._row is not None:
            self._text.append(CELL if tag in ("td", "th") else " ")
        elif tag == "dd" and (before := element.getprevious()) is not None and before.tag == "dt":
            self._text.append(CELL)
        else:
            self._break()
            if tag == "tr" and _is_data(element):
                self._row = element

    def _note_span(self, element: html.HtmlElement, tag: str) -> None:
        names = f"{element.get('id') or ''} {element.get('class') or ''}".lower().split()
        if names or tag in ("div", "td", "body", "article", "section", "p", "h1"):
            self._open[element] = Span(tag, tuple(names), len(self.page.lines), last=self._things)

    def _note_link(self, element: html.HtmlElement) -> None:
        self._things += 1
        self.page.links.append((element, len(self.page.lines)))

    def _note_meta(self, element: html.HtmlElement) -> None:
        name = element.get("name") or element.get("property") or element.get("http-equiv") or ""
        name = name.strip().lower()
        self.page.metas.append((name, element.get("content") or ""))
        if name.startswith("content"):
            self.page.marks.append((name, len(self.page.lines)))

    def _finish(self, element: html.HtmlElement) -> None:
        tag = element.tag
        if tag in _EDGED:
            self._text.append(EDGE)
        elif self._row is element:
            self._row = None
            self._break(row=True)
        elif tag in _BLOCKS and self._row is None and tag != "dt":
            self._break()
        if span := self._open.pop(element, None):
            span.filled = self._things > span.last
            span.last = len(self.page.lines) + self._pending()
            self.page.spans.append(span)
            if tag == "p":
                self.page.in_paragraphs.update(range(span.first, span.last))

    def _pending(self) -> bool:
        return any(part.strip(_INVISIBLE) for part in self._text)

    def _break(self, *, row: bool = False) -> None:
        if not self._text:
            return
        text = "".join(self._text)
        self._text.clear()
        if row:
            cells = [_tidy(cell) for cell in text.split(CELL)[1:]]
            if any(cell.strip(EDGE) for cell in cells):
                self.page.lines.append(CELL.join(cells))
        elif (line := CELL.join(_tidy(cell) for cell in text.split(CELL))).strip(_INVISIBLE):
            self.page.lines.append(line)


def _tidy(text: str) -> str:
    return _SPACE.sub(" ", text).strip()


def _is_data(row: html.HtmlElement) -> bool:
    """The row belongs to a table of data and does not arrange parts of the page side by side."""
    cells = [cell for cell in row if cell.tag in ("td", "th")]
    if len(cells) < 2 or row.find(".//table") is not None:
        return False
    return not any(
        len(cell) and cell.find(".//p") is not None and sum(map(len, cell.itertext())) > _LAYOUT_CELL
        for cell in cells
    )
