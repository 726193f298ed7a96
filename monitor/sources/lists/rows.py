"""The rows of the notice list on a page: repeated records of a link and a date."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from operator import itemgetter

from monitor.fetch.addresses import host_of
from monitor.sources.lists.grouping import Group, groups_of, kind_of
from monitor.sources.lists.links import Element, absolute, seen_text
from monitor.sources.lists.model import Row
from monitor.sources.lists.records import Record, is_column, is_short_column, pieces_of, read_record
from monitor.sources.lists.row_dates import displayed_date, is_date

_MEAN_OF_TITLES = 12
_DATE_LIKE = re.compile(r"\d{4}|\d\s?[-/.月年]\s?\d|[二一][〇○零九]")
_BESIDE_THE_LIST = re.compile(r"\b(?:side|aside|hot|rank|recommend|related|tuijian)", re.I)


def best_rows(root: Element, base_url: str) -> tuple[tuple[Row, ...], float]:
    """The rows of the most list-like group of records on a page, and its score (0 for none).

    A group scores three for each displayed date, one and a half for a date in an address, and up to one for
    the length of each title.
    """
    best = _best(groups_of(root), host_of(base_url))
    rows = (_row(record, base_url) for record in _notices(best))
    return tuple(dict.fromkeys(row for row in rows if row is not None)), score(best)


def _row(record: Record, base_url: str) -> Row | None:
    """The row of a record, None where its address leads to no web page."""
    if record.target is None:
        return Row(record.title, record.date, None)
    url = absolute(base_url, record.target)
    known = url is not None or not host_of(base_url)  # a saved page's own address may not be known
    return Row(record.title, record.date, url) if known else None


def score(records: Sequence[Record]) -> float:
    """How much a group of records looks like a list of notices."""
    dated = sum(3.0 if record.shown else 1.5 for record in records if record.date)
    lengths = [min(len(record.title), 40) for record in records]
    points = dated + sum(lengths) / 40
    if dated or not records:
        return points
    has_sentences = len(records) >= 3 and sum(lengths) / len(records) >= _MEAN_OF_TITLES
    return max(points - 5, 0.1 if has_sentences else 0.0)


def _weight(records: Sequence[Record], host: str) -> float:
    """The score; nothing for menus, much less for what stands beside the list: the newest, the most read."""
    if not any(record.date for record in records) and _is_menu(records, host):
        return 0.0
    names = (kind_of(ancestor) for record in records[:1] for ancestor in record.element.iterancestors())
    return score(records) * (0.3 if any(_BESIDE_THE_LIST.search(name) for name in names) else 1.0)


def _is_menu(records: Sequence[Record], host: str) -> bool:
    """Whether most links lead to columns or to other hosts, as in menus and among the friends of a site."""
    own = [record for record in records if host_of(record.target or "") in {"", host}]
    return 2 * sum(not is_column(record.target) for record in own) <= len(records)


def _best(groups: list[Group], host: str) -> list[Record]:
    """The records of the group that weighs most; groups that cannot are not read."""
    best: list[Record] = []
    weight = 0.0
    for most, group in sorted(((_most(group), group) for group in groups), key=itemgetter(0), reverse=True):
        if most <= weight:
            break
        records = _dated([record for element, links in group for record in read_record(element, links)])
        if (weighs := _weight(records, host)) > weight:
            best, weight = records, weighs
    return best


def _most(group: Group) -> float:
    """What a group can score at most: without a figure in it or around it, it has no dates."""
    first = group[0][0]
    around = first.getparent() if len(group) > 1 else first
    links = [link for _, inside in group for link in inside]
    texts = ("".join(element.itertext()) for element in (around, *(element for element, _ in group)))
    dated = any(_DATE_LIKE.search(text) for text in texts) or any(
        _DATE_LIKE.search(link.target or "") for link in links
    )
    return len(links) * (4.0 if dated else 1.0)


def _dated(records: list[Record]) -> list[Record]:
    """Give rows that show no date those that stand between them, or in a column beside them."""
    if not records or any(record.shown for record in records):
        return records
    for dates in (_between(records, "next"), _between(records, "previous"), _beside(records)):
        if len(dates) == len(records) and None not in dates:
            for record, date in zip(records, dates, strict=True):
                record.date, record.shown = date, True
            break
    return records


def _between(records: Sequence[Record], direction: str) -> list[dt.date | None]:
    """What stands between a row and its neighbour, as in `<a>…</a> 2026-01-02<br>` and in `dt` and `dd`."""
    return [displayed_date(list(_neighbours(record.element, direction))) for record in records]


def _neighbours(element: Element, direction: str) -> Iterator[str]:
    texts_after = [element.tail] if direction == "next" else []
    for brother in element.itersiblings(preceding=direction == "previous"):
        if direction == "previous":
            texts_after.append(brother.tail)
        if brother.tag == "a" or brother.find(".//a") is not None:
            break
        texts_after.append(seen_text(brother))
        if direction == "next":
            texts_after.append(brother.tail)
    return (" ".join(text.split()) for text in texts_after if text and text.strip())


def _beside(records: Sequence[Record]) -> list[dt.date | None]:
    common = _common(records[0].element, records[-1].element) if len(records) > 1 else None
    pieces = pieces_of(common) if common is not None else []
    return [displayed_date([piece]) for piece in pieces if is_date(piece)]


def _common(one: Element, other: Element) -> Element | None:
    above = set(one.iterancestors())
    return next((ancestor for ancestor in other.iterancestors() if ancestor in above), None)


def _notices(records: Sequence[Record]) -> Iterator[Record]:
    """Without what slipped in: an undated link to a column, where other rows show their date."""
    dated = any(record.shown for record in records)
    for record in records:
        if record.date or not dated or not is_short_column(record.target, record.title):
            yield record
