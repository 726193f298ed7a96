"""What one can do about an alert: ask why, and not hear of such things again."""

from pathlib import Path

import pytest

from monitor.storage import Storage
from tests.chat.answering import answer, services_of
from tests.chat.stage import Person, Shown, Stage
from tests.making import LEASE, NOW, PATIENCE, a_destination, queued
from tests.servers._common import Fault


def alerted(bot: Stage, word: str, language: str = "zh") -> tuple[Person, Shown]:
    """Somebody who was told of a notice with this word."""
    person = bot.person(language)
    person.says(f"/subscribe ={word}")
    bot.publish(f"关于开展{word}工作的通知")
    alert = person.hears(f"关于开展{word}工作的通知")
    return person, alert


@pytest.mark.parametrize(("language", "words"), [("zh", "为什么提醒您"), ("en", "Why you got")])
def test_why_tells_the_reasons_of_the_alert_it_answers(bot: Stage, language: str, words: str) -> None:
    word = f"甲乙{language}"
    person, alert = alerted(bot, word, language)
    shown = person.says("/why", reply_to=alert.id)
    assert shown.text.startswith(words)
    assert f"={word}" in shown.text
    assert f"<b>{word}</b>" in shown.html
    assert person.says("/why").text == shown.text  # the latest one, where it is no reply


def test_why_knows_an_alert_that_is_not_yet_noted_as_sent(bot: Stage) -> None:
    person = bot.person()
    person.says("/subscribe =未记甲")
    bot.telegram.faults.order(Fault("slow", seconds=2))  # the alert is there, and its worker does not know
    bot.publish("关于开展未记甲工作的通知")
    alert = person.hears("关于开展未记甲工作的通知")
    assert bot.sending()
    person.sends("/why", reply_to=alert.id)
    person.sends("/why")
    person.hears("为什么提醒您")
    bot.until(
        lambda: len([one for one in bot.telegram.shown(person.chat) if "为什么提醒您" in one["text"]]) == 2
    )


def test_a_summary_that_is_on_its_way_is_said_to_be_so(storage: Storage, tmp_path: Path) -> None:
    services = services_of(storage, tmp_path)
    with storage.begin() as tx:
        here = a_destination(tx, "telegram:42", "telegram", "42")
    queued(storage, to=here.id)
    assert "不是我发的提醒" in answer(services, "/why", reply_to="7")
    with storage.begin() as tx:
        tx.ledger.claim("a", {"telegram"}, limit=1, lease=LEASE, patience=PATIENCE, now=NOW)
    assert "刚刚发出" in answer(services, "/why", reply_to="7")
    assert "刚刚发出" in answer(services, "/mute", reply_to="7")


def test_why_needs_an_alert(bot: Stage) -> None:
    person = bot.person()
    assert "这里还没有提醒" in person.says("/why").text
    assert "那条消息不是我发的提醒" in person.says("/why", reply_to=person.sees().id).text


def test_an_agency_is_muted_listed_and_heard_again(bot: Stage) -> None:
    person, alert = alerted(bot, "丙丁", "zh")
    assert "哪些内容即使符合规则也不要再提醒" in person.says("/mute", reply_to=alert.id).text
    assert person.sees().labels[1:] == ["山西省医疗保障局的全部公文", "来源“inbox”的全部公文", "取消"]
    assert "已静音：山西省医疗保障局" in person.presses("山西省医疗保障局").text
    bot.publish("关于再次开展丙丁工作的通知")
    bot.publish("关于继续开展丙丁工作的公告", issuer="河北省医疗保障局")
    person.hears("关于继续开展丙丁工作的公告")
    assert not any("再次开展丙丁" in one["text"] for one in bot.telegram.shown(person.chat))
    assert "恢复提醒：山西省医疗保障局" in person.says("/list").labels
    assert "恢复提醒：山西省医疗保障局" in person.presses("恢复提醒").text.replace(" ", "")
    bot.publish("关于三度开展丙丁工作的通知")
    person.hears("三度开展丙丁")


def test_a_source_is_muted_and_the_mute_undone(bot: Stage) -> None:
    person, alert = alerted(bot, "戊己", "zh")
    person.says("/mute", reply_to=alert.id)
    person.presses("来源“inbox”")
    assert person.presses("撤销").text == "恢复提醒：inbox"
    assert "静音" not in person.says("/list").text


def test_a_preview_shows_what_would_have_come(bot: Stage) -> None:
    person, _ = alerted(bot, "庚辛", "zh")
    shown = person.says("/preview 省:山西 =庚辛")
    assert "会发送 1 条" in shown.text
    assert "关于开展庚辛工作的通知" in shown.text
    assert person.presses("订阅").text == "已订阅，第 2 项：\n省:山西 =庚辛"
    assert "会发送 1 条" in person.says("/preview 1").text
    assert "问题在" in person.says("/preview =庚辛 省:河北").text
    assert "请在后面写上规则" in person.says("/preview").text
    assert "会发送 1 条" in person.presses("2. 省:山西 =庚辛").text


def test_the_buttons_under_an_alert_ask_why_and_mute(bot: Stage) -> None:
    person, alert = alerted(bot, "寅卯")
    assert person.presses("为什么", alert).text.startswith("为什么提醒您关于开展寅卯工作的通知")
    assert "关于开展寅卯工作的通知" in person.presses("静音", alert).text
    stranger = bot.person()
    shown = stranger.says("/help")
    data = next(b["callback_data"] for row in alert.buttons for b in row if b["text"] == "为什么")
    stranger.press_data(data, shown)
    assert "那条消息不是我发的提醒" in stranger.hears("那条消息").text
