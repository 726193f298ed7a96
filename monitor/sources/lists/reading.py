"""A list page → its rows and the address of the next page."""

from dataclasses import dataclass, replace

from lxml import etree

from monitor.documents.charset import decode
from monitor.errors import FetchCause, FetchError, ParseError
from monitor.fetch.addresses import redacted
from monitor.fetch.challenge import challenge
from monitor.sources.lists.hidden import datastores, decoded, written
from monitor.sources.lists.json_rows import json_rows, markup_in
from monitor.sources.lists.links import Element, absolute
from monitor.sources.lists.literals import json_body, literals, looks_like_json
from monitor.sources.lists.model import ListRows, Row
from monitor.sources.lists.pager import next_page
from monitor.sources.lists.rows import best_rows
from monitor.types import Document, Page

_LARGEST = 8 << 20
_DATASTORE_BONUS = 1.5  # a data island is the list; what stands around it is not


def read_list(source: Page | Document | str, base_url: str | None = None) -> ListRows:
    """The rows of a list page or a JSON list, and the address of its next page.

    Raises `ParseError` when it holds no rows, `FetchError` (blocked) when it is a script challenge.
    """
    markup = _markup(source)
    base = base_url or _address(source)
    if len(markup) > _LARGEST:
        raise ParseError(f"{redacted(base)}: {len(markup)} characters are too many for a list page")
    found = _read_json(markup, base) if looks_like_json(markup) else _read_html(markup, base)
    if not found.rows:
        raise _nothing(markup, base)
    return replace(found, warnings=_doubts(found.rows))


def parse_html(markup: str) -> Element | None:
    """The tree of what is to be seen of a page, without comments, scripts, styles and pleas to run scripts.

    None when there is nothing to parse.
    """
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = etree.fromstring(markup.replace("\0", "").encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return None
    if root is not None:
        etree.strip_elements(root, "script", "style", with_tail=False)
        # Some sites write their list for readers without scripts; else it holds a plea to switch them on.
        for element in root.iter("noscript"):
            if element.find(".//a[@href]") is None:
                element.clear(keep_tail=True)
    return root


def parse_page(page: Page) -> tuple[Element | None, str]:
    """The tree of a page, and the address that its links start from."""
    root = parse_html(_markup(page))
    return root, page.base_url if root is None else _declared_base(root, page.base_url)


def _markup(source: Page | Document | str) -> str:
    if isinstance(source, str):
        return source
    if isinstance(source, Document):
        return source.markup or "\n".join(source.lines)
    return decode(source.body, source.charset)[0]


def _address(source: Page | Document | str) -> str:
    if isinstance(source, Page):
        return source.base_url
    return (source.url or "") if isinstance(source, Document) else ""


@dataclass(frozen=True, slots=True)
class _Reading:
    family: str
    rows: tuple[Row, ...]
    points: float
    path: str = ""


def _read_html(markup: str, base: str) -> ListRows:
    root = parse_html(markup)
    if root is None:
        return ListRows(rows=())
    base = _declared_base(root, base)
    islands = list(datastores(markup))
    pieces = [piece for text in decoded(markup) if (piece := parse_html(text)) is not None]
    readings = [_Reading("html", *best_rows(root, base))]
    readings += [_Reading("base64", *best_rows(piece, base)) for piece in pieces]
    for island in islands:
        records = parse_html(island.records)
        if records is not None:
            rows, points, path = best_rows(records, base)
            readings.append(_Reading("datastore", rows, points * _DATASTORE_BONUS, path))
    readings += [_Reading("script", *json_rows(value, base)) for value in literals(markup)]
    best = max(readings, key=lambda reading: reading.points)
    if not best.rows and (scripted := parse_html(written(markup))) is not None:
        best = _Reading("written", *best_rows(scripted, base))
    following = next((island.next_group for island in islands if island.next_group), None)
    next_url = _next_group(following, base) if following else None
    next_url = next_url or next_page(markup, [root, *pieces], base, len(best.rows))
    return ListRows(rows=best.rows, next_url=next_url, family=best.family, path=best.path)


def _declared_base(root: Element, base: str) -> str:
    element = root.find(".//base[@href]")
    return (absolute(base, element.get("href")) or base) if element is not None else base


def _next_group(markup: str, base: str) -> str | None:
    root = parse_html(markup)
    link = root.find(".//a[@href]") if root is not None else None
    return absolute(base, link.get("href")) if link is not None else None


def _read_json(text: str, base: str) -> ListRows:
    try:
        value = json_body(text)
    except ValueError as error:
        raise ParseError(f"{redacted(base)}: this is not JSON: {error}") from None
    rows, _ = json_rows(value, base)
    if rows:
        return ListRows(rows=rows, family="json")
    return _read_html(markup_in(value), base)


def _nothing(markup: str, base: str) -> ParseError | FetchError:
    wall = challenge(markup)
    where = redacted(base)
    if wall is not None:
        sentence = f"{where}: blocked: a script challenge came instead of the list ({wall})"
        return FetchError(sentence, cause=FetchCause.BLOCKED, url=where)
    sentence = f"no list of notices was found in {len(markup)} characters; expected rows of links and dates"
    return ParseError(f"{where}: {sentence}")


def _doubts(rows: tuple[Row, ...]) -> tuple[str, ...]:
    undated = sum(row.date is None for row in rows)
    return (f"列表的{len(rows)}个条目中有{undated}个没有日期。",) if 0 < undated < len(rows) else ()
