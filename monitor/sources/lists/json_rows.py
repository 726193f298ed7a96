"""Rows in JSON: the records with titles and addresses, whatever a site calls its fields."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from monitor.parsing.dates import parse_date
from monitor.sources.lists.links import absolute
from monitor.sources.lists.model import Row
from monitor.sources.lists.row_dates import date_in_address
from monitor.sources.lists.titles import SHORTEST, clean

_MARKUP_OF_ROWS = ("<a", "<record>", "onclick")


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# names of fields in small letters without marks, the surest first
_TITLES = _names(
    "title doctitle articletitle arttitle infotitle newstitle showtitle ftitle maintitle biaoti bt subject "
    "headline at name mc"
)
_ADDRESSES = _names(
    "url docpuburl puburl linkurl docurl articleurl arturl detailurl infourl newsurl weburl htmlurl link "
    "href posturl externallinks path au"
)
_DATES = _names(
    "pubtimestr docrelpubtime displaypublishtime publishedtimestr publishtimestr publishtime publishedtime "
    "publishdate publisheddate pubdate pubtime docpubtime docreltime releasetime releasedate issuedate "
    "issuetime fbrq fbsj showtime showdate infodate newsdate datestr date time writedate createdat "
    "createtime createdate crtime savetime updatetime"
)
_PAIR_NAMES = ("name", "key", "field", "fieldname")
_PAIR_VALUES = ("value", "val", "fieldvalue")
_ADDRESS_LIKE = re.compile(r"(?:https?:)?//?[\w.-]|\.{1,2}/|[\w/-]+\.s?html?(?:[?#]|$)", re.I)
_PLAIN_NAME = re.compile(r"[^a-z0-9]")
_MOST_NODES = 200_000


def json_rows(value: Any, base_url: str) -> tuple[tuple[Row, ...], float]:
    """The rows of the most list-like group of records in a JSON value, and its score (0 for none).

    Lists of records under the same name at the same depth are one group. A record without an address of its
    own stays a row, in a group where others have one.
    """
    best: tuple[Row, ...] = ()
    points = 0.0
    for records in _groups(value):
        rows = [row for record in records if (row := _row(record, base_url)) is not None]
        found = 3.0 * sum(row.date is not None for row in rows)
        found += sum(min(len(row.title), 40) / 40 for row in rows) - (0 if found else 5)
        has_place = any(row.url for row in rows) or found > len(rows)
        if has_place and (found > points or (not best and any(row.url for row in rows))):
            best, points = tuple(dict.fromkeys(rows)), max(found, 0.1)
    return best, points


def markup_in(value: Any) -> str:
    """The HTML that stands in strings of a JSON value: some interfaces wrap a piece of a page."""
    return "".join(text for text in _strings(value) if any(mark in text for mark in _MARKUP_OF_ROWS))


def _nodes(value: Any) -> Iterator[tuple[str, int, Any]]:
    """Every value inside of a value, with the name of the field that holds it and its depth."""
    waiting = [("", 0, value)]
    seen = 0
    while waiting and seen < _MOST_NODES:
        name, depth, node = waiting.pop()
        seen += 1
        yield name, depth, node
        if isinstance(node, Mapping):
            waiting += [(str(key), depth + 1, inner) for key, inner in reversed(list(node.items()))]
        elif isinstance(node, list):
            waiting += [(name, depth + 1, inner) for inner in reversed(node)]


def _groups(value: Any) -> Iterator[list[Mapping[str, Any]]]:
    groups: dict[tuple[str, int], list[Mapping[str, Any]]] = defaultdict(list)
    for name, depth, node in _nodes(value):
        if isinstance(node, list):
            groups[name, depth] += [item for item in node if isinstance(item, Mapping)]
    yield from (group for group in groups.values() if group)


def _strings(value: Any) -> Iterator[str]:
    return (node for _, _, node in _nodes(value) if isinstance(node, str))


def _row(record: Mapping[str, Any], base_url: str) -> Row | None:
    fields = _flat(record)
    title = clean(str(_first(fields, _TITLES, _is_title) or _longest_title(fields)))
    if len(title) < SHORTEST:
        return None
    target = _first(fields, _ADDRESSES, _is_address)
    dates = (parse_date(str(value)) for value in _all(fields, _DATES))
    url = absolute(base_url, _unwrapped(target)) if target else None
    return Row(title, next(filter(None, dates), None) or date_in_address(url or ""), url)


def _flat(record: Mapping[str, Any]) -> dict[str, Any]:
    """Field → value of a record and of what is nested in it, names in small letters; outer fields win."""
    flat: dict[str, Any] = {}
    for name, depth, node in _nodes(record):
        if depth > 6:
            break
        if isinstance(node, Mapping) and depth:
            pair = {_plain(key): inner for key, inner in node.items()}
            inner = _first(pair, _PAIR_VALUES, _is_plain)
            if inner is not None:
                flat = {_plain(str(pair[label])): inner for label in _PAIR_NAMES if label in pair} | flat
        elif name and _is_plain(node):
            flat.setdefault(_plain(name), node)
    return flat


def _plain(name: str) -> str:
    return _PLAIN_NAME.sub("", str(name).lower())


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def _all(fields: Mapping[str, Any], names: Sequence[str]) -> Iterator[Any]:
    return (fields[name] for name in names if fields.get(name))


def _first(fields: Mapping[str, Any], names: Sequence[str], fits: Any) -> Any:
    return next((value for value in _all(fields, names) if fits(value)), None)


def _is_title(value: Any) -> bool:
    return isinstance(value, str) and len(clean(value)) >= SHORTEST


def _longest_title(fields: Mapping[str, Any]) -> str:
    """Where no field has the name of a title: the longest one-line text whose name says title."""
    named = [value for name, value in fields.items() if "title" in name and _is_title(value)]
    return max(named, key=len, default="")


def _is_address(value: Any) -> bool:
    return isinstance(value, str) and (
        _ADDRESS_LIKE.match(value.strip()) is not None or value.strip()[:1] == "{"
    )


def _unwrapped(value: str) -> str:
    """An address, or the first one in JSON inside of the JSON: `{"common": "/a/content_1.html"}`."""
    if value.strip()[:1] != "{":
        return value
    try:
        inner = json.loads(value)
    except (ValueError, RecursionError):
        return ""
    return next((text for text in _strings(inner) if _ADDRESS_LIKE.match(text)), "")
