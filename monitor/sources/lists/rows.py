"""The rows of the notice list on a page: repeated records of a link and a date."""

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from monitor.sources.lists.links import Element, Link, absolute, links_of, seen_text, texts
from monitor.sources.lists.model import Row
from monitor.sources.lists.row_dates import date_in_address, day_of_year, displayed_date, is_date
from monitor.sources.lists.titles import SHORTEST, best_title, clean, is_cut, is_generic

_RECORD_TAGS = frozenset({"li", "tr", "dd", "dl"})
_FRAME_TAGS = frozenset({"body", "html", "form", "table", "tbody", "ul", "ol"})
_MOST_LINKS_IN_RECORD = 6
_STEPS = 8
_FIGURES = re.compile(r"\d+")
_BLOCK_TAGS = frozenset({"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "dt", "dd", "td", "label"})
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_ASIDE = re.compile(r"(?:^|/)(?:index|default|list)?(?:\.s?html?)?(?:[?#]|$)|null\.s?html?", re.I)


@dataclass(slots=True)
class Record:
    """A row before its address is made absolute. `shown`: its date is displayed, not only in its address."""

    title: str
    date: dt.date | None
    target: str | None
    shown: bool
    element: Element


def best_rows(root: Element, base_url: str) -> tuple[tuple[Row, ...], float]:
    """The rows of the most list-like group of records on a page, and its score (0 for none).

    Records are grouped by the kind of their element and of the two around it. A group scores three for each
    displayed date, one and a half for a date in an address, and up to one for the length of each title.
    """
    groups = list(_groups(root))
    if not groups:
        return (), 0.0
    best = max(groups, key=score)
    points = score(best)
    if points <= 0:
        return (), 0.0
    rows = (Row(r.title, r.date, absolute(base_url, r.target) if r.target else None) for r in _notices(best))
    kept = [row for row, record in zip(rows, _notices(best), strict=True) if row.url or not record.target]
    return tuple(dict.fromkeys(kept)), points


def score(records: Sequence[Record]) -> float:
    """How much a group of records looks like a list of notices."""
    dated = sum(3.0 if record.shown else 1.5 for record in records if record.date)
    return dated + sum(min(len(record.title), 40) / 40 for record in records) - (0 if dated else 5)


def _groups(root: Element) -> Iterator[list[Record]]:
    links = list(links_of(root))
    counts = Counter(ancestor for link in links for ancestor in link.element.iterancestors())
    records: dict[Element, list[Link]] = defaultdict(list)
    for link in links:
        records[_record_of(link.element, counts)].append(link)
    groups: dict[tuple[str, ...], list[tuple[Element, list[Link]]]] = defaultdict(list)
    for element, inside in records.items():
        groups[_path(element)].append((element, inside))
    for group in groups.values():
        yield _dated([record for element, inside in group for record in _read(element, inside)])


def _record_of(link: Element, counts: Counter[Element]) -> Element:
    """The element that is one row: the nearest list item or table row, else all that holds only this link."""
    widest = link
    for step, ancestor in enumerate(link.iterancestors()):
        if step == _STEPS or ancestor.tag in _FRAME_TAGS:
            break
        if ancestor.tag in _RECORD_TAGS and counts[ancestor] <= _MOST_LINKS_IN_RECORD:
            return ancestor
        if counts[ancestor] > 1:
            return ancestor if _is_repeated(ancestor, counts) else widest
        widest = ancestor
    return widest


def _is_repeated(element: Element, counts: Counter[Element]) -> bool:
    """Whether an element of a few links has two brothers of its kind: a card with a title and a category."""
    parent = element.getparent()
    if parent is None or counts[element] > _MOST_LINKS_IN_RECORD or element.tag in _FRAME_TAGS:
        return False
    kind = _kind(element)
    return sum(1 for brother in parent if counts[brother] and _kind(brother) == kind) >= 3


def _path(element: Element) -> tuple[str, ...]:
    around = []
    for ancestor in element.iterancestors():
        if ancestor.tag != "tbody":
            around.append(_kind(ancestor))
        if len(around) == 2:
            break
    return (str(element.tag), *around)


def _kind(element: Element) -> str:
    name = element.get("class") or element.get("id") or ""
    return f"{element.tag}.{_FIGURES.sub('', name)}"


def _read(element: Element, links: list[Link]) -> Iterator[Record]:
    """The record in an element: one, or one for each link where each has its own date."""
    titled = [(link, _title(link, element)) for link in links]
    titled = [(link, title) for link, title in titled if len(title) >= SHORTEST]
    if not titled:
        return
    if len(titled) > 1:
        pieces = _pieces(element)
        if sum(map(is_date, pieces)) == len(titled):
            dates = [displayed_date([piece]) for piece in pieces if is_date(piece)]
            for (link, title), date in zip(titled, dates, strict=True):
                yield Record(title, date, link.target, True, element)
            return
    link, title = _main(titled)
    date = _displayed(element, link)
    if date is not None:
        yield Record(title, date, link.target, True, element)
    else:
        near = date_in_address(link.target or "")
        yield Record(title, near, link.target, False, element)


def _main(titled: list[tuple[Link, str]]) -> tuple[Link, str]:
    """The link that is the notice among those of its row: the first long one that is no file."""
    for link, title in titled:
        if len(title) >= 2 * SHORTEST and not link.is_file:
            return link, title
    return max(titled, key=lambda pair: len(pair[1]))


def _displayed(element: Element, link: Link) -> dt.date | None:
    """The date that a row shows beside its title, else inside of it."""
    told = link.element.get("rq")
    outside = _pieces(element, link.element)
    inside = _pieces(link.element)
    for pieces, labels in (
        ([told] if told else [], ()),
        (outside, _headings(element, outside)),
        ([piece for piece in inside if is_date(piece)], ()),
        (_after(element), ()),
        (inside[-1:], ()),
    ):
        date = displayed_date(pieces, labels) if pieces else None
        if date is not None:
            return date
    return day_of_year([*outside, *inside], link.target or "")


def _pieces(element: Element, without: Element | None = None) -> list[str]:
    if element is without:
        return []
    joined = (" ".join(text.split()) for text in texts(element, without))
    return [piece for piece in joined if piece]


def _after(element: Element) -> list[str]:
    """What follows an element up to the next link: `<a>…</a> 2026-01-02<br>`, or the next cell."""
    pieces = [element.tail or ""]
    for brother in element.itersiblings():
        if brother.tag == "a" or brother.find(".//a") is not None:
            break
        if isinstance(brother.tag, str):
            pieces += [seen_text(brother), brother.tail or ""]
    return [" ".join(piece.split()) for piece in pieces if piece.strip()]


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
    attributes = link.element.attrib
    visible = _visible(link.element)
    title = best_title(visible, attributes.get("title") or attributes.get("mc"))
    if is_cut(title):
        title = next((fuller for fuller in _titles_near(link.element, title)), title)
    if len(title) >= SHORTEST and not is_generic(title):
        return title
    others = [clean(piece) for piece in _pieces(element, link.element) if not is_date(piece)]
    return max(others, key=len, default="")


def _titles_near(element: Element, cut: str) -> Iterator[str]:
    """Full forms of a cut title in `title` attributes inside the link and just around it."""
    start = cut.rstrip("….。⋯ ")[:12]
    inside: Iterable[Element] = element.iterdescendants()
    parent = element.getparent()
    for near in (*inside, *(() if parent is None else (parent,))):
        told = clean(near.get("title") or "")
        if start and told.startswith(start) and len(told) >= len(cut):
            yield told


def _visible(element: Element) -> str:
    """The visible title in a link, without the dates, tags and summaries that some links also hold."""
    heading = next(iter(element.iter(*_HEADINGS)), None)
    if heading is not None and len(text := seen_text(heading)) >= SHORTEST:
        return text
    blocks = [child for child in element.iterdescendants(*_BLOCK_TAGS) if child.find("*") is None]
    lines = [text for block in blocks if not is_date(text := seen_text(block)) and len(text) >= SHORTEST]
    if lines:
        return lines[0]
    return " ".join(piece for piece in _pieces(element) if not is_date(piece))


def _dated(records: list[Record]) -> list[Record]:
    """Give rows without any date those of a column beside them: as many dates as rows, in the same order."""
    if len(records) < 2 or any(record.date for record in records):
        return records
    common = _common(records[0].element, records[-1].element)
    if common is None:
        return records
    dates = [date for piece in _pieces(common) if is_date(piece) and (date := displayed_date([piece]))]
    if len(dates) == len(records):
        for record, date in zip(records, dates, strict=True):
            record.date, record.shown = date, True
    return records


def _common(one: Element, other: Element) -> Element | None:
    above = set(one.iterancestors())
    return next((ancestor for ancestor in other.iterancestors() if ancestor in above), None)


def _notices(records: Sequence[Record]) -> list[Record]:
    """Without what slipped in: an undated link to a column, where nearly all rows show their date."""
    shown = sum(record.shown for record in records)
    if shown < 0.6 * len(records):
        return list(records)
    return [record for record in records if record.date or not _is_aside(record)]


def _is_aside(record: Record) -> bool:
    path = (record.target or "").partition("?")[0].rpartition("/")[2]
    return len(record.title) < 2 * SHORTEST + 2 and _ASIDE.fullmatch(path) is not None
