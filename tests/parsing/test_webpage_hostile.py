"""Pages that were never meant to be read: broken, huge, or made to take time."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.errors import ParseError
from monitor.parsing.webpage import read_notice
from monitor.types import Document, Notice

SCRAPS = [
    *(
        "<div id='zoom'>",
        "</div>",
        "<p>",
        "</p>",
        "<table>",
        "<tr>",
        "<td>",
        "</td>",
        "</tr>",
        "</table>",
        "<br>",
    ),
    *(
        "<!--",
        "-->",
        "<!--<$[信息内容]>begin-->",
        "<!--<$[信息内容]>end-->",
        "<h1>",
        "</h1>",
        "<span>",
        "</span>",
    ),
    *(
        "<meta name='ArticleTitle' content='关于甲的通知'>",
        "<script>",
        "</script>",
        "<style>",
        "display:none",
    ),
    *(
        "<a href='a.pdf'>附件1</a>",
        "<a href='http://[bad'>附件</a>",
        "<a onclick=\"xiazai('",
        "&#0;",
        "&nbsp;",
    ),
    *(
        "索引号：",
        "发文字号：",
        "发布日期：",
        "2031年13月45日",
        "2031-02-30",
        "海医保发〔2031〕1号",
        "附件：1.甲",
        "印发",
    ),
    *(
        "国家医保局 财政部",
        "转发国家医保局关于",
        "扫一扫",
        "相关链接",
        "各省：",
        "特此通知。",
        "\x00",
        "\ufeff",
        "\ud7ff",
    ),
]


def read(markup: str) -> Notice | None:
    try:
        return read_notice(Document(blocks=(), url="https://ybj.example.gov.cn/1.html", markup=markup))
    except ParseError as error:
        assert "ybj.example.gov.cn" in str(error)
        return None


@given(st.lists(st.one_of(st.sampled_from(SCRAPS), st.text(max_size=20)), max_size=60).map("".join))
@settings(max_examples=60, deadline=None)
def test_any_markup_gives_a_notice_or_a_parse_error(markup: str) -> None:
    notice = read(markup)
    assert notice is None or notice.title


MANY = 20_000


@pytest.mark.parametrize(
    "middle",
    [
        "<div>" * MANY,
        "<span class='x'> </span>" * MANY,
        "<table><tr><td>" * 2_000 + "x" + "</td></tr></table>" * 2_000,
        "<p>索引号：</p>" * MANY,
        "<b>文号</b>：" * MANY,
        "<a href='a.html'>x</a>" * MANY,
        "<p>" + "（" * 50_000 + "</p>",
        "<p>附件：" + "1.甲" * MANY + "</p>",
        "<p>国家医保局</p>" * MANY,
        "<p>2031年1月1日</p>" * MANY,
        "<!--" + "正文" * MANY,
        "<p>" + " " * 100_000 + "</p>",
        "<tr>" + "<td><p>甲</p></td>" * MANY,
    ],
    ids=lambda middle: middle[:24],
)
def test_a_page_made_to_take_time_is_read_all_the_same(middle: str) -> None:
    """Quadratic reading would not come back from these within minutes."""
    notice = read(f"<h1>关于做好某某工作的通知</h1><div id='zoom'><p>各单位：</p>{middle}</div>")
    assert notice is not None
    assert notice.title == "关于做好某某工作的通知"
