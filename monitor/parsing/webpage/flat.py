"""An HTML page as printed lines, in one pass over its tree.

Everything else about a page is decided on its lines: where a container begins and ends, what is a label and
what its value, which link is an attachment. Cells of a row are divided by `CELL`, inline elements by `EDGE`.
"""

import re
from dataclasses import dataclass, field

from lxml import etree
from lxml.etree import _Element as Element

from monitor.parsing.labels import CELL, EDGE

_DROPPED = frozenset(
    (
        *("script", "style", "noscript", "template", "iframe", "object", "svg", "canvas"),
        *("select", "button", "textarea"),
    )
)
_BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "dir", "div"),
        *(
            "dl",
            "dt",
            "fieldset",
            "figcaption",
            "figure",
            "footer",
            "form",
            "header",
            "hr",
            "li",
            "main",
            "nav",
        ),
        *("h1", "h2", "h3", "h4", "h5", "h6", "ol", "p", "pre", "section", "ul"),
        *("table", "tbody", "td", "tfoot", "th", "thead", "tr"),
    )
)
_EDGED = frozenset(("span", "b", "strong", "em", "label", "i", "font", "a", "time", "u", "small"))
_INVISIBLE = f" \t\r\n\f\v\u3000\u00a0{CELL}{EDGE}"
_SPACE = re.compile(r"[ \t\r\n\f\v]+")
_LINE_END_IN_CHINESE = re.compile(
    r"(?<=[\u2e80-\u9fff\uff00-\uffef])[ \t\r]{0,80}\n[ \t\r\n]{0,200}(?=[\u2e80-\u9fff\uff00-\uffef])"
)
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
    links: list[tuple[Element, int]] = field(default_factory=list)  # also what opens one by script
    marks: list[tuple[str, int]] = field(default_factory=list)  # comments, and metas that stand for one
    metas: list[tuple[str, str]] = field(default_factory=list)  # name in lower case, content
    title: str = ""
    base: str | None = None


def parse_markup(markup: str) -> Element | None:
    """The tree of a page; None where there is nothing in it."""
    text = _XML_DECLARATION.sub("", markup).replace("\x00", "")
    parser = etree.HTMLParser(encoding="utf-8", remove_pis=True, huge_tree=True)
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser) if text.strip() else None
    except etree.XMLSyntaxError:
        return None  # nothing that could be an element


def flatten(root: Element, *, hidden: bool = False) -> FlatPage:
    """The lines of a page; what is not displayed only where `hidden` asks for it."""
    return _Flattening(hidden).run(root)


class _Flattening:
    """One walk over a tree. Inside a row of data (`_row`), paragraphs do not break the line."""

    def __init__(self, hidden: bool) -> None:
        self.page = FlatPage()
        self._hidden = hidden
        self._text: list[str] = []
        self._open: dict[Element, Span] = {}
        self._row: Element | None = None
        self._things = 0  # links and images so far
        self._visible = False  # what is gathered for the line can be seen

    def run(self, root: Element) -> FlatPage:
        walk = etree.iterwalk(root, events=("start", "end", "comment"))
        dropped: Element | None = None
        for event, element in walk:
            if event == "start":
                if self._is_dropped(element):
                    dropped = element
                    walk.skip_subtree()
                else:
                    self._begin(element)
                continue
            if event == "comment":
                self.page.marks.append((element.text or "", len(self.page.lines)))
            elif element is not dropped:
                self._finish(element)
            if element.tail and element is not root:
                self._add(element.tail)
        self._break()
        return self.page

    def _is_dropped(self, element: Element) -> bool:
        if element.tag in _DROPPED:
            return True
        if self._hidden or not (style := element.get("style")):
            return False
        return "display:none" in style.replace(" ", "").lower()

    def _begin(self, element: Element) -> None:
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
            self._add(element.text)

    def _add(self, text: str) -> None:
        self._text.append(text)
        self._visible = self._visible or bool(text.strip(_INVISIBLE))

    def _begin_block(self, element: Element, tag: str) -> None:
        if self._row is not None:
            self._text.append(CELL if tag in ("td", "th") else " ")
        elif tag == "dd" and (before := element.getprevious()) is not None and before.tag == "dt":
            self._text.append(CELL)
        else:
            self._break()
            if tag == "tr" and _is_data(element):
                self._row = element

    def _note_span(self, element: Element, tag: str) -> None:
        named = element.get("id"), element.get("class")
        names = " ".join(filter(None, named)).lower().split() if any(named) else []
        if tag == "ucapcontent":
            names.append(tag)
        if names or tag in ("div", "td", "body", "article", "section", "p", "h1"):
            self._open[element] = Span(tag, tuple(names), len(self.page.lines), last=self._things)

    def _note_link(self, element: Element) -> None:
        self._things += 1
        self.page.links.append((element, len(self.page.lines)))

    def _note_meta(self, element: Element) -> None:
        name = element.get("name") or element.get("property") or element.get("http-equiv") or ""
        name = name.strip().lower()
        self.page.metas.append((name, element.get("content") or ""))
        if name.startswith("content"):
            self.page.marks.append((name, len(self.page.lines)))

    def _finish(self, element: Element) -> None:
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
            span.last = len(self.page.lines) + self._visible
            self.page.spans.append(span)
            if tag == "p":
                self.page.in_paragraphs.update(range(span.first, span.last))

    def _break(self, *, row: bool = False) -> None:
        """End of the line, or of a row of data, where the first cell's mark comes before anything."""
        if self._visible:
            cells = [_tidy(cell) for cell in "".join(self._text).split(CELL)]
            self.page.lines.append(CELL.join(cells[1:] if row else cells))
        self._text.clear()
        self._visible = False


def _tidy(text: str) -> str:
    """White space as a browser shows it, but a line end inside Chinese is no space."""
    if "\n" in text:
        text = _LINE_END_IN_CHINESE.sub("", text)
    return _SPACE.sub(" ", text).strip()


def _is_data(row: Element) -> bool:
    """The row belongs to a table of data and does not arrange parts of the page side by side."""
    cells = [cell for cell in row if cell.tag in ("td", "th")]
    if len(cells) < 2 or row.find(".//table") is not None:
        return False
    return not any(
        len(cell) and cell.find(".//p") is not None and sum(map(len, cell.itertext())) > _LAYOUT_CELL
        for cell in cells
    )
