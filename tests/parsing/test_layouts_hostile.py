"""Any text gives notices or a ParseError, whichever layout reads it; long lines take no time."""

from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.documents.plain import read_text
from monitor.errors import ParseError
from monitor.parsing import reference, single, weekly
from monitor.types import Notice

SCRAPS = [
    *(
        "药政参考",
        "医周药事",
        "目录",
        "新政发布",
        "关于甲的通知",
        "关于甲的通知 ..... 1",
        "重要性：★★★",
        "关注度：★☆",
    ),
    *(
        "(本期收录 2031 年 13 月 16 日~2 月 30 日)",
        "2031|13.45",
        "总第55期",
        "相关链接：解读",
        "专家解读一",
        "附件：1.甲",
    ),
    *(
        "——本期视点——",
        "-----本期内容-----",
        "· 健康中国 ·",
        "▶ [甲](#)（来源：乙）——第 3 页",
        "【提要】丙",
        "来源：乙",
    ),
    *(
        "[返回目录](#)",
        "扫一扫",
        "地址：某路",
        "2031.08.09-2031.02.31",
        "国家医保局文件",
        "医保发〔2031〕1号",
        "第 50 号",
    ),
    *(
        "国家医保局 财政部",
        "2031年2月30日",
        "2031年3月1日",
        "抄送：甲",
        "2031年3月1日印发",
        "转发国家医保局关于乙的通知",
    ),
    *(
        "各省：",
        "一、总则",
        "https://example.gov.cn/a_",
        "b.html",
        "**",
        "# ",
        "[",
        "](",
        "\t",
        "　",
        "（",
        "《",
        "等",
    ),
]
LAYOUTS = [reference, weekly, single]


def parse(layout: ModuleType, text: str) -> list[Notice] | None:
    try:
        return list(layout.parse(read_text(text, url="a.txt")))
    except ParseError as error:
        assert str(error)
        return None


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.NAME)
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_any_text_gives_notices_or_a_parse_error(layout: ModuleType, data: st.DataObject) -> None:
    part = st.one_of(st.sampled_from(SCRAPS), st.text(max_size=12))
    joined = st.sampled_from(["\n", "\n\n", " ", ""])
    parts = data.draw(st.lists(st.tuples(part, joined), max_size=50))
    notices = parse(layout, "".join(text + gap for text, gap in parts))
    assert notices is None or all(notice.title for notice in notices)


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.NAME)
@pytest.mark.parametrize(
    "piece", ["（", ".", "关于", "1.", "★", "来源：", "[", "- ", "国家医保局 ", "第", "2031年1月1日", " "]
)
def test_a_long_line_of_anything_is_read_all_the_same(layout: ModuleType, piece: str) -> None:
    """Quadratic reading would not come back from these within minutes."""
    text = (
        f"药政参考\n\n目录\n\n{piece * 30_000}\n\n关于甲的通知\n\n重要性：★★\n\n各省：\n\n{piece * 30_000}\n"
    )
    notices = parse(layout, text)
    assert notices is None or all(notice.title for notice in notices)
