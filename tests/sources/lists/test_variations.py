"""Every layout of a row, wherever a site hides its rows or whatever it puts around them: no row is missed."""

import base64
import json
from collections.abc import Callable
from urllib.parse import quote, urljoin

import pytest

from monitor.sources.lists import Row, read_list
from tests.servers import sites
from tests.sources.lists.layouts import LAYOUTS, main_part

BASE = "https://ybj.qinghe.gov.cn/zwgk/tzgg/index.html"
_POPULAR = "".join(
    f"<li><a href='/rd/{n}.html'>省医保局召开第{n}次工作例会研究部署</a></li>" for n in range(8)
)


def _in_json(main: str) -> str:
    return json.dumps({"success": True, "data": {"html": main}}, ensure_ascii=False)


def _in_cdata(main: str) -> str:
    record = f"<recordset><record><![CDATA[{main}]]></record></recordset>"
    return sites.around(f"<script type='text/xml'><datastore>{record}</datastore></script>")


def _in_base64(main: str) -> str:
    token = base64.b64encode(quote(main).encode()).decode()
    script = "<script>show(decodeURIComponent(window.atob(x)))</script>"
    return sites.around(f"<div id='list'>{token}</div>{script}")


def _beside_a_sidebar(main: str) -> str:
    return sites.around(
        f"<div class='side'><h3>热门</h3><ul>{_POPULAR}</ul></div><div class='c'>{main}</div>"
    )


def _below_tabs(main: str) -> str:
    tabs = "<div class='tabs'><a href='/a/'>通知</a><a href='/b/'>公告</a></div><form><input></form>"
    pager = "<div class='page'><a href='index_2.html'>2</a><a href='index_2.html'>下一页</a></div>"
    return sites.around(f"{tabs}<div><div><div>{main}</div></div></div>{pager}")


PLACES: dict[str, Callable[[str], str]] = {
    "a page inside of JSON": _in_json,
    "a data island": _in_cdata,
    "base64": _in_base64,
    "beside a longer sidebar": _beside_a_sidebar,
    "below tabs": _below_tabs,
}


@pytest.mark.parametrize("place", PLACES)
def test_every_layout_is_read_there_too(place: str) -> None:
    rows = sites.items(6)
    expected = [Row(row.title, row.date, urljoin(BASE, row.path)) for row in rows]
    wrong = [
        layout
        for layout in LAYOUTS
        if list(read_list(PLACES[place](main_part(layout, rows)), BASE).rows) != expected
    ]
    assert not wrong
