"""A page → the settings of a source that reads it."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from monitor.discovery.finding import NoSourceError, Problem
from monitor.documents.charset import decode
from monitor.documents.formats import Format, format_of
from monitor.errors import ParseError
from monitor.sources.lists import read_list
from monitor.sources.lists.feeds import feed_items, feed_link, is_feed
from monitor.sources.lists.links import absolute, seen_text
from monitor.sources.lists.literals import looks_like_json
from monitor.sources.lists.reading import parse_page
from monitor.sources.lists.row_dates import date_in_address
from monitor.types import Page

_PAGE_FIELDS = (
    "page",
    "pageno",
    "pagenum",
    "pagenumber",
    "pageindex",
    "curpage",
    "currpage",
    "currentpage",
    "p",
)
_NOTICE_ADDRESS = re.compile(
    r"/(?:content|post|c|art|article|detail|info)_?[\w-]*\d{3,}[\w-]*\.s?html?$|/art/", re.I
)
_COLUMNS = re.compile(
    r"通知|公告|公示|政策|文件|法规|征求意见|意见征集|解读|动态|要闻|信息公开|招标|采购|集采|目录|召回|检查"
)
_LONGEST_COLUMN = 12
_MOST_COLUMNS = 6
_TELLING_ROWS = 4


def recognise(page: Page) -> dict[str, Any]:
    """Kind, address and further settings for a page that somebody wants to watch.

    Raises `NoSourceError` where there is nothing to watch, `FetchError` for a script challenge.
    """
    address = page.base_url
    text = decode(page.body[: 1 << 16], page.charset)[0]
    if is_feed(page) and _reads_as_feed(page):
        return {"kind": "feed", "url": address}
    if looks_like_json(text):
        read_list(page)
        return {"kind": "json_list", "url": address, **_page_field(address)}
    _refuse_files(page)
    return _recognise_markup(page)


def _recognise_markup(page: Page) -> dict[str, Any]:
    address = page.base_url
    dated = 0
    try:
        found = read_list(page)
        dated = sum(row.date is not None for row in found.rows)
    except ParseError:
        found = None
    if is_notice(page) and dated < _TELLING_ROWS:
        raise NoSourceError(Problem.DETAIL, address, "this is the page of one notice", tuple(columns(page)))
    if found is not None and dated:
        return {"kind": "html_list", "url": address}
    feed = feed_link(page)
    if feed is not None:
        return {"kind": "feed", "url": feed}
    if found is not None and not any(columns(page)):
        return {"kind": "html_list", "url": address}
    raise NoSourceError(
        Problem.NO_ROWS, address, "there is no list of notices on this page", tuple(columns(page))
    )


def _reads_as_feed(page: Page) -> bool:
    try:
        return bool(feed_items(page)) or not looks_like_json(decode(page.body, page.charset)[0])
    except ParseError:
        return False


def _refuse_files(page: Page) -> None:
    try:
        form = format_of(page)[0]
    except ParseError as error:
        raise NoSourceError(Problem.FILE, page.base_url, f"this {error}") from None
    if form not in (Format.HTML, Format.TEXT):
        raise NoSourceError(Problem.FILE, page.base_url, f"this is a file: {form.value}")


def is_notice(page: Page) -> bool:
    """Whether a page is that of a single notice: by its mandated meta tag, or by its address."""
    path = urlsplit(page.base_url).path
    if date_in_address(path) is not None or _NOTICE_ADDRESS.search(path):
        return True
    root, _ = parse_page(page)
    metas = root.iter("meta") if root is not None else ()
    return any(
        (m.get("name") or "").lower() == "articletitle" and (m.get("content") or "").strip() for m in metas
    )


def columns(page: Page) -> Iterator[tuple[str, str]]:
    """Links of a page that by their names lead to lists of notices; its breadcrumbs are among them."""
    root, base = parse_page(page)
    seen = {page.base_url}
    for link in root.iter("a") if root is not None else ():
        name, target = seen_text(link), absolute(base, link.get("href") or "")
        if not target or len(name) > _LONGEST_COLUMN or not _COLUMNS.search(name) or target in seen:
            continue
        if urlsplit(target).hostname != urlsplit(base).hostname or date_in_address(target):
            continue
        seen.add(target)
        yield name, target
        if len(seen) > _MOST_COLUMNS:
            return


def _page_field(address: str) -> dict[str, Any]:
    """The field of an address that counts the pages of a JSON list."""
    for name, value in parse_qsl(urlsplit(address).query):
        if name.lower() in _PAGE_FIELDS and value in ("0", "1"):
            return {"page_field": name, "first_page": int(value)}
    return {}
