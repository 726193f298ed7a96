"""Web pages: what a reader sees, in blocks, with links that lead somewhere."""

from monitor.documents.html import read_html
from monitor.documents.reading import read
from monitor.types import Block, BlockKind, Link, Page

ADDRESS = "https://ybj.example.gov.cn/col/2024/index.html"


def blocks(markup: str) -> tuple[Block, ...]:
    return read_html(markup, url=ADDRESS).blocks


def texts(markup: str) -> list[tuple[str, ...]]:
    return [block.lines for block in blocks(markup)]


def test_headings_paragraphs_and_line_breaks() -> None:
    page = "<body><h1>关于示例的通知</h1><p>各有关单位：<br>现通知如下。</p><div>落款</div></body>"
    assert [(b.kind, b.level, b.lines) for b in blocks(page)] == [
        (BlockKind.HEADING, 1, ("关于示例的通知",)),
        (BlockKind.PARAGRAPH, 0, ("各有关单位：", "现通知如下。")),
        (BlockKind.PARAGRAPH, 0, ("落款",)),
    ]


def test_inline_marks_do_not_divide_a_number_or_a_word() -> None:
    assert texts("<p>医保发〔<span>202</span><b>4</b>〕<font>129</font>号</p>") == [("医保发〔2024〕129号",)]


def test_a_line_end_in_the_source_is_no_space_in_chinese_but_is_one_in_english() -> None:
    assert texts("<p>集中带量\n    采购 of medical\n  devices</p>") == [("集中带量采购 of medical devices",)]


def test_scripts_styles_and_comments_are_not_text() -> None:
    page = "<head><title>t</title><style>p{}</style></head><p>正文<script>var a=1</script><!-- 注 -->完</p>"
    assert texts(page) == [("正文完",)]


def test_a_table_of_data_has_rows() -> None:
    rows = (
        "<tr><th>品种</th><th>价格</th></tr><tr><td>甲<br>片</td><td><p>1.5</p></td></tr><tr><td></td></tr>"
    )
    (table,) = blocks(f"<table>{rows}</table>")
    assert table.kind is BlockKind.TABLE
    assert table.rows == (("品种", "价格"), ("甲 片", "1.5"))
    assert table.lines == ("品种\t价格", "甲 片\t1.5")


def test_a_table_that_arranges_the_page_is_looked_through() -> None:
    page = f"<table><tr><td>导航</td><td><h2>标题</h2><p>{'长文' * 400}</p></td></tr></table>"
    assert texts(page) == [("导航",), ("标题",), ("长文" * 400,)]


def test_nothing_in_a_crooked_table_is_lost() -> None:
    page = "<table><tr><td>一<td>二</tr>游离<tr><td>三</td>夹缝<td>四</table>尾"
    seen = "".join(line for lines in texts(page) for line in lines)
    assert all(part in seen for part in ("一", "二", "游离", "三", "夹缝", "四", "尾"))


def test_links_are_absolute_and_belong_to_their_block() -> None:
    page = (
        "<p>附件：<a href='../files/清单.pdf'>清单</a>"
        "<a href='javascript:void(0)'>打印</a><a href='#top'>回顶</a></p>"
        "<table><tr><td><a href='//a.example/x'>甲</a></td><td>乙</td></tr></table>"
    )
    paragraph, table = blocks(page)
    assert paragraph.links == (Link("清单", "https://ybj.example.gov.cn/col/files/清单.pdf"),)
    assert table.links == (Link("甲", "https://a.example/x"),)


def test_a_base_element_is_where_links_start_from() -> None:
    (block,) = blocks("<head><base href='/art/'></head><p><a href='1.html'>一</a></p>")
    assert block.links == (Link("一", "https://ybj.example.gov.cn/art/1.html"),)


def test_a_broken_address_is_kept_as_it_is() -> None:
    (block,) = blocks("<p><a href='http://[::1'>坏</a><a href='//[x'>坏</a></p>")
    assert [link.url for link in block.links] == ["http://[::1", "//[x"]


def test_meta_elements_and_the_title_are_kept() -> None:
    page = (
        "<title> 示例\n通知 </title><meta name=PubDate content=2024-03-01><meta name=PubDate content=later>"
    )
    assert read_html(page, url=None).meta == {"title": "示例通知", "PubDate": "2024-03-01"}


def test_the_source_is_kept_for_those_who_read_more() -> None:
    page = "<script>var itemObj=[{'title':'通知'}]</script>"
    document = read_html(page, url=None)
    assert document.markup == page
    assert document.warnings == ("网页没有可见文字，内容可能由脚本载入。",)


def test_deep_nesting_does_not_cut_the_text_off() -> None:
    """Old pages leave hundreds of <font> open."""
    assert texts("<p>头" + "<font>" * 1000 + "中" + "</p>尾") == [("头中",), ("尾",)]


def test_nesting_beyond_all_reason_is_told() -> None:
    document = read_html("<p>头</p>" + "<div>" * 100_000 + "末", url=None)
    assert document.blocks[0].lines == ("头",)
    assert "网页嵌套过深，未能读到末尾，可能缺少文字。" in document.warnings


def test_a_page_with_an_xml_declaration_and_a_wrong_charset_is_read() -> None:
    body = "<?xml version='1.0' encoding='utf-8'?><html><meta charset='utf-8'><p>医疗保障</p></html>".encode(
        "gbk"
    )
    (document,) = read(Page(url=ADDRESS, body=body, charset="utf-8"))
    assert document.blocks[0].lines == ("医疗保障",)
