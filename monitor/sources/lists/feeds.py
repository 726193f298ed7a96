"""Feeds: RSS and Atom by feedparser, JSON Feed by its own few rules."""

import datetime as dt
import html
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

import feedparser

from monitor.documents.charset import decode
from monitor.errors import ParseError
from monitor.fetch.addresses import redacted
from monitor.parsing.dates import SHANGHAI, parse_date
from monitor.sources.lists.links import absolute
from monitor.sources.lists.literals import json_body, looks_like_json
from monitor.sources.lists.model import ListRows, Row
from monitor.sources.lists.reading import parse_html
from monitor.sources.lists.titles import clean
from monitor.types import Page

_FEED_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/json"}
)
_FEED_START = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>|<!--.{0,2000}?-->|<!DOCTYPE[^>]{0,300}>|\s)*<(?:rss|feed|rdf:RDF|\w{1,20}:feed)\b",
    re.S,
)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_RFC_822 = re.compile(r"[A-Za-z]{3},?\s|\d{1,2}\s[A-Za-z]{3}\s")


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One item. `content` is its full text as HTML where the feed carries it."""

    title: str
    date: dt.date | None
    url: str | None
    content: str = ""
    summary: str = ""
    id: str = ""


def read_feed(page: Page) -> ListRows:
    """The items of a feed as rows. Raises `ParseError` when the page is no feed."""
    rows = tuple(Row(item.title, item.date, item.url) for item in feed_items(page))
    return ListRows(rows=rows, family="feed")


def is_feed(page: Page) -> bool:
    """Whether a page looks like a feed rather than like a web page."""
    text = decode(page.body[:8192], page.charset)[0]
    return _FEED_START.match(text.lstrip("\ufeff")) is not None or looks_like_json(text)


def feed_items(page: Page) -> tuple[FeedItem, ...]:
    """The items of an RSS, Atom or JSON feed, in its order; an empty feed has none.

    Raises `ParseError` when the page is no feed.
    """
    text = decode(page.body, page.charset)[0]
    if looks_like_json(text):
        return tuple(_json_items(text, page.base_url))
    if not _FEED_START.match(text.lstrip("\ufeff")):
        raise _no_feed(page, "it starts with neither <rss> nor <feed>")
    plain = _XML_DECLARATION.sub("", text).encode("utf-8", "replace")
    try:
        parsed = feedparser.parse(
            io.BytesIO(plain), response_headers={"content-type": "application/xml; charset=utf-8"}
        )
    except Exception as error:  # feedparser passes on whatever its parsers raise
        raise _no_feed(page, f"{type(error).__name__} while reading it") from error
    if not parsed.version and not parsed.entries:
        raise _no_feed(page, str(parsed.get("bozo_exception") or "its version is not known"))
    return tuple(_xml_item(entry, page.base_url) for entry in parsed.entries)


def feed_link(page: Page) -> str | None:
    """The feed that a web page names (`<link rel="alternate">`), if it names one."""
    root = parse_html(decode(page.body, page.charset)[0])
    for link in root.iter("link") if root is not None else ():
        if link.get("type", "").lower() in _FEED_TYPES and "alternate" in link.get("rel", "").lower():
            return absolute(page.base_url, link.get("href", ""))
    return None


def _xml_item(entry: Mapping[str, Any], base_url: str) -> FeedItem:
    link = entry.get("link") or (entry.get("id") if str(entry.get("id")).startswith("http") else "")
    contents = [part.get("value") or "" for part in entry.get("content") or ()]
    written = next((entry[name] for name in ("published", "updated", "created") if entry.get(name)), "")
    return FeedItem(
        title=clean(_plain(entry.get("title") or "")),
        date=feed_date(written),
        url=absolute(base_url, link) if link else None,
        content=max(contents, key=len, default=""),
        summary=entry.get("summary") or "",
        id=entry.get("id") or "",
    )


def _json_items(text: str, base_url: str) -> Iterator[FeedItem]:
    """https://www.jsonfeed.org/version/1.1/"""
    try:
        value = json_body(text)
    except ValueError as error:
        raise ParseError(f"{redacted(base_url)}: this is neither a feed nor JSON: {error}") from None
    items = value.get("items") if isinstance(value, Mapping) else None
    if not isinstance(items, list):
        raise ParseError(f"{redacted(base_url)}: this is JSON but no feed: it has no list of items")
    for item in items:
        if not isinstance(item, Mapping):
            continue
        link = str(item.get("url") or item.get("external_url") or "")
        yield FeedItem(
            title=clean(str(item.get("title") or "")),
            date=feed_date(str(item.get("date_published") or item.get("date_modified") or "")),
            url=absolute(base_url, link) if link else None,
            content=str(item.get("content_html") or html.escape(str(item.get("content_text") or ""))),
            summary=str(item.get("summary") or ""),
            id=str(item.get("id") or ""),
        )


def feed_date(text: str) -> dt.date | None:
    """The day in Shanghai of a feed's date; feedparser would take one without a zone for UTC."""
    if _RFC_822.match(text.strip()):
        try:
            moment = parsedate_to_datetime(text)
        except ValueError:
            return None
        return (moment if moment.tzinfo is None else moment.astimezone(SHANGHAI)).date()
    return parse_date(text) if text else None


def _plain(title: str) -> str:
    root = parse_html(title) if "<" in title else None
    return "".join(root.itertext()) if root is not None else html.unescape(title)


def _no_feed(page: Page, why: str) -> ParseError:
    return ParseError(f"{redacted(page.base_url)}: this is no feed: {why}; expected RSS, Atom or JSON Feed")
