"""Replies that Telegram does not take at once: they wait, go to where the chat moved, and others need not."""

import dataclasses
import time

from monitor.limits import Limit, Limits, Rate
from monitor.storage import Storage
from tests.chat.stage import Stage
from tests.servers._common import Fault
from tests.servers.telegram import BOT

TOO_FAST = Fault(
    "refuse",
    status=429,
    body='{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 3",'
    '"parameters":{"retry_after":3}}',
    headers={"content-type": "application/json"},
)


def limits(chat: object) -> Limits:
    bot = f"telegram:{BOT['id']}"
    return (Limit(f"{bot}:{chat}", (Rate(1, 1.0),)), Limit(bot, (Rate(30, 1.0),), shared=True))


def paused_for(bot: Stage, chat: int) -> float:
    """For how many seconds nothing may be sent there."""
    with bot.opened() as storage, storage.read() as tx:
        pause = tx.buckets.paused(limits(chat))
        return pause.seconds if pause else 0.0


def test_a_reply_that_came_too_fast_pauses_its_chat_for_all_workers_and_goes_then(bot: Stage) -> None:
    hasty, calm = bot.person(), bot.person()
    bot.telegram.faults.order(TOO_FAST)
    begun = time.monotonic()
    hasty.sends("/list")
    bot.until(lambda: paused_for(bot, hasty.chat) > 1)
    assert paused_for(bot, calm.chat) == 0
    assert calm.says("/list").text == "这里还没有订阅。"
    assert time.monotonic() - begun < 3
    assert bot.telegram.shown(hasty.chat) == []
    bot.telegram.faults.order(Fault("drop"))  # and the next try breaks
    assert hasty.hears("这里还没有订阅").text == "这里还没有订阅。"
    assert time.monotonic() - begun >= 3
    assert len(bot.telegram.shown(hasty.chat)) == 1


def test_a_reply_to_a_group_that_became_a_supergroup_goes_there_with_everything_else(bot: Stage) -> None:
    group = bot.group().administrator
    old, new = group.chat, group.chat - 20_000_000_000
    bot.telegram.chats[old].type = "group"
    group.says("/subscribe 省:山西 =迁移")
    asked = group.says("/edit 1")
    bot.telegram.migrate(old, new)
    bot.telegram.chats[new].administrators = frozenset({group.user})
    group.sends("/list")  # said before it became one
    there = dataclasses.replace(group, chat=new)
    assert "1. 省:山西 =迁移" in there.hears("1 项订阅").text
    bot.telegram._messages[new, asked.id] = bot.telegram._messages[old, asked.id]
    assert "第 1 项现在是" in there.says("省:河北 =迁移", reply_to=asked.id).text
    bot.publish("关于开展迁移工作的通知", issuer="河北省医疗保障局")
    there.hears("关于开展迁移工作的通知")
    bot.telegram.refused = [one for one in bot.telegram.refused if "upgraded to a supergroup" not in one]


def test_a_button_pressed_in_a_group_that_moved_meanwhile_is_answered_there(bot: Stage) -> None:
    group = bot.group().administrator
    old, new = group.chat, group.chat - 30_000_000_000
    bot.telegram.chats[old].type = "group"
    group.says("/subscribe 省:山西 =搬家")
    shown = group.says("/list")
    bot.telegram.migrate(old, new)
    group.press("暂停", shown)
    assert "⏸" in dataclasses.replace(group, chat=new).hears("=搬家").text
    gone = ("upgraded to a supergroup", "message to edit not found")
    bot.telegram.refused = [one for one in bot.telegram.refused if not any(words in one for words in gone)]


def test_replies_keep_to_a_pause_of_the_whole_bot_and_not_to_anothers(storage: Storage) -> None:
    with storage.begin() as tx:
        tx.buckets.pause(limits("a"), 30)
        tx.buckets.save()
        assert tx.buckets.interject(limits("z")) == 0
        assert 29 < tx.buckets.interject(limits("a")) <= 30
        for chat in "bc":  # Telegram says so to several at once: it means the bot
            tx.buckets.pause(limits(chat), 30)
        assert 29 < tx.buckets.interject(limits("z")) <= 30
