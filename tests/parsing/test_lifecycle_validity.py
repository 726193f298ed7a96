"""From when and until when a notice is in force: what its sentences say of it, and of nothing else."""

import datetime as dt

import pytest

from monitor.parsing.lifecycle import life_cycle
from monitor.types import Notice, NoticeKind

WRITTEN, PUBLISHED = dt.date(2022, 12, 6), dt.date(2022, 12, 8)
NEW_YEAR = dt.date(2023, 1, 1)
TITLE = "某省医保局关于印发《某省门诊慢特病管理办法》的通知"


def read(body: str, title: str = TITLE, written: dt.date | None = WRITTEN, **fields: object) -> Notice:
    notice = Notice(title=title, body=body, written_date=written, published_date=PUBLISHED)
    return life_cycle(Notice.from_record({**notice.to_record(), **fields}))


def validity(body: str, title: str = TITLE) -> tuple[dt.date | None, dt.date | None]:
    notice = read(body, title)
    return notice.effective_date, notice.expiry_date


@pytest.mark.parametrize(
    "sentence",
    [
        "本办法自2023年1月1日起施行。",
        "第二十条 本办法自 2023 年 1 月 1 日起正式施行。",
        "本办法自二〇二三年一月一日起实施。",
        "本通知自2023年1月1日零时起执行",
        "以上规定自2023年1月1日起执行。",
        "上述标准自 2023 年 1 月 1 日起施行。",
        "《某省门诊慢特病管理办法》自2023年1月1日起施行。",
        "本办法（试行）自2023年1月1日起施行。",
        "本办法及附录中的病种目录自2023年1月1日起施行。",
        "本办法由省医保局负责解释，自2023年1月1日起施行。",
        "现予发布，自2023年1月1日起施行。",
        "现印发给你们，请遵照执行，自2023年1月1日起施行。",
        "本办法自2023年1月1日施行。",
        "本办法2023年1月1日起施行。",
        "本办法将于2023年1月1日起正式实施。",
        "从2023年1月1日起，按照本通知规定执行。",
        "本通知自1月1日起执行。",
        "施行日期：2023年1月1日",
        "本办法执行时间为2023年1月1日。",
        "本办法自2023年1月1日起施行,原《甲办法》(某医保发〔2018〕5号)同时废止.",
        "本通知自2023年1月1日起施行。\n新增项目自2023年7月1日起执行。",
        "《某省门诊慢特病管理办法》（以下简称《办法》）现印发给你们。\n《办法》自2023年1月1日起施行。",
    ],
)
def test_a_printed_start_is_the_effective_date(sentence: str) -> None:
    assert validity(sentence) == (NEW_YEAR, None)


@pytest.mark.parametrize(
    ("sentence", "date"),
    [
        ("本通知自印发之日起执行。", WRITTEN),
        ("本办法从发文之日起实施", WRITTEN),
        ("本办法自下发之日起生效。", WRITTEN),
        ("自即日起执行。", WRITTEN),
        ("本办法自本通知印发之日起施行。", WRITTEN),
        ("本通知自印发之日起30日后施行。", dt.date(2023, 1, 5)),
        ("本办法自印发之日起满三十日后施行。", dt.date(2023, 1, 5)),
        ("本办法自印发之日起一个月后实施。", dt.date(2023, 1, 6)),
    ],
)
def test_the_day_of_issue_is_the_written_date(sentence: str, date: dt.date) -> None:
    notice = read(sentence)
    assert (notice.effective_date, notice.warnings) == (date, ())


def test_a_day_counted_from_publication_tells_what_it_was_counted_from() -> None:
    notice = read("本办法自发布之日起施行。")
    assert notice.effective_date == WRITTEN
    assert notice.warnings == (
        "施行日期由「自发布之日起施行」按成文日期2022-12-06推算，而发布日期为2022-12-08。",
    )


def test_without_a_written_date_the_published_one_counts() -> None:
    assert read("本办法自印发之日起施行。", written=None).effective_date == PUBLISHED


@pytest.mark.parametrize(
    ("sentence", "expiry"),
    [
        ("，有效期5年。", dt.date(2027, 12, 31)),
        ("。有效期5年。", dt.date(2027, 12, 31)),
        ("，有效期为五年。", dt.date(2027, 12, 31)),
        ("，有效期三年，有效期满自动失效。", dt.date(2025, 12, 31)),
        ("，有效期6个月。", dt.date(2023, 6, 30)),
        ("，有效期至2027年12月30日。", dt.date(2027, 12, 30)),
        ("，有效期截至2027年12月30日止。", dt.date(2027, 12, 30)),
        ("，有效期为五年（至2027年12月31日）。", dt.date(2027, 12, 31)),
        ("，暂行两年。", dt.date(2024, 12, 31)),
        ("，试行期为一年。", dt.date(2023, 12, 31)),
        ("，施行期限暂定2年。", dt.date(2024, 12, 31)),
        ("，试行期至2024年12月31日。", dt.date(2024, 12, 31)),
        ("，2027年12月31日自行废止。", dt.date(2027, 12, 31)),
        ("，至2025年底止。", dt.date(2025, 12, 31)),
        ("，有效期限为2023年1月1日至2024年12月31日。", dt.date(2024, 12, 31)),
    ],
)
def test_a_term_ends_on_its_last_day(sentence: str, expiry: dt.date) -> None:
    assert validity("本办法自2023年1月1日起施行" + sentence) == (NEW_YEAR, expiry)


@pytest.mark.parametrize(
    ("sentence", "dates"),
    [
        ("本办法自印发之日起试行两年。", (WRITTEN, dt.date(2024, 12, 5))),
        ("本办法有效期5年，自印发之日起施行。", (WRITTEN, dt.date(2027, 12, 5))),
        ("本办法自2023年1月1日至2025年12月31日施行。", (NEW_YEAR, dt.date(2025, 12, 31))),
        ("本办法执行至2024年12月31日。", (None, dt.date(2024, 12, 31))),
        ("本办法有效期自2023年1月1日至2025年12月31日。", (None, dt.date(2025, 12, 31))),
    ],
)
def test_a_term_needs_no_sentence_of_its_own(sentence: str, dates: tuple[dt.date | None, dt.date]) -> None:
    assert validity(sentence) == dates


@pytest.mark.parametrize(
    "sentence",
    [
        "此前有关文件自2023年7月1日起废止。",
        "以上文件自2023年7月1日起失效。",
        "原办法自2023年7月1日起废止。",
        "《甲办法》自2023年7月1日起废止。",
        "《甲办法》（某医保发〔2018〕5号）同时废止，自2023年7月1日起停止执行。",
    ],
)
def test_the_end_of_another_document_is_not_the_end_of_the_notice(sentence: str) -> None:
    assert validity("本办法自2023年1月1日起施行，" + sentence) == (NEW_YEAR, None)
    assert validity("本办法自2023年1月1日起施行。" + sentence) == (NEW_YEAR, None)


def test_an_extension_tells_the_new_end() -> None:
    title = "某省医保局关于延长《某省门诊慢特病管理办法》有效期的通知"
    notice = read("《某省门诊慢特病管理办法》（某医保发〔2019〕3号）有效期延长至2025年12月31日。", title)
    assert notice.expiry_date == dt.date(2025, 12, 31)


@pytest.mark.parametrize(
    "sentence",
    [
        "进口准许证有效期1年，可以跨年使用。",
        "签约服务协议有效期为1年。",
        "备案有效期内可多次就诊。",
        "处方有效期3天。",
        "自2023年1月8日起，对某病实施分级管理。",
        "自2023年1月1日起施行的《某法》规定了责任。",
        "各地要在2023年1月1日前制定实施方案。",
        "自本通知印发之日起30日内，各市上报实施方案。",
        "自本通知印发之日起，全面梳理有关文件。",
        "本办法施行前已取得许可证的，自2023年1月1日起一年内重新申请。",
        "本办法自2023年X月X日起施行。",
        "2022年12月1日起施行新价格。",
    ],
)
def test_what_is_no_start_of_anything_is_passed_over(sentence: str) -> None:
    notice = read(sentence)
    assert (notice.effective_date, notice.expiry_date, notice.warnings) == (None, None, ())


@pytest.mark.parametrize(
    ("sentence", "because"),
    [
        ("中选结果自2023年4月1日起执行。", "所指似非本文件自身"),
        ("中选结果现予公布，自2023年4月1日起执行。", "所指似非本文件自身"),
        ("《中华人民共和国某某法》自2022年3月1日起施行。", "所指似非本文件自身"),
        ("国家医保局印发《国家目录》，自2023年3月1日起执行。", "所指似非本文件自身"),
        ("本市基本医保待遇自2023年1月1日起执行。", "所指似非本文件自身"),
        ("本次采购周期自2023年1月1日起执行，有效期2年。", "所指似非本文件自身"),
        ("本办法第三条自2023年6月1日起施行。", "所指似非本文件自身"),
        ("确保2023年1月1日起实施。", "所指似非本文件自身"),
        ("附件1\n第一条 总则。\n第二条 本规程自2023年1月1日起施行。", "所指似非本文件自身"),
        ("本办法自2023年1月起施行。", "只写到月份"),
        ("本办法自发布之日起10个工作日后施行。", "以工作日计算"),
        ("本办法自批准之日起施行。", "起算日不是发文日期"),
        ("本通知自9月1日起执行。", "年份无法推定"),
        ("本办法自2032年1月1日起施行。", "相差过大"),
        ("本办法自2023年1月1日起施行。\n本办法自2023年3月1日起施行。", "不止一个施行日期"),
        ("本办法自印发之日起施行。\n某省医疗保障局\n2022年11月6日", "落款日期2022-11-06不一致"),
        ("本办法自2023年1月1日起施行，有效期至2022年12月31日。", "不晚于施行日期"),
        ("本办法有效期5年。", "日期无法推定"),
        ("有效期：2023年1月1日至2024年12月31日", "未写明所指"),
    ],
)
def test_what_is_uncertain_stays_null_and_is_told(sentence: str, because: str) -> None:
    notice = read(sentence)
    wrong = notice.effective_date if "失效" not in notice.warnings[0] else notice.expiry_date
    assert wrong is None
    assert because in notice.warnings[0]


def test_a_written_date_after_publication_is_no_day_of_issue() -> None:
    notice = read("本办法自印发之日起施行。", written=dt.date(2022, 12, 18))
    assert notice.effective_date is None
    assert "对不上" in notice.warnings[0]


def test_a_forwarded_document_does_not_date_the_notice_that_forwards_it() -> None:
    body = "现将《国家医保局关于甲事的通知》转发给你们。\n附件1\n本通知自印发之日起施行。"
    assert validity(body, "某省医保局关于转发《国家医保局关于甲事的通知》的通知") == (None, None)


def test_a_draft_is_not_in_force() -> None:
    title = "某省医保局关于公开征求《某办法（征求意见稿）》意见的公告"
    assert validity("本办法自2023年1月1日起施行，有效期5年。", title) == (None, None)


def test_an_explanation_and_an_article_speak_of_other_documents() -> None:
    sentence = "《某省门诊慢特病管理办法》自2023年1月1日起施行。"
    assert validity(sentence, "《某省门诊慢特病管理办法》政策解读") == (None, None)
    assert read(sentence, kind=NoticeKind.NEWS.value).effective_date is None
