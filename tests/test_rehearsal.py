"""Trying a rule on what was recorded: how many messages, when, and what stood in the way."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.matching import SubscriptionIndex, tell
from monitor.recording import record
from monitor.rehearsal import Arrival, Rehearsal, arrivals, arrivals_of, judge, rehearse
from monitor.rehearsal.changes import replaced
from monitor.rehearsal.sentences import hindrances, notes, summary, verdict
from monitor.storage import Storage
from monitor.types import Notice
from monitor.words import Words
from rules import Rule, default_vocabulary, parse_rule
from rules.conditions import Condition, Everything
from tests.making import DAY, HOUR, NOW, a_notice, a_revision, a_subscription
from tests.rules.naive import meets
from tests.rules.strategies import TODAY as RANDOM_DAY
from tests.rules.strategies import notices as random_notices
from tests.rules.strategies import rules as random_rules
from tests.rules.strategies import saved_rules

VOCABULARY = default_vocabulary()
ZONE = ZoneInfo("Asia/Shanghai")
TODAY = NOW.astimezone(ZONE).date()
ZH, EN = Words("zh"), Words("en")
BODY = "为做好药品集中带量采购，现通知如下：自2026年4月1日起执行，结算周期不超过30日。" * 3


def rehearsed(rule: str, found: Sequence[Arrival | Notice], **options: int) -> Rehearsal:
    """What the rule would have sent; a bare notice arrived today."""
    arrived = [
        one if isinstance(one, Arrival) else Arrival(notice_id=number, day=TODAY, notice=one)
        for number, one in enumerate(found, 1)
    ]
    return rehearse(parse_rule(rule), arrived, VOCABULARY, last=TODAY, **options)


def on_days(*counts: int) -> list[Arrival]:
    """So many notices on each of the days that end today."""
    days = [day for day, count in enumerate(reversed(counts)) for _ in range(count)]
    return [
        Arrival(notice_id=number, day=TODAY - dt.timedelta(day), notice=a_notice())
        for number, day in enumerate(days)
    ]


@pytest.mark.parametrize("rule", ["集采", "编者按", '"不超过30日"', "省:河北", "-集采 省:山西", "*"])
def test_a_rehearsal_says_what_a_subscription_was_really_sent(storage: Storage, rule: str) -> None:
    first = a_notice(body=BODY, provinces=("山西",), doc_number="晋医保发〔2026〕12号")
    other = a_notice(
        "关于飞行检查的通告", body="飞行检查" * 40, provinces=("河北",), doc_number="2026年第7号"
    )
    corrected = replace(first, body=BODY.replace("30日", "60日"))
    happened = [  # day, notice, source, baseline
        (0, first, "site", False),
        (0, other, "site", True),
        (1, first, "folder", False),
        (2, replace(first, body=BODY + "编者按"), "folder", False),
        (2, a_notice("另一份集采文件", body="采购" * 40), "site", False),
        (3, corrected, "site", False),
        (4, corrected, "site", False),
        (5, other, "folder", False),
    ]
    index = SubscriptionIndex(VOCABULARY)
    with storage.begin() as tx:
        for source in ("site", "folder"):
            tx.sources.ensure(source, "html_list", NOW)
        a_subscription(tx, rule=rule)
        for day, notice, source, baseline in happened:
            now = NOW + day * DAY
            url = f"{source}/{notice.title}"
            seen = record(tx, notice, source_id=source, url=url, baseline=baseline, now=now)
            tell(tx, seen, index, now)
        sent = Counter(one.created_at.astimezone(ZONE).date() for one in tx.deliveries.latest())
    assert rehearse(
        parse_rule(rule), arrivals(storage, TODAY, ZONE), VOCABULARY, last=TODAY + 9 * DAY
    ).days == dict(sent)


def test_a_baseline_counts_on_the_day_of_its_publication(storage: Storage) -> None:
    with storage.begin() as tx:
        for days in (0, 5, 200):
            day = TODAY - dt.timedelta(days)
            notice = a_notice(f"{days}日前的集采通知", published_date=day)
            tx.notices.add(notice, [f"{days}"], baseline=True, now=NOW)
        misdated = a_notice("印错日期的集采通知", published_date=TODAY + dt.timedelta(400))
        tx.notices.add(misdated, ["misdated"], baseline=True, now=NOW)
    since = TODAY - dt.timedelta(90)
    rehearsal = rehearse(parse_rule("集采"), arrivals(storage, since, ZONE), VOCABULARY, last=TODAY)
    assert rehearsal.days == {TODAY: 2, TODAY - dt.timedelta(5): 1}
    assert (rehearsal.notices, rehearsal.baseline) == (3, 3)
    assert "首次检查" in " ".join(notes(rehearsal, 20, ZH))


def test_all_that_arrived_is_read_however_much_it_is(storage: Storage) -> None:
    with storage.begin() as tx:
        for number in range(450):
            tx.notices.add(a_notice(f"第{number}号"), [str(number)], baseline=False, now=NOW)
    found = list(arrivals(storage, TODAY, ZONE))
    assert [arrival.notice.title for arrival in found] == [f"第{number}号" for number in range(450)]
    assert list(arrivals(storage, TODAY + DAY, ZONE)) == []


def test_the_day_is_that_of_the_reader(storage: Storage) -> None:
    evening = dt.datetime(2026, 3, 2, 17, tzinfo=dt.UTC)  # past midnight in China
    with storage.begin() as tx:
        tx.notices.add(a_notice(), ["key"], baseline=False, now=evening)
    (arrival,) = arrivals(storage, dt.date(2026, 3, 3), ZONE)
    assert arrival.day == dt.date(2026, 3, 3)


def test_limits_in_days_are_counted_from_the_day_of_arrival() -> None:
    notice = a_notice(comment_deadline=dt.date(2026, 1, 20))
    in_time = Arrival(notice_id=1, day=dt.date(2026, 1, 10), notice=notice)
    late = Arrival(notice_id=2, day=dt.date(2026, 1, 30), notice=notice)
    assert rehearsed("截止<14d", [in_time, late]).days == {in_time.day: 1}


def test_the_examples_are_the_latest_and_say_why() -> None:
    rehearsal = rehearsed("集采", on_days(1, 0, 2, 1), examples=2)
    assert [example.arrival.day for example in rehearsal.examples] == [TODAY, TODAY - DAY]
    assert [example.arrival.notice_id for example in rehearsed("集采", on_days(3), examples=2).examples] == [
        2,
        1,
    ]
    assert [reason.alias for reason in rehearsal.examples[0].reasons] == ["集中带量采购"]


def test_a_correction_that_is_only_told_because_the_first_text_was_says_so() -> None:
    first = Arrival(notice_id=1, day=TODAY - DAY, notice=a_notice())
    corrected = replace(first, day=TODAY, notice=a_notice("更正"), number=2, edition=2)
    rehearsal = rehearsed("集采", [first, corrected])
    assert [(example.corrected, len(example.reasons)) for example in rehearsal.examples] == [
        (True, 0),
        (False, 1),
    ]


def test_a_clock_that_was_set_back_breaks_nothing() -> None:
    tomorrow = Arrival(notice_id=1, day=TODAY + DAY, notice=a_notice())
    assert rehearsed("集采", [tomorrow]).average == 1


@pytest.mark.parametrize(("days", "step"), [(31, 1), (32, 7), (182, 7), (183, 28), (3000, 28)])
def test_periods_cover_every_day_once_and_grow_with_the_time(days: int, step: int) -> None:
    rehearsal = rehearsed("集采", on_days(1, *[0] * (days - 2), 1))
    periods = rehearsal.periods()
    covered = [
        period.first + dt.timedelta(day)
        for period in periods
        for day in range((period.last - period.first).days + 1)
    ]
    assert covered == [rehearsal.first + dt.timedelta(day) for day in range(days)]
    assert {(period.last - period.first).days + 1 for period in periods[:-1]} == {step}
    assert sum(period.count for period in periods) == 2


def test_too_many_a_day_is_warned_about() -> None:
    rehearsal = rehearsed("集采", on_days(3, 2, 5))
    assert rehearsal.busy_days(2) == [TODAY - 2 * DAY, TODAY]
    assert list(notes(rehearsal, 5, ZH)) == []
    assert "有 2 天超过 2 条，最多 5 条" in " ".join(notes(rehearsal, 2, ZH))
    assert "on 2 day(s) more than 2, up to 5" in " ".join(notes(rehearsal, 2, EN))


def test_the_summary_says_how_many_in_which_time() -> None:
    rehearsal = rehearsed("集采", on_days(1, 0, 2))
    assert summary(rehearsal, ZH) == (
        "2026-02-28 至 2026-03-02 的 3 份公文，会发送 3 条：平均每天 1.0 条，最多的一天 2 条（2026-03-02）。"
    )
    assert summary(rehearsal, EN) == (
        "3 notice(s) of 2026-02-28 to 2026-03-02: 3 would have been sent, 1.0 a day, at most 2 (2026-03-02)."
    )
    assert summary(rehearsed("集采", on_days(2)), ZH) == "2026-03-02 的 2 份公文，会发送 2 条。"
    assert summary(rehearsed("飞检", on_days(2)), ZH) == "2026-03-02 的 2 份公文，一条也不会发送。"


ARCHIVE = [
    a_notice("关于药品集中带量采购的通知", provinces=("国家",), body="平均降价五成，另有配套文件。"),
    a_notice("关于耗材集采的通知", provinces=("国家",), body="由联盟开展。"),
    a_notice("关于口腔种植集采的通知", provinces=("河北",)),
    a_notice("关于血液制品飞行检查的公告", provinces=("山西",), category="药品监管"),
]


@pytest.mark.parametrize(
    ("rule", "blocker", "without", "alone", "nearby"),
    [
        ("集踩", "集踩", 4, 0, {"集采": 3}),
        ("=集才", "=集才", 4, 0, {"集采": 3}),
        ("省:上海 集采", "省:上海", 3, 0, {"省:国家": 2, "省:河北": 1}),
        ("省:山西 集采", "省:山西", 3, 1, {"省:国家": 2, "省:河北": 1}),
        ("省:国家 口腔种植牙", "口腔种植牙", 2, 0, {}),
        ("口腔种植牙", "口腔种植牙", 4, 0, {"口腔种植": 1}),
        ("标题:平均降价", "标题:平均降价", 4, 0, {"平均降价": 1}),
        ("集采 -通知", "-通知", 3, 1, {}),
        ("药品 近:1 降价", "药品 近:1 降价", 4, 0, {"药品 降价": 1}),
        ("集采 (飞检 | 长护险)", "飞检 | 长护险", 3, 1, {}),
        ("(省:山西 集采) | (省:上海 集采)", "省:山西", 3, 1, {}),
        ("类型:新闻 集采", "类型:新闻", 3, 0, {"类型:通知": 3}),
        ("集采 重要性>=4", "重要性>=4", 3, 0, {}),
    ],
)
def test_the_blocker_is_the_condition_without_which_most_would_have_matched(
    rule: str, blocker: str, without: int, alone: int, nearby: dict[str, int]
) -> None:
    found = rehearsed(rule, ARCHIVE).blocker
    assert found is not None
    assert (str(found.condition), found.without, found.alone) == (blocker, without, alone)
    assert {str(one.condition): one.matches for one in found.nearby}.items() >= nearby.items()


def test_a_word_that_also_stands_near_another_is_taken_away_only_where_it_stands_alone() -> None:
    rehearsal = rehearsed("集踩 (集踩 近:9 降价)", ARCHIVE)
    assert {str(suspect.condition): suspect.without for suspect in rehearsal.suspects} == {
        "集踩": 0,
        "集踩 近:9 降价": 0,
    }


def test_a_long_title_with_one_wrong_character_is_found_by_its_pieces() -> None:
    found = rehearsed("关于血液质品飞行检查的公告", ARCHIVE).blocker
    assert found is not None
    assert str(found.nearby[0].condition) == "品飞行检查的公告"


def test_no_latin_word_is_cut_in_two() -> None:
    found = rehearsed("GLP-1RA", [a_notice("GLP-1受体激动剂"), a_notice("LP")]).blocker
    assert found is not None
    assert [str(one.condition) for one in found.nearby] == ["GLP"]


def test_where_it_takes_two_changes_no_condition_is_the_blocker() -> None:
    rehearsal = rehearsed("省:上海 集踩", ARCHIVE)
    assert rehearsal.blocker is None
    assert list(hindrances(rehearsal, ZH)) == [
        "去掉任何一个条件，也还是一条都没有。单独看：“省:上海” 0 份，“集踩” 0 份。",
        "与“集踩”相近的有“集采” 3 份。",
    ]


@pytest.mark.parametrize(
    ("rule", "chinese", "english"),
    [
        (
            "集踩",
            "没有一份公文符合“集踩”。 换一个条件，会发送：“集采” 3 条。",
            "No notice meets 集踩. With another in its place: 集采 3.",
        ),
        (
            "省:上海 集采",
            "问题在“省:上海”：没有一份公文符合它；去掉它，会发送 3 条。",
            "The blocker is 省:上海: no notice meets it; without it, 3 would have been sent.",
        ),
        (
            "省:山西 集采",
            "问题在“省:山西”：符合它的 1 份公文都不符合其余条件；去掉它，会发送 3 条。",
            "The blocker is 省:山西: 1 notice(s) meet it and not the other conditions; without it, 3",
        ),
        (
            "集采 -通知",
            "问题在“-通知”：它排除了本来会发送的 3 条。",
            "The blocker is -通知: it excludes 3 that would have been sent.",
        ),
    ],
)
def test_what_stands_in_the_way_is_said_in_a_sentence(rule: str, chinese: str, english: str) -> None:
    rehearsal = rehearsed(rule, ARCHIVE)
    assert " ".join(hindrances(rehearsal, ZH)).startswith(chinese)
    assert " ".join(hindrances(rehearsal, EN)).startswith(english)


def test_where_nothing_was_looked_at_or_something_was_sent_nothing_stands_in_the_way() -> None:
    for rehearsal in (rehearsed("集踩", []), rehearsed("集采", ARCHIVE)):
        assert rehearsal.suspects == ()
        assert list(hindrances(rehearsal, ZH)) == []


def test_a_notice_is_judged_by_whichever_of_its_texts_the_rule_matches(storage: Storage) -> None:
    with storage.begin() as tx:
        first = a_revision(tx, a_notice(body="平均降价五成"))
        tx.notices.revise(first.notice_id, a_notice(body="……"), [], corrected=False, now=NOW + HOUR)
    with storage.read() as tx:
        texts = arrivals_of(tx, first.notice_id, ZONE)
        assert arrivals_of(tx, first.notice_id + 1, ZONE) == []
    met, missed = (judge(parse_rule(rule), texts, VOCABULARY) for rule in ("降价", "飞检"))
    assert (met.explanation.matched, met.arrival.number) == (True, 1)
    assert list(verdict(met, ZH)) == ["按第 1 版判断，共 2 版。"]
    assert (missed.explanation.matched, missed.arrival.number) == (False, 2)
    assert "飞检" in next(verdict(missed, ZH))
    assert "飞检" in next(verdict(missed, EN))


def test_a_baseline_that_matches_is_said_to_be_told_to_nobody(storage: Storage) -> None:
    with storage.begin() as tx:
        revision = tx.notices.add(a_notice(), ["key"], baseline=True, now=NOW)
        texts = arrivals_of(tx, revision.notice_id, ZONE)
    assert list(verdict(judge(parse_rule("集采"), texts, VOCABULARY), EN)) == [
        "Only seen by a first check, so nobody is told of it."
    ]


def compare(rule: Rule, notices: list[Notice]) -> None:
    """Every number of a rehearsal with what the naive evaluator counts."""

    def count(condition: Condition) -> int:
        return sum(meets(condition, notice, VOCABULARY, RANDOM_DAY) for notice in notices)

    arrived = [Arrival(notice_id=n, day=RANDOM_DAY, notice=notice) for n, notice in enumerate(notices)]
    rehearsal = rehearse(rule, arrived, VOCABULARY, last=RANDOM_DAY)
    whole = rule.expanded.condition
    assert rehearsal.total == count(whole)
    for suspect in rehearsal.suspects:
        assert suspect.alone == count(suspect.condition)
        assert suspect.without == count(replaced(whole, suspect.condition, Everything()))
        for one in suspect.nearby:
            assert one.alone == count(one.condition)
            assert parse_rule(str(one.condition)).condition == one.condition


quick = settings(max_examples=70, deadline=None, suppress_health_check=[HealthCheck.too_slow])
some_rules = st.one_of(random_rules, saved_rules)
some_notices = st.lists(random_notices, min_size=1, max_size=4)


@quick
@given(some_rules, some_notices)
def test_every_number_is_what_the_naive_evaluator_counts(rule: Rule, notices: list[Notice]) -> None:
    compare(rule, notices)


@pytest.mark.slow
@settings(quick, max_examples=4000)
@given(some_rules, some_notices)
def test_the_same_for_thousands_of_rules(rule: Rule, notices: list[Notice]) -> None:
    compare(rule, notices)
