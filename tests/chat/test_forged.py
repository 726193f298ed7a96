"""Whatever comes as the press of a button is answered kindly: no error of ours, nothing of others touched."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.chat.arguments import StaleButtonError, arguments
from monitor.chat.dispatch import respond
from monitor.chat.model import Caller, ChatKind, Incoming
from monitor.chat.registry import ACTIONS
from monitor.chat.services import Services
from monitor.storage import Storage
from tests.chat.answering import PERSON, services_of
from tests.making import NOW, a_destination, a_subscription

GROUP = Caller(channel="telegram", address="-7", user="42", kind=ChatKind.GROUP)
NUMBERS = ("0", "1", "-1", "2147483648", "9" * 40, "２", "٣", "²", "1.0", "0x1", " 1", "NaN")
WORDS = ("", "\0", "\ud800", "all", "~", "~:1", "zh", "toggle", "telegram", "@x", "省:安微", "(", "<b>")
TIMES = ("2026-02-30", "9999-12-31", "2026-01-01/9999999999", "1 0 2026-01-01T00:00:00", "1 0 9999999")
HOSTILE = (*NUMBERS, *WORDS, *TIMES)


def forgeries() -> Iterator[tuple[str, ...]]:
    yield ()
    for value in HOSTILE:
        yield from ((value,), ("1", value), (value, "1", value))


@pytest.fixture
def services(storage: Storage, tmp_path: Path) -> Services:
    """A chat with a subscription, which has the number 1, and with something that a button keeps."""
    with storage.begin() as tx:
        a_subscription(tx, to=a_destination(tx, "telegram:42", "telegram", "42"))
        tx.chats.keep("telegram:42", [{"text": "x", "keyboard": []}], NOW)
    return services_of(storage, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("caller", [PERSON, GROUP], ids=lambda one: one.kind)
def test_no_forged_button_meets_an_error(services: Services, caller: Caller) -> None:
    for name in (name for name, action in ACTIONS.items() if not action.operator):
        for given in forgeries():
            with services.storage.rehearse() as tx:
                press = ":".join((name, *given))
                (said, *_) = respond(services, tx, Incoming(caller=caller, press=press, query="q"))
                assert said.query == "q", press


@pytest.mark.parametrize("number", [*NUMBERS[2:], "", "x"])
def test_only_what_can_be_the_number_of_a_row_is_taken_for_one(number: str) -> None:
    def handler(turn: object, number: int) -> None: ...

    assert arguments(handler, ["2147483647"]) == (2147483647,)
    with pytest.raises(StaleButtonError):
        arguments(handler, [number])


def test_arguments_are_what_the_handler_says() -> None:
    def handler(turn: object, which: int | None, day: dt.date | None = None, *more: int) -> None: ...

    assert arguments(handler, ["7", "2026-03-01", "1", "2"]) == (7, dt.date(2026, 3, 1), 1, 2)
    assert arguments(handler, ["7"]) == (7,)
    for wrong in ([], ["x"], ["7", "2026-02-30"], ["7", "2026-03-01", "x"]):
        with pytest.raises(StaleButtonError):
            arguments(handler, wrong)
