"""The next page: one call means different things on different sites."""

import pytest

from monitor.sources.lists import read_list
from tests.servers import sites

BASE = "https://ybj.qinghe.gov.cn/zwgk/tzgg/index.html"
FOLDER = "https://ybj.qinghe.gov.cn/zwgk/tzgg/"
ROWS = sites.items(6)


def next_url(pager: str, base: str = BASE) -> str | None:
    lines = "".join(f"<li><a href='{row.path}'>{row.title}</a><span>{row.date}</span></li>" for row in ROWS)
    return read_list(sites.around(f"<ul>{lines}</ul>{pager}"), base).next_url


@pytest.mark.parametrize(
    ("call", "base", "wanted"),
    [
        ('createPageHTML(17, 0,"index", "shtml", "black2", 250)', BASE, "index_1.shtml"),
        ('createPageHTML(17,3,"index","html")', FOLDER + "index_3.html", "index_4.html"),
        ('createPageHTML(17,16,"index","html")', FOLDER + "index_16.html", None),
        ('createPageHTML(1,0,"index","html")', BASE, None),
        ("createPageHTML('page_div',10,1,'list','shtml',189)", FOLDER + "list.shtml", "list_2.shtml"),
        ("createPageHTML('page_div',10,10,'list','shtml',189)", FOLDER + "list_10.shtml", None),
        (
            "createPageHTML('paging', 25, 1, 'xxgk_new', 'html', 500)",
            FOLDER + "xxgk_new.html",
            "xxgk_new_2.html",
        ),
        ("createPage(20, 0, 'index', 'html')", BASE, "index_1.html"),
        ("createPage(20, 0)", FOLDER, "index_1.html"),
        ('createPageHTML(3,0,"t20190918_693227","shtml")', BASE, None),
    ],
)
def test_trs_pages_count_from_zero_or_from_one(call: str, base: str, wanted: str | None) -> None:
    assert next_url(f"<script>{call};</script>", base) == (wanted and FOLDER + wanted)


def test_the_definition_of_the_call_is_not_a_call() -> None:
    script = "function createPageHTML(count, index, name, ext) {} createPageHTML(5,0,'index','html');"
    assert next_url(f"<script>{script}</script>") == FOLDER + "index_1.html"


@pytest.mark.parametrize(
    ("script", "base", "wanted"),
    [
        ("var currentPage = 0;//从0开始\nvar countPage = 2//共多少页", BASE, "index_1.html"),
        ("var currentPage = 1; var countPage = 2", FOLDER + "index_1.html", None),
        ("var countPage = 9; location='tzgg'+'_'+page+'.htm'", FOLDER + "tzgg.htm", "tzgg_1.htm"),
    ],
)
def test_a_sites_own_script_counts_from_zero(script: str, base: str, wanted: str | None) -> None:
    assert next_url(f"<script>{script}</script>", base) == (wanted and FOLDER + wanted)


@pytest.mark.parametrize(
    ("page", "base", "wanted"),
    [
        (1, BASE, "index_2.html"),
        (2, FOLDER + "index_2.html", "index_3.html"),
        (9, FOLDER + "index_9.html", None),
    ],
)
def test_shanghai_counts_from_one(page: int, base: str, wanted: str | None) -> None:
    assert read_list(sites.uli(ROWS, 9, page), base).next_url == (wanted and FOLDER + wanted)


@pytest.mark.parametrize("text", ["下一页", "下页", "后一页", "下一页 >", "[下一页]", "Next"])
def test_a_link_that_says_next_is_followed(text: str) -> None:
    assert next_url(f"<div class='pages'><a href='tzgg/23.htm'>{text}</a></div>") == FOLDER + "tzgg/23.htm"


@pytest.mark.parametrize(
    "pager",
    [
        "<a onclick=\"turnTo('/eportal/ui?pageId=7&currentPage=2')\">下一页</a>",
        "<a href='javascript:void(0)' tagname='/eportal/ui?pageId=7&currentPage=2'>下一页</a>",
        "<a class='next' href='/eportal/ui?pageId=7&currentPage=2'>&gt;</a>",
    ],
)
def test_a_next_link_may_hide_its_address(pager: str) -> None:
    assert next_url(pager) == "https://ybj.qinghe.gov.cn/eportal/ui?pageId=7&currentPage=2"


@pytest.mark.parametrize("href", ["javascript:void(0)", "#", "index.html", ""])
def test_a_next_link_without_a_page_is_the_end(href: str) -> None:
    assert next_url(f"<a href='{href}'>下一页</a>") is None


def test_numbers_are_followed_where_nothing_says_next() -> None:
    pager = "<span>1</span><a href='7f3a21cc-2.shtml'>2</a><a href='7f3a21cc-3.shtml'>3</a>"
    assert next_url(pager) == FOLDER + "7f3a21cc-2.shtml"
    pager = "<a href='a-1.shtml'>1</a><a href='a-2.shtml'>2</a><a href='a-3.shtml'>3</a>"
    assert next_url(pager, FOLDER + "a-2.shtml") == FOLDER + "a-3.shtml"


def test_a_calendar_is_no_pager() -> None:
    days = "".join(f"<a href='/calendar?day={chr(96 + n)}'>{n}</a>" for n in range(2, 20))
    assert next_url(days) is None


def test_the_page_field_of_an_address_is_counted_up_while_there_are_more() -> None:
    base = "http://www.qinghe.gov.cn/content/column/67?pageIndex=2&size=20"
    assert next_url("共 <b>9</b> 页", base) == base.replace("pageIndex=2", "pageIndex=3")
    assert next_url("共2页", base) is None
    assert next_url("", base) is None


def test_a_data_island_names_the_next_group() -> None:
    target = "/module/web/jpage/dataproxy.jsp?page=1&webid=7&columnid=10&unitid=3"
    assert read_list(sites.hanweb(ROWS, target), BASE).next_url == f"https://ybj.qinghe.gov.cn{target}"


def test_the_rest_of_a_data_island_is_asked_from_its_proxy() -> None:
    fields = (
        "perPage:15,totalRecord:120,proxyUrl:'/module/web/jpage/dataproxy.jsp',columnid:10,unitid:3,webid:7"
    )
    found = read_list(sites.hanweb(ROWS) + f"<script>$('#3').jpage({{{fields}}})</script>", BASE)
    assert found.next_url == (
        "https://ybj.qinghe.gov.cn/module/web/jpage/dataproxy.jsp"
        "?startrecord=7&endrecord=12&perpage=15&columnid=10&unitid=3&webid=7"
    )


def test_a_pager_in_base64_is_read() -> None:
    assert (
        read_list(sites.encoded(ROWS, "/policies/2.html"), BASE).next_url
        == "https://ybj.qinghe.gov.cn/policies/2.html"
    )
