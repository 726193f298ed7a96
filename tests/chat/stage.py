"""A bot as a process of its own, Telegram as a strict local server, and people who talk to the bot."""

import itertools
import json
import re
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from monitor.storage import DeliveryState, Storage
from tests.processes import Program
from tests.servers.telegram import BOT, TOKEN, TelegramServer

OPERATOR = 900_000
CONFIG = """
database: {database}
sources:
  - {{id: inbox, kind: folder, path: inbox, every: 1s, first_check: alert, may_be_empty: true}}
channels:
  telegram: {{token: "{token}", base_url: "http://127.0.0.1:{port}"}}
{channels}
chat: {{operators: [{operator}]{chat}}}
{more}
"""
_NEXT = itertools.count(1)
_FIRST_PERSON = 7_000_000_000  # a number that stands in no time and no name by chance


@dataclass
class Shown:
    """A message of the bot as its reader sees it now."""

    id: int
    chat: int
    topic: int | None
    text: str
    html: str
    buttons: list[list[dict[str, str]]]

    @property
    def labels(self) -> list[str]:
        """What stands on its buttons, row by row."""
        return [button["text"] for row in self.buttons for button in row]


@dataclass
class Stage:
    """The program and its surroundings."""

    folder: Path
    database: str
    telegram: TelegramServer
    _process: Program | None = field(default=None, repr=False)

    def start(self) -> None:
        self._process = Program("run", folder=self.folder, output=self.folder / "program.log")

    def publish(self, title: str, text: str = "", issuer: str = "山西省医疗保障局") -> None:
        """Let an agency issue a notice."""
        body = (
            f"{title}\n\n各市医疗保障局：\n\n　　{text or title}，请遵照执行。\n\n{issuer}\n2026年11月20日\n"
        )
        name = f"{next(_NEXT)}.txt"
        part = self.folder / f".{name}.part"
        part.write_text(body, "utf-8")
        part.rename(self.folder / "inbox" / name)

    def kill(self) -> None:
        """As `kill -9` does."""
        assert self._process is not None
        self._process.kill()

    def stop(self) -> int:
        assert self._process is not None
        self._process.interrupt()
        return self._process.wait(30)

    @property
    def runs(self) -> bool:
        return self._process is not None and self._process.runs

    def log(self) -> str:
        return (self.folder / "program.log").read_text("utf-8")

    def until(self, reached: Callable[[], Any], seconds: float = 15) -> Any:
        """Wait for something while the program runs; what it came to."""
        end = time.monotonic() + seconds
        while not (found := reached()):
            assert time.monotonic() < end, f"{self.telegram.refused}\n{self.log()}"
            time.sleep(0.01)
        return found

    @contextmanager
    def opened(self) -> Iterator[Storage]:
        """The program's database."""
        storage = Storage(self.database)
        try:
            yield storage
        finally:
            storage.close()

    def sending(self) -> bool:
        """Whether the outcome of a delivery is not noted yet."""
        with self.opened() as storage, storage.read() as tx:
            return DeliveryState.LEASED in tx.deliveries.counts()

    def person(self, language: str = "zh") -> "Person":
        """Somebody new, in a private chat; a reader of English says so first."""
        number = _FIRST_PERSON + next(_NEXT)
        self.telegram.add_chat(number)
        person = Person(self, number, number)
        if language == "en":
            person.says("/lang en")
        return person

    def group(self, *, topics: frozenset[int] = frozenset()) -> "Group":
        """A new group with one administrator and one other member."""
        number = -1_001_000_000_000 - next(_NEXT)
        administrator, member = _FIRST_PERSON + next(_NEXT), _FIRST_PERSON + next(_NEXT)
        self.telegram.add_chat(number, topics=topics, administrators=frozenset({administrator}))
        return Group(Person(self, administrator, number), Person(self, member, number))


@dataclass(frozen=True)
class Group:
    """Two members of one group."""

    administrator: "Person"
    member: "Person"


@dataclass
class Person:
    """A user in a chat. `says` and `presses` return what the bot answers."""

    stage: Stage
    user: int
    chat: int
    topic: int | None = None

    def sends(self, text: str, reply_to: int | None = None) -> None:
        """Say something, without waiting for an answer."""
        self.stage.telegram.push(message=self.message(text, reply_to))

    def shows(self, thing: dict[str, Any]) -> None:
        """Send something that is no text, without waiting for an answer."""
        message = self.message("") | thing
        del message["text"]
        self.stage.telegram.push(message=message)

    def says(self, text: str, reply_to: int | None = None) -> Shown:
        """Say something; the bot's answer. An alert or a note may come in between."""
        before = self.answers()
        self.sends(text, reply_to)
        self.stage.until(lambda: self.answers() > before)
        return self.sees(unasked=False)

    def hands(self, content: bytes, caption: str = "", size: int | None = None) -> Shown:
        """Send a file; the next message of the bot."""
        before, name = self.answers(), f"file{next(_NEXT)}"
        self.stage.telegram.files[name] = content
        message = self.message(caption)
        del message["text"]
        message["document"] = {"file_id": name, "file_unique_id": name, "file_size": size or len(content)}
        message |= {"caption": caption} if caption else {}
        self.stage.telegram.push(message=message)
        self.stage.until(lambda: self.answers() > before)
        return self.sees(unasked=False)

    def gets_file(self) -> tuple[str, str]:
        """The name and text of the file that the bot sent last."""

        def found() -> list[tuple[str, str]]:
            log = self.stage.telegram.log.records
            files = (one for one in log if one["method"] == "sendDocument" and one["chat_id"] == self.chat)
            return [(one["name"], one["text"]) for one in files]

        files: list[tuple[str, str]] = self.stage.until(found)
        return files[-1]

    def hears(self, words: str) -> Shown:
        """The message of the bot with these words, once it comes."""

        def found() -> Shown | None:
            seen = self.sees() if self.stage.telegram.shown(self.chat) else None
            return seen if seen and words in seen.text else None

        shown: Shown = self.stage.until(found, seconds=30)
        return shown

    def presses(self, label: str, message: Shown | None = None) -> Shown:
        """Press the first button whose label contains this; the message that comes of it, or is changed."""
        pressed = message or self.sees()
        before = self.changes()
        self.press(label, pressed)
        self.stage.until(lambda: self.changes() > before)
        return self.sees(unasked=False)

    def press(self, label: str, message: Shown | None = None) -> str:
        """The same press, without waiting for a change: the word that shows for a moment."""
        pressed = message or self.sees()
        button = next((one for row in pressed.buttons for one in row if label in one["text"]), None)
        assert button is not None, f"no button {label} under {pressed.text}: {pressed.labels}"
        return self.press_data(button["callback_data"], pressed)

    def press_data(self, data: str, pressed: Shown) -> str:
        query = f"query{next(_NEXT)}"
        server = self.stage.telegram
        topic = {"message_thread_id": self.topic, "is_topic_message": True} if self.topic else {}
        server.push(
            callback_query={
                "id": query,
                "from": self._me(),
                "chat_instance": "1",
                "data": data,
                "message": server.message(self.chat, pressed.id) | topic,
            }
        )
        return str(self.stage.until(lambda: server.toast(query), seconds=15)[0])

    def changes(self) -> int:
        """How often the bot answered here or changed a message."""
        return sum(
            one.get("chat_id") == self.chat and not one.get("unasked")
            for one in self.stage.telegram.log.records
        )

    def sees(self, *, unasked: bool = True) -> Shown:
        """The message of the bot that came or changed last; perhaps only of those that did by an act of
        theirs."""
        shown = self.stage.telegram.shown(self.chat)
        chats = [one for one in shown if one["topic"] == self.topic and (unasked or not one["unasked"])]
        assert chats, f"nothing was said: {self.stage.log()}"
        last = max(chats, key=lambda one: one["changed"])
        markup = json.loads(last["markup"] or "{}")
        return Shown(
            id=last["message_id"],
            chat=self.chat,
            topic=last["topic"],
            text=last["text"],
            html=last["html"],
            buttons=markup.get("inline_keyboard", []),
        )

    def answers(self) -> int:
        """How many messages the bot sent here in answer to something."""
        return sum(one["chat_id"] == self.chat and not one["unasked"] for one in self.stage.telegram.sent)

    def _me(self) -> dict[str, Any]:
        return {"id": self.user, "is_bot": False, "first_name": "Reader", "language_code": "zh-hans"}

    def message(self, text: str, reply_to: int | None = None) -> dict[str, Any]:
        """What they say, as an update tells it."""
        server = self.stage.telegram
        message: dict[str, Any] = {
            "message_id": 10_000_000 + next(_NEXT),
            "date": int(time.time()),
            "chat": server.chats[self.chat].public(),
            "from": self._me(),
            "text": text,
        }
        if re.match("/", text):
            message["entities"] = [
                {"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}
            ]
        if self.topic:
            message |= {"message_thread_id": self.topic, "is_topic_message": True}
        if reply_to is not None:
            message["reply_to_message"] = server.message(self.chat, reply_to) | {"from": BOT}
        return message


@contextmanager
def stage(
    folder: Path, database: str, *, chat: str = "", channels: str = "", more: str = ""
) -> Iterator[Stage]:
    """The servers run and the configuration is written; `chat`, `channels` (a line each) and `more` add to
    it. The program is started by the test, and ended here."""
    with TelegramServer(limits=None) as telegram:
        telegram.add_chat(OPERATOR)
        text = CONFIG.format(
            database=database,
            token=TOKEN,
            port=telegram.port,
            operator=OPERATOR,
            chat=chat,
            channels=textwrap.indent(channels, "  "),
            more=more,
        )
        (folder / "config.yaml").write_text(text, "utf-8")
        (folder / "inbox").mkdir()
        made = Stage(folder, database, telegram)
        try:
            yield made
        finally:
            if made.runs:
                made.kill()
