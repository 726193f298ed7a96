"""What an alert says."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given, settings

from monitor.compose import LEVELS, Composition, PartKind, compose, fitting
from monitor.notify._text import render_text
from monitor.types import Hit, Message, Notice, NoticeKind
from rules import parse_rule
from rules.explain import explain
from rules.model import Reason
from tests.notify.samples import ALERT, HIT, OPERATOR, PROVINCE, TODAY, WORD, alert, alerts


def lines(message: Message, kind: PartKind, today: dt.date = TODAY) -> list[str]:
    """The lines of one part, with their labels."""
    return [
        line.prefix + line.text
        for part in compose(message, today).parts
        if part.kind is kind
        for line in part.lines
    ]


def test_the_first_line_names_the_province_what_it_is_and_the_title() -> None:
    assert lines(ALERT, PartKind.HEAD) == [
        "【山西 · 征求意见】山西省医疗保障局关于公开征求《药品集中采购实施细则（征求意见稿）》意见的公告"
    ]


def test_a_revision_and_a_possible_repeat_are_marked_at_the_start_and_explained_at_the_end() -> None:
    message = alert(revision=3, may_repeat=True)
    assert lines(message, PartKind.HEAD)[0].startswith("【山西 · 修订 · 征求意见 · 可能重复】")
    assert lines(message, PartKind.NOTES) == [
        "修订：内容与上次提醒时不同（第 3 版）",
        "可能重复：上一次发送没有得到确认",
    ]


def test_a_listed_notice_says_that_there_is_no_text() -> None:
    message = alert(notice={"kind": NoticeKind.LISTED, "is_consultation": False, "body": ""})
    assert lines(message, PartKind.HEAD)[0].startswith("【山西 · 仅列目录】")
    assert "仅列目录：文件里没有正文" in lines(message, PartKind.NOTES)


def test_more_than_three_provinces_are_cut_with_a_word() -> None:
    message = alert(notice={"provinces": ("北京", "天津", "河北", "山西"), "is_consultation": False})
    assert lines(message, PartKind.HEAD)[0].startswith("【北京、天津、河北等】")


@pytest.mark.parametrize(
    ("days", "zh", "en"),
    [
        (5, "2025-11-29（周六，还有 5 天）", "2025-11-29 (Sat, 5 days left)"),
        (1, "2025-11-25（周二，明天截止）", "2025-11-25 (Tue, due tomorrow)"),
        (0, "2025-11-24（周一，今天截止）", "2025-11-24 (Mon, due today)"),
        (-1, "2025-11-23（周日，已过 1 天）", "2025-11-23 (Sun, 1 day ago)"),
        (-9, "2025-11-15（周六，已过 9 天）", "2025-11-15 (Sat, 9 days ago)"),
    ],
)
def test_the_deadline_is_counted_from_the_readers_day(days: int, zh: str, en: str) -> None:
    message = alert(notice={"comment_deadline": TODAY + dt.timedelta(days)})
    assert lines(message, PartKind.DEADLINE) == [f"意见截止：{zh}"]
    assert lines(replace(message, language="en"), PartKind.DEADLINE) == [f"Comments due: {en}"]


def test_the_subject_carries_the_deadline() -> None:
    assert compose(ALERT, TODAY).subject.endswith("意见的公告（2025-11-28 截止）")


def test_a_notice_without_a_deadline_says_nothing_of_one() -> None:
    message = alert(notice={"comment_deadline": None})
    assert lines(message, PartKind.DEADLINE) == []
    assert "截止" not in compose(message, TODAY).subject


def test_dates_and_topics_stand_under_their_names() -> None:
    message = alert(notice={"effective_date": dt.date(2026, 1, 1), "expiry_date": dt.date(2030, 12, 31)})
    assert lines(message, PartKind.DATES) == [
        "成文：2025-11-20",
        "发布：2025-11-21",
        "施行：2026-01-01",
        "有效期至：2030-12-31",
    ]
    assert lines(message, PartKind.TOPICS) == ["类别：药品采购", "关键字：集中采购、征求意见"]


def test_each_reason_shows_the_hit_in_its_sentence_words_before_facets() -> None:
    assert lines(ALERT, PartKind.REASONS) == [
        "「山西集采」：省:山西 机构:医保局 集采",
        "集采 · 正文：为深化医药集中采购改革，推动全省集中带量采购工作常态化开展，现公开征求意见。",
        "省份 山西",
        "机构 医保局 · 山西省医疗保障局",
    ]
    (part,) = (part for part in compose(ALERT, TODAY).parts if part.kind is PartKind.REASONS)
    assert [span.text for line in part.lines for span in line.spans if span.hit] == [
        "集中带量采购",
        "山西",
        "医疗保障局",
    ]


def test_an_alias_that_the_hit_does_not_show_is_named() -> None:
    reason = replace(WORD, alias="带量采购", snippet="全省带量 采购", start=2, end=7)
    assert lines(alert(hits=(Hit("x", "集采", (reason,)),)), PartKind.REASONS)[1] == (
        "集采（即“带量采购”） · 正文：全省带量 采购"
    )


def test_many_reasons_and_subscriptions_are_cut_with_a_count() -> None:
    hits = tuple(Hit(f"订阅{n}", "集采", (WORD,) * 9) for n in range(8))
    said = lines(alert(hits=hits), PartKind.REASONS)
    assert said.count("另有 3 处") == 5
    assert said[-1] == "另有 3 项订阅也命中"


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("省:山西", "省份 山西"),
        ("机构级别:省", "机构级别 省"),
        ("关注度:4", "关注度 4"),
        ("重要性>=3", "重要性>=3 · 重要性：4"),
        ("发布>=2025-11-01", "发布>=2025-11-01 · 发布：2025-11-20"),
        ("截止<14d", "截止<14d · 意见截止：2025-12-01"),
        ("生效<90d", "生效<90d · 施行：2026-01-01"),
        ("失效>1d", "失效>1d · 有效期至：2028-12-31"),
        ("*", "任何公文 *"),
    ],
)
def test_every_facet_of_a_rule_is_said_in_words(rule: str, said: str) -> None:
    notice = Notice(
        title="关于公开征求意见的公告",
        provinces=("山西",),
        agency_ids=("shanxi.nhsa",),
        importance=4,
        attention=4,
        published_date=dt.date(2025, 11, 20),
        comment_deadline=dt.date(2025, 12, 1),
        effective_date=dt.date(2026, 1, 1),
        expiry_date=dt.date(2028, 12, 31),
    )
    reasons = explain(parse_rule(rule), notice, today=TODAY).reasons
    assert lines(alert(hits=(Hit(rule, rule, reasons),)), PartKind.REASONS)[1:] == [said]


def test_a_long_sentence_is_cut_around_the_hit() -> None:
    snippet = "前" * 200 + "集采" + "后" * 200
    said = lines(
        alert(hits=(Hit("x", "集采", (Reason("text", "集采", None, "body", snippet, 200, 202),)),)),
        PartKind.REASONS,
    )
    assert said[1] == f"集采 · 正文：…{'前' * 30}集采{'后' * 30}…"


def test_the_source_is_the_issue_of_the_digest_the_page_and_the_link() -> None:
    assert lines(ALERT, PartKind.SOURCE) == [
        "来源：《医药政策汇编》 2025年第11期 · 第 45 页 · ybj.example.cn"
    ]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "汇编.pdf", "https://a b", None])
def test_only_web_addresses_become_links(url: str | None) -> None:
    parts = compose(alert(notice={"url": url, "attachments": ()}), TODAY).parts
    assert [span.url for part in parts for line in part.lines for span in line.spans if span.url] == []


def test_what_came_late_says_how_late() -> None:
    for late, zh, en in (
        (dt.timedelta(days=12, hours=5), "12 天", "12 days"),
        (dt.timedelta(days=1), "1 天", "1 day"),
        (dt.timedelta(hours=7), "7 小时", "7 hours"),
    ):
        message = alert(published_late=late)
        assert f"迟到：发布后 {zh}才首次见到" in lines(message, PartKind.NOTES)
        english = lines(replace(message, language="en"), PartKind.NOTES)
        assert f"Late: first seen {en} after publication" in english


def test_the_parsers_doubts_reach_the_reader() -> None:
    message = alert(notice={"warnings": ("落款日期与成文日期不一致",)})
    assert lines(message, PartKind.NOTES) == ["请核对原文：落款日期与成文日期不一致"]


def test_what_a_publisher_printed_cannot_break_a_line_or_turn_it_round() -> None:
    message = alert(notice={"title": "关于\n\r\x00印发\u202e通知\ud800"})
    assert lines(message, PartKind.HEAD) == ["【山西 · 征求意见】关于 印发 通知"]


def test_what_has_no_title_is_called_so() -> None:
    assert lines(alert(notice={"title": "\n"}), PartKind.HEAD) == ["【山西 · 征求意见】（无标题）"]
    assert compose(Message(delivery_id="o-2"), TODAY).subject == "policy-monitor"


def test_english_labels_stand_beside_the_words_as_printed() -> None:
    text = render_text(compose(replace(ALERT, language="en"), TODAY))
    assert text.startswith("[山西 · Consultation] 山西省医疗保障局")
    assert "Written: 2025-11-20 · Published: 2025-11-21" in text
    assert "Why you get this\n  “山西集采” 省:山西" in text


def test_a_message_to_the_operator_is_its_headline_and_text() -> None:
    composition = compose(OPERATOR, TODAY)
    assert composition.subject == OPERATOR.headline
    assert [part.kind for part in composition.parts] == [PartKind.HEAD, PartKind.TEXT]
    assert lines(replace(OPERATOR, may_repeat=True), PartKind.NOTES) == ["可能重复：上一次发送没有得到确认"]
    assert lines(OPERATOR, PartKind.TEXT) == ["连接超时。", "请检查地址 <b>&amp;</b>。"]


def test_the_fullest_level_that_fits_is_taken() -> None:
    message = alert(hits=(replace(HIT, reasons=(WORD,) * 20 + (PROVINCE,)),) * 3)
    full = render_text(compose(message, TODAY))
    assert fitting(message, TODAY, render_text, lambda text: True) == full
    shorter = fitting(message, TODAY, render_text, lambda text: len(text) < len(full))
    assert shorter == render_text(compose(message, TODAY, LEVELS[1]))


@given(alerts)
@settings(max_examples=60, deadline=None)
def test_the_shortest_level_is_short_and_keeps_a_reason_and_the_link(message: Message) -> None:
    composition = compose(message, TODAY, LEVELS[-1])
    kinds = {part.kind for part in composition.parts}
    assert PartKind.REASONS in kinds
    assert len(render_text(composition)) < 1100
    assert bool(links(composition)) == str(message.notice and message.notice.url).startswith("https://e.cn/x")


def links(composition: Composition) -> list[str]:
    """Every address that can be clicked."""
    return [span.url for part in composition.parts for line in part.lines for span in line.spans if span.url]
