"""A message about several notices fits into every channel, and each of its parts holds what it should."""

import datetime as dt
import email
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.compose import LEVELS, LONGEST_LINK, Room, compose, split
from monitor.notify import CHANNELS, dingtalk, discord, feishu, slack, teams, wecom
from monitor.notify import _telegram_html as telegram
from monitor.notify._robots import encoded
from monitor.notify._text import render_text
from monitor.notify.console import print_composition
from monitor.notify.email import EmailSettings
from monitor.notify.email import render as render_mail
from monitor.notify.telegram import TelegramChannel, TelegramSettings
from monitor.notify.webhook import render as render_event
from monitor.types import Cause, Hit, Hold, Item, Lateness, Message, Notice, Summary
from tests.notify.samples import HIT, NOTICE, NOW, TODAY
from tests.servers._cards import takes
from tests.servers.telegram import TOKEN, TelegramServer

SCHEMA = json.loads(
    (Path(__file__).parents[2] / "docs" / "reference" / "webhook.schema.json").read_text("utf-8")
)
ROBOTS = {module.DIALECT.name: module.DIALECT for module in (dingtalk, discord, feishu, slack, teams, wecom)}


def summary(*items: Item, language: str = "zh", **more: Any) -> Message:
    said = {"held_by": Hold.DAILY, "window_end": NOW, "notices": len(items), "items": items} | more
    return Message(delivery_id="s-1", language=language, summary=Summary(**said))


SECOND = replace(NOTICE, title="关于药品目录的通知", provinces=("河北",), agencies=("河北省医疗保障局",))
SECOND = replace(SECOND, is_consultation=False, comment_deadline=None, url="https://hb.example.cn/2.html")
SAMPLE = summary(Item(SECOND, (HIT, Hit("医保", "医保"))), Item(NOTICE, (HIT,), revision=2))


def test_a_summary_says_how_many_of_what_and_of_each_what_one_has_to_know() -> None:
    text = render_text(compose(SAMPLE, TODAY))
    for part in (
        "每日汇总（11月24日 09:30）：2 条公文",
        "河北 1 · 山西 1",
        "征求意见 1 条，最早 2025-11-28（还有 4 天）",
        "河北 · 河北省医疗保障局\n1. 关于药品目录的通知 https://hb.example.cn/2.html",
        "山西 · 山西省医疗保障局\n2. 【修订 · 征求意见】山西省医疗保障局关于公开征求",
        "2025-11-21 · 晋医保函〔2025〕12号 · 意见截止 2025-11-28（还有 4 天）",
        "命中：山西集采、医保",
    ):
        assert part in text


@pytest.mark.parametrize(
    ("held_by", "chinese", "english"),
    [
        (Hold.HOURLY, "每小时汇总", "Hourly summary"),
        (Hold.WEEKLY, "每周汇总", "Weekly summary"),
        (Hold.QUIET_HOURS, "免打扰期间的 2 条公文（2/3）", "2 notices from your quiet hours (2 of 3)"),
        (Hold.DAILY_CAP, "超过每日 5 条上限的 2 条公文", "2 notices above your daily cap of 5"),
        (Hold.CHECK, "一次检查发现的 2 条公文", "2 notices found in one check"),
    ],
)
def test_its_headline_says_why_they_come_together(held_by: Hold, chinese: str, english: str) -> None:
    said = SAMPLE.summary
    assert said is not None
    said = replace(said, held_by=held_by, daily_cap=5, part=2, parts=3)
    for language, expected in (("zh", chinese), ("en", english)):
        composed = compose(replace(SAMPLE, language=language, summary=said), TODAY)
        assert composed.subject.startswith(expected)


@pytest.mark.parametrize(
    ("cause", "says"),
    [
        (Cause.QUIET_HOURS, "按您的免打扰时间延后 9 小时"),
        (Cause.DAILY_CAP, "超过您的每日上限，延后 9 小时"),
        (Cause.NOT_SENT, "迟到 9 小时：其间程序没有运行"),
        (Cause.NOT_TAKEN, "迟到 9 小时：多次尝试"),
        (Cause.NOT_READ, "可能迟到 9 小时：其间没有检查来源"),
    ],
)
def test_it_says_how_late_it_is_and_why(cause: Cause, says: str) -> None:
    late = replace(SAMPLE, late=Lateness(dt.timedelta(hours=9, minutes=20), cause))
    assert says in render_text(compose(late, TODAY))


def test_its_event_is_as_the_schema_says() -> None:
    late = Lateness(dt.timedelta(hours=9), Cause.QUIET_HOURS)
    event = json.loads(render_event(replace(SAMPLE, late=late), NOW))
    jsonschema.validate(event, SCHEMA)
    assert event["type"] == "notices.summary"
    assert [item["notice"]["title"] for item in event["data"]["items"]] == [SECOND.title, NOTICE.title]
    assert event["data"]["late"] == {"seconds": 32400, "cause": "quiet hours"}
    assert (event["data"]["held_by"], event["data"]["notices"]) == ("daily", 2)


_hostile = st.sampled_from(["全", "<", "&", "*", "`", "\\", '"', "😀", "a", "_", "[", "|", "#"])
_words = st.builds(lambda sign, times: sign * times, _hostile, st.integers(1, 400))
_items = st.builds(
    lambda title, agency, number, length, name, deadline: Item(
        Notice(
            title=title,
            agencies=(agency,),
            provinces=(agency[:20],),
            doc_number=number,
            url=f"https://example.cn/{'x' * length}",
            published_date=TODAY,
            comment_deadline=deadline,
            is_consultation=True,
        ),
        (Hit("订阅甲", "集采"), *(Hit(f"{name}{n}", "集采") for n in range(6))),
        revision=3,
    ),
    _words,
    _words,
    _words,
    st.integers(0, LONGEST_LINK - 20),
    _words,
    st.none() | st.just(TODAY),
)


def leanest(items: list[Item], language: str) -> Any:
    message = summary(*items, language=language, part=10, parts=12, first=900, notices=999)
    late = replace(message, late=Lateness(dt.timedelta(days=3), Cause.NOT_SENT), may_repeat=True)
    return compose(late, TODAY, LEVELS[-1])


@settings(max_examples=30, deadline=None)
@given(st.lists(_items, min_size=1, max_size=40), st.sampled_from(["zh", "en"]))
@pytest.mark.parametrize("name", [*ROBOTS, "telegram"])
def test_each_part_fits_whatever_is_in_it(name: str, items: list[Item], language: str) -> None:
    room = CHANNELS[name].room
    parts = split([(item, item) for item in items], room)
    assert [item for part in parts for item in part] == items
    for part in parts:
        composed = leanest(part, language)
        if name == "telegram":
            shown = telegram.render(composed)
            assert telegram.length(shown) <= telegram.LIMIT
        else:
            card = ROBOTS[name].render(composed)
            assert ROBOTS[name].fits(card)
            assert takes(name, encoded(card))
            shown = encoded(card).decode()
        assert_each_is_told_with_link_and_reason(shown, part)


def assert_each_is_told_with_link_and_reason(shown: str, items: list[Item]) -> None:
    assert shown.count("订阅甲") == len(items)
    for item in items:
        assert str(item.notice.url) in shown


@settings(max_examples=30, deadline=None)
@given(st.lists(_items, min_size=1, max_size=40), st.sampled_from(["zh", "en"]))
def test_where_there_is_room_each_is_told_with_link_and_reason_in_every_form(
    items: list[Item], language: str
) -> None:
    message = summary(*items, language=language)
    event = json.loads(render_event(message, NOW))
    sender = EmailSettings(host="h", port=1, security="none", sender="a@example.org")
    mail = email.message_from_bytes(render_mail(message, sender, "b@example.org", NOW))
    plain, html = (part.get_payload(decode=True).decode() for part in mail.walk() if not part.is_multipart())
    terminal = io.StringIO()
    print_composition(compose(message, TODAY), terminal)
    for shown in (event["data"]["text"], plain, html, terminal.getvalue()):
        assert_each_is_told_with_link_and_reason(shown, items)
    assert [len(item["hits"]) for item in event["data"]["items"]] == [7] * len(items)


@settings(max_examples=30, deadline=None)
@given(st.lists(_items, min_size=1, max_size=40), st.sampled_from(["zh", "en"]))
def test_by_apprise_each_part_is_as_short_as_small_services_want_it(items: list[Item], language: str) -> None:
    for part in split([(item, item) for item in items], CHANNELS["apprise"].room):
        shown = render_text(leanest(part, language))
        assert len(shown) <= 2000
        assert_each_is_told_with_link_and_reason(shown, part)


def test_usual_notices_do_not_need_many_messages() -> None:
    items = [(Item(NOTICE, (HIT,)), None)] * 12
    assert {name: len(split(items, CHANNELS[name].room)) for name in ("telegram", "email", "webhook")} == {
        "telegram": 1,
        "email": 1,
        "webhook": 1,
    }
    assert len(split(items, CHANNELS["wecom"].room)) <= 3


def test_what_fits_nowhere_has_a_message_of_its_own() -> None:
    items = [(Item(NOTICE), number) for number in range(3)]
    assert split(items, Room(10)) == [[0], [1], [2]]


async def test_however_many_notices_all_of_them_reach_a_telegram_chat() -> None:
    items = [
        Item(replace(SECOND, title=f"第{number}号" + "关于药品目录的通知" * 9), (HIT,))
        for number in range(90)
    ]
    parts = split([(item, item) for item in items], CHANNELS["telegram"].room)
    with TelegramServer(limits=None, open_to_all=True) as server:
        channel = TelegramChannel(TelegramSettings(token=TOKEN, base_url=server.url), lambda: NOW)
        for number, part in enumerate(parts, 1):
            first = items.index(part[0]) + 1
            more = {"part": number, "parts": len(parts), "first": first, "notices": len(items)}
            await channel.send("7", summary(*part, **more))
        await channel.aclose()
        texts = [shown["html"] for shown in server.shown(7)]
    assert len(parts) > 5
    for number in range(90):
        assert sum(f"第{number}号关于" in text for text in texts) == 1
