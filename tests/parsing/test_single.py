"""A single notice from text, with the headers and endings that offices print."""

import datetime as dt

import pytest

from monitor.documents.plain import read_text
from monitor.errors import ParseError
from monitor.parsing import single
from monitor.types import Notice

BODY = "各市、县医疗保障局：\n\n为做好门诊保障，现就有关事项通知如下。\n\n一、统一标准。各地要抓好落实。"
SIGNED = "海南省医疗保障局\n\n2031年3月5日"


def read(text: str) -> Notice:
    (notice,) = single.parse(read_text(text, url="notice.txt"))
    return notice


def test_a_red_header_notice_is_read_from_header_to_imprint() -> None:
    notice = read(f"""
海南省人民政府办公厅文件

琼府办〔2031〕12号

海南省人民政府办公厅 关于印发海南省门诊保障 2031年重点任务的通知

{BODY}

海南省人民政府办公厅

2031年3月5日

（此件公开发布）

海南省门诊保障

2031年重点任务

按照要求，重点推进以下任务，统一病种和待遇标准，确保年底前完成切换。（省医保局、省财政厅、省

卫健委按职责分工负责）

抄送：省委各部门，省法院，省检察院。
各民主党派海南省委。

海南省人民政府办公厅

2031年3月9日印发
""")
    assert notice.title == "海南省人民政府办公厅关于印发海南省门诊保障2031年重点任务的通知"
    assert notice.agencies == ("海南省人民政府办公厅",)
    assert notice.doc_number == "琼府办〔2031〕12号"
    assert (notice.written_date, notice.published_date) == (dt.date(2031, 3, 5), dt.date(2031, 3, 9))
    assert "省卫健委按职责分工负责）" in notice.body
    assert "抄送" not in notice.body
    assert notice.warnings == ()


HEADS = {
    "number below a header": (
        "海南省医疗保障局文件\n琼医保〔2031〕12号\n关于做好门诊保障工作的通知",
        "琼医保〔2031〕12号",
    ),
    "number beside a signatory": (
        "海南省医疗保障局文件\n琼医保〔2031〕12号　　　签发人：张某\n关于做好门诊保障工作的通知",
        "琼医保〔2031〕12号",
    ),
    "marginal notes": (
        "000017\n机密★1年\n特急\n海南省医疗保障局文件\n琼医保〔2031〕12号\n关于做好门诊保障工作的通知",
        "琼医保〔2031〕12号",
    ),
    "number after the title": (
        "海南省医疗保障局\n关于做好门诊保障工作的通知\n琼医保〔2031〕12 号",
        "琼医保〔2031〕12号",
    ),
    "number in brackets after the title": (
        "海南省医疗保障局关于做好门诊保障工作的通知\n（琼医保[2031]12号）",
        "琼医保〔2031〕12号",
    ),
    "title over three lines": (
        "海南省医疗保障局文件\n琼医保〔2031〕12号\n海南省医疗保障局\n关于做好门诊保障\n工作的通知",
        "琼医保〔2031〕12号",
    ),
    "letter-spaced": ("海 南 省 医 疗 保 障 局\n关于做好门诊保障工作的\n通 知", None),
    "no header at all": ("海南省医疗保障局关于做好门诊保障工作的通知", None),
    "half-width punctuation": (
        "海南省医疗保障局文件\n琼医保(2031)12号\n关于做好门诊保障工作的通知",
        "琼医保〔2031〕12号",
    ),
    "traditional characters": (
        "海南省醫療保障局文件\n琼医保〔2031〕12号\n關於做好门诊保障工作的通知",
        "琼医保〔2031〕12号",
    ),
    "page numbers in between": (
        "海南省医疗保障局文件\n琼医保〔2031〕12号\n— 1 —\n关于做好门诊保障工作的通知",
        "琼医保〔2031〕12号",
    ),
}


@pytest.mark.parametrize(("head", "number"), HEADS.values(), ids=HEADS)
def test_the_head_is_read_in_whatever_order_it_is_printed(head: str, number: str | None) -> None:
    notice = read(f"{head}\n\n{BODY}\n\n{SIGNED}")
    assert (
        notice.title.replace("關於", "关于").removeprefix("海南省医疗保障局") == "关于做好门诊保障工作的通知"
    )
    assert notice.doc_number == number
    assert [name.replace("醫療", "医疗") for name in notice.agencies] == ["海南省医疗保障局"]
    assert notice.written_date == dt.date(2031, 3, 5)
    assert notice.body.endswith("海南省医疗保障局\n2031年3月5日")
    assert notice.body.startswith(notice.title + "\n各市、县医疗保障局：")


@pytest.mark.parametrize(
    ("head", "number"),
    [
        ("国家药监局\n公 告\n2031年 第47号\n关于发布某某规范的公告", "2031年第47号"),
        ("国家药品监督管理局公告\n（2031年第47号）\n关于发布某某规范的公告", "2031年第47号"),
        ("国家药监局关于发布某某规范的公告\n（2031年第47号）", "2031年第47号"),
        ("国家药监局关于发布某某规范的公告（2031年第47号）", "2031年第47号"),
    ],
)
def test_the_number_of_an_announcement_needs_no_code(head: str, number: str) -> None:
    notice = read(
        f"{head}\n\n为规范检查，现予发布，自发布之日起施行。\n\n特此公告。\n\n国家药监局\n2031年4月1日"
    )
    assert notice.doc_number == number
    assert notice.title.startswith(("关于发布某某规范的公告", "国家药监局关于发布某某规范的公告"))
    assert notice.agencies[0] in ("国家药监局", "国家药品监督管理局")


def test_an_order_is_called_by_its_number() -> None:
    notice = read(
        "国家市场监督管理总局令\n\n第 50 号\n\n《某某监督管理办法》已经2031年7月15日局务会议通过，"
        "现予公布，自2031年12月1日起施行。\n\n局长　张某\n\n2031年8月3日\n\n某某监督管理办法\n\n第一章\n\n"
        "第一条 为了加强监督管理，制定本办法。"
    )
    assert (notice.title, notice.doc_number) == ("国家市场监督管理总局令第50号",) * 2
    assert notice.written_date == dt.date(2031, 8, 3)


def test_joint_issuers_stand_below_each_other_in_the_header() -> None:
    notice = read(f"""国家医疗保障局
财 政 部　　文件
国家税务总局

医保发〔2031〕20号

国家医保局 财政部 国家税务总局
关于做好2031年城乡居民
基本医疗保障工作的通知

{BODY}

国家医保局　　财政部
国家税务总局
2031年6月30日
""")
    assert notice.title == "国家医保局 财政部 国家税务总局关于做好2031年城乡居民基本医疗保障工作的通知"
    assert notice.agencies == ("国家医疗保障局", "财政部", "国家税务总局")
    assert notice.doc_number == "医保发〔2031〕20号"
    assert notice.written_date == dt.date(2031, 6, 30)
    assert notice.warnings == ()


FORWARDED = """国家医疗保障局办公室关于做好某某工作的通知

各省医疗保障局：

请抓好落实。

国家医疗保障局办公室
2031年1月15日"""


def test_a_forwarding_notice_is_signed_before_what_it_forwards() -> None:
    notice = read(
        f"海南省医疗保障局\n转发国家医疗保障局办公室关于做好某某工作的通知\n\n{BODY}\n\n{SIGNED}\n\n{FORWARDED}"
    )
    assert notice.agencies == ("海南省医疗保障局",)
    assert notice.written_date == dt.date(2031, 3, 5)
    assert "请抓好落实" in notice.body


def test_without_a_signature_of_its_own_a_forwarding_notice_has_no_date() -> None:
    notice = read(
        f"海南省医疗保障局\n转发国家医疗保障局办公室关于做好某某工作的通知\n\n{BODY}\n\n{FORWARDED}"
    )
    assert notice.agencies == ("海南省医疗保障局",)
    assert notice.written_date is None
    assert any("本文所转发的文件" in warning for warning in notice.warnings)


def test_annexes_are_named_before_the_signature_and_follow_it() -> None:
    notice = read(
        f"海南省医疗保障局关于做好门诊保障工作的通知\n\n{BODY}\n\n附件：1.病种目录\n\n　　　2.申报表\n\n"
        f"{SIGNED}\n\n附件1\n\n病种目录\n\n序号\t病种"
    )
    assert [attachment.name for attachment in notice.attachments] == ["病种目录", "申报表"]
    assert notice.written_date == dt.date(2031, 3, 5)
    assert notice.body.endswith("序号 病种")


def test_a_page_that_was_copied_keeps_its_block() -> None:
    notice = read(
        "索引号：HT01/2031-00012\n发文机关：海南省医疗保障局\n发文字号：琼医保〔2031〕12号\n成文日期：2031年03月05日\n发布日期：2031年03月08日\n"
        f"标 题：海南省医疗保障局关于做好门诊保障工作的通知\n\n{BODY}"
    )
    assert notice.index_number == "HT01/2031-00012"
    assert (notice.doc_number, notice.agencies) == ("琼医保〔2031〕12号", ("海南省医疗保障局",))
    assert (notice.written_date, notice.published_date) == (dt.date(2031, 3, 5), dt.date(2031, 3, 8))
    assert "HT01" not in notice.body


def test_numbers_that_the_text_quotes_are_not_its_own() -> None:
    notice = read(
        f"关于做好门诊保障工作的通知\n\n各市：\n\n根据国医保发〔2029〕3号和琼府办〔2030〕8号文件，现通知如下。\n\n{SIGNED}"
    )
    assert notice.doc_number is None


def test_the_printing_line_names_the_office_where_nothing_else_does() -> None:
    notice = read(f"关于做好门诊保障工作的通知\n\n{BODY}\n\n海南省医疗保障局办公室　　　2031年3月9日印发")
    assert notice.agencies == ("海南省医疗保障局办公室",)
    assert notice.published_date == dt.date(2031, 3, 9)
    assert notice.written_date is None


def test_a_header_and_a_signature_that_disagree_are_told() -> None:
    notice = read(f"海南省财政厅文件\n琼财社〔2031〕9号\n关于下达资金的通知\n\n{BODY}\n\n{SIGNED}")
    assert notice.agencies == ("海南省财政厅",)
    assert any("落款所示发文机关为「海南省医疗保障局」" in warning for warning in notice.warnings)


def test_a_text_without_a_title_is_an_error_that_quotes_it() -> None:
    with pytest.raises(ParseError, match="昨天下午"):
        read("昨天下午，我们一起去了公园，天气很好，大家都很高兴。\n\n后来下雨了。")


@pytest.mark.parametrize(
    "line", ["（" * 20000, "关于" * 20000, "附件：" + "1." * 20000, "第" * 30000, " " * 50000 + "x"]
)
def test_hostile_lines_take_no_time(line: str) -> None:
    notice = read(f"海南省医疗保障局关于做好门诊保障工作的通知\n\n{line}\n\n{BODY}\n\n{SIGNED}")
    assert notice.title
