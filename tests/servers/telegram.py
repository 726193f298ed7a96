"""A strict local Bot API server: real HTTP, and it refuses what Telegram refuses.

In a test: `with TelegramServer() as server`. As a process: `python -m tests.servers.telegram --log FILE`
prints its port; any chat is known then, and `POST /control` takes what a test would arrange, as JSON:
`{"block": 42}`, `{"migrate": [-1, -1001]}`, `{"faults": [{"kind": "drop"}]}`.
"""

import json
import math
import re
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.servers._common import Call, Fault, Faults, HttpServer, Reply, json_reply, run
from tests.servers._telegram_html import EntityError, visible_text

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0"
BOT = {"id": 110201543, "is_bot": True, "first_name": "Policy monitor", "username": "policy_monitor_bot"}


class ApiError(Exception):
    """What Telegram answers instead of a result."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters


@dataclass
class Chat:
    """A chat as the server knows it; `refusal` is what every message to it meets."""

    id: int
    type: str = "private"
    username: str | None = None
    topics: frozenset[int] = frozenset()
    refusal: ApiError | None = None

    def public(self) -> dict[str, Any]:
        name = {"first_name": "Reader"} if self.type == "private" else {"title": "Group"}
        return {"id": self.id, "type": self.type, **name}


@dataclass(frozen=True)
class Limits:
    """How many messages in how many seconds: per bot, per chat, per group."""

    bot: tuple[int, float] = (30, 1.0)
    chat: tuple[int, float] = (1, 1.0)
    group: tuple[int, float] = (20, 60.0)


TELEGRAM_LIMITS = Limits()


@dataclass
class _Windows:
    """Sliding windows of what was accepted."""

    times: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def check(self, name: str, limit: tuple[int, float], now: float) -> None:
        count, period = limit
        times = self.times[name]
        while times and times[0] <= now - period:
            times.popleft()
        if len(times) >= count:
            seconds = max(1, math.ceil(times[0] + period - now))
            raise ApiError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)

    def count(self, name: str, now: float) -> None:
        self.times[name].append(now)


class TelegramServer(HttpServer):
    """The Bot API for one bot. `limits=None` lifts the rate limits."""

    def __init__(
        self,
        log: Path | None = None,
        port: int = 0,
        faults: Faults | None = None,
        *,
        token: str = TOKEN,
        limits: Limits | None = TELEGRAM_LIMITS,
        open_to_all: bool = False,
    ) -> None:
        super().__init__(log, port, faults)
        self.token, self.limits, self.open_to_all = token, limits, open_to_all
        self.chats: dict[int, Chat] = {}
        self.refused: list[str] = []
        self.commands: dict[str, Any] = {}
        self._messages: dict[tuple[int, int], dict[str, Any]] = {}
        self._queries: dict[str, float] = {}
        self._updates: deque[dict[str, Any]] = deque()
        self._last_id = 0
        self._windows = _Windows()
        self._state = threading.Condition()

    # What a test arranges

    def add_chat(self, chat_id: int, type: str | None = None, **more: Any) -> Chat:  # noqa: A002 - the API's name
        """A chat the bot may write to; its type follows from the id unless given."""
        guess = "private" if chat_id > 0 else "supergroup" if str(chat_id).startswith("-100") else "group"
        self.chats[chat_id] = Chat(chat_id, type or guess, **more)
        return self.chats[chat_id]

    def block(self, chat_id: int, words: str = "bot was blocked by the user") -> None:
        """Let the chat refuse the bot with a 403."""
        self.chats[chat_id].refusal = ApiError(403, f"Forbidden: {words}")

    def migrate(self, old: int, new: int) -> None:
        """Make a group a supergroup with a new id."""
        self.add_chat(new, "supergroup")
        self.chats[old].refusal = ApiError(
            400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=new
        )

    def push(self, **update: Any) -> None:
        """An update for `getUpdates`: `push(message={...})`."""
        with self._state:
            self._updates.append({"update_id": self._next_id(), **update})
            if "callback_query" in update:
                self._queries[update["callback_query"]["id"]] = time.monotonic()
            self._state.notify_all()

    @property
    def sent(self) -> list[dict[str, Any]]:
        """The messages taken, in order."""
        return [record for record in self.log.records if record["method"] == "sendMessage"]

    # What a bot asks

    def answer(self, call: Call) -> Reply:
        if call.path == "/control":
            return self._control(json.loads(call.body))
        parts = urlsplit(call.path)
        match = re.fullmatch(r"/bot([^/]*)/(\w+)", parts.path)
        try:
            if match is None or not re.fullmatch(r"\d+:[\w-]{35}", match[1]):
                raise ApiError(404, "Not Found")
            if match[1] != self.token:
                raise ApiError(401, "Unauthorized")
            return self._called(match[2].lower(), _parameters(parts.query, call))
        except ApiError as refusal:
            self.refused.append(refusal.description)
            body = {"ok": False, "error_code": refusal.code, "description": refusal.description}
            return json_reply(
                body | ({"parameters": refusal.parameters} if refusal.parameters else {}), refusal.code
            )

    def _called(self, method: str, parameters: dict[str, Any]) -> Reply:
        if method not in _METHODS:
            raise ApiError(404, "Not Found: method not found")

        def take() -> Reply:
            return json_reply({"ok": True, "result": _METHODS[method](self, parameters)})

        return self.misbehaving(take) if method == "sendmessage" else take()

    def _control(self, orders: dict[str, Any]) -> Reply:
        for chat_id in orders.get("chats", ()):
            self.add_chat(chat_id)
        if "block" in orders:
            self.block(orders["block"])
        if "migrate" in orders:
            self.migrate(*orders["migrate"])
        self.faults.order(*(Fault(**fault) for fault in orders.get("faults", ())))
        return json_reply({"ok": True})

    def _send_message(self, parameters: dict[str, Any]) -> dict[str, Any]:
        text = _checked_text(parameters)
        _check_keyboard(parameters.get("reply_markup"))
        with self._state:
            chat = self._chat(parameters)
            self._count(chat)
            message = {"message_id": self._next_id(), "date": int(time.time()), "from": BOT, "text": text}
            message["chat"] = chat.public()
            markup = parameters.get("reply_markup")
            self._messages[chat.id, message["message_id"]] = message | {"markup": markup}
            self.log.append(
                {
                    "method": "sendMessage",
                    "chat_id": chat.id,
                    "topic": parameters.get("message_thread_id"),
                    "message_id": message["message_id"],
                    "text": text,
                    "html": parameters["text"],
                    "reply_markup": markup,
                }
            )
            return message

    def _chat(self, parameters: dict[str, Any]) -> Chat:
        given = str(parameters.get("chat_id", ""))
        if not given:
            raise ApiError(400, "Bad Request: chat_id is empty")
        chat = self._find_chat(given)
        if chat is None:
            raise ApiError(400, "Bad Request: chat not found")
        if chat.refusal:
            raise chat.refusal
        topic = int(parameters.get("message_thread_id", 0))
        if topic and topic not in chat.topics:
            raise ApiError(400, "Bad Request: message thread not found")
        return chat

    def _find_chat(self, given: str) -> Chat | None:
        if given.startswith("@"):
            return next((chat for chat in self.chats.values() if chat.username == given[1:]), None)
        number = int(given) if re.fullmatch(r"-?\d+", given) else 0
        if number and number not in self.chats and self.open_to_all:
            self.add_chat(number)
        return self.chats.get(number)

    def _count(self, chat: Chat) -> None:
        """Refuse what breaks a limit; only what is taken counts."""
        if self.limits is None:
            return
        now = time.monotonic()
        windows = {"bot": self.limits.bot, f"chat {chat.id}": self.limits.chat}
        if chat.type != "private":
            windows[f"group {chat.id}"] = self.limits.group
        for name, limit in windows.items():
            self._windows.check(name, limit, now)
        for name in windows:
            self._windows.count(name, now)

    def _edit_message_text(self, parameters: dict[str, Any]) -> dict[str, Any]:
        text, markup = _checked_text(parameters), parameters.get("reply_markup")
        _check_keyboard(markup)
        with self._state:
            message = self._message(parameters, "edit")
            if (message["text"], message["markup"]) == (text, markup):
                raise ApiError(
                    400,
                    "Bad Request: message is not modified: specified new message content and reply markup "
                    "are exactly the same as a current content and reply markup of the message",
                )
            message.update(text=text, markup=markup)
            self.log.append({"method": "editMessageText", "chat_id": message["chat"]["id"], "text": text})
            return {key: value for key, value in message.items() if key != "markup"}

    def _delete_message(self, parameters: dict[str, Any]) -> bool:
        with self._state:
            message = self._message(parameters, "delete")
            del self._messages[message["chat"]["id"], message["message_id"]]
        return True

    def _message(self, parameters: dict[str, Any], verb: str) -> dict[str, Any]:
        chat = self._chat({"chat_id": parameters.get("chat_id", "")})
        message = self._messages.get((chat.id, int(parameters.get("message_id", 0))))
        if message is None:
            raise ApiError(400, f"Bad Request: message to {verb} not found")
        return message

    def _answer_callback_query(self, parameters: dict[str, Any]) -> bool:
        asked = self._queries.pop(parameters.get("callback_query_id", ""), None)
        if asked is None or time.monotonic() - asked > 60:
            raise ApiError(
                400, "Bad Request: query is too old and response timeout expired or query ID is invalid"
            )
        return True

    def _get_updates(self, parameters: dict[str, Any]) -> list[dict[str, Any]]:
        offset, wait = int(parameters.get("offset", 0)), float(parameters.get("timeout", 0))
        with self._state:
            while self._updates and self._updates[0]["update_id"] < offset:
                self._updates.popleft()
            self._state.wait_for(lambda: bool(self._updates), timeout=min(wait, 50))
            return list(self._updates)[: int(parameters.get("limit", 100))]

    def _set_my_commands(self, parameters: dict[str, Any]) -> bool:
        commands = json.loads(parameters["commands"])
        if any(not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]) for command in commands):
            raise ApiError(400, "Bad Request: BOT_COMMAND_INVALID")
        self.commands[f"{parameters.get('scope', '')}{parameters.get('language_code', '')}"] = commands
        return True

    def _get_me(self, parameters: dict[str, Any]) -> dict[str, Any]:
        return BOT

    def _get_chat(self, parameters: dict[str, Any]) -> dict[str, Any]:
        return self._chat(parameters).public() | {"accent_color_id": 0, "max_reaction_count": 11}

    def _done(self, parameters: dict[str, Any]) -> bool:
        return True

    def _next_id(self) -> int:
        self._last_id += 1
        return self._last_id


_METHODS: dict[str, Callable[[TelegramServer, dict[str, Any]], Any]] = {
    "answercallbackquery": TelegramServer._answer_callback_query,
    "deletemessage": TelegramServer._delete_message,
    "deletemycommands": TelegramServer._done,
    "deletewebhook": TelegramServer._done,
    "editmessagetext": TelegramServer._edit_message_text,
    "getchat": TelegramServer._get_chat,
    "getme": TelegramServer._get_me,
    "getupdates": TelegramServer._get_updates,
    "sendchataction": TelegramServer._done,
    "sendmessage": TelegramServer._send_message,
    "setmycommands": TelegramServer._set_my_commands,
    "setwebhook": TelegramServer._done,
}


def _parameters(query: str, call: Call) -> dict[str, Any]:
    """Parameters from the query and from a form or JSON body."""
    parameters: dict[str, Any] = dict(parse_qsl(query))
    if "json" in call.headers.get("content-type", ""):
        return parameters | json.loads(call.body)
    return parameters | dict(parse_qsl(call.body.decode()))


def _checked_text(parameters: dict[str, Any]) -> str:
    """What the reader will see; refused if it is empty, too long or not well marked up."""
    text = parameters.get("text", "")
    if parameters.get("parse_mode", "").upper() == "HTML":
        try:
            text = visible_text(text)
        except EntityError as error:
            raise ApiError(400, f"Bad Request: can't parse entities: {error}") from None
    if not text.strip():
        raise ApiError(400, "Bad Request: message text is empty")
    if len(text.encode("utf-16-le")) // 2 > 4096:
        raise ApiError(400, "Bad Request: message is too long")
    return text


def _check_keyboard(markup: str | None) -> None:
    rows = json.loads(markup).get("inline_keyboard", []) if markup else []
    for button in (button for row in rows for button in row):
        if len(button.get("callback_data", "").encode()) > 64:
            raise ApiError(400, "Bad Request: BUTTON_DATA_INVALID")


if __name__ == "__main__":
    run(lambda log, port, faults: TelegramServer(log, port, faults, open_to_all=True))
