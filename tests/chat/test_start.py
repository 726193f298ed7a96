"""The guided start: two sentences, three questions, a preview, and it is saved."""

import time
from pathlib import Path

import pytest

from tests.chat.stage import Stage, stage


def test_it_is_done_with_buttons_alone(bot: Stage) -> None:
    person = bot.person()
    shown = person.says("/start")
    assert shown.text.startswith("我替您看卫生健康、医保和药监部门的公文")
    assert "1/4" in shown.text
    assert "山西" in shown.labels
    person.presses("山西")
    assert "已选：山西" in person.presses("国家").text.replace("山西、国家", "山西")
    assert "✓ 国家" in person.sees().labels
    person.presses("✓ 国家")
    person.presses("下一步")
    person.presses("医保局")
    person.presses("下一步")
    person.presses("集采")
    person.presses("下一步")
    person.presses("每天 09:00")
    person.presses("每天 18:00")  # only one can be chosen
    assert person.sees().text.endswith("已选：每天 18:00")
    shown = person.presses("下一步")
    assert "省:山西 机构:医保局 集采" in shown.text
    shown = person.presses("保存")
    assert shown.text == "已订阅，第 1 项：\n省:山西 机构:医保局 集采"
    assert "1. 省:山西 机构:医保局 集采" in person.says("/list").text
    assert "现在：每天 18:00" in person.says("/digest").text


def test_names_can_be_typed_and_mistakes_are_corrected(bot: Stage) -> None:
    person = bot.person()
    person.says("/start")
    assert "已选：山西、国家" in person.says("山西 国家").text
    shown = person.says("安微")
    assert "“安微”不是已知的省市" in shown.text
    assert "已选：山西、国家、安徽" in person.presses("安徽", shown).text
    person.presses("下一步")
    assert "国家医疗保障局" in person.says("国家医保局").text
    person.presses("下一步")
    assert "已选：集采、带量采购" in person.says("集采 或 带量采购").text
    person.presses("下一步")
    assert "已选：每周一 09:00" in person.says("每周一").text
    person.presses("下一步")
    assert "省:山西,国家,安徽 机构:国家医疗保障局 (集采 | 带量采购)" in person.presses("保存").text


def test_one_can_go_back_skip_and_cancel(bot: Stage) -> None:
    person = bot.person()
    person.says("/start")
    person.presses("跳过")
    assert "2/4" in person.sees().text
    assert "1/4" in person.presses("返回").text
    person.presses("跳过")
    person.presses("跳过")
    person.presses("跳过")
    assert person.press("跳过") == "请至少在一步里选点什么。"
    assert person.presses("取消").text == "已取消。"
    assert person.says("/cancel").text == "没有需要取消的内容。"


def test_old_buttons_say_that_it_is_over(bot: Stage) -> None:
    person = bot.person()
    shown = person.says("/start")
    person.says("/cancel")
    assert person.press("山西", shown) == "这一轮已经结束，发送 /start 重新开始。"


def test_it_speaks_english_at_the_press_of_a_button(bot: Stage) -> None:
    person = bot.person()
    person.says("/start")
    shown = person.presses("English")
    assert shown.text.startswith("I read the notices of")
    person.presses("山西")
    person.presses("Next")
    person.presses("Skip")
    person.presses("Skip")
    assert "省:山西" in person.presses("Skip").text
    assert person.presses("Save").text == "Subscribed, number 1:\n省:山西"


def test_a_restart_in_the_middle_of_it_goes_on(empty_database_url: str, tmp_path: Path) -> None:
    with stage(tmp_path, empty_database_url) as bot:
        bot.start()
        person = bot.person()
        bot.until(lambda: len(bot.telegram.commands) == 8, seconds=60)
        person.says("/start")
        person.presses("山西")
        bot.kill()
        pressed = person.sees()
        person.sends("国家")  # while nobody listens
        bot.start()
        bot.until(lambda: "山西、国家" in person.sees().text, seconds=60)
        person.presses("下一步", pressed)
        person.presses("医保局")
        person.presses("下一步")
        person.presses("跳过")
        assert "近 90 天没有记录到公文" in person.presses("跳过").text
        assert "省:山西,国家 机构:医保局" in person.presses("保存").text


@pytest.mark.slow
def test_it_goes_on_wherever_the_program_is_killed(empty_database_url: str, tmp_path: Path) -> None:
    ways = ("山西", "下一步", "医保局", "返回", "下一步", "下一步", "集采", "下一步", "每天 18:00", "下一步")
    with stage(tmp_path, empty_database_url) as bot:
        bot.start()
        person = bot.person()
        bot.until(lambda: len(bot.telegram.commands) == 8, seconds=60)
        person.says("/start")
        for way in ways:
            _restart(bot)
            person.presses(way)
        _restart(bot)
        bot.until(lambda: "保存" in str(person.sees().labels), seconds=30)  # the preview takes a moment
        shown = person.presses("保存")
        assert shown.text == "已订阅，第 1 项：\n省:山西 机构:医保局 集采"
        assert "现在：每天 18:00" in person.says("/digest").text
        _restart(bot)
        assert person.says("每周一 9点").text == "提醒频率：每周一 09:00"  # what it asked is asked still
        asked = person.says("/edit 1")
        time.sleep(0.5)
        bot.kill()
        person.sends("省:河北 集采")
        bot.start()
        assert person.hears("第 1 项现在是").text.endswith("省:河北 集采")
        assert len([one for one in bot.telegram.shown(person.chat) if one["message_id"] > asked.id]) == 1


def _restart(bot: Stage) -> None:
    time.sleep(0.5)  # until the last reply is noted as sent: before, it is shown again
    bot.kill()
    bot.start()
