"""Feeds of every make."""

import datetime as dt
import json

import pytest

from monitor.errors import ParseError
from monitor.sources.lists import Row, read_feed
from monitor.sources.lists.feeds import feed_date, feed_items, feed_link
from monitor.types import Page
from tests.servers import sites

URL = "https://www.qinghe.gov.cn/rss/notices.xml"


def page(body: str | bytes, charset: str | None = None) -> Page:
    return Page(url=URL, body=body.encode() if isinstance(body, str) else body, charset=charset)


def test_rss_is_read() -> None:
    rows = sites.items(3)
    found = read_feed(page(sites.rss(rows, "https://www.qinghe.gov.cn")))
    assert list(found.rows) == [
        Row(row.title, row.date, f"https://www.qinghe.gov.cn{row.path}") for row in rows
    ]


def test_atom_is_read_with_its_content() -> None:
    feed = (
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>a</title><entry><title>关于目录的通知</title><id>tag:1</id>"
        "<link href='/a/1.html'/><updated>2026-09-05T23:30:00Z</updated>"
        "<content type='html'>&lt;p&gt;各有关单位&lt;/p&gt;</content></entry></feed>"
    )
    item = feed_items(page(feed))[0]
    assert (item.title, item.date, item.url) == (
        "关于目录的通知",
        dt.date(2026, 9, 6),
        "https://www.qinghe.gov.cn/a/1.html",
    )
    assert "各有关单位" in item.content


def test_json_feed_is_read() -> None:
    items = [
        {
            "id": "1",
            "title": "关于目录的通知",
            "url": "/a/1.html",
            "date_published": "2026-09-06T08:00:00+08:00",
        },
        {"id": "2", "title": "没有日期的通知", "content_text": "a < b"},
    ]
    found = feed_items(page(json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items})))
    assert [item.date for item in found] == [dt.date(2026, 9, 6), None]
    assert found[1].content == "a &lt; b"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Wed, 09 Sep 2026 16:30:00 GMT", 10),
        ("Wed, 09 Sep 2026 16:30:00 +0800", 9),
        ("Wed, 09 Sep 2026 23:30:00", 9),
        ("2026-09-09T16:30:00Z", 10),
        ("2026-09-09 23:30:00", 9),
        ("2026年9月9日", 9),
        ("2026-09-09", 9),
    ],
)
def test_a_time_without_zone_is_that_of_china(text: str, day: int) -> None:
    assert feed_date(text) == dt.date(2026, 9, day)


@pytest.mark.parametrize("text", ["", "soon", "Wed, 99 Sep 2026", "2026-02-30"])
def test_an_unreadable_date_is_none(text: str) -> None:
    assert feed_date(text) is None


def test_a_wrong_declaration_does_not_spoil_the_text() -> None:
    rows = sites.items(1)
    body = sites.rss(rows).encode("gb18030")
    assert read_feed(page(body, "utf-8")).rows[0].title == rows[0].title


def test_an_ampersand_left_bare_does_not_stop_the_reading() -> None:
    rows = sites.items(2)
    assert len(read_feed(page(sites.rss(rows).replace("关于", "A&B关于"))).rows) == 2


@pytest.mark.parametrize(
    "body", ["", "<html><body>no</body></html>", '{"a": 1}', "[1]", "/etc/passwd", "\x00\xff"]
)
def test_what_is_no_feed_is_said_to_be_none(body: str) -> None:
    with pytest.raises(ParseError):
        read_feed(page(body))


def test_a_page_names_its_feed() -> None:
    style = "<link rel='stylesheet' href='/a.css'>"
    head = f"{style}<link rel='alternate' type='application/rss+xml' href='/rss.xml'>"
    assert feed_link(page(sites.around("", head))) == "https://www.qinghe.gov.cn/rss.xml"
    assert feed_link(page(sites.around(""))) is None
