"""Updates that Telegram pushes: only with the secret, kept before they are confirmed, acted upon once."""

import time
from pathlib import Path

from tests.chat.stage import Person, Stage, stage
from tests.servers._common import free_port
from tests.servers.telegram import Webhook

SECRET = "a_word_that_only_telegram_knows"


def rules(person: Person) -> list[str]:
    with person.stage.opened() as storage, storage.read() as tx:
        (here,) = tx.destinations.at("telegram", str(person.chat))
        return [one.rule for one in tx.subscriptions.of_destination(here.id)]


def starts(bot: Stage, webhook: bool) -> None:
    bot.start()
    bot.until(lambda: (bot.telegram.webhook is not None) == webhook, seconds=60)


def test_the_bot_by_webhook_and_back_to_polling(tmp_path: Path, empty_database_url: str) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}/telegram"
    chat = f", webhook: {{url: {url}, secret: {SECRET}}}"
    with stage(tmp_path, empty_database_url, chat=chat, more=f"web: {{listen: 127.0.0.1:{port}}}") as bot:
        starts(bot, webhook=True)
        person = bot.person()
        assert person.says("/subscribe 省:山西").text.startswith("已订阅")
        assert bot.telegram.webhook == Webhook(url, SECRET)

        _only_who_knows_the_secret_is_heard(bot, person, url)
        _an_update_that_comes_twice_is_acted_upon_once(bot, person, url)
        _a_kill_loses_nothing_and_repeats_nothing(bot, person)

        assert bot.stop() == 0, bot.log()
        config = tmp_path / "config.yaml"
        config.write_text(config.read_text("utf-8").replace(chat, ""), "utf-8")
        starts(bot, webhook=False)
        assert "省:山西" in person.says("/list").text
        assert bot.telegram.refused == []
        assert bot.stop() == 0, bot.log()


def _only_who_knows_the_secret_is_heard(bot: Stage, person: Person, url: str) -> None:
    heard = len(bot.telegram.shown(person.chat))
    update = {"update_id": 5_000_001, "message": person.message("/list")}
    for wrong in ("", SECRET[:-1], SECRET + "x", SECRET.upper()):
        assert Webhook(url, wrong).post(update) == 403
    assert Webhook(url, SECRET).post({"message": 1}) == 400
    assert Webhook(url, SECRET).post(["no update"]) == 400
    person.says("/help")
    assert len(bot.telegram.shown(person.chat)) == heard + 1


def _an_update_that_comes_twice_is_acted_upon_once(bot: Stage, person: Person, url: str) -> None:
    update = {"update_id": 5_000_002, "message": person.message("/subscribe 省:河北")}
    assert [Webhook(url, SECRET).post(update) for _ in range(3)] == [200, 200, 200]
    person.hears("已订阅，第 2 项")
    assert not any("已经订阅过" in one["text"] for one in bot.telegram.shown(person.chat))
    assert rules(person) == ["省:山西", "省:河北"]


def _a_kill_loses_nothing_and_repeats_nothing(bot: Stage, person: Person) -> None:
    wanted = [f"省:山西 第{number}批" for number in range(30)]
    before = len(bot.telegram.answers)
    for rule in wanted:
        person.sends(f"/subscribe {rule}")
    for count in (8, 17):
        bot.until(lambda count=count: bot.telegram.answers[before:].count(200) >= count, seconds=60)
        bot.kill()
        time.sleep(0.2)  # what is pushed now meets nobody
        bot.start()
    bot.until(lambda: len(rules(person)) == len(wanted) + 2, seconds=60)
    assert rules(person) == ["省:山西", "省:河北", *wanted]
    assert 0 in bot.telegram.answers
    bot.until(lambda: all(any(w in one["text"] for one in bot.telegram.shown(person.chat)) for w in wanted))
    assert not any("已经订阅过" in one["text"] for one in bot.telegram.shown(person.chat))
