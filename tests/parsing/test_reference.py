"""The biweekly reference: invented issues in all the ways that real ones are printed."""

import datetime as dt

import pytest

from monitor.documents.plain import read_text
from monitor.errors import ParseError
from monitor.parsing import reference
from monitor.parsing.text import compact
from monitor.types import Notice, NoticeKind
from tests.parsing.reference_writer import Item, Writer


def parse(text: str) -> list[Notice]:
    return reference.parse(read_text(text, url="issue.txt"))


def by_title(notices: list[Notice]) -> dict[str, Notice]:
    return {compact(notice.title): notice for notice in notices}


@pytest.mark.parametrize("seed", range(60))
def test_every_item_of_an_issue_is_read_in_all_its_fields(seed: int) -> None:
    writer = Writer(seed)
    notices = by_title(parse(writer.text()))
    assert len(notices) == len(writer.items)
    for item in writer.items:
        notice = notices[compact(item.title)]
        assert (notice.section, notice.page) == (item.section, item.page)
        if item.listed_only:
            assert notice.kind is NoticeKind.LISTED
            assert "没有它的正文" in notice.warnings[0]
        else:
            check(notice, item)


def check(notice: Notice, item: Item) -> None:
    assert notice.kind == item.kind
    assert (notice.importance, notice.attention) == (item.importance, item.attention)
    assert list(notice.agencies) == item.agencies
    assert notice.written_date == (dt.date(*item.written) if item.written else None)
    assert list(notice.urls) == item.urls
    assert [attachment.name for attachment in notice.attachments] == item.attachments
    assert [interpretation.title for interpretation in notice.interpretations] == item.interpretations
    assert "★" not in notice.body
    assert "**" not in notice.body
    assert "专家解读" not in notice.body
    assert "确保取得实效，各地" in notice.body or item.kind != "notice"
    assert notice.warnings == ()


def test_the_issue_itself_is_described() -> None:
    digest = parse(Writer(1).text())[0].digest
    assert digest is not None
    assert (digest.title, digest.publisher) == ("药政参考", "某某科技开发中心")
    assert digest.date == dt.date(2031, 7, 31)
    assert (digest.period_start, digest.period_end) == (dt.date(2031, 7, 16), dt.date(2031, 7, 31))
    assert digest.total_issue is not None


ISSUE = """药政参考

目录

新政发布

关于甲类药品采购工作的通知 ..... 1

(本期收录 2031 年 12 月 16 日~1 月 2 日医药政策信息)

关于甲类药品采购工作的通知

重要性：★★★

关注度：★★

各有关单位：

现将有关事项通知如下。

国家医疗保障局

2031年12月20日
"""


def test_an_item_that_the_contents_leave_out_is_read_and_told() -> None:
    extra = ISSUE.split("\n\n(", 1)[1].split("\n\n", 1)[1].replace("甲类", "乙类")
    notices = parse(ISSUE + "\n\n" + extra)
    assert [notice.title for notice in notices] == [
        "关于甲类药品采购工作的通知",
        "关于乙类药品采购工作的通知",
    ]
    assert notices[1].page is None
    assert "目录未列" in notices[1].warnings[0]


def test_a_period_can_run_into_the_next_year() -> None:
    digest = parse(ISSUE)[0].digest
    assert digest is not None
    assert (digest.period_start, digest.period_end) == (dt.date(2031, 12, 16), dt.date(2032, 1, 2))


def test_an_issue_without_contents_is_read_by_its_ratings() -> None:
    assert [notice.title for notice in parse("药政参考\n\n" + ISSUE.split("信息)")[1])] == [
        "关于甲类药品采购工作的通知"
    ]


def test_a_title_that_the_contents_word_differently_is_the_same_item() -> None:
    notices = parse(ISSUE.replace("关于甲类药品采购工作的通知 .....", "关于甲类药品采购工作通知 ....."))
    assert [(notice.kind, notice.page) for notice in notices] == [(NoticeKind.NOTICE, 1)]


def test_without_a_signature_the_title_names_the_agency_and_a_warning_says_so() -> None:
    text = ISSUE.replace("关于甲类", "国家药监局综合司关于甲类").replace(
        "国家医疗保障局\n\n2031年12月20日", "特此通知。"
    )
    notice = parse(text)[0]
    assert notice.agencies == ("国家药监局综合司",)
    assert notice.written_date is None
    assert "未见落款" in notice.warnings[0]


def test_a_number_is_taken_where_the_title_or_the_line_below_prints_it() -> None:
    in_title = ISSUE.replace("工作的通知", "工作的公告（2031年第9号）")
    below = ISSUE.replace("各有关单位：", "医保发〔2031〕9号\n\n各有关单位：")
    quoted = ISSUE.replace("现将有关", "根据医保发〔2031〕9号文件，现将有关")
    assert [parse(text)[0].doc_number for text in (in_title, below, quoted)] == [
        "2031年第9号",
        "医保发〔2031〕9号",
        None,
    ]


def test_an_address_that_a_line_end_cut_is_put_together() -> None:
    text = ISSUE.replace(
        "国家医疗保障局\n", "https://www.example.gov.cn/art/2031/7/1/art_7_\n1234.html\n\n国家医疗保障局\n"
    )
    assert parse(text)[0].urls == ("https://www.example.gov.cn/art/2031/7/1/art_7_1234.html",)


def test_a_telephone_number_in_the_last_item_is_no_imprint() -> None:
    talk = "\n\n".join(f"（{number}）各地要抓好落实。" for number in range(20))
    contact = f"现将有关事项通知如下。\n\n电话：010-12345678\n\n{talk}"
    notice = parse(ISSUE.replace("现将有关事项通知如下。", contact))[0]
    assert "010-12345678" in notice.body
    assert notice.written_date == dt.date(2031, 12, 20)


def test_a_cover_without_anything_behind_it_is_an_error() -> None:
    with pytest.raises(ParseError, match="目录"):
        parse("药政参考\n\n总第5期")


def test_the_corpus_issue_is_recognised_and_other_texts_are_not(shared) -> None:  # type: ignore[no-untyped-def]
    corpus = shared / "corpus"
    recognised = {
        path.stem: reference.recognises(read_text(path.read_text(encoding="utf-8"), url=path.name))
        for path in corpus.glob("*.txt")
    }
    assert [name for name, yes in recognised.items() if yes] == ["reference-2022-07-31"]
