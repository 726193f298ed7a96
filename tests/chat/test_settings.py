"""How often, when, by which clock, in which language; rules under names; and help."""

import pytest

from tests.chat.stage import Person, Stage


def preferences(person: Person) -> object:
    with person.stage.opened() as storage, storage.read() as tx:
        (here,) = tx.destinations.at("telegram", str(person.chat))
        found = tx.destinations.subscriber(here.subscriber_id)
        assert found is not None
        return found.preferences


def test_the_frequency_is_chosen_or_written(bot: Stage) -> None:
    person = bot.person()
    assert "现在：即时" in person.says("/digest").text
    assert person.presses("每天 18:00").text == "提醒频率：每天 18:00"
    assert person.says("/digest 每周一 9点").text == "提醒频率：每周一 09:00"
    assert str(preferences(person).frequency) == "weekly mon 09:00"  # type: ignore[attr-defined]
    assert "看不懂频率" in person.says("/digest 有时候").text
    person.says("/digest")
    assert person.says("每小时").text == "提醒频率：每小时"


def test_one_subscription_may_have_a_frequency_of_its_own(bot: Stage) -> None:
    person = bot.person()
    person.says("/subscribe 集采")
    assert "第 1 项：每天 09:00" in person.says("/digest 1 每天 9点").text
    assert "🕘 每天 09:00" in person.says("/list").text
    assert "另有自己的频率" in person.says("/digest 即时").text


def test_quiet_hours_and_the_time_zone(bot: Stage) -> None:
    person = bot.person()
    assert "现在：无" in person.says("/quiet").text
    assert person.presses("22:00-08:00").text == "免打扰时间：22:00-08:00（Asia/Shanghai）。"
    assert person.says("/quiet 晚上9点到早上7点").text.startswith("免打扰时间：21:00-07:00")
    assert person.says("/quiet 关").text == "没有免打扰时间。"
    assert "看不懂免打扰时间" in person.says("/quiet 很晚").text
    assert "现在：Asia/Shanghai" in person.says("/timezone").text
    assert person.says("Europe/Berlin").text == "时间按 Europe/Berlin 计算。"
    assert "没有时区" in person.says("/timezone Mars").text


def test_rules_are_saved_under_names(bot: Stage) -> None:
    person = bot.person()
    assert "还没有保存过规则" in person.says("/saved").text
    assert "请写上名称和规则" in person.says("/save 我的").text
    assert "“安微”" in person.says("/save 我的 省:安微 集采").text
    assert "@我的 代表" in person.presses("省:安徽 集采").text
    assert person.presses("订阅").text == "已订阅，第 1 项：\n@我的"
    assert "@我的\n省:安徽 集采" in person.says("/saved").text
    assert "还在使用" in person.presses("删除 @我的").text
    person.says("/unsubscribe 1")
    person.says("/saved")
    assert person.presses("删除 @我的").text == "已删除：@我的"
    assert "@我的 代表" in person.presses("撤销").text


def test_the_language_is_each_readers_own(bot: Stage) -> None:
    person, other = bot.person(), bot.person()
    person.says("/lang")
    assert person.presses("English").text == "I speak English to you now, in alerts too."
    assert "There are no subscriptions here yet." in person.says("/list").text
    assert other.says("/list").text == "这里还没有订阅。"
    assert "用中文" in person.says("/lang 中文").text


def test_help_says_what_to_do_next(bot: Stage) -> None:
    person = bot.person()
    shown = person.says("/help")
    assert shown.text.startswith("这里还没有订阅：/start")
    assert "/pause 暂停一项或全部订阅" in shown.text
    assert "/health" not in shown.text
    person.says("/subscribe 集采")
    assert person.says("/help").text.startswith("这里有 1 项订阅")
    person.says("/edit 1")
    assert person.says("/help").text.startswith("我正在等您的回答")
    assert person.says("/cancel").text == "已取消。"
    assert person.says("/help pause").text.startswith("/pause 编号|全部 [日期|7天]\n")


@pytest.mark.parametrize(
    ("typed", "near"), [("/lst", "list"), ("/subcribe", "subscribe"), ("/PAUSE", None), ("/暂停", None)]
)
def test_a_mistyped_command_proposes_the_nearest(bot: Stage, typed: str, near: str | None) -> None:
    shown = bot.person().says(typed)
    assert (f"是不是 /{near}？" in shown.text) if near else "这里还没有订阅" in shown.text


def test_the_nearest_command_is_run_by_a_press_with_what_was_written(bot: Stage) -> None:
    person = bot.person()
    person.says("/subscrbe 省:山西 集采")
    assert person.presses("/subscribe 省:山西 集采").text == "已订阅，第 1 项：\n省:山西 集采"


def test_the_menus_are_in_both_languages_for_private_chats_and_groups(bot: Stage) -> None:
    menus = bot.telegram.commands
    private = {c["command"]: c["description"] for c in menus['{"type": "all_private_chats"}']}
    english = {c["command"]: c["description"] for c in menus['{"type": "all_private_chats"}en']}
    group = {c["command"] for c in menus['{"type": "all_group_chats"}']}
    assert private.keys() == english.keys() >= group
    assert private["pause"] == "暂停一项或全部订阅"
    assert english["pause"] == "pause one or all subscriptions"
