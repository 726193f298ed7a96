"""An address is tried as a check would try it: what is found, and what is said where there is nothing."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from monitor.discovery import Doubt, Finding, NoSourceError, Problem, advice, examine, inspect
from monitor.errors import FetchCause, FetchError, SourceError
from monitor.fetch import Fetcher
from monitor.sources import SOURCE_KINDS
from monitor.words import Words
from rules import default_vocabulary
from tests.servers import sites
from tests.servers.web import Reply, WebServer

LIST = "/zwgk/tzgg/index.html"
DAY = sites.items(1)[0].date
ZH, EN = Words("zh"), Words("en")


async def found(fetcher: Fetcher, address: str, **options: Any) -> Finding:
    return await inspect(fetcher, address, vocabulary=default_vocabulary(), **options)


async def test_a_list_page_is_recognised_with_family_rows_encoding_and_paging(
    web: WebServer, fetcher: Fetcher
) -> None:
    first, second = sites.items(4), sites.items(4, start=5)
    web.put("/zwgk/tzgg/index_1.html", sites.trs(second, pages=2, page=1))
    address = web.put(LIST, sites.trs(first, pages=2).encode("gb18030"))
    finding = await found(fetcher, address)
    assert (finding.settings.kind, finding.family, finding.encoding) == ("html_list", "TRS", "gb18030")
    assert (finding.row_count, len(finding.entries), finding.paging) == (4, 8, True)
    assert (finding.newest, finding.doubt(DAY)) == (first[0].date, None)


async def test_nothing_is_asked_for_twice(web: WebServer, fetcher: Fetcher) -> None:
    address = web.put(LIST, sites.trs(sites.items(3)))
    await found(fetcher, address)
    assert web.paths() == [LIST]


@pytest.mark.parametrize(
    ("page", "kind", "family"),
    [
        (sites.trs, "html_list", "TRS"),
        (sites.hanweb, "html_list", "大汉"),
        (sites.uli, "html_list", "上海 uli"),
        (sites.scripted, "html_list", None),
        (sites.gkmlpt, "json_list", None),
        (sites.kaipuyun, "json_list", "开普"),
        (sites.rss, "feed", None),
    ],
)
async def test_the_kind_follows_from_what_the_page_is(
    web: WebServer, fetcher: Fetcher, page: Callable[..., str], kind: str, family: str | None
) -> None:
    finding = await found(fetcher, web.put("/list", page(sites.items(5))))
    assert (finding.settings.kind, finding.row_count) == (kind, 5)
    assert family is None or finding.family == family


async def test_a_second_page_that_repeats_the_first_is_paging_that_does_not_work(
    web: WebServer, fetcher: Fetcher
) -> None:
    rows = sites.items(4)
    for path in (LIST, "/zwgk/tzgg/index_1.html", "/zwgk/tzgg/index_2.html"):
        web.put(path, sites.trs(rows, pages=3))
    finding = await found(fetcher, web.url(LIST))
    assert finding.paging is False
    assert finding.warnings


async def test_a_json_list_pages_by_the_field_that_its_address_has(web: WebServer, fetcher: Fetcher) -> None:
    web.put("/api", lambda asked: Reply(sites.gkmlpt(sites.items(5, 1 + 5 * int(asked.query["page"])))))
    finding = await found(fetcher, web.url("/api?sid=7&page=1"))
    assert finding.settings.model_dump()["page_field"] == "page"
    assert finding.paging is True


async def test_redirects_lead_to_the_address_that_is_kept(web: WebServer, fetcher: Fetcher) -> None:
    web.put(LIST, sites.trs(sites.items(3)))
    finding = await found(fetcher, web.put("/old", Reply(status=301, headers={"Location": LIST})))
    assert finding.settings.model_dump()["url"] == web.url(LIST)
    assert web.paths() == ["/old", LIST]


async def test_a_page_that_names_a_feed_and_has_no_list_becomes_the_feed(
    web: WebServer, fetcher: Fetcher
) -> None:
    link = "<link rel='alternate' type='application/rss+xml' href='/rss.xml'>"
    web.put("/rss.xml", sites.rss(sites.items(3)))
    finding = await found(fetcher, web.put("/", sites.around("<p>欢迎</p>", head=link)))
    assert (finding.settings.kind, finding.address) == ("feed", web.url("/rss.xml"))
    web.put("/", sites.trs(sites.items(4)).replace("</head>", f"{link}</head>"))
    finding = await found(fetcher, web.url("/"))
    assert (finding.settings.kind, finding.feed) == ("html_list", web.url("/rss.xml"))


async def test_the_agency_of_the_title_and_the_columns_name_make_the_id(
    web: WebServer, fetcher: Fetcher
) -> None:
    page = sites.trs(sites.items(3)).replace("<title>通知公告", "<title>通知公告-山西省医疗保障局")
    address = web.put(LIST, page)
    finding = await found(fetcher, address)
    assert (finding.settings.id, finding.agency) == ("shanxi.nhsa", "山西省医疗保障局")
    assert (await found(fetcher, address, taken={"shanxi.nhsa"})).settings.id == "shanxi.nhsa.tzgg"
    taken = {"shanxi.nhsa", "shanxi.nhsa.tzgg"}
    assert (await found(fetcher, address, taken=taken)).settings.id == "shanxi.nhsa.tzgg_2"


async def test_a_page_is_watched_as_a_whole_where_the_reader_says_so(
    web: WebServer, fetcher: Fetcher
) -> None:
    finding = await found(fetcher, web.put("/about.html", "<p>目录已更新</p>"), kind="page")
    assert (finding.settings.kind, finding.row_count, finding.doubt(DAY)) == ("page", 1, None)


async def test_rows_without_dates_and_old_ones_are_doubted(web: WebServer, fetcher: Fetcher) -> None:
    address = web.put(LIST, sites.trs(sites.items(6)))
    finding = await found(fetcher, address)
    assert finding.doubt(DAY.replace(year=DAY.year + 2)) is Doubt.STALE
    links = "".join(
        f"<li><a href='/{n}.html'>关于印发某某管理办法的第{n}个没有日期的条目</a></li>" for n in range(30)
    )
    finding = await found(fetcher, web.put("/links", f"<html><body><ul>{links}</ul></body></html>"))
    assert finding.doubt(DAY) is Doubt.UNDATED


async def refusal(fetcher: Fetcher, address: str) -> SourceError:
    with pytest.raises(SourceError) as raised:
        await found(fetcher, address)
    return raised.value


async def test_a_notice_is_no_list_and_its_breadcrumbs_are_offered(web: WebServer, fetcher: Fetcher) -> None:
    row = sites.items(1)[0]
    crumbs = "<div>当前位置：<a href='/'>首页</a> &gt; <a href='/zwgk/tzgg/'>通知公告</a></div>"
    page = sites.notice(row).replace("<body>", f"<body>{crumbs}")
    error = await refusal(fetcher, web.put(row.path, page))
    assert isinstance(error, NoSourceError)
    assert (error.problem, error.lists) == (Problem.DETAIL, (("通知公告", web.url("/zwgk/tzgg/")),))
    what, hint, column = advice(error, ZH)
    assert "一条公文的页面" in what
    assert "其中的栏目" in hint
    assert web.url("/zwgk/tzgg/") in column


async def test_a_page_without_a_list_and_a_file_are_told_apart(web: WebServer, fetcher: Fetcher) -> None:
    error = await refusal(fetcher, web.put("/empty", "<html><body><p>正在建设中</p></body></html>"))
    assert isinstance(error, NoSourceError)
    assert error.problem is Problem.NO_ROWS
    assert "--kind page" in " ".join(advice(error, EN))
    error = await refusal(fetcher, web.put("/a.pdf", b"%PDF-1.7 ..."))
    assert isinstance(error, NoSourceError)
    assert error.problem is Problem.FILE


async def test_a_wall_is_said_to_be_one_with_the_way_around_it(web: WebServer, fetcher: Fetcher) -> None:
    wall = Reply("<script>$_ts=1;document.cookie='a=1';location.reload()</script>", status=412)
    error = await refusal(fetcher, web.put(LIST, wall))
    assert isinstance(error, FetchError)
    assert error.cause is FetchCause.BLOCKED
    assert "--browser auto" in " ".join(advice(error, ZH))


async def test_a_page_that_is_gone_names_the_home_page(web: WebServer, fetcher: Fetcher) -> None:
    error = await refusal(fetcher, web.url("/gone"))
    assert web.url("/") in " ".join(advice(error, ZH))


def test_a_misspelt_host_of_the_catalogue_names_the_nearest() -> None:
    error = FetchError("x", cause=FetchCause.DNS, url="https://ybj.shanix.gov.cn/zwgk/")
    assert "ybj.shanxi.gov.cn" in advice(error, ZH)[-1]


async def test_what_is_no_address_is_refused_before_anything_is_asked(fetcher: Fetcher) -> None:
    error = await refusal(fetcher, "医保局")
    assert isinstance(error, NoSourceError)
    assert error.problem is Problem.ADDRESS
    assert "医保局" in advice(error, ZH)[0]


async def test_without_a_scheme_https_is_tried_first_and_then_http(web: WebServer, fetcher: Fetcher) -> None:
    web.put(LIST, sites.trs(sites.items(3)))
    finding = await found(fetcher, f"127.0.0.1:{web.port}{LIST}")
    assert finding.address == web.url(LIST)


async def test_a_configured_source_is_tried_as_it_is_set(
    web: WebServer, fetcher: Fetcher, tmp_path: Path
) -> None:
    rows = "".join(
        f"<p><b>第{n}号通知公告</b><a href='/{n}'>看</a><i>2026-09-0{n}</i></p>" for n in range(1, 4)
    )
    values = {"row": "p", "title": "b", "date": "i"}
    settings = SOURCE_KINDS["html_list"].settings.model_validate(
        {"kind": "html_list", "id": "own", "url": web.put(LIST, rows), "selectors": values}
    )
    finding = await examine(fetcher, settings, tmp_path)
    assert [entry.title for entry in finding.entries] == [f"第{n}号通知公告" for n in range(1, 4)]
    assert finding.settings is settings


async def test_a_folder_is_tried_too(fetcher: Fetcher, tmp_path: Path) -> None:
    (tmp_path / "digests").mkdir()
    (tmp_path / "digests" / "one.txt").write_text("一", "utf-8")
    settings = SOURCE_KINDS["folder"].settings.model_validate(
        {"kind": "folder", "id": "own", "path": "digests"}
    )
    finding = await examine(fetcher, settings, tmp_path)
    assert (finding.row_count, finding.family, finding.encoding, finding.paging) == (1, None, None, None)
