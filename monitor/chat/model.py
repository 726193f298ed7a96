"""What passes between a chat program's adapter and the commands. Knows no chat program."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from markupsafe import Markup

from monitor.compose.parts import clip

LABEL = 60
"""Most characters of a button's label."""

LARGEST_FILE = 200_000
"""Most bytes of a file that is read."""


class ChatKind(StrEnum):
    """Where somebody speaks. In a channel only its administrators can."""

    PRIVATE = "private"
    GROUP = "group"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who speaks, and where.

    `address` is the place as a destination's address has it, topic included: `-100123/45`. `user` is empty
    where nobody in particular speaks (a channel). `is_admin`: may change what this chat is told; in a private
    chat everybody is.
    """

    channel: str
    address: str
    kind: ChatKind = ChatKind.PRIVATE
    user: str = ""
    is_admin: bool = True
    is_operator: bool = False

    @property
    def chat(self) -> str:
        """The key of the chat: `telegram:-100123/45`."""
        return f"{self.channel}:{self.address}"

    @property
    def room(self) -> str:
        """The key of the whole chat, all its topics together: `telegram:-100123`."""
        return f"{self.channel}:{self.room_address}"

    @property
    def room_address(self) -> str:
        """The address of the whole chat: `-100123`."""
        return self.address.partition("/")[0]


class EventKind(StrEnum):
    """What can happen to the bot in a chat, without anybody saying a word to it."""

    ADDED = "added"  # it may speak there from now on
    SILENCED = "silenced"  # it is there and may not write
    REMOVED = "removed"  # it was taken out, or is blocked
    MOVED = "moved"  # the chat has another address


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatEvent:
    """Something that happened to the bot in the chat `address`, whose name is `title`.

    `hears_all`: it gets everything that is said there, not only what is meant for it. `new_address` is where
    a chat moved.
    """

    kind: EventKind
    address: str
    title: str = ""
    hears_all: bool = True
    new_address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One thing that was said: a text, with `press` a button of the message `message`, or an `event`.

    `query` is what the program wants the press to be answered by; `reply_to` is the message that a text
    answers: its id is the `provider_id` of the delivery where that was an alert, and `alert` is that
    delivery's message id where the message has an alert's buttons. `link`, with a word after it, opens a
    private chat with the bot in which that word follows /start. `file` is the text of a file that came along,
    empty where it cannot be read.
    """

    caller: Caller
    text: str = ""
    press: str | None = None
    query: str | None = None
    message: str | None = None
    reply_to: str | None = None
    alert: str | None = None
    event: ChatEvent | None = None
    link: str = ""
    file: str | None = None


@dataclass(frozen=True, slots=True)
class Button:
    """What a press does: `action` names a handler (see `registry.action`), which gets `args`; or a link."""

    label: str
    action: str = ""
    args: tuple[str, ...] = ()
    url: str = ""


def button(label: str, action: str, *args: object) -> Button:
    """A button whose handler gets these arguments, as strings of any length; a long label is shortened."""
    return Button(clip(label, LABEL), action, tuple(map(str, args)))


@dataclass(frozen=True, slots=True)
class File:
    """A text that is sent as a file."""

    name: str
    text: str


Rows = Iterable[Iterable[Button]]


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a reply that stays together on a page where it can, with its own rows of buttons."""

    text: Markup
    rows: tuple[tuple[Button, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What is said in answer. Blocks that do not fit one message become pages with buttons to turn them.

    `rows` are shown under every page. `edit`: in place of the message whose button was pressed, where one
    was; `toast` is a word that shows for a moment after a press. `prompt`: a text is expected in answer.
    """

    blocks: tuple[Block, ...] = ()
    rows: tuple[tuple[Button, ...], ...] = ()
    edit: bool = True
    toast: str = ""
    prompt: bool = False
    page: int = 0
    file: File | None = None


def reply(
    *texts: Markup | Block,
    rows: Rows = (),
    edit: bool = True,
    toast: str = "",
    prompt: bool = False,
    file: File | None = None,
) -> Reply:
    """A reply of these paragraphs, with these rows of buttons; empty ones are left out. `file` follows it."""
    blocks = (text if isinstance(text, Block) else Block(text) for text in texts)
    return Reply(
        blocks=tuple(block for block in blocks if block.text),
        rows=tuple(filter(None, map(tuple, rows))),
        edit=edit,
        toast=toast,
        prompt=prompt,
        file=file,
    )


def toast(text: str) -> Reply:
    """A word that shows for a moment; nothing else changes."""
    return Reply(toast=text)


@dataclass(frozen=True, slots=True)
class Later:
    """Work that is too slow for a transaction: the job of that name makes the reply when it is done."""

    job: str
    args: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Screen:
    """A message as it will stand: its text, and (label, data, url) of its buttons, row by row."""

    text: str
    keyboard: tuple[tuple[tuple[str, str, str], ...], ...] = ()


Answer = Reply | Screen | Later | None | Iterable[Reply | Screen | Later]
"""What a handler returns. A screen replaces the message whose button was pressed."""


class UserError(Exception):
    """Something that the user can put right; says what was found and the way out."""

    def __init__(self, text: Markup, rows: Rows = (), *, toast: str = "") -> None:
        super().__init__(text)
        self.reply = reply(text, rows=rows, edit=False, toast=toast)
