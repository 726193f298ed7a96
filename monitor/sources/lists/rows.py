"""The rows of the notice list on a page: repeated records of a link and a date."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from operator import itemgetter

from monitor.fetch.addresses import host_of
from monitor.sources.lists.grouping import Group, groups_of, kind_of, path_of
from monitor.sources.lists.links import Element, absolute, seen_text, short_text
from monitor.sources.lists.model import Row
from monitor.sources.lists.records import Record, is_column, is_short_column, pieces_of, read_record
from monitor.sources.lists.row_dates import displayed_date, is_date
from monitor.sources.lists.years import with_years

_MEAN_OF_TITLES = 12
_DATE_LIKE = re.compile(r"\d{4}|\d\s?[-/.月年]\s?\d|[二一][〇○零九]")
_HEADING_BESIDE = re.compile(
    r"(?:热门|热点|推荐|相关|排行|点击|阅读|最新(?:信息|动态|更新|新闻|消息|资讯)|图片新闻|猜你喜欢).{0,6}"
)
_LONGEST_HEADING = 12
_HEADLINES = 2
_BESIDE = 0.2  # eight rows beside the list must weigh less than two of its own
_MOST_PIECES = 12
_BESIDE_THE_LIST = re.compile(r"\b(?:side|aside|hot|rank|recommend|related|tuijian)", re.I)


def best_rows(root: Element, base_url: str) -> tuple[tuple[Row, ...], float, str]:
    """The rows of the most list-like group of records on a page, its score (0 for none) and its path.

    A group scores three for each displayed date, one and a half for a date in an address, and up to one for
    the length of each title.
    """
    groups = groups_of(root)
    best = _best(groups, base_url)
    whole = [*_leading(best, groups), *best]
    rows = (_row(record, base_url) for record in _notices(with_years(whole)))
    path = " < ".join(path_of(best[0].element)) if best else ""
    return tuple(dict.fromkeys(row for row in rows if row is not None)), score(best), path


def _row(record: Record, base_url: str) -> Row | None:
    """The row of a record, None where its address leads to no web page."""
    if record.target is None:
        return Row(record.title, record.date, None)
    url = absolute(base_url, record.target)
    known = url is not None or not host_of(base_url)  # a saved page's own address may not be known
    return Row(record.title, record.date, url) if known else None


def score(records: Sequence[Record]) -> float:
    """How much a group of records looks like a list of notices."""
    dated = sum(3.0 if record.shown else 1.5 for record in records if record.date or record.shown)
    lengths = [min(len(record.title), 40) for record in records]
    points = dated + sum(lengths) / 40
    if dated or not records:
        return points
    has_sentences = len(records) >= 3 and sum(lengths) / len(records) >= _MEAN_OF_TITLES
    return max(points - 5, 0.1 if has_sentences else 0.0)


def _weight(records: Sequence[Record], base_url: str) -> float:
    """The score; nothing for menus, much less for what stands beside the list: the newest, the most read.

    Notices in the folder of the list, as TRS lays them down, are more likely to be its own.
    """
    if not any(record.date for record in records) and _is_menu(records, host_of(base_url)):
        return 0.0
    weight = score(records)
    names = (kind_of(ancestor) for record in records[:1] for ancestor in record.element.iterancestors())
    if any(_BESIDE_THE_LIST.search(name) for name in names) or _is_headed_as_beside(records[0].element):
        weight *= _BESIDE
    return weight * (1.5 if _are_in_folder(records, base_url) else 1.0)


def _without_beside(records: list[Record]) -> list[Record]:
    """The records without those of pieces that are headed as standing beside the list, if others are not."""
    pieces = {record.element.getparent(): record.element for record in records}
    if not 1 < len(pieces) <= _MOST_PIECES:
        return records
    beside = {parent for parent, first in pieces.items() if _is_headed_as_beside(first)}
    return [record for record in records if record.element.getparent() not in beside] or records


def _is_headed_as_beside(element: Element) -> bool:
    """Whether the nearest heading above a list says that it is of what is read most, or newest."""
    for inner in (element, *islice(element.iterancestors(), 4)):
        for brother in inner.itersiblings(preceding=True):
            heading = short_text(brother, _LONGEST_HEADING)
            if heading and brother.tag != element.tag:
                return _HEADING_BESIDE.fullmatch(heading) is not None
    return False


def _are_in_folder(records: Sequence[Record], base_url: str) -> bool:
    folder = base_url.partition("?")[0].rpartition("/")[0] + "/"
    if folder.count("/") < 4:  # the root of a site holds everything
        return False
    inside = sum((absolute(base_url, record.target or "") or "").startswith(folder) for record in records)
    return 2 * inside > len(records)


def _is_menu(records: Sequence[Record], host: str) -> bool:
    """Whether most links lead to columns or to other hosts, as in menus and among the friends of a site."""
    own = [record for record in records if host_of(record.target or "") in {"", host}]
    return 2 * sum(not is_column(record.target) for record in own) <= len(records)


def _best(groups: list[Group], base_url: str) -> list[Record]:
    """The records of the group that weighs most; groups that cannot are not read."""
    best: list[Record] = []
    weight = 0.0
    for most, group in sorted(((_most(group), group) for group in groups), key=itemgetter(0), reverse=True):
        if 1.5 * most <= weight:
            break
        records = _dated([record for element, links in group for record in read_record(element, links)])
        records = _without_beside(records)
        if (weighs := _weight(records, base_url)) > weight:
            best, weight = records, weighs
    return best


def _most(group: Group) -> float:
    """What a group can score at most: without a figure in it or around it, it has no dates."""
    elements = [element for element, _ in group]
    links = [link for _, inside in group for link in inside]
    parents = {element.getparent() for element in elements}
    if len(elements) > 1:
        elements = [*parents] if len(parents) == 1 else [elements[0].getparent(), *elements]
    targets = "\n\n".join(link.target or "" for link in links)
    texts = ("".join(element.itertext()) for element in elements)
    dated = _DATE_LIKE.search(targets) is not None or any(_DATE_LIKE.search(text) for text in texts)
    return len(links) * (4.0 if dated else 1.0)


def _leading(best: list[Record], groups: list[Group]) -> Iterator[Record]:
    """Dated rows of another layout that stand right above the list, as the headline of some columns does."""
    if len(best) < 3:
        return
    first = best[0].element
    near = (first, *islice(first.iterancestors(), 1))
    above = {brother for inner in near for brother in islice(inner.itersiblings(preceding=True), _HEADLINES)}
    known = {record.target for record in best}
    for group in groups:
        for element, links in group if len(group) <= _HEADLINES else ():
            if not above.isdisjoint((element, *islice(element.iterancestors(), 3))):
                records = read_record(element, links)
                yield from (r for r in records if r.shown and r.date and r.target not in known)


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
    """The dates in the element that holds all records, else in a column without links next to it."""
    common = _common(records[0].element, records[-1].element) if len(records) > 1 else None
    if common is None:
        return []
    columns = (brother for way in (False, True) for brother in common.itersiblings(preceding=way))
    for column in (common, *(column for column in columns if column.find(".//a") is None)):
        if dates := [displayed_date([piece]) for piece in pieces_of(column) if is_date(piece)]:
            return dates
    return []


def _common(one: Element, other: Element) -> Element | None:
    above = set(one.iterancestors())
    return next((ancestor for ancestor in other.iterancestors() if ancestor in above), None)


def _notices(records: Sequence[Record]) -> Iterator[Record]:
    """Without what slipped in: an undated link to a column, where other rows show their date."""
    dated = any(record.shown for record in records)
    for record in records:
        if record.date or not dated or not is_short_column(record.target, record.title):
            yield record
