"""In groups and channels: administrators change, everybody looks, topics are kept apart."""

import dataclasses

from tests.chat.stage import Stage


def test_only_administrators_change_what_a_group_is_told(bot: Stage) -> None:
    group = bot.group()
    assert group.administrator.says("/subscribe 省:山西 集采").text.startswith("已订阅")
    refusal = "只有管理员可以修改本群的订阅。"
    for command in ("/subscribe 集采", "/pause 1", "/unsubscribe 1", "/lang en", "/digest 每小时", "/start"):
        assert group.member.says(command).text == refusal
    shown = group.member.says("/list")
    assert "1. 省:山西 集采" in shown.text
    for label in ("修改", "暂停", "删除"):
        assert group.member.press(label, shown) == refusal
    assert "⏸" in group.administrator.presses("暂停", shown).text


def test_commands_for_another_bot_and_what_people_say_to_each_other_are_ignored(bot: Stage) -> None:
    group = bot.group()
    group.administrator.sends("/list@another_bot")
    group.administrator.sends("订阅 山西 医保局 集采")
    assert group.administrator.says("/list@Policy_Monitor_Bot").text == "这里还没有订阅。"
    assert len(bot.telegram.shown(group.administrator.chat)) == 1


def test_an_answer_in_a_group_is_a_reply_to_the_bot(bot: Stage) -> None:
    group = bot.group()
    group.administrator.says("/subscribe 省:山西 集采")
    asked = group.administrator.says("/edit 1")
    assert "请以回复这条消息的方式作答" in asked.text
    group.administrator.sends("省:河北")  # to somebody else
    group.member.sends("省:广东", reply_to=asked.id)
    shown = group.administrator.says("省:辽宁 集采", reply_to=asked.id)
    assert shown.text == "第 1 项现在是：\n省:辽宁 集采"


def test_the_topics_of_a_group_are_kept_apart(bot: Stage) -> None:
    group = bot.group(topics=frozenset({7, 8}))
    seven = dataclasses.replace(group.administrator, topic=7)
    eight = dataclasses.replace(group.administrator, topic=8)
    seven.says("/subscribe 省:山西 =壬癸")
    assert eight.says("/list").text == "这里还没有订阅。"
    assert "省:山西 =壬癸" in seven.says("/list").text
    bot.publish("关于开展壬癸工作的通知")
    assert seven.hears("关于开展壬癸工作的通知").topic == 7
    assert eight.sees().text == "这里还没有订阅。"


def test_the_guided_start_belongs_to_who_began_it(bot: Stage) -> None:
    group = bot.group()
    shown = group.administrator.says("/start")
    assert group.member.press("山西", shown) == "只有管理员可以修改本群的订阅。"
    assert "已选：山西" in group.administrator.presses("山西").text
