"""What the bot can do, and what documents and menus say of it; test_every_path shows that all of it works."""

import re
from pathlib import Path

import monitor.chat.commands
from monitor.chat.model import EventKind
from monitor.chat.registry import COMMANDS, EVENTS
from tests.chat.reference import PAGE, page


def test_the_reference_holds_every_command_with_who_may_use_it_and_where() -> None:
    text = PAGE.read_text("utf-8")
    assert page(text) == text, "run: python -m tests.chat.reference"
    assert [name for name in COMMANDS if f"| `/{name}" not in text] == []


def test_commands_know_no_chat_program() -> None:
    for path in sorted(Path(monitor.chat.commands.__file__).parent.glob("*.py")):
        imported = re.findall(r"^\s*(?:from|import) (\S+)", path.read_text("utf-8"), re.MULTILINE)
        assert [name for name in imported if "telegram" in name] == [], path.name


def test_no_two_commands_have_the_same_name() -> None:
    names = [name for one in COMMANDS.values() for name in (one.name, *one.words)]
    assert len(names) == len(set(names))


def test_menus_begin_with_what_a_newcomer_needs() -> None:
    assert list(COMMANDS)[:3] == ["start", "subscribe", "list"]


def test_everything_that_can_happen_to_the_bot_has_a_handler() -> None:
    assert EVENTS.keys() == set(EventKind)
