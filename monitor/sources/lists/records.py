"""One record of a list: its title, its date, and where it leads."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from monitor.fetch.addresses import host_of
from monitor.sources.lists.links import Element, Link, seen_text, texts
from monitor.sources.lists.row_dates import (
    boxed_date,
    date_at_end,
    date_in_address,
    date_of,
    displayed_date,
    is_date,
    month_and_day,
    year_in_address,
)
from monitor.sources.lists.titles import SHORTEST, best_title, clean, is_cut, is_generic

_BLOCK_TAGS = frozenset({"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "dt", "dd", "td", "label"})
_LABEL_TAGS = frozenset({"span", "i", "small", "label"})
_LONGEST_LABEL = 6
_HIGHLIGHT = re.compile(r"red|high|key|em\b|hl", re.I)
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_COLUMN = re.compile(r"(?:(?:index|default|list|null)\.\w{2,5})?", re.I)
_SHORT_NAME = 10
_READING = re.compile(r"[【\[（(]?(?:政策|文字|图文|视频|专家)?(?:解读|图解)")


@dataclass(slots=True)
class Record:
    """A row before its address is made absolute. `shown`: its date is displayed, not only in its address.

    `month_and_day` is there where no year is displayed with them.
    """

    title: str
    date: dt.date | None
    target: str | None
    shown: bool
    element: Element
    month_and_day: tuple[int, int] | None = None


def read_record(element: Element, links: list[Link]) -> Iterator[Record]:
    """The record in an element: one, or one for each link where each has its own date, or none has."""
    titled = _pages([(link, title) for link in links if len(title := _title(link, element)) >= SHORTEST])
    if len(titled) > 1:
        dates = [displayed_date([piece]) for piece in pieces_of(element) if is_date(piece)]
        if len(dates) == len(titled):
            for (link, title), date in zip(titled, dates, strict=True):
                yield Record(title, date, link.target, True, element)
            return
    if not titled:
        return
    articles = [(link, title) for link, title in titled if len(title) >= 2 * SHORTEST]
    articles = articles or [max(titled, key=lambda pair: (not host_of(pair[0].target or ""), len(pair[1])))]
    date = _displayed(element, articles[0][0])
    short = month_and_day(pieces_of(element)) if date is None else None
    for link, title in articles[:1] if date or short else articles:
        target = link.target or ""
        year = year_in_address(target, short[0]) if short else None
        near = date or (date_of(year, *short) if short and year else None) or date_in_address(target)
        yield Record(title, near, link.target, bool(date or short), element, short)


def _pages(titled: list[tuple[Link, str]]) -> list[tuple[Link, str]]:
    """The links of a row without its files, columns and readings, as long as any are left."""
    if len(titled) < 2:
        return titled
    for fits in (
        lambda link, _: not link.is_file,
        lambda link, title: not is_short_column(link.target, title),
        lambda _, title: not _READING.match(title),
    ):
        titled = [(link, title) for link, title in titled if fits(link, title)] or titled
    return titled


def is_column(target: str | None) -> bool:
    """Whether an address is that of a folder or an index: a column of the site rather than a notice."""
    path, _, query = (target or "").partition("?")
    return not query and _COLUMN.fullmatch(path.rpartition("/")[2]) is not None


def is_short_column(target: str | None, title: str) -> bool:
    """Whether a link has the address of a column, and a title as short as a column's."""
    return len(title) < _SHORT_NAME and is_column(target)


def _displayed(element: Element, link: Link) -> dt.date | None:
    """The date that a row shows beside its title, else inside of it."""
    for told in islice(_told_by_attributes(element, link), 1):
        if (date := displayed_date([told])) is not None:
            return date
    outside = pieces_of(element, link.element)
    if (date := displayed_date(outside, _headings(element, outside))) is not None:
        return date
    inside = pieces_of(link.element)
    if (date := displayed_date([piece for piece in inside if is_date(piece)])) is not None:
        return date
    lines = [line for line in (link.element.get("title") or "").splitlines() if is_date(line.strip())]
    marked = (value for inner in element.iter() for name, value in inner.items() if name.startswith("data-"))
    return (
        boxed_date(inside)
        or date_at_end(inside[-1] if inside else "")
        or displayed_date(lines[-1:])
        or displayed_date([*islice(filter(is_date, marked), 1)])
    )


def _told_by_attributes(element: Element, link: Link) -> Iterator[str]:
    """The dates that elements of a row are marked with: 大汉 `rq`, and `<time datetime>`."""
    told = (link.element.get("rq"), *(time.get("datetime") for time in element.iter("time")))
    yield from filter(None, told)


def pieces_of(element: Element, without: Element | None = None) -> list[str]:
    """The pieces of text in an element, each in one line, without what `without` holds."""
    if element is without:
        return []
    joined = (" ".join(text.split()) for text in texts(element, without))
    return [piece for piece in joined if piece]


def _headings(element: Element, pieces: Sequence[str]) -> tuple[str, ...]:
    """The column headings over the cells of a table row, one for each of its pieces of text."""
    if element.tag != "tr":
        return ()
    cells = [(cell, seen_text(cell)) for cell in element]
    table = element.getparent()
    while table is not None and table.tag not in {"table", "thead"}:
        table = table.getparent()
    first = table.find(".//tr") if table is not None else None
    if first is None or first is element or len(first) != len(cells):
        return ()
    names = [seen_text(cell) for cell in first]
    by_text = {text: name for (_, text), name in zip(cells, names, strict=True)}
    return tuple(by_text.get(piece, "") for piece in pieces)


def _title(link: Link, element: Element) -> str:
    """A link's title; where the link says only 查看 or nothing, that of the longest text of its row."""
    visible = _visible(link.element)
    title = best_title(visible, link.element.get("title") or link.element.get("mc"), link.text)
    if is_cut(title):
        title = next(_titles_near(link.element, element, title), title)
    if len(title) >= SHORTEST and not is_generic(title):
        return title
    others = [clean(piece) for piece in pieces_of(element, link.element) if not is_date(piece)]
    return max(others, key=len, default="")


def _titles_near(link: Element, row: Element, cut: str) -> Iterator[str]:
    """Full forms of a cut title: in `title` attributes inside the link and just around it, in the row."""
    start = cut.rstrip("….。⋯ ")
    inside: Iterable[Element] = link.iterdescendants()
    parent = link.getparent()
    attributes = (near.get("title") or "" for near in (*inside, *(() if parent is None else (parent,))))
    for told in map(clean, (*attributes, *pieces_of(row, link))):
        if start and told.startswith(start) and len(told) >= len(start):
            yield told


def _visible(element: Element) -> str:
    """The visible title in a link, without the dates, tags and summaries that some links also hold."""
    if not len(element):
        text = seen_text(element)
        return "" if is_date(text) else text
    heading = next(iter(element.iter(*_HEADINGS)), None)
    if heading is not None and len(text := seen_text(heading)) >= SHORTEST:
        return text
    own = " ".join((element.text or "").split())
    if len(own) >= SHORTEST and next(element.iterdescendants(*_BLOCK_TAGS), None) is not None:
        return own
    blocks = [child for child in element.iterdescendants(*_BLOCK_TAGS) if child.find("*") is None]
    lines = [text for block in blocks if not is_date(text := seen_text(block)) and len(text) >= SHORTEST]
    if lines:
        return lines[0]
    label = _label(element)
    return " ".join(piece for piece in pieces_of(element, label) if not is_date(piece))


def _label(element: Element) -> Element | None:
    """A tag before the title inside of a link: `<span class="tag">通知</span>关于…`."""
    first = element[0] if len(element) and not (element.text or "").strip() else None
    if first is None or first.tag not in _LABEL_TAGS or _HIGHLIGHT.search(first.get("class") or ""):
        return None
    rest = "".join(piece for piece in pieces_of(element, first) if not is_date(piece))
    least = SHORTEST if first.get("class") else 2 * SHORTEST
    return first if len(seen_text(first)) <= _LONGEST_LABEL and len(rest) >= least else None
