"""One page that is watched as a whole."""

from pathlib import Path
from typing import Any

import pytest

from monitor.errors import ParseError
from monitor.fetch import Fetcher
from monitor.sources import SourceState
from monitor.sources.page import PageSource
from tests.servers.web import Reply, WebServer

FIRST = SourceState(first=True)


def source(web: WebServer, **changes: Any) -> PageSource:
    settings = PageSource.settings(kind="page", id="page", url=web.url("/a.html"), **changes)
    return PageSource.create(settings, Path())


async def version(web: WebServer, fetcher: Fetcher, body: str, **changes: Any) -> str:
    web.put("/a.html", body)
    return (await source(web, **changes).list(fetcher, FIRST)).entries[0].version


PAGE = "<html><script>var t={0}</script><body class='c{0}'><div id='main'>{1}</div>{2}</body></html>"


async def test_the_page_is_the_entry(web: WebServer, fetcher: Fetcher) -> None:
    web.put("/a.html", PAGE.format(1, "目录（2026年版）", "周一"))
    entry = (await source(web).list(fetcher, FIRST)).entries[0]
    assert entry.url == web.url("/a.html")
    assert entry.page is not None
    assert "目录（2026年版）" in entry.page.body.decode()


async def test_only_the_text_that_is_seen_counts(web: WebServer, fetcher: Fetcher) -> None:
    before = await version(web, fetcher, PAGE.format(1, "目录（2026年版）", "周一"))
    assert await version(web, fetcher, PAGE.format(2, "目录（2026年版）", "周一")) == before
    assert await version(web, fetcher, PAGE.format(1, "目录（2027年版）", "周一")) != before


async def test_a_selector_says_which_part_counts(web: WebServer, fetcher: Fetcher) -> None:
    before = await version(web, fetcher, PAGE.format(1, "目录（2026年版）", "周一"), selector="#main")
    assert await version(web, fetcher, PAGE.format(1, "目录（2026年版）", "周二"), selector="#main") == before
    assert await version(web, fetcher, PAGE.format(1, "目录（2027年版）", "周二"), selector="#main") != before


async def test_a_selector_that_finds_nothing_is_an_error(web: WebServer, fetcher: Fetcher) -> None:
    web.put("/a.html", PAGE.format(1, "目录", "周一"))
    with pytest.raises(ParseError, match="no text in #gone"):
        await source(web, selector="#gone").list(fetcher, FIRST)


async def test_a_file_counts_byte_by_byte(web: WebServer, fetcher: Fetcher) -> None:
    versions = set()
    for body in (b"%PDF-1.7 a", b"%PDF-1.7 b"):
        web.put("/a.html", Reply(body, headers={"Content-Type": "application/pdf"}))
        versions.add((await source(web).list(fetcher, FIRST)).entries[0].version)
    assert len(versions) == 2


async def test_an_unchanged_page_is_unchanged(web: WebServer, fetcher: Fetcher) -> None:
    web.put("/a.html", Reply(PAGE.format(1, "目录", "周一"), headers={"Last-Modified": "today"}))
    listing = await source(web).list(fetcher, FIRST)
    assert (await source(web).list(fetcher, SourceState(validators=listing.validators))).unchanged
