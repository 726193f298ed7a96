"""The list and what changes it: edit, pause, resume, unsubscribe, and undo."""

import datetime as dt

import pytest

from monitor.storage import Subscription
from tests.chat.stage import Person, Stage

RULES = ("省:山西 集采", "省:河北 集采", "省:广东 集采")


def subscribed(bot: Stage, *rules: str) -> Person:
    person = bot.person()
    for rule in rules:
        person.says(f"/subscribe {rule}")
    return person


def stored(person: Person) -> list[Subscription]:
    with person.stage.opened() as storage, storage.read() as tx:
        (here,) = tx.destinations.at("telegram", str(person.chat))
        return tx.subscriptions.of_destination(here.id)


def test_an_empty_list_shows_the_way(bot: Stage) -> None:
    person = bot.person()
    assert person.says("/list").text == "这里还没有订阅。"
    assert "1/4" in person.presses("新建订阅").text


def test_the_list_pauses_resumes_and_deletes_in_place(bot: Stage) -> None:
    person = subscribed(bot, *RULES)
    shown = person.says("/list")
    assert [line for line in shown.text.splitlines() if line] == [
        "3 项订阅",
        *(f"{number}. {rule}" for number, rule in enumerate(RULES, 1)),
    ]
    person.presses("暂停")
    assert "1. 省:山西 集采\n⏸ 已暂停" in person.sees().text
    assert person.sees().id == shown.id
    assert [one.active for one in stored(person)] == [False, True, True]
    assert "⏸" not in person.presses("恢复").text
    assert person.presses("删除").text == "已退订：\n省:山西 集采"
    assert [one.rule for one in stored(person)] == list(RULES[1:])
    assert person.presses("撤销").text == "已恢复 1 项。"
    assert "3 项订阅" in person.presses("我的订阅").text


def test_a_rule_is_edited_by_sending_the_new_one(bot: Stage) -> None:
    person = subscribed(bot, *RULES)
    person.says("/list")
    assert "请发送第 1 项的新规则" in person.presses("修改").text
    assert "“安微”不是已知的省市" in person.says("省:安微").text
    assert person.presses("省:安徽").text == "第 1 项现在是：\n省:安徽"
    assert person.presses("撤销").text == "第 1 项现在是：\n省:山西 集采"
    assert person.says("/edit 2 省:辽宁 集采").text == "第 2 项现在是：\n省:辽宁 集采"
    assert person.says("/edit 2 省:山西 集采").text == "第 1 项已经是这条规则。"
    assert "要修改哪一项" in person.says("/edit").text
    assert "请发送第 3 项的新规则" in person.presses("3. 省:广东 集采").text
    assert person.presses("取消").text == "已取消。"


def test_one_is_paused_by_its_number_and_all_at_once(bot: Stage) -> None:
    person = subscribed(bot, *RULES)
    assert person.says("/pause 2").text == "已暂停 1 项：\n\n省:河北 集采"
    assert [one.active for one in stored(person)] == [True, False, True]
    assert "从现在起恢复" in person.presses("恢复").text
    assert "要暂停哪一项" in person.says("/pause").text
    assert person.presses("全部").text.startswith("已暂停 3 项")
    assert person.says("/resume 3").text.endswith("省:广东 集采")
    assert [one.active for one in stored(person)] == [False, False, True]
    person.says("/resume 全部")
    assert all(one.active for one in stored(person))
    assert person.says("/resume").text == "没有暂停的订阅。"


@pytest.mark.parametrize(("written", "days"), [("7d", 7), ("2周", 14), ("明天", 1)])
def test_a_pause_ends_on_the_day_that_was_named(bot: Stage, written: str, days: int) -> None:
    person = subscribed(bot, RULES[0])
    today = dt.datetime.now(dt.timezone(dt.timedelta(hours=8))).date()
    day = today + dt.timedelta(days=days)
    assert f"到 {day} 自动恢复" in person.says(f"/pause 1 {written}").text
    assert f"⏸ 暂停到 {day}" in person.says("/list").text
    (one,) = stored(person)
    assert one.paused_until == dt.datetime.combine(day, dt.time(), dt.timezone(dt.timedelta(hours=8)))
    person.says("/unsubscribe 1")
    person.presses("撤销")
    assert stored(person)[0].paused_until == one.paused_until


@pytest.mark.parametrize("written", ["yesterday", "2020-01-01", "13-45", "0d"])
def test_a_day_that_is_none_is_refused_with_the_way_out(bot: Stage, written: str) -> None:
    person = subscribed(bot, RULES[0])
    assert f"“{written}”不是将来的日期" in person.says(f"/pause 1 {written}").text
    assert stored(person)[0].active


def test_unsubscribing_can_be_undone(bot: Stage) -> None:
    person = subscribed(bot, *RULES)
    assert person.says("/unsubscribe 2").text == "已退订：\n省:河北 集采"
    person.presses("撤销")
    assert [one.rule for one in stored(person)] == list(RULES)
    assert person.says("/unsubscribe all").text.startswith("已退订 3 项")
    assert stored(person) == []
    assert person.presses("撤销").text == "已恢复 3 项。"
    assert "要退订哪一项" in person.says("/unsubscribe").text
    assert person.presses("3. 省:广东 集采").text == "已退订：\n省:广东 集采"


@pytest.mark.parametrize("command", ["/pause 9", "/edit x 集采", "/unsubscribe 0", "/resume 2"])
def test_a_number_that_is_none_is_told_with_those_there_are(bot: Stage, command: str) -> None:
    person = subscribed(bot, RULES[0])
    assert "编号是 1 到 1" in person.says(command).text


def test_nobody_changes_what_is_another_chats(bot: Stage) -> None:
    mine = subscribed(bot, RULES[0])
    (one,) = stored(mine)
    other = bot.person()
    shown = other.says("/help")
    for data in (f"remove:{one.id}", f"pause_listed:{one.id}", f"ask_edit:{one.id}", f"preview:{one.id}"):
        assert other.press_data(data, shown) == "这项订阅已经不在了。"
    other.press_data(f"edit:{one.id}:河北", shown)
    other.press_data(f"restore:{one.id} 1 ", shown)
    assert stored(mine) == [one]
