"""The monthly digest: what a notice says is read back however its layout strays."""

import datetime as dt
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.documents.plain import read_text
from monitor.errors import ParseError
from monitor.parsing.layout import parse
from monitor.parsing.monthly import recognises
from monitor.parsing.text import key
from monitor.types import Attachment, Notice, NoticeKind
from tests.parsing.digest_writer import Invented, write_issue


def read(text: str) -> list[Notice]:
    return parse(read_text(text, url="issue.txt"), layout="monthly")


def one(block: str, body: str = "各有关单位：\n\n请遵照执行。") -> Notice:
    [notice] = read(f"{block}\n\n{body}\n")
    return notice


@settings(deadline=None, max_examples=60)
@given(st.randoms(use_true_random=False), st.integers(1, 10))
def test_an_invented_issue_is_read_back_whatever_its_habits(random: Random, size: int) -> None:
    text, invented = write_issue(random, size)
    notices = read(text)
    assert [key(notice.title) for notice in notices] == [key(notice.title) for notice in invented]
    for notice, expected in zip(notices, invented, strict=True):
        assert_read_back(notice, expected)


def assert_read_back(notice: Notice, expected: Invented) -> None:
    listed = expected.printed in ("listed", "rest")
    assert notice.kind is (NoticeKind.LISTED if listed else NoticeKind.NOTICE)
    assert (notice.page, notice.section) == (expected.page, expected.section)
    if expected.printed == "whole":
        assert notice.agencies == expected.agencies
        assert notice.agencies_truncated == expected.truncated
        assert notice.doc_number == expected.number
        assert (notice.published_date, notice.category) == (expected.published, expected.category)
        assert [key(word) for word in notice.keywords] == [key(word) for word in expected.keywords]
    if listed:
        printed = expected.paragraphs[-1:] if expected.printed == "rest" else ()
    else:
        printed = expected.paragraphs
        assert set(notice.provinces) == set(expected.provinces)
        assert notice.written_date == expected.written
        assert notice.is_consultation == ("征求" in expected.title)
    assert all(key(paragraph) in key(notice.body) for paragraph in printed)
    assert "政策法规" not in notice.body
    assert "责任编辑" not in notice.body


COVER = "各地医药政策 月度汇编\n\n2023年第9期（总第77期）\n\n某某信息有限责任公司 主办\n\n2023年9月30日\n\n"


def block(title: str, agency: str = "山西省医疗保障局") -> str:
    return (
        f"发文机关：{agency}\n成文日期：2023年9月1日\n标 题：{title}\n"
        "发文字号：\n发布日期：2023年9月5日\n类 别：医保政策\n关 键 字：门诊"
    )


def test_the_issue_is_known_by_its_cover() -> None:
    [notice] = read(COVER + block("关于门诊用药的通知") + "\n\n门诊用药按本通知执行。\n")
    assert notice.digest is not None
    assert (notice.digest.title, notice.digest.issue, notice.digest.total_issue) == (
        "各地医药政策月度汇编",
        "2023年第9期",
        77,
    )
    assert (notice.digest.publisher, notice.digest.date) == ("某某信息有限责任公司", dt.date(2023, 9, 30))


def test_an_empty_number_does_not_swallow_the_label_after_it() -> None:
    notice = one(
        "发文机关：安徽省医疗保障局\n标题：关于门诊用药的通知\n"
        "发文字号：发布日期：2023年9月5日\n类别：医保政策 关键字：门诊"
    )
    assert (notice.doc_number, notice.published_date) == (None, dt.date(2023, 9, 5))


def test_a_name_wrapped_beside_a_date_goes_on_below_both() -> None:
    notice = one(
        "发文机关：国家应对某某联防 成文日期：2023年9月1日\n联控机制综合组\n标 题：关于门诊用药的通知\n"
        "发文字号：医保发〔2023〕11 发布日期：2023年9月5日\n号\n类 别：医保政策 关 键 字：门诊、慢特\n病"
    )
    assert notice.agencies == ("国家应对某某联防联控机制综合组",)
    assert (notice.doc_number, notice.keywords) == ("医保发〔2023〕11号", ("门诊", "慢特病"))
    assert (notice.written_date, notice.published_date) == (dt.date(2023, 9, 1), dt.date(2023, 9, 5))


def test_agencies_wrapped_over_three_lines_are_whole() -> None:
    notice = one(
        "发文机关：湖南省药品监督管理局、湖南省\n卫生健康委员会、湖南省医\n疗保障局\n\n"
        "标 题：关于标识的通知\n\n发文字号：湘药监函〔2023〕9号\n\n类 别：医疗器械"
    )
    assert notice.agencies == ("湖南省药品监督管理局", "湖南省卫生健康委员会", "湖南省医疗保障局")
    assert notice.agency_ids == ("hunan.nmpa", "hunan.nhc", "hunan.nhsa")


def test_the_body_is_not_taken_for_a_wrap_of_the_last_value() -> None:
    notice = one(block("关于门诊用药的通知"), "关于门诊 用药的通知\n各市医疗保障局：\n请遵照执行。")
    assert notice.keywords == ("门诊",)
    assert notice.body.startswith("关于门诊 用药的通知\n")


def test_a_space_between_two_agencies_of_a_title_stays_and_one_of_the_layout_goes() -> None:
    notice = one(block("安徽省医保局 安徽省财政厅关于 2023 年门诊 用药的通知"))
    assert notice.title == "安徽省医保局 安徽省财政厅关于2023年门诊用药的通知"


def test_a_space_between_two_agencies_that_fell_on_a_line_end_comes_back() -> None:
    notice = one(block("安徽省医保局\n安徽省财政厅关于门诊用药的通知", "安徽省医保局、安徽省财政厅"))
    assert notice.title == "安徽省医保局 安徽省财政厅关于门诊用药的通知"


def test_what_the_block_says_is_kept_and_a_contradiction_is_told() -> None:
    notice = one(
        block("关于门诊用药的通知").replace("关 键 字：门诊", "关 键 字：飞行检查"),
        "请遵照执行。\n\n山西省医疗保障局\n2023年8月31日",
    )
    assert (notice.written_date, notice.keywords) == (dt.date(2023, 9, 1), ("飞行检查",))
    assert any("成文日期为2023-09-01，落款日期为2023-08-31" in w for w in notice.warnings)
    assert any("飞行检查" in warning for warning in notice.warnings)


def test_an_open_written_date_is_the_signatures() -> None:
    notice = one(
        block("关于门诊用药的通知").replace("成文日期：2023年9月1日", "成文日期："),
        "门诊用药按本通知执行。\n\n山西省医疗保障局\n2023年8月31日",
    )
    assert notice.written_date == dt.date(2023, 8, 31)
    assert any("未填成文日期" in warning for warning in notice.warnings)


def test_a_number_printed_below_the_title_fills_an_open_field_and_a_cited_one_does_not() -> None:
    below = one(block("关于门诊用药的通知"), "关于门诊用药的通知\n\n晋医保发〔2023〕8号\n\n各市医保局：")
    cited = one(block("关于门诊用药的通知"), "关于门诊用药的通知\n\n根据医保发〔2021〕5号，现通知如下：")
    assert (below.doc_number, cited.doc_number) == ("晋医保发〔2023〕8号", None)


def test_the_trailer_is_no_part_of_the_text_though_it_wraps_or_names_another_notice() -> None:
    notice = one(
        block("关于门诊用药的通知"),
        "门诊用药按本通知执行。\n\n下载附件请登录医药网（www.example.org）>政策法规>通知公告>关于某个全然\n不同的办法的通知",
    )
    assert notice.body == "门诊用药按本通知执行。"
    assert any("提供下载的是「关于某个全然不同的办法的通知」的附件" in w for w in notice.warnings)


def test_an_agencys_own_hint_at_its_web_site_stays_in_the_text() -> None:
    body = (
        "附件请登录某局网站下载。\n\n门诊用药按本通知执行。\n\n一、总体要求\n\n二、重点任务\n\n三、组织实施"
    )
    assert one(block("关于门诊用药的通知"), body).body.startswith("附件请登录某局网站下载。")


def test_annexes_and_addresses_are_listed() -> None:
    notice = one(
        block("关于门诊用药的通知"),
        "门诊用药见 https://www.example.org/a.html。\n\n- 附件：1. 门诊用药目录\n2. 申请表\n\n"
        "山西省医疗保障局\n2023年9月1日",
    )
    assert notice.attachments == (Attachment("门诊用药目录"), Attachment("申请表"))
    assert notice.urls == ("https://www.example.org/a.html",)


def test_an_annex_after_the_signature_belongs_to_the_notice() -> None:
    body = "请遵照执行。\n\n山西省医疗保障局\n2023年9月1日\n\n门诊用药管理办法\n\n"
    body += "第一条 为规范门诊用药，制定本办法。"
    assert one(block("关于门诊用药的通知"), body).body.endswith("第一条 为规范门诊用药，制定本办法。")


def test_the_colophon_belongs_to_no_notice_and_a_contact_address_does() -> None:
    contact = "请于月底前反馈。\n\n联系人：甲某\n电 话：0351-0000000\n地 址：某路1号\n邮 编：030000"
    notice = one(
        block("关于门诊用药的通知"), f"{contact}\n\n总 编：乙某\n责任编辑：丙某\n网 址：www.example.org"
    )
    assert notice.body.endswith("邮 编：030000")


def test_the_last_contents_entry_without_a_text_is_listed() -> None:
    text = (
        COVER
        + "目录\n\n01 关于门诊用药的通知\n03 安徽：关于住院费用的\n通知\n\n"
        + block("关于门诊用药的通知")
    )
    notices = read(
        text + "\n\n门诊用药按本通知执行。\n\n总 编：乙某\n责任编辑：丙某\n网 址：www.example.org\n"
    )
    assert [(n.kind, n.title, n.page) for n in notices] == [
        (NoticeKind.NOTICE, "关于门诊用药的通知", 1),
        (NoticeKind.LISTED, "安徽：关于住院费用的通知", 3),
    ]
    assert notices[1].provinces == ("安徽",)
    assert any("没有它的正文" in warning for warning in notices[1].warnings)


def test_a_text_whose_block_is_lost_is_found_by_its_title() -> None:
    text = COVER + "目录\n\n关于门诊用药的通知......1\n山西省财政厅关于住院费用的通知......3\n\n"
    text += block("关于门诊用药的通知") + "\n\n门诊用药按本通知执行。\n\n类 别：医保政策\n关 键 字：住院\n"
    text += "山西省财政厅关于 住院费用的通知\n\n晋财社〔2023〕7号\n\n住院费用按本通知执行。\n\n"
    text += "山西省财政厅\n2023年9月2日\n"
    first, second = read(text)
    assert first.body == "门诊用药按本通知执行。"
    assert (second.kind, second.page, second.category) == (NoticeKind.NOTICE, 3, "医保政策")
    assert (second.doc_number, second.agencies) == ("晋财社〔2023〕7号", ("山西省财政厅",))
    assert second.written_date == dt.date(2023, 9, 2)
    assert any("信息栏缺失" in warning for warning in second.warnings)


def test_a_block_that_lost_its_first_lines_takes_the_title_below_it() -> None:
    left = "成文日期：2023年9月1日\n发文字号：晋医保发〔2023〕8号\n发布日期：2023年9月5日\n类 别：医保政策"
    first, second = read(
        f"{block('关于生育津贴的通知')}\n\n生育津贴照办。\n\n{left}\n\n"
        "山西省医疗保障局关于 门诊用药的通知\n\n各市医疗保障局：\n\n门诊用药照办。\n"
    )
    assert first.body == "生育津贴照办。"
    assert (second.title, second.doc_number) == ("山西省医疗保障局关于门诊用药的通知", "晋医保发〔2023〕8号")
    assert second.agency_ids == ("shanxi.nhsa",)
    assert any("信息栏缺失或残缺" in warning for warning in second.warnings)


def test_text_behind_a_trailer_is_what_is_left_of_a_lost_notice() -> None:
    trailer = "下载附件请登录医药网（www.example.org）>政策法规>通知公告>"
    text = COVER + "目录\n\n01 关于门诊用药的通知\n03 关于住院费用的通知\n05 关于生育津贴的通知\n\n"
    text += block("关于门诊用药的通知") + f"\n\n门诊用药照办。\n\n{trailer}关于门诊用药的通知\n\n"
    text += f"住院费用自下月起按新标准结算。\n\n{trailer}关于住院费用的通知\n\n"
    text += block("关于生育津贴的通知") + "\n\n生育津贴照办。\n"
    _, lost, _ = read(text)
    assert (lost.kind, lost.title, lost.body) == (
        NoticeKind.LISTED,
        "关于住院费用的通知",
        "住院费用自下月起按新标准结算。",
    )


def test_text_that_belongs_to_nothing_is_told() -> None:
    trailer = "下载附件请登录医药网（www.example.org）>政策法规>通知公告>关于门诊用药的通知"
    notice, _ = read(
        f"{block('关于门诊用药的通知')}\n\n门诊用药照办。\n\n{trailer}\n\n一段没有来历的文字在这里出现。\n\n"
        f"{block('关于生育津贴的通知')}\n\n生育津贴照办。\n"
    )
    assert any("一段没有来历的文字" in warning for warning in notice.warnings)


def test_contents_that_word_a_title_differently_still_give_its_page() -> None:
    text = COVER + "目录\n\n01 关于门诊用药的通知\n03 关于住院费用结算办法的公告\n\n"
    text += (
        block("关于门诊用药的通知")
        + "\n\n门诊用药照办。\n\n"
        + block("关于住院费用结算暂行办法的公告")
        + "\n\n住院费用照办。\n"
    )
    assert [(n.page, n.title) for n in read(text)] == [
        (1, "关于门诊用药的通知"),
        (3, "关于住院费用结算暂行办法的公告"),
    ]


def test_figures_in_titles_of_the_contents_are_no_pages() -> None:
    text = COVER + "目录\n\n57 关于发布某标准等\n3 项行业标准的通告\n58 关于印发目录（2023\n年版）的通知\n\n"
    text += (
        block("关于发布某标准等3项行业标准的通告")
        + "\n\n甲。\n\n"
        + block("关于印发目录（2023年版）的通知")
        + "\n\n乙。\n"
    )
    assert [n.page for n in read(text)] == [57, 58]


@pytest.mark.parametrize("label", ["主 题：", "主题:", "关键词：", "关 键 字 ："])
def test_keywords_are_known_by_each_of_their_labels(label: str) -> None:
    printed = block("关于门诊用药的通知").replace("关 键 字：", label)
    assert one(printed.replace("门诊", "门诊、DRG 付费")).keywords == ("门诊", "DRG付费")


def test_a_block_in_traditional_characters_is_a_block() -> None:
    notice = one(
        "發文機關：國家藥監局\n標 題：國家藥監局關於門診用藥的公告\n發文字號：公告（2023年第5號）\n"
        "類 別：醫藥政策\n成文日期：2023年9月1日\n發布日期：2023年9月5日\n關 鍵 字：門診"
    )
    assert (notice.agency_ids, notice.doc_number) == (("national.nmpa",), "公告（2023年第5号）")
    assert (notice.title, notice.keywords) == ("國家藥監局關於門診用藥的公告", ("門診",))


@pytest.mark.parametrize(
    "printed",
    [
        "发文机关：\t国家药监局\t成文日期：\t2023年9月1日\n标 题：\t关于门诊的公告\n发文字号：\t2023年第5号",
        "发文机关\t国家药监局\n成文日期\t2023年9月1日\n标题：关于门诊的公告\n发文字号\t2023年第5号",
        "| 发文机关： | 国家药监局 |\n| 成文日期： | 2023年9月1日 |\n"
        "| 标 题： | 关于门诊的公告 |\n| 发文字号： | 2023年第5号 |",
        "发文机关：国家药监局成文日期：2023年9月1日\n标题：关于门诊的公告发文字号：2023年第5号",
    ],
    ids=["cells", "cells without colons", "Markdown table", "nothing between the labels"],
)
def test_a_block_in_a_table_is_a_block(printed: str) -> None:
    notice = one(printed)
    assert (notice.title, notice.agencies) == ("关于门诊的公告", ("国家药监局",))
    assert (notice.doc_number, notice.written_date) == ("2023年第5号", dt.date(2023, 9, 1))


def test_provinces_that_issue_jointly_are_all_named() -> None:
    agencies = "北京市医疗保障局、天津市医疗保障局、河北省医疗保障局"
    notice = one(block("京津冀：关于门诊用药的通知", agencies))
    assert notice.provinces == ("北京", "天津", "河北")


def test_a_text_without_blocks_or_contents_is_refused_with_what_was_expected() -> None:
    with pytest.raises(ParseError, match="neither contents nor metadata blocks"):
        read("这里没有汇编。\n")


def test_a_single_notice_with_its_block_is_no_digest() -> None:
    assert not recognises(read_text(block("关于门诊用药的通知") + "\n\n照办。", url=None))
    assert recognises(read_text(COVER + block("关于门诊用药的通知") + "\n\n照办。", url=None))
