"""The local Bot API server refuses what Telegram refuses."""

import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.servers.telegram import TOKEN, Limits, TelegramServer

CLIENT = httpx.Client()  # one for all: making a client takes longer than asking


@pytest.fixture
def server() -> Iterator[TelegramServer]:
    """A server that knows a reader and a group."""
    with TelegramServer() as server:
        server.add_chat(42)
        server.add_chat(-7)
        yield server


def ask(server: TelegramServer, method: str, token: str = TOKEN, **parameters: Any) -> dict[str, Any]:
    """What the server answers, with its status."""
    response = CLIENT.post(f"{server.url}/bot{token}/{method}", json=parameters)
    answer: dict[str, Any] = response.json()
    assert answer["ok"] == (response.status_code == 200)
    return answer


def send(server: TelegramServer, text: str, chat_id: int = 42, **more: Any) -> dict[str, Any]:
    """The answer to a message."""
    return ask(server, "sendMessage", chat_id=chat_id, text=text, **more)


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("<b>open", 'Can\'t find end tag corresponding to start tag "b"'),
        ("closed</b>", "Unexpected end tag at byte offset 6"),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("<script>x</script>", 'Unsupported start tag "script" at byte offset 0'),
        ("中文 a < b", "Unclosed start tag at byte offset 9"),
        ("<a href=x>ok</a><p>", 'Unsupported start tag "p" at byte offset 16'),
    ],
)
def test_bad_markup(server: TelegramServer, markup: str, words: str) -> None:
    answer = send(server, markup, parse_mode="HTML")
    assert answer["description"] == f"Bad Request: can't parse entities: {words}"
    assert server.sent == []


def test_markup_is_taken_out_of_what_is_counted_and_read(server: TelegramServer) -> None:
    markup = f'<a href="https://e.cn/{"x" * 5000}">{"字" * 4090}</a>&lt;b&gt;&amp;'
    assert send(server, markup, parse_mode="HTML")["ok"]
    assert server.sent[0]["text"] == "字" * 4090 + "<b>&"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "message text is empty"),
        (" \n", "message text is empty"),
        ("字" * 4097, "message is too long"),
        ("😀" * 2049, "message is too long"),
    ],
)
def test_texts_of_no_length_or_too_much(server: TelegramServer, text: str, words: str) -> None:
    assert send(server, text)["description"] == f"Bad Request: {words}"


def test_chats_it_does_not_know(server: TelegramServer) -> None:
    assert send(server, "x", chat_id=43)["description"] == "Bad Request: chat not found"
    assert send(server, "x", message_thread_id=5)["description"] == "Bad Request: message thread not found"


def test_a_second_message_to_a_chat_within_a_second(server: TelegramServer) -> None:
    assert send(server, "x")["ok"]
    answer = send(server, "x")
    assert (answer["error_code"], answer["parameters"]) == (429, {"retry_after": 1})
    time.sleep(1.0)
    assert send(server, "x")["ok"]


def test_the_thirty_first_message_of_a_bot_within_a_second(server: TelegramServer) -> None:
    for chat in range(100, 131):
        server.add_chat(chat)
    answers = [send(server, "x", chat_id=chat) for chat in range(100, 131)]
    assert server.sent[-1]["at"] - server.sent[0]["at"] < 1, (
        "too slow a machine for this test to say anything"
    )
    assert [answer["ok"] for answer in answers] == [True] * 30 + [False]


def test_the_twenty_first_message_to_a_group_within_a_minute() -> None:
    with TelegramServer(limits=Limits(chat=(100, 1.0))) as server:
        server.add_chat(-7)
        answers = [send(server, "x", chat_id=-7) for _ in range(21)]
    assert [answer["ok"] for answer in answers] == [True] * 20 + [False]
    assert answers[-1]["parameters"]["retry_after"] >= 59


def test_readers_who_left_and_groups_that_moved(server: TelegramServer) -> None:
    server.block(42)
    server.migrate(-7, -1001)
    assert send(server, "x")["description"] == "Forbidden: bot was blocked by the user"
    assert send(server, "x", chat_id=-7)["parameters"] == {"migrate_to_chat_id": -1001}
    assert send(server, "x", chat_id=-1001)["ok"]


@pytest.mark.parametrize(("token", "code"), [("nonsense", 404), (TOKEN[:-1] + "x", 401)])
def test_tokens_of_no_bot(server: TelegramServer, token: str, code: int) -> None:
    assert ask(server, "getMe", token)["error_code"] == code


def test_methods_that_do_not_exist(server: TelegramServer) -> None:
    assert ask(server, "sendPigeon")["error_code"] == 404


def test_edits_without_a_change_and_buttons_with_too_much_data(server: TelegramServer) -> None:
    sent = send(server, "x")["result"]
    same = {"chat_id": 42, "message_id": sent["message_id"], "text": "x"}
    assert "message is not modified" in ask(server, "editMessageText", **same)["description"]
    assert ask(server, "editMessageText", **(same | {"text": "y"}))["ok"]
    keyboard = json.dumps({"inline_keyboard": [[{"text": "t", "callback_data": "x" * 65}]]})
    assert send(server, "x", reply_markup=keyboard)["description"] == "Bad Request: BUTTON_DATA_INVALID"


def test_callback_queries_that_are_too_old(server: TelegramServer) -> None:
    server.push(callback_query={"id": "q1"})
    assert ask(server, "answerCallbackQuery", callback_query_id="q1")["ok"]
    assert "query is too old" in ask(server, "answerCallbackQuery", callback_query_id="q1")["description"]


def test_updates_are_waited_for_and_confirmed_by_the_offset(server: TelegramServer) -> None:
    threading.Timer(0.2, server.push, kwargs={"message": {"text": "/start"}}).start()
    (update,) = ask(server, "getUpdates", timeout=5)["result"]
    assert update["message"] == {"text": "/start"}
    assert ask(server, "getUpdates", offset=update["update_id"] + 1)["result"] == []
