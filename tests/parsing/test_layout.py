"""Which layout a document is in, and what every notice gets whatever its layout."""

import datetime as dt
from dataclasses import replace

import pytest

from monitor.documents.plain import read_text
from monitor.errors import ParseError
from monitor.parsing import LAYOUT_NAMES
from monitor.parsing.fingerprint import fingerprint
from monitor.parsing.layout import LAYOUTS, finish, parse
from monitor.types import Block, BlockKind, Document, Notice

MONTHLY = """各地医药政策 月度汇编

2023年第9期（总第77期）

目录

01 关于门诊用药的通知

发文机关：山西省医疗保障局
成文日期：2023年9月1日
标 题：关于门诊用药的通知
发文字号：晋医保发〔2023〕8号
发布日期：2023年9月5日
类 别：医保政策
关 键 字：门诊用药

关于门诊用药的通知

各市医疗保障局：

门诊用药按本通知执行，自2023年10月1日起施行。
"""
SINGLE = """山西省医疗保障局文件

晋医保发〔2023〕8号

山西省医疗保障局关于门诊用药的通知

各市医疗保障局：

门诊用药按本通知执行，请遵照办理。

山西省医疗保障局
2023年9月1日
"""


@pytest.mark.parametrize(("text", "layout"), [(MONTHLY, "monthly"), (SINGLE, "notice")])
def test_the_layout_is_known_by_the_text(text: str, layout: str) -> None:
    document = read_text(text, url="file.txt")
    assert parse(document) == parse(document, layout=layout)


def test_a_digest_and_the_notice_itself_are_one_notice() -> None:
    [in_digest] = parse(read_text(MONTHLY, url="digest.txt"))
    [alone] = parse(read_text(SINGLE, url="notice.txt"))
    assert (in_digest.digest is None, alone.digest is None) == (False, True)
    for field in ("doc_number", "written_date", "agency_ids", "provinces"):
        assert getattr(in_digest, field) == getattr(alone, field)


def test_every_notice_is_finished_and_says_where_it_was_read() -> None:
    [notice] = parse(read_text(MONTHLY, url="digest.txt"))
    assert (notice.agency_ids, notice.provinces, notice.url) == (("shanxi.nhsa",), ("山西",), "digest.txt")
    assert len(notice.fingerprint) == 32
    assert Notice.from_record(notice.to_record()) == notice


def test_an_unknown_layout_is_refused_with_the_known_ones() -> None:
    with pytest.raises(
        ParseError, match="'weakly' is not a layout; known are auto, monthly, weekly, reference"
    ):
        parse(read_text(MONTHLY, url=None), layout="weakly")
    assert tuple(layout.NAME for layout in LAYOUTS) == LAYOUT_NAMES


def test_an_empty_document_is_refused() -> None:
    with pytest.raises(ParseError, match="no text"):
        parse(Document(blocks=(Block(BlockKind.PARAGRAPH, ("", " ")),)))


def test_a_date_to_come_is_told() -> None:
    [notice] = parse(read_text(MONTHLY, url=None), today=dt.date(2023, 9, 3))
    assert any("发布日期2023-09-05是将来的日期" in warning for warning in notice.warnings)
    assert parse(read_text(MONTHLY, url=None), today=dt.date(2023, 9, 6))[0].warnings == ()


@pytest.mark.parametrize(
    ("title", "body", "asks"),
    [
        ("关于公开征求《门诊用药办法（征求意见稿）》意见的公告", "", True),
        ("关于公开征集门诊用药意见建议的通知", "", True),
        ("门诊用药办法征求意见稿", "", True),
        ("关于门诊用药的公告", "我局起草了《门诊用药办法》，现向社会公开征求意见。", True),
        ("关于门诊用药征求意见采纳情况的公告", "现向社会公开征求意见已经结束。", False),
        ("关于门诊用药的通知", "在广泛征求意见的基础上，制定本办法。", False),
    ],
)
def test_a_consultation_is_known_by_its_title_or_its_opening(title: str, body: str, asks: bool) -> None:
    assert finish(Notice(title=title, body=body, provinces=("山西",))).is_consultation is asks


def test_a_fingerprint_sees_through_width_spaces_and_brackets() -> None:
    printed = Notice(
        title="关于门诊（2023年）用药的通知", doc_number="公告（2023年第8号）", agencies=("国家医保局",)
    )
    other = replace(printed, title="关于 门诊(2023 年)用药的通知", doc_number="2023年第8号")
    assert fingerprint(printed) == fingerprint(other)


def test_a_fingerprint_tells_this_years_notice_from_last_years() -> None:
    notice = Notice(
        title="关于门诊用药的通知", doc_number="医保发〔2022〕8号", written_date=dt.date(2022, 9, 1)
    )
    assert fingerprint(notice) != fingerprint(replace(notice, doc_number="医保发〔2023〕8号"))
    assert fingerprint(notice) != fingerprint(replace(notice, written_date=dt.date(2023, 9, 1)))
    assert fingerprint(notice) != fingerprint(replace(notice, agencies=("山西省医保局",)))
