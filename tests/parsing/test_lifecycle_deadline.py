"""Until when the public may send its opinion on a draft."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.parsing.lifecycle import life_cycle
from monitor.types import Notice

PUBLISHED = dt.date(2022, 12, 8)
TITLE = "某省医保局关于公开征求《某办法（征求意见稿）》意见的公告"


def read(body: str, title: str = TITLE, published: dt.date | None = PUBLISHED) -> Notice:
    return life_cycle(Notice(title=title, body=body, written_date=None, published_date=published))


@pytest.mark.parametrize(
    "sentence",
    [
        "请于2022年12月20日前反馈意见。",
        "请于 2022 年 12 月 20 日之前提出书面意见，信函以邮戳日期为准。",
        "公众可在12月20日前提出意见和建议。",
        "公众可在 2022 年 12 月 14 日至 12 月 20 日期间，提出意见。",
        "征求意见时间：2022年12月8日—2022年12月20日。",
        "意见征集期限为2022年12月8日-12月20日",
        "意见反馈截止时间为2022年12月20日。",
        "意见反馈截止日期：2022-12-20",
        "截止时间：2022年12月20日",
        "反馈意见截至2022年12月20日。",
        "意见反馈时间截至今年12月20日。",
        "请将意见于2022年12月20日17:00前发送至邮箱 a@example.org。",
        "请将意见于2022年12月20日（星期二）下午5时前反馈。",
        "意见建议请于2022年12月20日（含）前反馈。",
        "请各单位于12月20日前将修改意见书面反馈至省局。",
        "有关单位和个人可以在2022年12月20日以前，通过以下途径提出意见",
        "公开征求意见期限为2022年12月8日起至2022年12月20日止。",
        "公示时间：2022年12月14日至12月20日（5个工作日）。",
        "自公告之日起12日内提出意见。",
        "自本公告发布之日起十二日内，将意见反馈我局。",
        "反馈意见的时间为公告发布之日起12日内。",
        "自即日起12天内向社会公开征求意见。",
        "自2022年12月10日起10日内提出意见。",
        "请于2022年12月20日前就实施方案的执行提出意见。",
        "根据2019年8月26日修订的《某法》，请于12月20日前反馈意见。",
        "请于2022年12月20日前将意见反馈我局，并于2022年12月25日参加座谈会。",
        "请于2022年12月20日前反馈意见。\n本办法自2023年1月1日起施行，有效期至2027年12月31日。",
    ],
)
def test_the_last_day_is_the_deadline(sentence: str) -> None:
    notice = read(sentence)
    assert (notice.comment_deadline, notice.warnings) == (dt.date(2022, 12, 20), ())


@pytest.mark.parametrize(
    ("sentence", "deadline"),
    [
        ("请于1月5日前反馈意见。", dt.date(2023, 1, 5)),
        ("公众可在12月14日至1月13日期间提出意见。", dt.date(2023, 1, 13)),
        ("征求意见的期限：自公布之日起一个月。", dt.date(2023, 1, 8)),
    ],
)
def test_the_year_that_is_not_printed_is_the_next_that_fits(sentence: str, deadline: dt.date) -> None:
    assert read(sentence).comment_deadline == deadline


@pytest.mark.parametrize(
    ("sentence", "because"),
    [
        ("自本公告发布之日起10个工作日内提出意见。", "以工作日计算"),
        ("征求意见期限为30日。", "没有写明起算日期"),
        ("请于8月1日前反馈意见。", "没有写明年份"),
        ("请于2021年12月22日前反馈意见。", "与发布日期2022-12-08不符"),
        ("请各市于2022年12月15日前反馈意见。\n公众于2022年12月31日前反馈意见。", "不止一个意见反馈期限"),
        ("我局已于2022年11月1日前征求了意见。", "未见意见反馈截止日期"),
        ("座谈会将于2022年12月20日前召开，听取意见。", "未见意见反馈截止日期"),
        ("截至2022年12月10日，共收到意见30条。", "未见意见反馈截止日期"),
        ("2022年12月10日，我局组织起草了办法，现公开征求意见。", "未见意见反馈截止日期"),
    ],
)
def test_what_is_uncertain_stays_null_and_is_told(sentence: str, because: str) -> None:
    notice = read(sentence)
    assert notice.comment_deadline is None
    assert because in notice.warnings[0]


def test_a_day_counted_from_an_unknown_publication_stays_null() -> None:
    notice = read("自发布之日起30日内提出意见。", published=None)
    assert notice.comment_deadline is None
    assert "发布日期不明" in notice.warnings[0]


def test_a_notice_that_asks_for_no_opinion_has_no_deadline() -> None:
    notice = read("请各市于2022年12月20日前将工作方案报省局。", "某省医保局关于做好甲事的通知")
    assert (notice.comment_deadline, notice.warnings) == (None, ())


@given(st.text(alphabet="征求意见于至前自起日内截止2022年1月30发布之—：，。\n《》", max_size=200))
def test_any_text_is_read_without_an_error(body: str) -> None:
    deadline = read(body).comment_deadline
    assert deadline is None or deadline >= PUBLISHED
