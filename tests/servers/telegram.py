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
import urllib.error
import urllib.request
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

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
    """A chat as the server knows it. `refusal` is what every message to it meets, `bot` what the bot is in
    it."""

    id: int
    type: str = "private"
    username: str | None = None
    topics: frozenset[int] = frozenset()
    administrators: frozenset[int] = frozenset()
    refusal: ApiError | None = None
    bot: dict[str, Any] = field(default_factory=lambda: {"status": "member"})

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


@dataclass(frozen=True)
class Webhook:
    """Where updates are pushed, and the word that says who pushes them."""

    url: str
    secret: str

    def post(self, update: object) -> int:
        """Push an update; the status it met, 0 where nobody answered."""
        headers = {"content-type": "application/json", "X-Telegram-Bot-Api-Secret-Token": self.secret}
        request = urllib.request.Request(self.url, json.dumps(update).encode(), headers)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0


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
        self._toasts: dict[str, str] = {}
        self.files: dict[str, bytes] = {}
        self._updates: deque[dict[str, Any]] = deque()
        self._given: list[dict[str, Any]] = []
        self._repeated: list[dict[str, Any]] = []
        self._last_id = 0
        self._windows = _Windows()
        self.webhook: Webhook | None = None
        self.answers: list[int] = []
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

    def repeat_updates(self) -> None:
        """Give the last updates once more together with the next ones, as if it had not been heard that they
        arrived."""
        with self._state:
            self._repeated = list(self._given)

    def message(self, chat_id: int, message_id: int) -> dict[str, Any]:
        """A message as it stands, as updates tell of it."""
        return _public(self._messages[chat_id, message_id])

    def shown(self, chat_id: int) -> list[dict[str, Any]]:
        """Every message of a chat as it stands: `text`, `html`, `markup`, `topic`; `changed` grows;
        `unasked` came by itself: an alert or a note."""
        with self._state:
            return [dict(found) for (chat, _), found in self._messages.items() if chat == chat_id]

    def toast(self, query: str) -> tuple[str] | None:
        """What showed for a moment in answer to a press; None while it was not answered."""
        return (self._toasts[query],) if query in self._toasts else None

    @property
    def sent(self) -> list[dict[str, Any]]:
        """The messages taken, in order."""
        return [record for record in self.log.records if record["method"] == "sendMessage"]

    def _push_on(self) -> None:
        """Push what is there, one after the other, each until it is taken; as long as this is the way."""
        while self.webhook is not None:
            with self._state:
                self._state.wait_for(lambda: bool(self._updates) or self.webhook is None)
                update = self._updates[0] if self._updates else None
            if update is None or (webhook := self.webhook) is None:
                continue
            self.answers.append(webhook.post(update))
            if self.answers[-1] == 200:
                with self._state:
                    self._updates.popleft()
            else:
                time.sleep(0.1)

    # What a bot asks

    def answer(self, call: Call) -> Reply:
        if call.path == "/control":
            return self._control(json.loads(call.body))
        parts = urlsplit(call.path)
        if unquote(parts.path).startswith(f"/file/bot{self.token}/"):
            return Reply(200, self.files[parts.path.rpartition("/")[2]])
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
            topic = parameters.get("message_thread_id")
            # Only what comes by itself says whether it rings: an answer always does.
            unasked = "disable_notification" in parameters
            self._messages[chat.id, message["message_id"]] = message | {
                "markup": markup,
                "html": parameters["text"],
                "topic": int(topic) if topic else None,
                "changed": self._next_id(),
                "unasked": unasked,
            }
            self.log.append(
                {
                    "method": "sendMessage",
                    "chat_id": chat.id,
                    "unasked": unasked,
                    "topic": topic,
                    "message_id": message["message_id"],
                    "text": text,
                    "html": parameters["text"],
                    "reply_markup": markup,
                    "silent": str(parameters.get("disable_notification")).lower() == "true",
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
            message.update(text=text, markup=markup, html=parameters["text"])
            message.update(changed=self._next_id(), unasked=False)
            self.log.append({"method": "editMessageText", "chat_id": message["chat"]["id"], "text": text})
            return _public(message)

    def _send_document(self, parameters: dict[str, Any]) -> dict[str, Any]:
        """A file that the bot sends; the test finds it in the log."""
        with self._state:
            chat = self._chat(parameters)
            self._count(chat)
            name, content = parameters["document"]
            if not content:
                raise ApiError(400, "Bad Request: file must be non-empty")
            number = self._next_id()
            self.log.append(
                {"method": "sendDocument", "chat_id": chat.id, "name": name, "text": content.decode()}
            )
        document = {"file_id": f"sent{number}", "file_unique_id": f"u{number}", "file_name": name}
        return {
            "message_id": number,
            "date": int(time.time()),
            "from": BOT,
            "chat": chat.public(),
            "document": document,
        }

    def _get_file(self, parameters: dict[str, Any]) -> dict[str, Any]:
        name = parameters.get("file_id", "")
        if name not in self.files:
            raise ApiError(400, "Bad Request: invalid file_id")
        return {"file_id": name, "file_unique_id": name, "file_path": f"documents/{name}"}

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
        if len(parameters.get("text", "")) > 200:
            raise ApiError(400, "Bad Request: MESSAGE_TOO_LONG")
        self._toasts[parameters["callback_query_id"]] = parameters.get("text", "")
        return True

    def _get_updates(self, parameters: dict[str, Any]) -> list[dict[str, Any]]:
        if self.webhook is not None:
            raise ApiError(
                409,
                "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete "
                "the webhook first",
            )
        offset, wait = int(parameters.get("offset", 0)), float(parameters.get("timeout", 0))
        with self._state:
            while self._updates and self._updates[0]["update_id"] < offset:
                self._updates.popleft()
            self._state.wait_for(lambda: bool(self._updates), timeout=min(wait, 50))
            fresh = list(self._updates)[: int(parameters.get("limit", 100))]
            found, self._repeated = [*self._repeated, *fresh], [] if fresh else self._repeated
            self._given = fresh or self._given
            return found if fresh else []

    def _set_my_commands(self, parameters: dict[str, Any]) -> bool:
        commands = json.loads(parameters["commands"])
        if any(not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]) for command in commands):
            raise ApiError(400, "Bad Request: BOT_COMMAND_INVALID")
        self.commands[f"{parameters.get('scope', '')}{parameters.get('language_code', '')}"] = commands
        return True

    def _set_webhook(self, parameters: dict[str, Any]) -> bool:
        secret = parameters.get("secret_token", "")
        if not re.fullmatch("[A-Za-z0-9_-]{0,256}", secret):
            raise ApiError(400, "Bad Request: secret token contains unallowed characters")
        started, self.webhook = self.webhook is not None, Webhook(parameters["url"], secret)
        if not started:
            threading.Thread(target=self._push_on, daemon=True).start()
        return True

    def _delete_webhook(self, parameters: dict[str, Any]) -> bool:
        with self._state:
            self.webhook = None
            self._state.notify_all()
        return True

    def _get_webhook_info(self, parameters: dict[str, Any]) -> dict[str, Any]:
        url = self.webhook.url if self.webhook else ""
        return {"url": url, "has_custom_certificate": False, "pending_update_count": len(self._updates)}

    def _get_me(self, parameters: dict[str, Any]) -> dict[str, Any]:
        return BOT

    def _get_chat(self, parameters: dict[str, Any]) -> dict[str, Any]:
        return self._chat(parameters).public() | {"accent_color_id": 0, "max_reaction_count": 11}

    def _get_chat_member(self, parameters: dict[str, Any]) -> dict[str, Any]:
        chat, user = self._chat(parameters), int(parameters.get("user_id", 0))
        if user == BOT["id"]:
            return {"user": BOT, **chat.bot}
        who = {"id": user, "is_bot": False, "first_name": "Reader"}
        if user in chat.administrators:
            rights = dict.fromkeys(_RIGHTS, False)
            return {"user": who, "status": "administrator", "can_be_edited": False, **rights}
        return {"user": who, "status": "member"}

    def _done(self, parameters: dict[str, Any]) -> bool:
        return True

    def _next_id(self) -> int:
        self._last_id += 1
        return self._last_id


_RIGHTS = (
    "is_anonymous",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)
_METHODS: dict[str, Callable[[TelegramServer, dict[str, Any]], Any]] = {
    "answercallbackquery": TelegramServer._answer_callback_query,
    "deletemessage": TelegramServer._delete_message,
    "deletemycommands": TelegramServer._done,
    "deletewebhook": TelegramServer._delete_webhook,
    "editmessagetext": TelegramServer._edit_message_text,
    "getchat": TelegramServer._get_chat,
    "getchatmember": TelegramServer._get_chat_member,
    "getfile": TelegramServer._get_file,
    "getme": TelegramServer._get_me,
    "getwebhookinfo": TelegramServer._get_webhook_info,
    "getupdates": TelegramServer._get_updates,
    "sendchataction": TelegramServer._done,
    "senddocument": TelegramServer._send_document,
    "sendmessage": TelegramServer._send_message,
    "setmycommands": TelegramServer._set_my_commands,
    "setwebhook": TelegramServer._set_webhook,
}


def _public(message: dict[str, Any]) -> dict[str, Any]:
    """A message without what only this server keeps with it, its buttons as the API tells them."""
    own = ("markup", "html", "topic", "changed", "unasked")
    told = {key: value for key, value in message.items() if key not in own}
    return told | ({"reply_markup": json.loads(message["markup"])} if message.get("markup") else {})


def _parameters(query: str, call: Call) -> dict[str, Any]:
    """Parameters from the query and from a form or JSON body."""
    parameters: dict[str, Any] = dict(parse_qsl(query))
    if "json" in call.headers.get("content-type", ""):
        return parameters | json.loads(call.body)
    if "multipart" in call.headers.get("content-type", ""):
        return parameters | dict(_fields(call))
    return parameters | dict(parse_qsl(call.body.decode()))


def _fields(call: Call) -> Iterator[tuple[str, Any]]:
    """The fields of a form with files: a file is its name and content."""
    head = f"Content-Type: {call.headers['content-type']}\r\n\r\n".encode()
    for part in message_from_bytes(head + call.body).walk():
        name = part.get_param("name", header="content-disposition")
        if isinstance(name, str):
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes), "a field is no form of its own"
            file = part.get_filename()
            yield name, (file, content) if file else content.decode()


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
