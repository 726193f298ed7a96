"""A feed over HTTP."""

from pathlib import Path
from typing import Any

import pytest

from monitor.errors import ParseError
from monitor.fetch import Fetcher
from monitor.sources import SourceState
from monitor.sources.feed import FeedSource
from monitor.types import Validators
from tests.servers import sites
from tests.servers.web import Reply, WebServer

FIRST = SourceState(first=True)
RSS = {"Content-Type": "application/rss+xml", "ETag": '"1"'}


def source(web: WebServer, path: str = "/rss.xml", **changes: Any) -> FeedSource:
    settings = FeedSource.settings(kind="feed", id="rss", url=web.url(path), **changes)
    return FeedSource.create(settings, Path())


def full(body: str) -> str:
    return (
        "<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel><item>"
        "<title>关于目录的通知</title><link>/a/1.html</link><description>摘要</description>"
        f"{body}</item></channel></rss>"
    )


async def test_items_become_entries_whose_page_is_their_address(web: WebServer, fetcher: Fetcher) -> None:
    rows = sites.items(2)
    web.put("/rss.xml", Reply(sites.rss(rows), headers=RSS))
    web.put(rows[0].path, sites.notice(rows[0]))
    rss = source(web)
    listing = await rss.list(fetcher, FIRST)
    assert [(entry.title, entry.date, entry.page) for entry in listing.entries] == [
        (row.title, row.date, None) for row in rows
    ]
    assert listing.validators == Validators('"1"')
    assert rows[0].title in (await rss.read(fetcher, listing.entries[0])).body.decode()


async def test_full_texts_are_taken_from_the_feed(web: WebServer, fetcher: Fetcher) -> None:
    web.put("/rss.xml", full("<content:encoded>&lt;p&gt;各有关单位：&lt;/p&gt;</content:encoded>"))
    entry = (await source(web).list(fetcher, FIRST)).entries[0]
    assert entry.page is not None
    text = entry.page.body.decode()
    assert "<p>各有关单位：</p>" in text
    assert "ArticleTitle" in text
    assert entry.url == web.url("/a/1.html")


@pytest.mark.parametrize(("content", "held"), [("auto", False), ("feed", True), ("page", False)])
async def test_the_operator_may_say_where_texts_come_from(
    web: WebServer, fetcher: Fetcher, content: str, held: bool
) -> None:
    web.put("/rss.xml", full(""))
    entry = (await source(web, content=content).list(fetcher, FIRST)).entries[0]
    assert (entry.page is not None) is held


async def test_an_item_without_link_is_read_from_the_feed(web: WebServer, fetcher: Fetcher) -> None:
    web.put(
        "/rss.xml", "<rss version='2.0'><channel><item><title>没有链接的通知</title></item></channel></rss>"
    )
    entry = (await source(web).list(fetcher, FIRST)).entries[0]
    assert entry.page is not None
    assert entry.url.startswith(web.url("/rss.xml#"))


async def test_a_changed_text_is_a_new_version(web: WebServer, fetcher: Fetcher) -> None:
    versions = set()
    for text in ("一", "二", "二"):
        web.put("/rss.xml", full(f"<content:encoded>{text}</content:encoded>"))
        versions |= {entry.version for entry in (await source(web).list(fetcher, FIRST)).entries}
    assert len(versions) == 2


async def test_an_unchanged_feed_is_not_read_again(web: WebServer, fetcher: Fetcher) -> None:
    web.put("/rss.xml", Reply(sites.rss(sites.items(2)), headers=RSS))
    listing = await source(web).list(fetcher, FIRST)
    again = await source(web).list(fetcher, SourceState(validators=listing.validators))
    assert again.unchanged
    again = await source(web).list(fetcher, SourceState(page_hash=listing.page_hash))
    assert again.unchanged


async def test_a_page_that_names_its_feed_is_enough(web: WebServer, fetcher: Fetcher) -> None:
    rows = sites.items(2)
    web.put("/rss.xml", Reply(sites.rss(rows), headers=RSS))
    head = "<link rel='alternate' type='application/rss+xml' href='rss.xml'>"
    web.put("/index.html", Reply(sites.around("", head), headers={"ETag": '"1"'}))
    rss = source(web, "/index.html")
    listing = await rss.list(fetcher, FIRST)
    assert len(listing.entries) == 2
    assert listing.validators == Validators()
    assert (await rss.list(fetcher, SourceState(page_hash=listing.page_hash))).unchanged
    assert web.paths() == ["/index.html", "/rss.xml", "/rss.xml"]


async def test_a_page_without_feed_is_an_error(web: WebServer, fetcher: Fetcher) -> None:
    web.put("/index.html", sites.around(""))
    with pytest.raises(ParseError, match="no feed"):
        await source(web, "/index.html").list(fetcher, FIRST)


async def test_an_empty_feed_is_an_error_unless_it_may_be(web: WebServer, fetcher: Fetcher) -> None:
    web.put("/rss.xml", "<rss version='2.0'><channel><title>a</title></channel></rss>")
    with pytest.raises(ParseError, match="no items"):
        await source(web).list(fetcher, FIRST)
    assert (await source(web, may_be_empty=True).list(fetcher, FIRST)).entries == ()
