"""Lists are read without being told where anything is."""

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urljoin

import pytest

from monitor.errors import FetchCause, FetchError, ParseError
from monitor.sources.lists import Row, read_list
from monitor.types import Page
from tests.servers import sites
from tests.servers.sites import Item
from tests.sources.lists.layouts import LAYOUTS, page

BASE = "https://ybj.qinghe.gov.cn/zwgk/tzgg/index.html"


def expected(rows: list[Item], base: str = BASE) -> list[Row]:
    return [Row(row.title, row.date, urljoin(base, row.path)) for row in rows]


def dated_rows(*rows: tuple[str, str]) -> str:
    """A list with these addresses and printed dates."""
    lines = (
        f"<li><a href='{path}'>关于第{n}批药品采购工作的通知</a><span>{printed}</span></li>"
        for n, (path, printed) in enumerate(rows)
    )
    return f"<ul>{''.join(lines)}</ul>"


def dates(markup: str) -> list[str]:
    return [str(row.date) for row in read_list(markup, BASE).rows]


def test_a_list_for_readers_without_scripts_is_read_and_a_plea_to_run_them_is_not() -> None:
    rows = dated_rows(("/1.html", "2026-01-10"), ("/2.html", "2026-01-05"), ("/3.html", "2025-12-30"))
    assert dates(f"<div id=app></div><noscript>{rows}</noscript>") == [
        "2026-01-10",
        "2026-01-05",
        "2025-12-30",
    ]
    pleading = rows.replace("</a>", "<noscript>请启用脚本</noscript></a>")
    assert [row.title for row in read_list(pleading, BASE).rows] == [
        f"关于第{n}批药品采购工作的通知" for n in range(3)
    ]


def test_a_year_that_is_not_printed_is_that_of_the_address() -> None:
    rows = [
        ("/202609/t20260911_1.html", "09-10"),
        ("/2025/12/31/2.html", "12-30"),
        ("/202511/c_3.html", "11-02"),
    ]
    assert dates(dated_rows(*rows)) == ["2026-09-10", "2025-12-30", "2025-11-02"]


def test_a_year_that_is_not_printed_fits_between_the_neighbours() -> None:
    rows = [("/1.html", "01-10"), ("/2.html", "2026-01-05"), ("/3.html", "12-30"), ("/4.html", "12-02")]
    assert dates(dated_rows(*rows)) == ["2026-01-10", "2026-01-05", "2025-12-30", "2025-12-02"]


@pytest.mark.parametrize(
    "rows",
    [
        [("/1.html", "01-10"), ("/2.html", "12-30"), ("/3.html", "12-02")],
        [("/1.html", "2024-01-05"), ("/2.html", "12-30"), ("/3.html", "2026-01-05")],
    ],
    ids=["nothing tells", "the newest are not first"],
)
def test_a_year_that_nothing_tells_is_not_guessed(rows: list[tuple[str, str]]) -> None:
    assert "None" in dates(dated_rows(*rows))


def under(heading: str, *printed: str) -> str:
    rows = "".join(
        f"<li><a href='/n{day}.html'>关于药品采购工作的通知</a><i>{day}</i></li>" for day in printed
    )
    return f"{heading}<ul>{rows}</ul>"


def test_a_year_that_is_not_printed_is_that_of_the_heading() -> None:
    markup = under("<h3>2026年</h3>", "03-10", "02-09") + under("<h3>2025年度</h3>", "11-02", "10-08")
    assert dates(markup) == ["2026-03-10", "2026-02-09", "2025-11-02", "2025-10-08"]


def test_years_to_choose_from_are_no_heading() -> None:
    menu = "<p><a href='?y=1'>2026</a><a href='?y=2'>2025</a></p>"
    assert dates(under(menu, "03-10", "02-09")) == ["None", "None"]


def test_dates_may_stand_in_a_column_of_their_own() -> None:
    rows = sites.items(6)
    titles = "".join(f"<p><a href='{row.path}'>{row.title}</a></p>" for row in rows)
    printed = "".join(f"<p>{row.date}</p>" for row in rows)
    found = read_list(sites.around(f"<div>{titles}</div><div>{printed}</div>"), BASE).rows
    assert list(found) == expected(rows)


def test_objects_that_a_script_pushes_one_by_one_are_rows() -> None:
    rows = sites.items(4)
    pushed = "".join(f"a.push({{title: '{r.title}', url: '{r.path}', time: '{r.date}'}});" for r in rows)
    found = read_list(sites.around(f"<script>var a = []; {pushed}</script>"), BASE).rows
    assert list(found) == expected(rows)


def test_two_rows_outweigh_eight_that_are_headed_as_standing_beside() -> None:
    rows = sites.items(2)
    beside = "".join(
        f"<li><a href='/x/{n}.html'>全省工作会议召开</a><i>2026-09-0{n}</i></li>" for n in range(1, 9)
    )
    main = "".join(f"<li><a href='{row.path}'>{row.title}</a><i>{row.date}</i></li>" for row in rows)
    markup = f"<ul>{main}</ul><div><div>热点推荐</div><ul class='h'>{beside}</ul></div>"
    assert list(read_list(sites.around(markup), BASE).rows) == expected(rows)


def test_rows_without_year_weigh_more_than_a_dated_sidebar() -> None:
    rows = [(f"/{n}.html", f"09-{20 - n:02}") for n in range(9)]
    sidebar = "".join(
        f"<li><a href='/x/{n}.html'>本局召开工作会议</a><i>2026-09-0{n}</i></li>" for n in (1, 2)
    )
    assert len(dates(f"<div>{dated_rows(*rows)}</div><ul>{sidebar}</ul>")) == 9


def test_a_date_inside_of_a_title_is_not_that_of_its_row() -> None:
    markup = "".join(
        f"<li><a href='/n/{n}.html'>关于公布2026年9月{n}日前通过品种的公告</a></li>" for n in (1, 2, 3)
    )
    assert dates(f"<ul>{markup}</ul>") == ["None"] * 3


@pytest.mark.parametrize(
    "headline",
    [
        "<div class='top'><h2><a href='{0}'>{1}</a></h2><p>如下<a href='{0}'>[详细]</a></p><i>{2}</i></div>",
        "<dl><dt><a href='{0}'>{1}</a></dt><dd>{2}</dd></dl>",
    ],
)
def test_a_headline_of_another_layout_belongs_to_the_list(headline: str) -> None:
    first, *others = sites.items(8)
    rows = "".join(f"<li><a href='{row.path}'>{row.title}</a><b>{row.date}</b></li>" for row in others)
    page = f"<div>{headline.format(first.path, first.title, first.date)}<ul>{rows}</ul></div>"
    assert list(read_list(sites.around(page), BASE).rows) == expected([first, *others])


@pytest.mark.parametrize("heading", ["热门推荐", "最新信息", "点击排行"])
def test_a_heading_tells_what_stands_beside_the_list(heading: str) -> None:
    rows = sites.items(3)
    beside = "".join(
        f"<li><a href='/x/{n}.html'>本局召开工作会议</a><i>2026-09-0{n}</i></li>" for n in range(1, 7)
    )
    main = "".join(f"<li><a href='{row.path}'>{row.title}</a><b>{row.date}</b></li>" for row in rows)
    page = f"<div><h3>{heading}</h3><ul>{beside}</ul></div><div><h3>通知公告</h3><ul>{main}</ul></div>"
    assert list(read_list(page, BASE).rows) == expected(rows)


def test_notices_in_the_folder_of_the_list_are_its_own() -> None:
    main = "".join(
        f"<li><a href='./{n}.html'>关于第{n}批采购的通知</a><b>2026-09-1{n}</b></li>" for n in range(4)
    )
    other = "".join(
        f"<li><a href='/x/{n}.html'>本局召开工作会议</a><i>2026-09-1{n}</i></li>" for n in range(5)
    )
    assert len(read_list(f"<div><ul>{other}</ul></div><p><ul>{main}</ul></p>", BASE).rows) == 4


ONE_ROW_IS_ANYBODYS_GUESS = {"newer news in a sidebar", "a list of cells with an agency's link"}


@pytest.mark.parametrize("count", [1, 3, 12])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_of_a_row_is_read(layout: str, count: int) -> None:
    if count == 1 and layout in ONE_ROW_IS_ANYBODYS_GUESS:
        pytest.skip("nothing repeats")
    rows = sites.items(count)
    assert list(read_list(page(layout, rows), BASE).rows) == expected(rows)


@pytest.mark.parametrize("columns", [2, 3])
def test_notices_in_columns_are_read_row_by_row(columns: int) -> None:
    rows = sites.items(6)
    cells = [f"<td><a href='{row.path}'>{row.title}</a></td><td>{row.date}</td>" for row in rows]
    lines = ("".join(cells[at : at + columns]) for at in range(0, 6, columns))
    table = "".join(f"<tr>{line}</tr>" for line in lines)
    assert list(read_list(sites.around(f"<table>{table}</table>"), BASE).rows) == expected(rows)


def test_titles_in_one_column_and_dates_in_another_belong_together_by_their_order() -> None:
    rows = sites.items(6)
    titles = "".join(f"<a href='{row.path}' title='{row.title}'>{row.title[:6]}...</a><br>" for row in rows)
    dates = "".join(f"<span>{row.date}</span><br>" for row in rows)
    table = f"<table><tr><td>{titles}</td><td>{dates}</td></tr></table>"
    assert list(read_list(sites.around(table), BASE).rows) == expected(rows)


def test_a_list_in_several_pieces_is_one_list() -> None:
    rows = sites.items(9)
    pieces = "".join(
        f"<ul class='list{at}'>"
        + "".join(
            f"<li><a href='{row.path}'>{row.title}</a><span>{row.date}</span></li>"
            for row in rows[at : at + 3]
        )
        + "</ul>"
        for at in (0, 3, 6)
    )
    assert list(read_list(sites.around(f"<div>{pieces}</div>"), BASE).rows) == expected(rows)


FAMILIES: dict[str, tuple[Callable[[list[Item]], str], str]] = {
    "trs": (sites.trs, "html"),
    "hanweb": (sites.hanweb, "datastore"),
    "uli": (sites.uli, "html"),
    "vsb": (sites.vsb, "html"),
    "gkmlpt": (sites.gkmlpt, "json"),
    "kaipuyun": (sites.kaipuyun, "json"),
    "jpaas": (sites.jpaas, "html"),
    "scripted": (sites.scripted, "script"),
    "encoded": (sites.encoded, "base64"),
}


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize("count", [1, 2, 20])
def test_every_family_of_sites_is_read(name: str, count: int) -> None:
    make, family = FAMILIES[name]
    rows = sites.items(count)
    found = read_list(make(rows), BASE)
    assert list(found.rows) == expected(rows)
    assert found.family == family


@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
def test_the_bytes_decide_the_character_set_not_the_declaration(charset: str) -> None:
    rows = [Item("关于公示镕㼎药业飞行检查情况的通告", dt.date(2026, 9, 1), "/a/1.html")]
    found = read_list(Page(url=BASE, body=sites.trs(rows).encode(charset), charset="gb2312"))
    assert list(found.rows) == expected(rows)


def test_the_displayed_date_beats_the_one_in_the_address() -> None:
    found = read_list(
        "<ul><li><a href='/202609/t20191219_1.html'>特别提醒</a><b>2026-09-12</b></li></ul>", BASE
    )
    assert found.rows[0].date == dt.date(2026, 9, 12)


def test_two_rows_with_one_title_stay_two() -> None:
    markup = "".join(
        f"<li><a href='{path}'>定期通告</a><span>2026-09-1{n}</span></li>"
        for n, path in enumerate(["/a/1.html", "/a/2.html", "http://other.qinghe.gov.cn/a/1.html"])
    )
    assert len(read_list(f"<ul>{markup}</ul>", BASE).rows) == 3


def test_a_row_may_be_a_file() -> None:
    markup = (
        "<ul><li><a href='./1.html'>关于公示名单的通知</a><span>2026-09-11</span></li>"
        "<li><a href='./P020260911000000.xlsx'>附件名单</a><span>2026-09-11</span></li></ul>"
    )
    assert [row.url for row in read_list(markup, BASE).rows] == [
        "https://ybj.qinghe.gov.cn/zwgk/tzgg/1.html",
        "https://ybj.qinghe.gov.cn/zwgk/tzgg/P020260911000000.xlsx",
    ]


def test_a_declared_base_moves_the_links() -> None:
    found = read_list(
        sites.around(
            "<ul><li><a href='a/1.html'>特别提醒</a><b>2026-09-12</b></li></ul>", "<base href='/x/'>"
        ),
        BASE,
    )
    assert found.rows[0].url == "https://ybj.qinghe.gov.cn/x/a/1.html"


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "mailto:a@b.cn", "#top", "data:text/html,x", "http://[::1", ""]
)
def test_links_that_lead_to_no_page_are_no_rows(link: str) -> None:
    rows = sites.items(3)
    hostile = f"<li><a href='{link}'>关于免费领取补贴的紧急通知</a><span>2026-09-30</span></li>"
    markup = page("list item with a span", rows).replace(
        "<ul><li><a href='/2026", f"<ul>{hostile}<li><a href='/2026", 1
    )
    assert list(read_list(markup, BASE).rows) == expected(rows)


def test_a_saved_page_without_address_shows_its_rows() -> None:
    rows = sites.items(3)
    assert [(row.title, row.url) for row in read_list(sites.trs(rows)).rows] == [
        (row.title, None) for row in rows
    ]


def test_rows_without_date_among_dated_ones_are_doubtful() -> None:
    markup = (
        sites.trs(sites.items(4)).replace("/202609/t20260920_1.html", "/1.html").replace("2026-09-20", "")
    )
    assert read_list(markup, BASE).warnings == ("列表的4个条目中有1个没有日期。",)


def test_a_challenge_is_blocked_and_not_an_empty_list() -> None:
    with pytest.raises(FetchError) as caught:
        read_list("<html><script>$_ts=window['$_ts'];</script><body></body></html>", BASE)
    assert caught.value.cause is FetchCause.BLOCKED


def test_a_list_with_a_challenges_marker_is_read() -> None:
    rows = sites.items(5)
    assert (
        len(read_list(sites.trs(rows).replace("<title>", "<script>$_ts={}</script><title>"), BASE).rows) == 5
    )


@pytest.mark.parametrize(
    "body", ["", "<html></html>", "[]", "{}", '{"data": {"list": []}}', "not much", "<rss></rss>"]
)
def test_a_page_without_a_list_is_an_error_that_says_so(body: str) -> None:
    with pytest.raises(ParseError, match="no list of notices"):
        read_list(body, BASE)


MENUS = {
    "nothing else": "",
    "friends of the site": "".join(
        f"<a href='http://ybj.{n}.gov.cn/'>第{n}省医疗保障局官方网站</a>" for n in "甲乙丙丁戊己"
    ),
    "columns with long names": "".join(
        f"<li><a href='/zwgk/{n}/index.html'>政府信息公开法定主动公开{n}</a></li>" for n in "甲乙丙丁戊己"
    ),
    "today's date beside a link": "<div>今天是2026年11月22日 星期日 <a href='/home.html'>设为首页</a></div>",
}


@pytest.mark.parametrize("menu", MENUS)
def test_menus_alone_are_no_list(menu: str) -> None:
    with pytest.raises(ParseError):
        read_list(sites.around(f"<div>{MENUS[menu]}</div><p>暂无数据</p>"), BASE)


def test_a_few_undated_notices_are_a_list() -> None:
    titles = ["关于开展药品集中采购工作的通知", "关于公示检查结果的公告（第三号）", "关于征求目录意见的函件"]
    markup = "".join(f"<li><a href='/a/{n}.html'>{title}</a></li>" for n, title in enumerate(titles))
    assert [row.title for row in read_list(sites.around(f"<ul>{markup}</ul>"), BASE).rows] == titles


def test_json_under_several_names_is_one_list() -> None:
    groups = {
        name: {
            "listVO": [{"title": f"{name}<em>通知</em>", "url": f"/{name}.htm", "pubtimeStr": "2026.07.24"}]
        }
        for name in ("gongwen", "bumenfile")
    }
    found = read_list(json.dumps({"listVO": None, "catMap": groups}), BASE)
    assert [(row.title, row.date) for row in found.rows] == [
        ("gongwen通知", dt.date(2026, 7, 24)),
        ("bumenfile通知", dt.date(2026, 7, 24)),
    ]


def test_a_json_record_without_an_address_is_still_a_row() -> None:
    records = [
        {"title": "第一个通知", "url": "/1.htm", "date": "2026-07-24"},
        {"title": "第二个通知", "date": "2026-07-23"},
    ]
    assert read_list(json.dumps(records), BASE).rows[1] == Row("第二个通知", dt.date(2026, 7, 23), None)


@pytest.mark.parametrize(
    "record",
    [
        {"DOCTITLE": "特别提醒", "DOCPUBURL": "/1.htm", "DOCRELTIME": "2026-07-24 10:00:00"},
        {"Title": "特别提醒", "Url": "/1.htm", "PubDate": "/Date(1784851200000)/"},
        {"_source": {"title": "特别提醒", "url": "/1.htm", "publishTime": "2026-07-24T08:00:00.000+08:00"}},
        {"title": "特别提醒\r\n", "url": "/1.htm", "issueDate": "20260724", "createTime": "2020-01-01"},
        {"aT": "特别提醒", "aU": '{"common":"/1.htm"}', "date": "2026-07-24"},
    ],
)
def test_fields_are_found_whatever_they_are_called(record: dict[str, object]) -> None:
    found = read_list(json.dumps({"result": {"rows": [record, record | {"id": 2}]}}), BASE)
    assert found.rows == (Row("特别提醒", dt.date(2026, 7, 24), "https://ybj.qinghe.gov.cn/1.htm"),)


@pytest.mark.parametrize(
    "body",
    [
        'callback({"rows": [{"title": "特别提醒", "url": "/1.htm"}]});',
        '{"rows": [{"title": "特别\r\n提醒", "url": "/1.htm"},]}',
        "\ufeff[{title: '特别提醒', url: '/1.htm', n: undefined, x: 0x1f}]",
    ],
    ids=["JSONP", "line ends and a comma too many", "JavaScript"],
)
def test_json_as_sites_write_it_is_read(body: str) -> None:
    assert [row.url for row in read_list(body, BASE).rows] == ["https://ybj.qinghe.gov.cn/1.htm"]


def test_written_markup_is_the_last_resort() -> None:
    row = sites.items(1)[0]
    script = f"document.writeln(\"<li><a href='{row.path}'>{row.title}</a><span>{row.date}</span></li>\");"
    found = read_list(f"<html><body><script>{script}</script></body></html>", BASE)
    assert list(found.rows) == expected([row])
    assert found.family == "written"


def test_the_shared_pages_are_read_in_full(shared: Path) -> None:
    wanted = json.loads((shared / "pages" / "expected.json").read_text("utf-8"))
    for name, page_wanted in wanted.items():
        if page_wanted["role"] not in {"list", "json_list"}:
            continue
        body = (shared / "pages" / name).read_bytes()
        found = read_list(Page(url=page_wanted["base_url"], body=body))
        assert [(row.title, row.date and str(row.date), row.url) for row in found.rows] == [
            (row["title"], row["date"], row["url"]) for row in page_wanted["rows"]
        ], name
        assert found.next_url == page_wanted["next_url"], name
