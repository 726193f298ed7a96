"""Small invented pages in the manner of the families of government sites, for `web` to serve.

Each function takes items and gives a whole page, with the menu, the sidebar and the footer that real ones
have, because a reader must find the list among them.
"""

import base64
import datetime as dt
import html
import json
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import format_datetime
from urllib.parse import quote


@dataclass(frozen=True)
class Item:
    """One notice of an invented agency. `path` is its address on the site."""

    title: str
    date: dt.date
    path: str


def items(count: int, start: int = 1, day: dt.date = dt.date(2026, 9, 20)) -> list[Item]:
    """So many notices, the newest first; each `start` gives others."""
    return [
        Item(_TITLES[n % len(_TITLES)].format(n), date, f"/{date:%Y%m}/t{date:%Y%m%d}_{n}.html")
        for n in range(start, start + count)
        for date in [day - dt.timedelta(days=2 * (n - start))]
    ]


_TITLES = (
    "关于开展第{}批药品集中带量采购信息填报工作的通知",
    "关于公示医疗服务价格项目调整结果（第{}号）的公告",
    "特别提醒第{}期",
    "青禾省医疗保障局关于印发《门诊慢特病管理办法（试行）》等{}个文件的通知",
    "关于征求医用耗材挂网规则（征求意见稿）第{}次意见的函",
)
_MENU = "".join(
    f"<li><a href='/{path}/'>{name}</a></li>"
    for path, name in [
        ("", "网站首页"),
        ("zwgk", "政务公开"),
        ("zcjd", "政策解读"),
        ("bsfw", "办事服务"),
        ("hd", "互动交流"),
    ]
)
_FOOTER = (
    "<div class='foot'><a href='https://www.gov.cn/'>中国政府网</a> <a href='http://www.nhsa.gov.cn/'>国家医疗保障局</a>"
    " <a href='/wzdt/'>网站地图</a> <a href='/lxwm/'>联系我们</a> 青ICP备05000000号</div>"
)


def around(main: str, head: str = "") -> str:
    """A page with the usual furniture around its main part."""
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>通知公告</title>{head}</head><body>"
        f"<div class='nav'><ul class='menu'>{_MENU}</ul></div>"
        "<div class='crumbs'>当前位置：<a href='/'>首页</a> &gt; <a href='/zwgk/'>政务公开</a></div>"
        f"<div class='main'>{main}</div>{_FOOTER}</body></html>"
    )


def trs(rows: Sequence[Item], pages: int = 1, page: int = 0) -> str:
    """TRS WCM: a plain list, cut titles, pages counted from 0."""
    lines = "".join(
        f"<li><a href='{row.path}' title='{row.title}'>{_cut(row.title)}</a><span>{row.date}</span></li>"
        for row in rows
    )
    return around(
        f'<ul class=\'list\'>{lines}</ul><script>createPageHTML({pages}, {page},"index", "html");</script>'
    )


def hanweb(rows: Sequence[Item], next_group: str = "") -> str:
    """大汉: records hidden in a data island."""
    records = "".join(
        f"<record><![CDATA[<li><a href='{row.path}' title='{row.title}'>·{_cut(row.title)}</a>"
        f"<b>{row.date}</b></li>]]></record>"
        for row in rows
    )
    following = f'<nextgroup><![CDATA[<a href="{next_group}"></a>]]></nextgroup>' if next_group else ""
    island = f"<datastore>{following}<recordset>{records}</recordset></datastore>"
    return around(f"<div id='1'><script type='text/xml'>{island}</script></div>")


def uli(rows: Sequence[Item], pages: int = 1, page: int = 1) -> str:
    """Shanghai: dates with dots in `small`, pages counted from 1."""
    lines = "".join(
        f"<li><a href='{row.path}' title='{row.title}'>{row.title}</a><small>{row.date:%Y.%m.%d}</small></li>"
        for row in rows
    )
    pager = f"<script>totalPage: {pages}; $('.pagination').pagination(\"setPage\",{page},{pages});</script>"
    return around(f"<ul class='uli14 pageList list-date'>{lines}</ul>{pager}")


def vsb(rows: Sequence[Item], following: str = "") -> str:
    """博达: a table, pages counted downwards."""
    lines = "".join(
        f"<tr id='line{n}'><td><a href='{row.path}' title='{row.title}'>{_cut(row.title)}</a></td>"
        f"<td class='time'>[{row.date:%Y-%m-%d}]</td></tr>"
        for n, row in enumerate(rows)
    )
    pager = f"<span class='p_next'><a href='{following}'>下页</a></span>" if following else ""
    return around(f"<table class='winstyle'>{lines}</table>{pager}")


def gkmlpt(rows: Sequence[Item]) -> str:
    """Guangdong: articles in JSON, dates as seconds."""
    articles = [
        {
            "id": n,
            "title": row.title,
            "url": row.path,
            "document_number": "",
            "display_publish_time": _epoch(row),
        }
        for n, row in enumerate(rows)
    ]
    return json.dumps({"classify": {"id": 7, "name": "通知公告"}, "articles": articles}, ensure_ascii=False)


def kaipuyun(rows: Sequence[Item]) -> str:
    """开普: JSON results with nested name and value pairs."""
    results = [
        {
            "title": row.title.replace("通知", "<em>通知</em>"),
            "url": row.path,
            "domainMetaList": [
                {"resultList": [{"name": "发布日期", "key": "pubdate", "value": f"{row.date} 08:30:00"}]}
            ],
        }
        for row in rows
    ]
    return json.dumps({"code": 200, "data": {"total": len(rows), "results": results}}, ensure_ascii=False)


def jpaas(rows: Sequence[Item]) -> str:
    """大汉 JPAAS: a piece of a page inside of JSON."""
    lines = "".join(
        f"<ul><li class='content'><a href='{row.path}' title='{row.title}'>{_cut(row.title)}</a></li>"
        f"<li class='contenttime'>{row.date}</li></ul>"
        for row in rows
    )
    return json.dumps(
        {"success": True, "data": {"html": f"<div class='page-content'>{lines}</div>"}}, ensure_ascii=False
    )


def scripted(rows: Sequence[Item]) -> str:
    """A list that a script literal holds."""
    values = ",\n".join(
        f"{{ 'title': '{row.title}', url: \"{row.path}\", // 地址\n date: '{row.date}' }}" for row in rows
    )
    return around(f"<div id='list'></div><script>var dataList = [{values},];\nrender(dataList);</script>")


def encoded(rows: Sequence[Item], following: str = "") -> str:
    """Rows and pager in base64, decoded by the page's script."""
    lines = "".join(f"<li><a href='{row.path}'>{row.title}</a><span>{row.date}</span></li>" for row in rows)
    pager = f"<a href='{following}'>下一页</a>" if following else ""
    token = base64.b64encode(quote(f"<ul>{lines}</ul>{pager}").encode()).decode()
    return around(f"<div id='list'>{token}</div><script>show(decodeURIComponent(window.atob(x)))</script>")


def rss(rows: Sequence[Item], base: str = "") -> str:
    """RSS 2.0."""
    entries = "".join(
        f"<item><title>{html.escape(row.title)}</title><link>{base}{row.path}</link>"
        f"<pubDate>{format_datetime(_noon(row))}</pubDate></item>"
        for row in rows
    )
    channel = f"<channel><title>通知</title>{entries}</channel>"
    return f"<?xml version='1.0' encoding='UTF-8'?><rss version='2.0'>{channel}</rss>"


def notice(row: Item, body: str = "各有关单位：现将有关事项通知如下。") -> str:
    """The page of one notice."""
    return (
        f"<html><head><meta charset='utf-8'><meta name='ArticleTitle' content='{row.title}'>"
        f"<meta name='PubDate' content='{row.date}'></head><body><h1>{row.title}</h1>"
        f"<div class='TRS_Editor'><p>{body}</p></div></body></html>"
    )


def _cut(title: str) -> str:
    return title if len(title) <= 20 else f"{title[:20]}…"


def _noon(row: Item) -> dt.datetime:
    return dt.datetime(
        row.date.year, row.date.month, row.date.day, 12, tzinfo=dt.timezone(dt.timedelta(hours=8))
    )


def _epoch(row: Item) -> int:
    return int(_noon(row).timestamp())
