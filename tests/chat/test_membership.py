"""What happens to the bot in a chat: let in, silenced, taken out, blocked; a group becomes a supergroup."""

import dataclasses
from typing import Any

import pytest

from tests.chat.stage import OPERATOR, Person, Stage, stage
from tests.servers.telegram import BOT

MEMBER = {"status": "member"}
LEFT = {"status": "left"}
KICKED = {"status": "kicked", "until_date": 0}


def changes(person: Person, before: dict[str, Any], now: dict[str, Any]) -> None:
    """The person makes the bot something else in their chat."""
    server = person.stage.telegram
    server.push(
        my_chat_member={
            "chat": server.chats[person.chat].public(),
            "from": {"id": person.user, "is_bot": False, "first_name": "Reader"},
            "date": 1,
            "old_chat_member": {"user": BOT} | before,
            "new_chat_member": {"user": BOT} | now,
        }
    )


def active(bot: Stage, address: object) -> bool:
    with bot.opened() as storage, storage.read() as tx:
        (found,) = tx.destinations.at("telegram", str(address))
        return found.active


def test_a_group_that_lets_the_bot_in_is_told_what_to_do_and_what_it_gets_to_see(bot: Stage) -> None:
    group = bot.group()
    changes(group.administrator, LEFT, MEMBER)
    hello = group.administrator.hears("请管理员设置本群的订阅").text
    assert "隐私模式" in hello


def test_an_administrator_sees_everything_and_is_not_told_of_privacy_mode(bot: Stage) -> None:
    group = bot.group()
    rights = dict.fromkeys(("is_anonymous", "can_delete_messages", "can_manage_video_chats"), False)
    rights |= dict.fromkeys(("can_restrict_members", "can_promote_members", "can_change_info"), False)
    rights |= dict.fromkeys(("can_invite_users", "can_post_stories", "can_edit_stories"), False)
    rights |= {"can_delete_stories": False, "can_manage_chat": True, "can_be_edited": False}
    changes(group.administrator, LEFT, {"status": "administrator"} | rights)
    assert "隐私模式" not in group.administrator.hears("请管理员设置本群的订阅").text


def test_a_group_without_the_bot_is_told_nothing_and_everything_when_it_is_back(bot: Stage) -> None:
    group = bot.group(topics=frozenset({7}))
    seven = dataclasses.replace(group.administrator, topic=7)
    group.administrator.says("/subscribe =寅卯")
    seven.says("/subscribe =寅卯")
    changes(group.administrator, MEMBER, KICKED)
    addresses = [group.administrator.chat, f"{group.administrator.chat}/7"]
    bot.until(lambda: not any(active(bot, one) for one in addresses))
    bot.publish("关于开展寅卯工作的通知")

    def held() -> bool:
        with bot.opened() as storage, storage.read() as tx:
            here = {one.id for a in addresses for one in tx.destinations.at("telegram", str(a))}
            return len([one for one in tx.deliveries.latest() if one.destination_id in here]) == 2

    bot.until(held, seconds=30)
    assert not any("寅卯工作" in one["text"] for one in bot.telegram.shown(group.administrator.chat))
    changes(group.administrator, LEFT, MEMBER)
    group.administrator.hears("期间搁置的 2 条提醒现在补发")
    group.administrator.hears("关于开展寅卯工作的通知")
    seven.hears("关于开展寅卯工作的通知")


def test_who_blocks_the_bot_is_told_nothing_until_it_is_unblocked(bot: Stage) -> None:
    person = bot.person()
    person.says("/subscribe =辰巳")
    changes(person, MEMBER, KICKED)
    bot.until(lambda: not active(bot, person.chat))
    changes(person, KICKED, MEMBER)
    bot.until(lambda: active(bot, person.chat))


@pytest.mark.parametrize("kind", ["supergroup", "channel"])
def test_who_lets_the_bot_in_without_the_right_to_write_is_told_so_in_private(bot: Stage, kind: str) -> None:
    group = bot.group()
    adder = group.administrator
    bot.telegram.chats[adder.chat].type = kind
    bot.telegram.add_chat(adder.user)
    adder.says("/subscribe =午未") if kind == "supergroup" else posts(adder, "/subscribe =午未")
    limited = {"status": "restricted", "is_member": True, "until_date": 0, "can_send_messages": False}
    limited |= dict.fromkeys(_RIGHTS, False)
    changes(adder, LEFT, MEMBER if kind == "channel" else limited)
    private = Person(bot, adder.user, adder.user)
    assert "我不能在 Group 里发言" in private.hears("我不能在").text
    bot.until(lambda: not active(bot, adder.chat))


_RIGHTS = (
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)


def posts(person: Person, text: str) -> None:
    """A post of the channel itself; it has no user."""
    message = person.message(text, None)
    del message["from"]
    before = person.answers()
    person.stage.telegram.push(channel_post=message | {"sender_chat": message["chat"]})
    person.stage.until(lambda: person.answers() > before)


def test_a_channel_subscribes_by_its_own_posts(bot: Stage) -> None:
    channel = bot.group().administrator
    bot.telegram.chats[channel.chat].type = "channel"
    posts(channel, "/subscribe 省:山西 =申酉")
    assert channel.sees().text.startswith("已订阅")
    bot.publish("关于开展申酉工作的通知")
    channel.hears("关于开展申酉工作的通知")


def test_an_anonymous_administrator_may_change_what_the_group_is_told(bot: Stage) -> None:
    member = bot.group().member
    message = member.message("/subscribe 集采", None)
    message["from"] = {"id": 1_087_968_824, "is_bot": True, "first_name": "Group"}
    before = member.answers()
    bot.telegram.push(message=message | {"sender_chat": message["chat"]})
    bot.until(lambda: member.answers() > before)
    assert member.sees().text.startswith("已订阅")


def test_a_group_that_becomes_a_supergroup_takes_everything_along(bot: Stage) -> None:
    group = bot.group()
    old, new = group.administrator.chat, group.administrator.chat - 10_000_000_000
    bot.telegram.chats[old].type = "group"
    group.administrator.says("/subscribe 省:山西 =戌亥")
    group.administrator.says("/digest 即时")
    group.administrator.says("/lang en")
    asked = group.administrator.says("/edit 1")
    message = group.administrator.message("", None)
    del message["text"]
    bot.telegram.push(message=message | {"migrate_to_chat_id": new})
    bot.telegram.add_chat(new, administrators=frozenset({group.administrator.user}))
    there = dataclasses.replace(group.administrator, chat=new)

    def moved() -> bool:
        with bot.opened() as storage, storage.read() as tx:
            return any(one.address == str(new) for one in tx.destinations.all())

    bot.until(moved)
    shown = there.says("/list")
    assert "1. 省:山西 =戌亥" in shown.text
    assert "One subscription" in shown.text
    bot.telegram._messages[new, asked.id] = bot.telegram._messages[old, asked.id]
    assert "Number 1 is now" in there.says("省:河北 =戌亥", reply_to=asked.id).text
    bot.publish("关于开展戌亥工作的通知", issuer="河北省医疗保障局")
    there.hears("关于开展戌亥工作的通知")


def test_a_group_that_an_operator_lets_the_bot_into_needs_no_invitation(tmp_path: Any) -> None:
    with stage(tmp_path, f"sqlite:///{tmp_path / 'monitor.db'}", chat=", access: invite") as bot:
        bot.start()
        mine, other = bot.group(), bot.group()
        bot.until(lambda: len(bot.telegram.commands) == 8, seconds=60)
        changes(other.administrator, LEFT, MEMBER)
        other.administrator.hears("本机器人需要邀请")
        changes(dataclasses.replace(mine.administrator, user=OPERATOR), LEFT, MEMBER)
        mine.administrator.hears("请管理员设置本群的订阅")
        assert mine.administrator.says("/list").text == "这里还没有订阅。"
        assert "本机器人需要邀请" in other.administrator.says("/list").text
