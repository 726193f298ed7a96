"""A list page over HTTP: what it lists, when it reads on, and what makes it an error."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from monitor.errors import FetchCause, FetchError, ParseError
from monitor.fetch import Fetcher
from monitor.sources import SOURCE_KINDS, SourceState
from monitor.sources.html_list import HtmlListSource
from monitor.types import Listing, Validators
from tests.servers import sites
from tests.servers.sites import Item
from tests.servers.web import Reply, WebServer

LIST = "/zwgk/index.html"


def source(web: WebServer, path: str = LIST, **changes: Any) -> HtmlListSource:
    settings = HtmlListSource.settings(kind="html_list", id="ybj", url=web.url(path), **changes)
    return HtmlListSource.create(settings, Path())


def after(listing: Listing, **changes: Any) -> SourceState:
    """The state that a check stores after it recorded everything of a listing."""
    stored = {
        "validators": listing.validators,
        "page_hash": listing.page_hash,
        "row_count": listing.row_count,
        "known": {entry.url: entry.version for entry in listing.entries},
    }
    return SourceState(**stored | changes)


FIRST = SourceState(first=True)


async def test_rows_become_entries(web: WebServer, fetcher: Fetcher) -> None:
    rows = sites.items(3)
    web.put(LIST, Reply(sites.trs(rows), headers={"ETag": '"1"'}))
    listing = await source(web).list(fetcher, FIRST)
    assert [(entry.title, entry.date, entry.url) for entry in listing.entries] == [
        (row.title, row.date, web.url(row.path)) for row in rows
    ]
    assert (listing.row_count, listing.validators, listing.unchanged) == (3, Validators('"1"'), False)


@pytest.mark.parametrize(("status", "advised"), [(301, True), (308, True), (302, False), (307, False)])
async def test_an_address_that_moved_for_good_is_told_with_the_new_one(
    web: WebServer, fetcher: Fetcher, status: int, advised: bool
) -> None:
    new = web.put("/new/index.html", sites.trs(sites.items(3)))
    web.put(LIST, Reply(status=status, headers={"Location": new}))
    warnings = (await source(web).list(fetcher, FIRST)).warnings
    assert [new in warning for warning in warnings] == [True] * advised


async def test_the_version_changes_with_title_and_date_only(web: WebServer, fetcher: Fetcher) -> None:
    row = sites.items(1)[0]
    versions = []
    for shown in (row, row, Item(f"{row.title}（更正）", row.date, row.path)):
        web.put(LIST, sites.trs([shown]))
        versions += [entry.version for entry in (await source(web).list(fetcher, FIRST)).entries]
    assert versions[0] == versions[1] != versions[2]


async def test_an_entry_is_read_from_its_address(web: WebServer, fetcher: Fetcher) -> None:
    row = sites.items(1)[0]
    web.put(LIST, sites.trs([row]))
    web.put(row.path, sites.notice(row))
    ybj = source(web, fetch={"headers": {"X-Key": "k"}})
    entry = (await ybj.list(fetcher, FIRST)).entries[0]
    assert row.title in (await ybj.read(fetcher, entry)).body.decode()
    assert web.asked[-1].headers["x-key"] == "k"


async def test_headers_of_a_source_do_not_go_to_other_hosts(web: WebServer, fetcher: Fetcher) -> None:
    web.put("/far", "<p>通知</p>")
    ybj = source(web, fetch={"headers": {"X-Key": "k"}}, hosts=["127.0.1.9"])
    row = Item("其他单位的通知", sites.items(1)[0].date, web.url("/far", "127.0.1.9"))
    web.put(LIST, sites.trs([row]))
    await ybj.read(fetcher, (await ybj.list(fetcher, FIRST)).entries[0])
    assert "x-key" not in web.asked[-1].headers


@pytest.mark.parametrize("headers", [{"ETag": '"1"'}, {"Last-Modified": "Tue, 01 Sep 2026 00:00:00 GMT"}, {}])
async def test_an_unchanged_page_is_not_read_again(
    web: WebServer, fetcher: Fetcher, headers: dict[str, str]
) -> None:
    web.put(LIST, Reply(sites.trs(sites.items(3)), headers=headers))
    ybj = source(web)
    listing = await ybj.list(fetcher, FIRST)
    again = await ybj.list(fetcher, after(listing))
    assert (again.unchanged, again.entries) == (True, ())
    assert after(again) == after(listing, known={})


def put_pages(web: WebServer, count: int, start: int = 1) -> list[Item]:
    """So many pages of five rows, counted as TRS does."""
    rows = sites.items(5 * count, start)
    for page in range(count):
        path = "/zwgk/index.html" if page == 0 else f"/zwgk/index_{page}.html"
        web.put(path, sites.trs(rows[5 * page : 5 * page + 5], count, page))
    return rows


async def test_the_first_check_reads_as_many_pages_as_it_is_told(web: WebServer, fetcher: Fetcher) -> None:
    rows = put_pages(web, 4)
    assert len((await source(web).list(fetcher, FIRST)).entries) == 5
    listing = await source(web, first_pages=3).list(fetcher, FIRST)
    assert [entry.title for entry in listing.entries] == [row.title for row in rows[:15]]
    assert listing.warnings == ()


async def test_later_checks_read_on_until_a_page_has_a_known_row(web: WebServer, fetcher: Fetcher) -> None:
    put_pages(web, 4)
    ybj = source(web, first_pages=4)
    everything = await ybj.list(fetcher, FIRST)
    known = {entry.url: entry.version for entry in everything.entries[12:]}
    web.asked.clear()
    listing = await ybj.list(fetcher, SourceState(known=known))
    assert len(listing.entries) == 15
    assert web.paths() == ["/zwgk/index.html", "/zwgk/index_1.html", "/zwgk/index_2.html"]


async def test_one_known_row_on_page_one_is_enough(web: WebServer, fetcher: Fetcher) -> None:
    put_pages(web, 4)
    listing = await source(web).list(fetcher, FIRST)
    web.asked.clear()
    last = listing.entries[-1]
    await source(web).list(fetcher, SourceState(known={last.url: last.version}))
    assert web.paths() == ["/zwgk/index.html"]


async def test_more_new_pages_than_allowed_is_said_aloud(web: WebServer, fetcher: Fetcher) -> None:
    put_pages(web, 6)
    listing = await source(web, max_pages=3).list(fetcher, SourceState(known={"http://a/old": "1"}))
    assert len(listing.entries) == 15
    assert "前3页全是新条目" in listing.warnings[0]


async def test_a_page_two_that_repeats_page_one_is_said_aloud(web: WebServer, fetcher: Fetcher) -> None:
    same = sites.trs(sites.items(5), 3)
    for path in ("/zwgk/index.html", "/zwgk/index_1.html", "/zwgk/index_2.html"):
        web.put(path, Reply(same, headers={"ETag": '"1"'}))
    listing = await source(web).list(fetcher, SourceState(known={"http://a/old": "1"}))
    assert len(listing.entries) == 5
    assert "paging does not work" in listing.warnings[0]
    assert (listing.validators, listing.page_hash) == (Validators(), None)


async def test_page_two_may_be_called_2_where_1_is_missing(web: WebServer, fetcher: Fetcher) -> None:
    rows = put_pages(web, 2)
    web.put("/zwgk/index_1.html", Reply("no", status=404))
    web.put("/zwgk/index_2.html", sites.trs(rows[5:], 2, 1))
    listing = await source(web, first_pages=2).list(fetcher, FIRST)
    assert len(listing.entries) == 10
    assert listing.warnings == ()


async def test_a_next_page_that_does_not_come_is_a_warning_and_nothing_is_lost(
    web: WebServer, fetcher: Fetcher
) -> None:
    put_pages(web, 3)
    web.put("/zwgk/index_2.html", Reply("broken", status=500))
    listing = await source(web).list(fetcher, SourceState(known={"http://a/old": "1"}))
    assert len(listing.entries) == 10
    assert listing.warnings[0].startswith("列表第3页未能读取（")
    assert listing.page_hash is None


@pytest.mark.parametrize("empty", ["<html><body>暂无数据</body></html>", '{"rows": []}'])
async def test_an_empty_list_is_an_error_unless_it_may_be(
    web: WebServer, fetcher: Fetcher, empty: str
) -> None:
    web.put(LIST, empty)
    with pytest.raises(ParseError):
        await source(web).list(fetcher, FIRST)
    assert (await source(web, may_be_empty=True).list(fetcher, FIRST)).entries == ()


async def test_a_list_that_loses_most_rows_is_an_error(web: WebServer, fetcher: Fetcher) -> None:
    web.put(LIST, sites.trs(sites.items(20)))
    ybj = source(web)
    state = after(await ybj.list(fetcher, FIRST))
    web.put(LIST, sites.trs(sites.items(3)))
    with pytest.raises(ParseError, match="20 before, 3 now"):
        await ybj.list(fetcher, state)
    web.put(LIST, sites.trs(sites.items(12)))
    assert len((await ybj.list(fetcher, state)).entries) == 12


async def test_a_list_that_stays_short_is_believed_in_the_end(web: WebServer, fetcher: Fetcher) -> None:
    web.put(LIST, sites.trs(sites.items(20)))
    ybj = source(web)
    state = after(await ybj.list(fetcher, FIRST))
    web.put(LIST, sites.trs(sites.items(3)))
    for _ in range(5):
        with pytest.raises(ParseError):
            await ybj.list(fetcher, state)
    assert (await ybj.list(fetcher, state)).row_count == 3


async def test_a_challenge_is_blocked(web: WebServer, fetcher: Fetcher) -> None:
    web.put(LIST, Reply("<script>$_ts={};</script>", status=412))
    with pytest.raises(FetchError) as caught:
        await source(web).list(fetcher, FIRST)
    assert caught.value.cause is FetchCause.BLOCKED


async def test_rows_to_strange_hosts_are_left_out_and_named(web: WebServer, fetcher: Fetcher) -> None:
    rows = sites.items(3)
    strange = [
        Item("免费领取补贴的通知", row.date, f"http://casino{n}.example/a.html") for n, row in enumerate(rows)
    ]
    near = Item("转发国家局的通知", rows[0].date, "https://www.nhsa.gov.cn/art/1.html")
    web.put(LIST, sites.trs([*rows, *strange, near]))
    listing = await source(web).list(fetcher, FIRST)
    assert [entry.title for entry in listing.entries] == [row.title for row in [*rows, near]]
    assert "casino0.example、casino1.example" in listing.warnings[0]
    assert len((await source(web, hosts=["casino0.example"]).list(fetcher, FIRST)).entries) == 5


async def test_one_address_is_one_entry(web: WebServer, fetcher: Fetcher) -> None:
    rows = sites.items(2)
    web.put(LIST, sites.trs([*rows, Item("同一地址的另一标题", rows[0].date, rows[0].path)]))
    assert len((await source(web).list(fetcher, FIRST)).entries) == 2


async def test_selectors_overrule_the_reading(web: WebServer, fetcher: Fetcher) -> None:
    rows = sites.items(3)
    news = sites.items(9, start=50)
    lines = "".join(
        f"<p class='n'><a href='{r.path}'>{r.title[:5]}</a><b>{r.title}</b><i>{r.date}</i></p>" for r in rows
    )
    more = "".join(f"<li><a href='{r.path}'>{r.title}</a>{r.date}</li>" for r in news)
    web.put(LIST, sites.around(f"<ul>{more}</ul>{lines}<a id='more' href='index_7.html'>…</a>"))
    selectors = {"row": "p.n", "title": "b", "date": "i", "next": "#more"}
    listing = await source(web, selectors=selectors).list(fetcher, FIRST)
    assert [(entry.title, entry.date) for entry in listing.entries] == [(row.title, row.date) for row in rows]


async def test_selectors_that_find_nothing_are_an_error(web: WebServer, fetcher: Fetcher) -> None:
    web.put(LIST, sites.trs(sites.items(3)))
    with pytest.raises(ParseError, match=r"'div\.gone' found 0 rows"):
        await source(web, selectors={"row": "div.gone"}).list(fetcher, FIRST)


@pytest.mark.parametrize("changes", [{"url": "ftp://a.example"}, {"selectors": {"row": "li["}}, {"speed": 3}])
def test_settings_that_cannot_work_are_refused(changes: dict[str, Any]) -> None:
    good = {"kind": "html_list", "id": "a", "url": "https://a.example/"}
    with pytest.raises(ValidationError):
        SOURCE_KINDS["html_list"].settings(**good | changes)


@pytest.mark.parametrize("kind", SOURCE_KINDS)
def test_every_setting_is_described(kind: str) -> None:
    fields = SOURCE_KINDS[kind].settings.model_fields
    assert [name for name, field in fields.items() if not field.description] == []
