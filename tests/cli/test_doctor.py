"""`policy-monitor doctor` looks at the bot: its token, how updates come, and where it may write."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.storage import Storage
from tests.making import a_destination
from tests.processes import run_program
from tests.servers.telegram import TOKEN, TelegramServer, Webhook

CONFIG = """
database: sqlite:///monitor.db
channels:
  telegram: {{token: "{token}", base_url: "http://127.0.0.1:{port}"}}
{more}
"""
WEBHOOK = """
web: {listen: 127.0.0.1:9090}
chat: {webhook: {url: https://ours.example.org/t, secret: a_word_nobody_knows}}
"""


@pytest.fixture
def telegram() -> Iterator[TelegramServer]:
    with TelegramServer() as server:
        yield server


def doctor(telegram: TelegramServer, folder: Path, *, token: str = TOKEN, more: str = "") -> tuple[int, str]:
    """The exit status and the report."""
    text = CONFIG.format(token=token, port=telegram.port, more=more)
    (folder / "config.yaml").write_text(text, "utf-8")
    found = run_program(folder, "--lang", "en", "doctor", COLUMNS="400")
    return found.returncode, found.stdout


def test_a_bot_that_is_well_says_who_may_use_it_and_what_it_hears(
    telegram: TelegramServer, tmp_path: Path
) -> None:
    status, said = doctor(telegram, tmp_path)
    assert status == 0
    assert "✓ channel telegram  Sends as @policy_monitor_bot." in said
    assert "✓ chat bot  open to all, polling, 0 updates waiting" in said
    assert "✓ groups and channels  in groups it hears commands and replies (privacy mode)" in said


def test_a_token_that_telegram_does_not_know_is_named(telegram: TelegramServer, tmp_path: Path) -> None:
    wrong = TOKEN[:-1] + "x"
    status, said = doctor(telegram, tmp_path, token=wrong)
    assert status == 1
    assert "✗ channel telegram  Telegram does not know the bot's token" in said
    assert wrong not in said


def test_updates_that_go_elsewhere_are_a_finding(telegram: TelegramServer, tmp_path: Path) -> None:
    telegram.webhook = Webhook("https://elsewhere.example.org/t", "x")
    status, said = doctor(telegram, tmp_path)
    assert status == 1
    assert "✗ chat bot  Telegram pushes updates to https://elsewhere.example.org/t" in said
    telegram.webhook = Webhook("https://ours.example.org/t", "x")
    status, said = doctor(telegram, tmp_path, more=WEBHOOK)
    assert status == 0
    assert "✓ chat bot  open to all, webhook, 0 updates waiting" in said
    telegram.webhook = None
    assert "configured is https://ours.example.org/t" in doctor(telegram, tmp_path, more=WEBHOOK)[1]


def test_chats_in_which_the_bot_may_not_write_are_named(telegram: TelegramServer, tmp_path: Path) -> None:
    assert doctor(telegram, tmp_path)[0] == 0
    storage = Storage(f"sqlite:///{tmp_path / 'monitor.db'}")
    with storage.begin() as tx:
        for address in ("42", "-7", "-8/5", "-1009", "-1010", "-1011"):
            a_destination(tx, address, "telegram", address)
    storage.close()
    for chat in (42, -7):
        telegram.add_chat(chat)
    telegram.add_chat(-8, bot={"status": "restricted", "can_send_messages": False})
    telegram.add_chat(-1009, "channel")
    telegram.add_chat(-1010, "channel", bot={"status": "administrator", "can_post_messages": True})
    status, said = doctor(telegram, tmp_path)
    assert status == 1
    for chat in (-8, -1009):
        assert f"{chat} does not let the bot write" in said
    assert "-1011: Telegram delivers nothing to this chat any more" in said
    assert not any(f"{chat} does not" in said for chat in (42, -7, -1010))
