"""Pages of the content systems that health agencies use, with invented notices in them."""

import datetime as dt

import pytest

from monitor.errors import ParseError
from monitor.parsing.webpage import read_notice
from monitor.types import Attachment, Document, Notice

URL = "https://ybj.example.gov.cn/art/2031/3/8/art_77_1001.html"
TITLE = "海棠省医疗保障局 海棠省财政厅关于做好门诊慢特病保障工作的通知"
TEXT = """
<p style="text-align:center">海棠省医疗保障局 海棠省财政厅</p>
<p style="text-align:center">关于做好门诊慢特病保障工作的通知</p>
<p style="text-align:center">海医保发〔2031〕12号</p>
<p>各市（州）医疗保障局、财政局：</p>
<p>　　为减轻参保人员负担，按照《门诊保障办法》（国医保发〔2029〕3号）要求，现就有关事项通知如下。</p>
<p>　　一、统一病种范围。各地要在2031年6月底前完成目录切换。</p>
<p>　　附件：1.门诊慢特病病种目录</p><p>　　　　　2.定点机构申报表</p>
<p style="text-align:right">海棠省医疗保障局　海棠省财政厅　　</p>
<p style="text-align:right">2031年3月5日　　</p>
<p>　　（此件公开发布）</p>
"""
NAMED = (Attachment("门诊慢特病病种目录"), Attachment("定点机构申报表"))


def read(body: str, head: str = "", url: str = URL) -> Notice:
    markup = f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>"
    return read_notice(Document(blocks=(), url=url, media_type="text/html", markup=markup))


def meta(**contents: str) -> str:
    return "".join(f'<meta name="{name}" content="{content}">' for name, content in contents.items())


def framed(article: str) -> str:
    """An article among what every site puts around it."""
    return f"""
    <div class="header"><a href="/">首页</a> <a href="/zwgk/">政务公开</a>
    <form>标题：<input name="q"></form></div>
    <div class="position">当前位置：<a href="/">首页</a> &gt; <a href="/zcwj/">政策文件</a></div>
    {article}
    <div class="footer"><p>版权所有：海棠省医疗保障局　主办单位：海棠省医疗保障局办公室</p>
    <p>海ICP备05000001号</p>
    <a href="/sitemap.html">网站地图</a></div>"""


def block(notice: Notice) -> tuple[object, ...]:
    return (
        notice.index_number,
        notice.doc_number,
        notice.agencies,
        notice.written_date,
        notice.published_date,
    )


EXPECTED_BLOCK = (
    "HT000271/2031-00012",
    "海医保发〔2031〕12号",
    ("海棠省医疗保障局", "海棠省财政厅"),
    dt.date(2031, 3, 5),
    dt.date(2031, 3, 8),
)

BLOCKS = {
    "cells with bold labels": """
        <table class="bd1"><tr><td><b>索 引 号：</b></td><td>HT000271/2031-00012</td>
        <td><b>主题分类：</b></td>
        <td>医疗保障</td></tr><tr><td><b>发文机关：</b></td><td>海棠省医疗保障局　海棠省财政厅</td>
        <td><b>成文日期：</b></td><td>2031年03月05日</td></tr>
        <tr><td><b>标　　题：</b></td><td colspan="3">{title}</td>
        </tr><tr><td><b>发文字号：</b></td><td>海医保发〔2031〕12号</td><td><b>发布日期：</b></td><td>2031年03月08日</td>
        </tr></table><table class="bd1"><tr><td><b>主 题 词：</b></td><td></td><td></td></tr></table>""",
    "header cells": """
        <table><tr><th>索引号</th><td>HT000271/2031-00012</td><th>发布机构</th><td>海棠省医疗保障局、海棠省财政厅</td></tr>
        <tr><th>文&nbsp;&nbsp;号</th><td>海医保发﹝2031﹞ 12 号</td><th>发文日期</th><td>2031-03-05</td></tr>
        <tr><th>名&nbsp;&nbsp;称</th><td>{title}</td><th>公开日期</th><td>2031-03-08 09:30</td></tr>
        </table>""",
    "bare cells": """
        <table><tbody><tr><td>索引号</td><td>HT000271/2031-00012</td><td>信息分类</td><td>通知</td></tr>
        <tr><td>发文单位</td><td>海棠省医疗保障局 海棠省财政厅</td><td>成文日期</td><td>2031-03-05</td></tr>
        <tr><td>文件编号</td><td>海医保发[2031]12号</td><td>发布时间</td><td>2031-03-08</td></tr></tbody></table>""",
    "definition list": """
        <dl><dt>索引号：</dt><dd>HT000271/2031-00012</dd>
        <dt>发文机关：</dt><dd>海棠省医疗保障局 海棠省财政厅</dd>
        <dt>发文字号：</dt><dd>海医保发〔2031〕12号</dd><dt>成文日期：</dt><dd>2031年3月5日</dd>
        <dt>发布日期：</dt><dd>2031年3月8日</dd><dt>有效性：</dt><dd>有效</dd></dl>""",
    "spans in a paragraph": """
        <div class="xxgk"><p><span class="tt">索取号</span><span class="value">HT000271/2031-00012</span></p>
        <p><span class="tt">文件字号</span><span class="value">海医保发〔2031〕12号</span></p>
        <p><span class="tt">制发机关</span><span class="value">海棠省医疗保障局 海棠省财政厅</span></p>
        <p><span class="tt">生成日期</span><span class="value">2031.03.05</span></p>
        <p><span class="tt">公开日期</span><span class="value">2031.03.08</span></p></div>""",
    "list items": """
        <ul class="info"><li>索引号：HT000271/2031-00012</li><li>发文字号：海医保发〔2031〕12号</li>
        <li>发布机构：海棠省医疗保障局 海棠省财政厅</li><li><em>成文日期：</em>2031-03-05</li>
        <li>发布日期：2031-03-08&nbsp;&nbsp;浏览次数：<span id="hits"></span></li><li>主题词：</li></ul>""",
    "a row of labels above a row of values": """
        <table><tr><td>索引号</td><td>发文字号</td><td>发布机构</td><td>成文日期</td><td>发布日期</td></tr>
        <tr><td>HT000271/2031-00012</td><td>海医保发〔2031〕12号</td><td>海棠省医疗保障局 海棠省财政厅</td>
        <td>2031年3月5日</td><td>2031年3月8日</td></tr></table>""",
    "labels in brackets, without a colon": """
        <div class="info"><p>【索引号】 HT000271/2031-00012</p>
        <p>【发文机关】 海棠省医疗保障局 海棠省财政厅</p>
        <p>【发文字号】 海医保发〔2031〕12号</p><p>【成文日期】 2031-03-05</p>
        <p>【发布日期】 2031-03-08</p></div>""",
    "two rows of labels, each above its row of values": """
        <table><tr><td>索引号</td><td>发文字号</td><td>发布机构</td></tr>
        <tr><td>HT000271/2031-00012</td><td>海医保发〔2031〕12号</td>
        <td>海棠省医疗保障局 海棠省财政厅</td></tr>
        <tr><td>成文日期</td><td>发布日期</td><td>有效性</td></tr>
        <tr><td>2031年3月5日</td><td>2031年3月8日</td><td>有效</td></tr></table>""",
    "labels and values in blocks of their own": """
        <div class="row"><div class="label">索引号</div><div class="val">HT000271/2031-00012</div></div>
        <div class="row"><div class="label">发文字号</div><div class="val">海医保发〔2031〕12号</div></div>
        <div class="row"><div class="label">发文机关</div>
        <div class="val">海棠省医疗保障局 海棠省财政厅</div></div>
        <div class="row"><div class="label">成文日期</div><div class="val">2031-03-05</div></div>
        <div class="row"><div class="label">发布日期</div><div class="val">2031-03-08</div></div>""",
}


@pytest.mark.parametrize("layout", BLOCKS.values(), ids=BLOCKS)
def test_the_public_information_block_is_read_in_each_of_its_layouts(layout: str) -> None:
    notice = read(framed(f'{layout.format(title=TITLE)}<h1>{TITLE}</h1><div id="zoom">{TEXT}</div>'))
    assert block(notice) == EXPECTED_BLOCK
    assert notice.title == TITLE
    assert notice.warnings == ()


@pytest.mark.parametrize("layout", BLOCKS.values(), ids=BLOCKS)
def test_a_block_inside_of_the_content_is_no_part_of_the_text(layout: str) -> None:
    notice = read(
        framed(f'<h1>{TITLE}</h1><div class="pages_content">{layout.format(title=TITLE)}{TEXT}</div>')
    )
    assert block(notice) == EXPECTED_BLOCK
    assert "索" not in notice.body
    assert "HT000271" not in notice.body


CONTAINERS = {
    "UCAP": '<td class="b12c" id="UCAP-CONTENT">{}</td>',
    "TRS": '<div class="view TRS_UEDITOR trs_paper_default">{}</div>',
    "TRS, older": '<div class="Custom_UnionStyle"><div class="TRS_Editor">{}</div></div>',
    "大汉": '<div class="main-txt" id="zoom"><!--<$[信息内容]>begin-->{}<!--<$[信息内容]>end--></div>',
    "大汉, comments only": "<div><!--ZJEG_RSS.content.begin-->{}<!--ZJEG_RSS.content.end--></div>",
    "大汉, metas only": '<div><meta name="ContentStart">{}<meta name="ContentEnd"></div>',
    "上海": '<div id="ivs_content" class="Article_content">{}</div>',
    "博达": '<form name="x"><div id="vsb_content_2"><div class="v_news_content">{}</div></div></form>',
    "龙讯": '<div class="j-fontContent newscontnet minh500">{}</div>',
    "开普": '<div class="zwnr" id="content">{}</div>',
    "卫健委": '<div class="list"><div class="con" id="xw_box">{}</div></div>',
    "药监局": '<div class="article"><div class="text">{}</div></div>',
    "gkmlpt": '<div class="article-content">{}</div>',
    "no name at all": '<div class="w1200"><div><div>{}</div></div><div class="side">热门</div></div>',
    "a table for layout": """<table width="100%"><tr><td><table><tr><td>{}</td></tr></table></td>
        <td>侧栏</td></tr></table>""",
}


@pytest.mark.parametrize("container", CONTAINERS.values(), ids=CONTAINERS)
def test_the_text_is_found_in_the_container_of_each_content_system(container: str) -> None:
    article = f"<h1>{TITLE}</h1><p>发布时间：2031-03-08　来源：海棠省医疗保障局</p>{container.format(TEXT)}"
    tools = '<div class="tools">【打印】【关闭】<div class="qr">扫一扫在手机打开当前页</div></div>'
    notice = read(framed(article + tools))
    assert notice.body.startswith("海棠省医疗保障局 海棠省财政厅\n关于做好")
    assert notice.body.endswith("2031年3月5日\n（此件公开发布）")
    assert (notice.doc_number, notice.written_date) == ("海医保发〔2031〕12号", dt.date(2031, 3, 5))
    assert notice.published_date == dt.date(2031, 3, 8)
    assert notice.agencies == ("海棠省医疗保障局", "海棠省财政厅")
    assert notice.attachments == NAMED


HEADINGS = {
    "h1": f"<h1>{TITLE}</h1>",
    "h2": f"<h2>{TITLE}</h2>",
    "named": f'<div class="title">{TITLE}</div>',
    "a paragraph": f'<p class="tit" style="text-align:center"><strong>{TITLE}</strong></p>',
    "labelled": f'<p class="title">标题：{TITLE}</p>',
    "in the meta tag only": "",
}


@pytest.mark.parametrize("heading", HEADINGS.values(), ids=HEADINGS)
@pytest.mark.parametrize("layout", BLOCKS.values(), ids=BLOCKS)
def test_block_heading_and_container_go_together_in_any_way(layout: str, heading: str) -> None:
    wrong = []
    head = f"<title>{TITLE}_海棠省医疗保障局</title>" if heading else meta(ArticleTitle=TITLE)
    table = layout.format(title=TITLE)
    for name, container in CONTAINERS.items():
        for above in (table + heading, heading + table):
            notice = read(framed(above + container.format(TEXT)), head)
            begins = notice.body.startswith("海棠省医疗保障局 海棠省财政厅\n关于做好")
            ends = notice.body.endswith("（此件公开发布）")
            fields = (block(notice), notice.title, notice.attachments)
            if not (begins and ends and fields == (EXPECTED_BLOCK, TITLE, NAMED)):
                wrong.append((name, notice))
    assert not wrong


def test_the_mandated_meta_tags_are_enough() -> None:
    head = meta(
        SiteName="海棠省药品监督管理局",
        ArticleTitle="关于发布某某检查细则的公告",
        PubDate="2031-04-01 10:20",
        ContentSource="海棠省药品监督管理局",
        Maketime="2033-01-01 00:00",
    )
    notice = read('<div class="x"><p>为规范检查，现予发布。</p></div>', head)
    assert notice.title == "关于发布某某检查细则的公告"
    assert notice.published_date == dt.date(2031, 4, 1)
    assert notice.agencies == ("海棠省药品监督管理局",)


def test_a_newspaper_is_a_source_and_no_issuer() -> None:
    head = meta(
        ArticleTitle="集采药品惠及百姓",
        ContentSource="海棠日报",
        PubDate="2031-04-01",
        SiteName="海棠省医疗保障局",
    )
    notice = read("<div><p>记者近日走访获悉，群众用药负担明显减轻。</p></div>", head)
    assert notice.agencies == ()
    assert notice.source_name == "海棠日报"


def test_the_date_beside_the_title_needs_no_label() -> None:
    article = f"<h1>{TITLE}</h1><div class='date'>2031-03-08 17:10 <span>来源： 海棠省医疗保障局</span></div>"
    notice = read(framed(f"{article}<div id='zoom'>{TEXT}</div>"))
    assert notice.published_date == dt.date(2031, 3, 8)


def test_an_empty_cell_leaves_the_field_to_the_meta_tag() -> None:
    table = "<table><tr><td>索引号：</td><td>A1/2031-1</td><td>发布时间：</td><td></td></tr></table>"
    notice = read(framed(f"{table}<h1>{TITLE}</h1><div id='zoom'>{TEXT}</div>"), meta(PubDate="2031-03-09"))
    assert notice.published_date == dt.date(2031, 3, 9)


def test_an_index_code_in_the_number_cell_is_told_and_not_taken() -> None:
    cells = "<td>索引号：</td><td>696785044/2031-00017</td><td>发文字号：</td><td>696785044/2031-00017</td>"
    table = f"<table><tr>{cells}</tr></table>"
    notice = read(framed(f"{table}<h1>关于公示结果的通知</h1><div id='zoom'><p>现将结果予以公示。</p></div>"))
    assert notice.doc_number is None
    assert notice.index_number == "696785044/2031-00017"
    assert any("是索引号，不是文号" in warning for warning in notice.warnings)


def test_a_table_in_the_text_is_no_block_of_metadata() -> None:
    rows = "".join(
        f"<tr><td>{n}</td><td>某药{n}片</td><td>国药准字H2031{n:04}</td><td>2030年1月{n}日</td></tr>"
        for n in range(1, 9)
    )
    table = f"<table><tr><td>序号</td><td>名称</td><td>文号</td><td>签发日期</td></tr>{rows}</table>"
    notice = read(
        framed(f"<h1>关于药品批准文号的公告</h1><div id='zoom'><p>现将批准情况公告如下。</p>{table}</div>")
    )
    assert (notice.doc_number, notice.written_date) == (None, None)
    assert "2\t某药2片\t国药准字H20310002\t2030年1月2日" in notice.body


def test_digits_that_spans_split_are_one_number() -> None:
    number = "<p>海医保〔<span>203</span><span>1</span>〕<span>1</span><span>29 号</span></p>"
    text = f"{number}<p>各有关单位：</p><p>现通知如下。</p>"
    assert (
        read(framed(f"<h1>关于某某事项的通知</h1><div id='zoom'>{text}</div>")).doc_number
        == "海医保〔2031〕129号"
    )


def test_numbers_of_other_documents_are_not_the_notices_own() -> None:
    text = (
        "<p>各有关单位：</p><p>根据《办法》（国医保发〔2029〕3号）和海府办发〔2030〕8号文件，现通知如下。</p>"
    )
    assert read(framed(f"<h1>关于某某事项的通知</h1><div id='zoom'>{text}</div>")).doc_number is None


def test_a_title_carries_its_number_in_brackets() -> None:
    title = "海棠省药监局关于注销医疗器械注册证书的公告（2031年第57号）"
    notice = read(framed(f"<h1>{title}</h1><div id='zoom'><p>根据企业申请，现予注销。</p></div>"))
    assert (notice.title, notice.doc_number) == (title, "2031年第57号")
    assert notice.agencies == ("海棠省药监局",)


@pytest.mark.parametrize(
    ("title", "number"),
    [
        ("海棠省医疗保障局关于某某的通知（海医保发〔2031〕1号）", "海医保发〔2031〕1号"),
        ("海棠省医疗保障局关于某某的通知 海医保发〔2031〕1号", "海医保发〔2031〕1号"),
        ("国家药监局公告2031年第7号", "2031年第7号"),
        ("关于《某某办法》（海医保发〔2031〕1号）的补充通知", None),
        ("关于转发国医保发〔2031〕1号文件的通知", None),
    ],
)
def test_the_number_of_a_title_is_its_own_only_at_the_end(title: str, number: str | None) -> None:
    notice = read(framed(f"<h1>{title}</h1><div id='zoom'><p>各单位：</p><p>请照此执行。</p></div>"))
    assert notice.doc_number == number


def test_the_time_of_first_publication_is_a_date() -> None:
    head = meta(ArticleTitle="关于某某的通知", firstpublishedtime="2031-12-29-10:05:00")
    assert read("<div id='zoom'><p>请照此执行。</p></div>", head).published_date == dt.date(2031, 12, 29)


def test_a_title_over_two_lines_keeps_its_agencies_apart() -> None:
    heading = "<h1>海棠省医疗保障局<br>海棠省财政厅<br>关于某某的<br>通知</h1>"
    notice = read(framed(f"{heading}<div id='zoom'><p>请执行。</p></div>"))
    assert notice.title == "海棠省医疗保障局 海棠省财政厅关于某某的通知"


def test_an_old_document_newly_posted_keeps_both_dates() -> None:
    cells = "<td>成文日期：</td><td>一九八一年五月二十三日</td><td>发布日期：</td><td>2031年12月04日</td>"
    table = f"<table><tr>{cells}</tr></table>"
    notice = read(framed(f"{table}<h1>关于旧事的通知</h1><div id='zoom'><p>各地照此办理。</p></div>"))
    assert (notice.written_date, notice.published_date) == (dt.date(1981, 5, 23), dt.date(2031, 12, 4))


def test_what_the_block_and_the_signature_say_differently_is_told() -> None:
    table = "<table><tr><td>索引号：</td><td>A/1</td><td>成文日期：</td><td>2031-03-01</td></tr></table>"
    notice = read(framed(f"{table}<h1>{TITLE}</h1><div id='zoom'>{TEXT}</div>"))
    assert notice.written_date == dt.date(2031, 3, 1)
    assert any("2031-03-01" in warning and "2031-03-05" in warning for warning in notice.warnings)


def test_hundreds_of_elements_left_open_cut_no_text_off() -> None:
    notice = read(framed(f"<h1>{TITLE}</h1><div id='zoom'>{'<font>' * 500}{TEXT}</div>"))
    assert notice.doc_number == "海医保发〔2031〕12号"
    assert notice.written_date == dt.date(2031, 3, 5)
    assert notice.body.endswith("（此件公开发布）")


def test_a_block_printed_twice_is_read_once() -> None:
    table = BLOCKS["bare cells"]
    notice = read(framed(f"{table}<h1>{TITLE}</h1>{table}<div id='zoom'>{TEXT}</div>"))
    assert block(notice) == EXPECTED_BLOCK
    assert notice.warnings == ()


def test_a_forwarding_notice_does_not_take_the_forwarded_signature() -> None:
    title = "海棠省医疗保障局转发国家医疗保障局办公室关于做好信息报送工作的通知"
    signed = "<p>国家医疗保障局办公室</p><p>2031年1月15日</p>"
    text = f"<p>各市医疗保障局：</p><p>现转发给你们，请遵照执行。</p>{signed}"
    notice = read(framed(f"<h1>{title}</h1><div id='zoom'>{text}</div>"))
    assert notice.agencies == ("海棠省医疗保障局",)
    assert notice.written_date is None
    assert any("本文所转发的文件" in warning for warning in notice.warnings)


def test_one_issuer_in_the_cell_and_two_in_the_title_are_two() -> None:
    table = (
        "<table><tr><td>索引号：</td><td>A/1</td><td>发文机关：</td><td>海棠省医疗保障局</td></tr></table>"
    )
    notice = read(framed(f"{table}<h1>{TITLE}</h1><div id='zoom'>{TEXT}</div>"))
    assert notice.agencies == ("海棠省医疗保障局", "海棠省财政厅")


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("<title>关于某某药品的通告_通知公告_海棠省药品监督管理局</title>", "关于某某药品的通告"),
        ("<title>关于某某药品的通告-海棠省药品监督管理局</title>", "关于某某药品的通告"),
        ("<title>海棠省药品监督管理局 | 关于某某药品的通告</title>", "关于某某药品的通告"),
        ("<title>1-10月某某药品抽检情况的通告</title>", "1-10月某某药品抽检情况的通告"),
    ],
)
def test_the_title_of_the_page_loses_the_names_of_column_and_site(title: str, expected: str) -> None:
    assert read("<div><p>现将抽检情况通告如下。</p></div>", title).title == expected


def test_a_cut_title_is_completed_from_the_heading() -> None:
    head = meta(ArticleTitle=TITLE[:20] + "…")
    assert read(framed(f"<h1>{TITLE}</h1><div id='zoom'>{TEXT}</div>"), head).title == TITLE


def test_remarks_of_the_page_below_the_text_are_cut_off() -> None:
    below = """<p>扫一扫在手机打开当前页</p><p>【打印本页】 【关闭窗口】</p><p>相关链接：</p>
    <p><a href='x.html'>某解读</a></p>"""
    notice = read(framed(f"<h1>{TITLE}</h1><div id='zoom'>{TEXT}{below}</div>"))
    assert notice.body.endswith("（此件公开发布）")


def test_tools_above_the_text_do_not_cut_it_off() -> None:
    tools = "<p>【字体：大 中 小】</p><p>打印</p>"
    notice = read(framed(f"<div id='zoom'><h1>{TITLE}</h1>{tools}{TEXT}</div>"))
    assert notice.body.endswith("（此件公开发布）")
    assert "字体" not in notice.body


@pytest.mark.parametrize(
    "body",
    [
        "<p>点击下方查看附件</p>",
        "<p><a href='./P0203103051.pdf'>关于某某的公告.pdf</a></p>",
        "<img src='scan.jpg'>",
    ],
    ids=["one line", "one attachment", "a scanned image"],
)
def test_a_short_body_is_a_notice_too(body: str) -> None:
    notice = read(
        framed(f"<h1>关于某某的公告</h1><div class='TRS_Editor'>{body}</div>"), meta(PubDate="2031-03-05")
    )
    assert (notice.title, notice.published_date) == ("关于某某的公告", dt.date(2031, 3, 5))


def test_a_text_that_only_a_script_shows_is_found_all_the_same() -> None:
    notice = read(f"<h1>{TITLE}</h1><div id='zoom' style='display: none'>{TEXT}</div>")
    assert notice.body.endswith("（此件公开发布）")


@pytest.mark.parametrize(
    "markup", ["", "   ", "<html></html>", "<html><body><script>x()</script></body></html>"]
)
def test_a_page_without_title_and_text_is_an_error(markup: str) -> None:
    with pytest.raises(ParseError, match=r"ybj\.example\.gov\.cn"):
        read_notice(Document(blocks=(), url=URL, markup=markup))


@pytest.mark.parametrize("title", ["404 Not Found", "页面不存在", "您访问的页面不存在或已删除"])
def test_an_error_page_is_no_notice(title: str) -> None:
    with pytest.raises(ParseError, match="error page"):
        read(
            f"<h1>{title}</h1><div class='content'><p>您访问的页面不存在。</p><a href='/'>返回首页</a></div>",
            f"<title>{title}</title>",
        )
