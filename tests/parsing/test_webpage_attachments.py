"""Attachments of a page: what is one, what it is called, and those that are only named."""

import pytest

from monitor.parsing.webpage import read_notice
from monitor.types import Attachment, Document, Interpretation

URL = "https://ybj.example.gov.cn/zwgk/203103/t20310308_1001.html"
BASE = "https://ybj.example.gov.cn/zwgk/203103/"


def attachments(text: str, after: str = "") -> tuple[Attachment, ...]:
    opening = "<p>各有关单位：</p><p>现印发给你们。</p>"
    markup = f"<h1>关于印发某某办法的通知</h1><div id='zoom'>{opening}{text}</div>{after}"
    return read_notice(Document(blocks=(), url=URL, markup=f"<html><body>{markup}</body></html>")).attachments


LIST = "<p>附件：1.甲项目申报表</p><p>2.乙项目申报表</p><p>某某局</p>"


@pytest.mark.parametrize(
    ("link", "name", "url"),
    [
        ('<a href="./P020310308.pdf" title="办法.pdf">办法</a>', "办法.pdf", BASE + "P020310308.pdf"),
        (
            '<a href="/a/b.xlsx">附件1：申报表.xlsx</a>',
            "附件1：申报表.xlsx",
            "https://ybj.example.gov.cn/a/b.xlsx",
        ),
        ('<a href="附件/目录.docx">目录</a>', "目录", BASE + "%E9%99%84%E4%BB%B6/%E7%9B%AE%E5%BD%95.docx"),
        (
            '<a href="/module/download/downfile.jsp?classid=0&filename=9f1.pdf">附件：清单</a>',
            "附件：清单",
            "https://ybj.example.gov.cn/module/download/downfile.jsp?classid=0&filename=9f1.pdf",
        ),
        (
            '<a href="/system/_content/download.jsp?urltype=news&wbfileid=88">表格.doc</a>',
            "表格.doc",
            "https://ybj.example.gov.cn/system/_content/download.jsp?urltype=news&wbfileid=88",
        ),
        ('<a href="/group6/M00/0A/x.ofd">正文</a>', "正文", "https://ybj.example.gov.cn/group6/M00/0A/x.ofd"),
        (
            "<a href='#' onclick=\"xiazai('/f/1.zip')\">资料包</a>",
            "资料包",
            "https://ybj.example.gov.cn/f/1.zip",
        ),
        ('<a appendix="true" href="/file/9">名单</a>', "名单", "https://ybj.example.gov.cn/file/9"),
        ('<a href="pic.jpg">附件：流程图</a>', "附件：流程图", BASE + "pic.jpg"),
        ('<a href="/art/1.html">附件：目录</a>', "附件：目录", "https://ybj.example.gov.cn/art/1.html"),
        ('<a href="1.pdf">点击下载</a>', "点击下载", BASE + "1.pdf"),
        ('<a href="1.pdf"><img src="/icons/pdf.gif"></a>', "1.pdf", BASE + "1.pdf"),
        (
            '<span class="fujian"><a href="/file/88">申请书</a></span>',
            "申请书",
            "https://ybj.example.gov.cn/file/88",
        ),
    ],
)
def test_a_file_is_taken_with_its_name_and_absolute_address(link: str, name: str, url: str) -> None:
    assert attachments(f"<p>{link}</p>") == (Attachment(name, url),)


@pytest.mark.parametrize(
    "link",
    [
        '<a href="related.html">政策解读</a>',
        '<a href="/jd/1.html">《某某办法》解读</a>',
        '<a href="big.jpg"><img src="small.jpg"></a>',
        '<a href="/module/jslib/icons/acrobat.png">图标</a>',
        '<a href="javascript:window.print()">打印</a>',
        '<a href="mailto:a@example.gov.cn">邮箱</a>',
        '<a href="https://example.gov.cn/zcwj/">更多</a>',
    ],
)
def test_other_links_are_no_attachments(link: str) -> None:
    assert attachments(f"<p>{link}</p>") == ()


def test_pages_that_explain_the_notice_are_its_interpretations() -> None:
    menu = "<a href='/zcjd/'>政策解读</a>"
    below = "<div>相关解读</div><a href='jd.html'>《某某办法》政策解读</a>"
    text = "<h1>关于印发某某办法的通知</h1><div id='zoom'><p>现印发。</p></div>"
    markup = f"<html><body>{menu}{text}{below}</body></html>"
    notice = read_notice(Document(blocks=(), url=URL, markup=markup))
    assert notice.interpretations == (Interpretation("《某某办法》政策解读", ""),)


def test_names_without_a_link_are_recorded_as_absent() -> None:
    assert attachments(LIST) == (
        Attachment("甲项目申报表"),
        Attachment("乙项目申报表"),
    )


def test_a_named_annex_that_has_a_link_is_recorded_once() -> None:
    text = f"{LIST}<p><a href='2.doc'>附件2.乙项目申报表.doc</a></p>"
    assert attachments(text) == (
        Attachment("附件2.乙项目申报表.doc", BASE + "2.doc"),
        Attachment("甲项目申报表"),
    )


def test_a_link_inside_of_the_list_is_its_entry() -> None:
    assert attachments("<p>附件：<a href='1.pdf'>甲项目申报表</a></p>") == (
        Attachment("甲项目申报表", BASE + "1.pdf"),
    )


def test_links_that_say_nothing_take_the_printed_names_in_order() -> None:
    text = f"{LIST}<p><a href='1.doc'>附件1</a> <a href='2.doc'>附件2</a></p>"
    assert attachments(text) == (
        Attachment("甲项目申报表", BASE + "1.doc"),
        Attachment("乙项目申报表", BASE + "2.doc"),
    )


def test_files_below_the_container_belong_to_the_notice_up_to_the_first_other_page() -> None:
    after = """<div class='fj'><a href='a.pdf'>甲.pdf</a></div>
    <div><a href='/x.html'>下一篇</a><a href='b.pdf'>乙.pdf</a></div>"""
    assert attachments("<p>特此通知。</p>", after) == (Attachment("甲.pdf", BASE + "a.pdf"),)


def test_files_after_the_cut_count_and_those_of_related_documents_do_not() -> None:
    text = """<p>扫一扫在手机打开当前页</p><ul class="tdbgimgdog"><li><a href="a.pdf">甲.pdf</a></li></ul>
    <p>相关文件：</p><p><a href="b.pdf">乙.pdf</a></p>"""
    assert attachments(text) == (Attachment("甲.pdf", BASE + "a.pdf"),)


def test_the_address_of_another_storage_place_is_ignored() -> None:
    assert attachments('<p><a href="./P1.pdf" OLDSRC="/protect/P0/P1.pdf">正文</a></p>') == (
        Attachment("正文", BASE + "P1.pdf"),
    )


def test_the_same_file_twice_is_one_attachment() -> None:
    assert len(attachments("<p><a href='a.pdf'>甲</a></p><p><a href='./a.pdf'>甲</a></p>")) == 1
