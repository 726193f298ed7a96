"""What holds for whatever is said: once, in order, fairly, and nothing fails in silence."""

import datetime as dt
import random
import subprocess
import time
from pathlib import Path

import pytest

from tests.chat.stage import OPERATOR, Person, Stage, stage
from tests.processes import run_program


def rules(person: Person) -> list[str]:
    with person.stage.opened() as storage, storage.read() as tx:
        (here,) = tx.destinations.at("telegram", str(person.chat))
        return [one.rule for one in tx.subscriptions.of_destination(here.id)]


def doctor(*arguments: str) -> subprocess.CompletedProcess[str]:
    return run_program(Path.cwd(), "doctor", *arguments)


def told(person: Person, words: str) -> bool:
    """Whether the bot ever said this to them."""
    return any(words in one["text"] for one in person.stage.telegram.shown(person.chat))


def test_an_update_that_comes_twice_is_acted_upon_once(bot: Stage) -> None:
    person = bot.person()
    person.says("/subscribe 集采")
    assert "已暂停 1 项" in person.says("/pause 1").text
    bot.telegram.repeat_updates()
    assert "⏸" not in person.says("/resume 1").text
    person.says("/list")
    assert "⏸" not in person.sees().text
    assert sum("已暂停 1 项" in one["text"] for one in bot.telegram.shown(person.chat)) == 1


def test_one_users_flood_is_answered_within_limits_and_slows_nobody(bot: Stage) -> None:
    loud, calm = bot.person(), bot.person()
    for _ in range(90):
        loud.sends("/help")
    begun = time.monotonic()
    calm.says("/help")
    waited = time.monotonic() - begun
    bot.until(lambda: any("一下子太多了" in one["text"] for one in bot.telegram.shown(loud.chat)), seconds=60)
    whole = time.monotonic() - begun
    assert waited < whole / 3
    calm.says("/help")
    told = [one for one in bot.telegram.shown(loud.chat) if "一下子太多了" in one["text"]]
    assert len(told) == 1
    assert 60 <= len(bot.telegram.shown(loud.chat)) - 1 < 90


def test_an_error_of_our_own_has_a_number_that_the_operator_finds(bot: Stage) -> None:
    person = bot.person()
    person.says("/help")
    with bot.opened() as storage, storage.begin() as tx:  # as no version of the program keeps it
        later = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
        tx.chats.ask(f"telegram:{person.chat}", str(person.user), "edit", {"wrong": "thing"}, later)
    person.sends("这句话不该留在任何地方")
    said = person.hears("我们这边出了错").text
    number = said.split("编号 ")[1][:6]
    log = bot.until(lambda: number in bot.log() and bot.log())
    assert f"reference={number}" in log
    config = ["--config", str(bot.folder / "config.yaml")]
    found = doctor("--reference", number.lower(), *config)
    assert f"telegram:{person.chat}  KeyError" in found.stdout
    assert "monitor/chat/commands/editing.py" in found.stdout
    assert "不该留在" not in found.stdout
    unknown = doctor("--reference", "FFFFFF", *config)
    assert unknown.returncode == 1
    person.says("/cancel")
    assert person.says("/list").text == "这里还没有订阅。"


def test_a_forged_button_is_too_old_and_no_error(bot: Stage) -> None:
    person = bot.person()
    shown = person.says("/help")
    for forged in (
        "mute_this:this:is:wrong",
        "mute_this:x:1",
        "remove:99999999999999999999",
        "notice:-1",
        "unmute:１",
        "destination_add:pigeon",
        "page:a:b",
        "page:~:",
        "pause:~:x",
        "unheard:1",
    ):
        assert person.press_data(forged, shown) == "这个按钮已经失效，请重新发送命令。"


def test_pictures_and_voices_get_a_sentence_in_private_and_none_in_groups(bot: Stage) -> None:
    person, group = bot.person(), bot.group()
    for thing in ({"photo": []}, {"sticker": {}}, {"voice": {}}):
        person.shows(thing)
    bot.until(lambda: len(bot.telegram.shown(person.chat)) == 3)
    assert "只看得懂文字" in person.sees().text
    group.member.shows({"photo": []})
    group.member.says("/list")
    assert len(bot.telegram.shown(group.member.chat)) == 1


def test_who_had_blocked_the_bot_and_speaks_to_it_again_gets_what_was_held(bot: Stage) -> None:
    person = bot.person()
    person.says("/subscribe =子丑")
    bot.telegram.block(person.chat)
    bot.publish("关于开展子丑工作的通知")

    def refused() -> bool:
        with bot.opened() as storage, storage.read() as tx:
            (here,) = tx.destinations.at("telegram", str(person.chat))
            return not here.active

    bot.until(refused, seconds=30)
    bot.telegram.chats[person.chat].refusal = None
    person.says("/list")
    person.hears("关于开展子丑工作的通知")
    bot.telegram.refused = [one for one in bot.telegram.refused if "blocked by the user" not in one]


@pytest.mark.parametrize("access", ["invite", "allow_list"])
def test_strangers_are_told_how_they_get_in(tmp_path: Path, access: str) -> None:
    database = f"sqlite:///{tmp_path / 'monitor.db'}"
    with stage(tmp_path, database, chat=f", access: {access}, allow: [77]") as bot:
        bot.start()
        stranger, known = bot.person(), Person(bot, 77, 77)
        bot.telegram.add_chat(77)
        bot.until(lambda: len(bot.telegram.commands) == 8, seconds=60)
        refused = stranger.says("/start").text
        assert known.says("/list").text == "这里还没有订阅。"
        assert Person(bot, OPERATOR, OPERATOR).says("/list").text == "这里还没有订阅。"
        if access == "allow_list":
            assert f"您的编号是 {stranger.chat}" in refused
            return
        assert "本机器人需要邀请" in refused
        with bot.opened() as storage, storage.begin() as tx:
            now = dt.datetime.now(dt.UTC)
            code = tx.admissions.invite("telegram:77", now.replace(year=now.year + 1), now)
        assert "这个邀请已经用过或已过期" in stranger.says("/start wrong").text
        assert "1/4" in stranger.says(f"/start {code}").text
        assert "这里还没有订阅" in stranger.says("/list").text
        assert "这个邀请已经用过或已过期" in bot.person().says(f"/start {code}").text
        with bot.opened() as storage, storage.begin() as tx:
            tx.admissions.decide(f"telegram:{stranger.chat}", False, "telegram:77", now)
        assert stranger.says("/list").text == "此聊天不能使用本机器人。"


def test_a_chat_of_the_configuration_sees_its_subscriptions_and_who_changes_them(tmp_path: Path) -> None:
    more = """
subscribers:
  - name: team
    destinations: [{channel: telegram, address: "78"}]
    subscriptions: [{name: 山西的集采, rule: "省:山西 集采"}]
"""
    with stage(tmp_path, f"sqlite:///{tmp_path / 'monitor.db'}", more=more) as bot:
        bot.start()
        bot.telegram.add_chat(78)
        reader = Person(bot, 78, 78)
        bot.until(lambda: len(bot.telegram.commands) == 8, seconds=60)
        shown = reader.says("/list")
        assert "1. 山西的集采\n省:山西 集采\n⚙️ 由配置文件设定" in shown.text
        assert shown.labels == ["1 试算"]
        assert "由运维人员在配置文件中设定" in reader.says("/unsubscribe 1").text
        assert reader.says("/subscribe 省:河北").text == "已订阅，第 2 项：\n省:河北"
        with bot.opened() as storage, storage.read() as tx:
            assert [one.name for one in tx.destinations.subscribers() if not one.operator] == ["team"]


@pytest.mark.slow
def test_kills_at_any_moment_lose_nothing_and_do_nothing_twice(
    empty_database_url: str, tmp_path: Path
) -> None:
    chance = random.Random(7)
    with stage(tmp_path, empty_database_url) as bot:
        bot.start()
        people = [bot.person() for _ in range(5)]
        bot.until(lambda: len(bot.telegram.commands) == 8, seconds=60)
        wanted = [f"省:山西 第{number}批" for number in range(12)]
        for number, rule in enumerate(wanted):
            for person in people:
                person.sends(f"/subscribe {rule}")
            if number % 3 == 2:  # in the middle of the answers
                before = len(bot.telegram.sent) + chance.randrange(8)
                bot.until(lambda before=before: len(bot.telegram.sent) > before, seconds=60)
                bot.kill()
                bot.start()
        for person in people:
            bot.until(lambda person=person: told(person, wanted[-1]), seconds=60)
            assert rules(person) == wanted
            assert all(told(person, rule) for rule in wanted)
            assert not told(person, "已经订阅过")


@pytest.mark.slow
def test_two_hundred_people_at_once_each_get_their_own_answer_once(
    empty_database_url: str, tmp_path: Path
) -> None:
    with stage(tmp_path, empty_database_url) as bot:
        bot.start()
        people = [(bot.person(), f"省:山西 第{number}批") for number in range(200)]
        bot.until(lambda: len(bot.telegram.commands) == 8, seconds=60)
        for person, rule in people:
            person.sends(f"/subscribe {rule}")
        bot.until(lambda: len(bot.telegram.sent) >= len(people), seconds=120)
        assert bot.stop() == 0, bot.log()  # whatever else it would have said is said
        for person, rule in people:
            said = [one["text"] for one in bot.telegram.shown(person.chat)]
            assert said == [f"已订阅，第 1 项：\n{rule}"]
            assert rules(person) == [rule]
        assert bot.telegram.refused == []
