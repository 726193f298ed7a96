"""Alerts into Telegram, against a server that refuses what Telegram refuses."""

import json
import logging
import socket
from dataclasses import replace

import pytest
from hypothesis import given, settings
from pydantic import ValidationError

from monitor.compose import compose, fitting
from monitor.errors import SendOutcome
from monitor.notify import CHANNELS
from monitor.notify._telegram_html import LIMIT, length, render
from monitor.notify.telegram import TelegramChannel, TelegramSettings, check_address
from monitor.types import Hit, Message
from tests.notify.failing import assert_silent, failure
from tests.notify.samples import ALERT, OPERATOR, TODAY, WORD, alert, clock, messages
from tests.servers._common import Fault
from tests.servers._telegram_html import visible_text
from tests.servers.telegram import TOKEN, TelegramServer


async def test_an_alert_arrives_as_the_reader_sees_it(
    telegram: TelegramServer, telegram_channel: TelegramChannel
) -> None:
    receipt = await telegram_channel.send("42", ALERT)
    (sent,) = telegram.sent
    assert receipt.provider_id == str(sent["message_id"])
    assert sent["chat_id"] == 42
    assert sent["text"].splitlines() == [
        "【山西 · 征求意见】山西省医疗保障局关于公开征求《药品集中采购实施细则（征求意见稿）》意见的公告",
        "山西省医疗保障局 · 晋医保函〔2025〕12号",
        "⏳ 意见截止：2025-11-28（周五，还有 4 天）",
        "成文：2025-11-20 · 发布：2025-11-21",
        "类别：药品采购 · 关键字：集中采购、征求意见",
        "为什么提醒您",
        "「山西集采」 省:山西 机构:医保局 集采",
        "• 集采 · 正文：为深化医药集中采购改革，推动全省集中带量采购工作常态化开展，现公开征求意见。",
        "• 省份 山西",
        "• 机构 医保局 · 山西省医疗保障局",
        "📎 附件：实施细则.docx、意见反馈表.xlsx",
        "来源：《医药政策汇编》 2025年第11期 · 第 45 页 · ybj.example.cn",
    ]
    assert "推动全省<b>集中带量采购</b>工作" in sent["html"]
    assert '<a href="https://ybj.example.cn/tzgg/1121.html">山西省' in sent["html"]


async def test_a_message_to_the_operator_shows_markup_as_typed(
    telegram: TelegramServer, telegram_channel: TelegramChannel
) -> None:
    await telegram_channel.send("42", OPERATOR)
    assert telegram.sent[0]["text"].endswith("请检查地址 <b>&amp;</b>。")


async def test_under_an_alert_stand_the_notice_and_what_the_bot_can_be_asked(
    telegram: TelegramServer, telegram_channel: TelegramChannel
) -> None:
    await telegram_channel.send("42", alert("0a" * 16))
    (row,) = json.loads(telegram.sent[0]["reply_markup"])["inline_keyboard"]
    assert [(button["text"], button.get("url") or button["callback_data"]) for button in row] == [
        ("打开原文", "https://ybj.example.cn/tzgg/1121.html"),
        ("为什么", "why:" + "0a" * 16),
        ("静音", "mute:" + "0a" * 16),
    ]


async def test_without_a_bot_that_answers_and_without_a_link_there_are_no_buttons(
    telegram: TelegramServer,
) -> None:
    channel = TelegramChannel(TelegramSettings(token=TOKEN, base_url=telegram.url, buttons=False), clock)
    await channel.send("42", alert("0a" * 16, notice={"url": "a.pdf"}))
    assert telegram.sent[0]["reply_markup"] is None
    await channel.aclose()


@pytest.mark.parametrize(("hours", "silent"), [("09:00-10:00", True), ("22:00-08:00", False)])
async def test_in_silent_hours_messages_come_without_a_sound(
    hours: str, silent: bool, telegram: TelegramServer
) -> None:
    channel = TelegramChannel(TelegramSettings(token=TOKEN, base_url=telegram.url, silent=hours), clock)
    await channel.send("42", ALERT)
    assert telegram.sent[0]["silent"] is silent
    await channel.aclose()


@given(messages)
@settings(max_examples=60, deadline=None)
def test_whatever_a_notice_holds_telegram_can_read_it(message: Message) -> None:
    markup = fitting(message, TODAY, render, lambda text: length(text) <= LIMIT)
    seen = visible_text(markup)
    assert seen.strip()
    assert len(seen.encode("utf-16-le", "strict")) // 2 == length(markup) <= LIMIT


def test_a_message_too_long_loses_reasons_but_not_the_link() -> None:
    wordy = replace(WORD, term="词" * 100, alias="别" * 100)
    hits = tuple(Hit(f"{'订阅' * 20}{n}", "集采 " * 40, (wordy,) * 40) for n in range(30))
    message = alert(hits=hits, notice={"title": "题" * 5000})
    markup = fitting(message, TODAY, render, lambda text: length(text) <= LIMIT)
    assert length(markup) <= LIMIT < length(render(compose(message, TODAY)))
    assert 'href="https://ybj.example.cn/tzgg/1121.html"' in markup
    assert "<b>集中带量采购</b>" in markup
    assert "另有 27 项订阅也命中" in markup


async def test_a_topic_of_a_group_and_a_channels_name_are_addresses(
    telegram: TelegramServer, telegram_channel: TelegramChannel
) -> None:
    await telegram_channel.send("-1007/45", ALERT)
    telegram.limits = None
    await telegram_channel.send("@policy_news", ALERT)
    assert [(sent["chat_id"], sent["topic"]) for sent in telegram.sent] == [(-1007, "45"), (-1007, None)]


@pytest.mark.parametrize("words", ["bot was blocked by the user", "user is deactivated", "bot was kicked"])
async def test_a_reader_who_left_is_refused_for_good(
    words: str, telegram: TelegramServer, telegram_channel: TelegramChannel
) -> None:
    telegram.block(42, words)
    error = await failure(telegram_channel.send("42", ALERT), SendOutcome.PERMANENT)
    assert words in str(error)


@pytest.mark.parametrize("address", ["43", "-1007/46", "@nobody_here"])
async def test_a_chat_or_topic_that_does_not_exist_is_refused_for_good(
    address: str, telegram_channel: TelegramChannel
) -> None:
    await failure(telegram_channel.send(address, ALERT), SendOutcome.PERMANENT)


async def test_a_group_that_became_a_supergroup_is_followed(
    telegram: TelegramServer, telegram_channel: TelegramChannel
) -> None:
    telegram.migrate(-7, -10077)
    error = await failure(telegram_channel.send("-7", ALERT), SendOutcome.RETRY)
    assert error.moved_to == "-10077"
    await telegram_channel.send(error.moved_to, ALERT)
    assert [sent["chat_id"] for sent in telegram.sent] == [-10077]


async def test_a_429_says_when_to_come_back(
    telegram: TelegramServer, telegram_channel: TelegramChannel
) -> None:
    telegram.faults.order(
        Fault("refuse", status=429, body='{"ok":false,"error_code":429,"parameters":{"retry_after":37}}')
    )
    error = await failure(telegram_channel.send("-7", ALERT), SendOutcome.RETRY)
    assert error.too_fast
    assert error.retry_after == 37


@pytest.mark.parametrize("kind", ["drop", "accept_and_drop"])
async def test_a_connection_that_breaks_after_the_request_is_ambiguous(
    kind: str, telegram: TelegramServer, telegram_channel: TelegramChannel
) -> None:
    telegram.faults.order(Fault(kind))
    await failure(telegram_channel.send("42", ALERT), SendOutcome.AMBIGUOUS)
    assert len(telegram.sent) == (kind == "accept_and_drop")


async def test_an_answer_that_does_not_come_in_time_is_ambiguous(telegram: TelegramServer) -> None:
    settings = TelegramSettings(token=TOKEN, base_url=telegram.url, timeout="0.3s")
    channel = TelegramChannel(settings, clock)
    telegram.faults.order(Fault("slow", seconds=0.6))
    await failure(channel.send("42", ALERT), SendOutcome.AMBIGUOUS)
    await channel.aclose()


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (500, '{"ok":false,"error_code":500,"description":"Internal Server Error"}', SendOutcome.RETRY),
        (503, "<html>busy</html>", SendOutcome.RETRY),
        (502, "<html>Bad Gateway</html>", SendOutcome.AMBIGUOUS),
        (504, "", SendOutcome.AMBIGUOUS),
        (400, '{"ok":false,"error_code":400,"description":"Bad Request: odd"}', SendOutcome.RETRY),
        (404, "<html>no such page</html>", SendOutcome.RETRY),
        (409, '{"ok":false,"error_code":409,"description":"Conflict"}', SendOutcome.RETRY),
    ],
)
async def test_a_gateway_may_have_passed_the_message_on_and_a_refusal_has_not(
    status: int, body: str, outcome: SendOutcome, telegram: TelegramServer, telegram_channel: TelegramChannel
) -> None:
    telegram.faults.order(Fault("refuse", status=status, body=body))
    await failure(telegram_channel.send("42", ALERT), outcome)


async def test_a_server_that_cannot_be_reached_was_certainly_not_sent_to() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        channel = TelegramChannel(TelegramSettings(token=TOKEN, base_url=url), clock)
        await failure(channel.send("42", ALERT), SendOutcome.RETRY)
        await channel.aclose()


async def test_a_wrong_token_is_the_operators_to_mend_and_is_not_shown(
    telegram: TelegramServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    wrong = TOKEN[:-3] + "xyz"
    channel = TelegramChannel(TelegramSettings(token=wrong, base_url=telegram.url), clock)
    error = await failure(channel.send("42", ALERT), SendOutcome.RETRY)
    assert "token" in str(error)
    assert_silent(error, caplog, wrong, wrong.partition(":")[2])
    await channel.aclose()


@pytest.mark.parametrize(
    "fault",
    [
        Fault("drop"),
        Fault("refuse", status=404, body=f"<p>no page /bot{TOKEN}/sendMessage</p>"),
        Fault("refuse", status=500, body=f'{{"ok":false,"description":"{TOKEN}"}}'),
        Fault("refuse", status=200, body=f"not JSON {TOKEN}"),
        Fault("refuse", status=200, body=f'{{"ok": broken {TOKEN}'),
    ],
)
async def test_no_failure_shows_the_token(
    fault: Fault,
    telegram: TelegramServer,
    telegram_channel: TelegramChannel,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    telegram.faults.order(fault)
    with pytest.raises(Exception) as caught:
        await telegram_channel.send("42", ALERT)
    assert_silent(caught.value, caplog, TOKEN, TOKEN.partition(":")[2])


def test_a_chat_is_counted_by_itself_and_with_all_others_and_a_topic_with_its_group(
    telegram_channel: TelegramChannel,
) -> None:
    chat, bot = telegram_channel.limits("42")
    group, same_bot = telegram_channel.limits("-1007/45")
    assert bot == same_bot
    assert (chat.shared, bot.shared) == (False, True)
    assert group == telegram_channel.limits("-1007")[0]
    assert [len(limit.rates) for limit in (chat, group, bot)] == [1, 2, 1]
    assert TOKEN.partition(":")[2] not in f"{chat}{group}{bot}"


async def test_probing_names_the_bot(telegram_channel: TelegramChannel) -> None:
    assert await telegram_channel.probe() == "Sends as @policy_monitor_bot."


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("token", "T0KEN WITHOUT COLON", "as @BotFather gave it"),
        ("proxy", "socks5://user:s3cret@e.cn", "starts with http://"),
        ("base_url", "api.telegram.org", "base_url"),
    ],
)
def test_a_setting_that_cannot_work_is_refused_without_being_shown(
    setting: str, value: str, words: str
) -> None:
    with pytest.raises(ValidationError, match=words) as caught:
        TelegramSettings(**{"token": TOKEN, setting: value})
    assert value not in str(caught.value)


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        (" 42 ", "42"),
        ("-100123/45", "-100123/45"),
        ("@policy_news", "@policy_news"),
        ("https://t.me/policy_news", "@policy_news"),
    ],
)
def test_an_address_is_taken_as_people_write_it(typed: str, address: str) -> None:
    assert check_address(typed) == address


@pytest.mark.parametrize("typed", ["", "Anna", "@ab", "42/", "4 2", "-100123/x", "@policy news"])
def test_what_is_no_address_is_refused_with_a_sentence(typed: str) -> None:
    with pytest.raises(ValueError, match="chat's id"):
        CHANNELS["telegram"].check_address(typed)
