"""Answers → what the adapter sends: pages made, long arguments of buttons kept in the database."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Self, TypeVar

from monitor.chat.arguments import StaleButtonError, read
from monitor.chat.model import Answer, Block, Button, ChatKind, File, Later, Reply, Screen, button
from monitor.chat.paging import pages
from monitor.chat.turn import Turn

T = TypeVar("T")

DATA_LIMIT = 64
"""Most bytes that a button carries; what is longer is kept and named by its number."""
KEPT = "~"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One thing for the adapter to do, in a form that can be stored.

    Answer the press `query` with `toast`; put `screen` in place of the message `edit`, or send it where that
    is None; then send `file`, and do the job `later` in that `language`, and what comes of it.
    """

    query: str | None = None
    toast: str = ""
    screen: Screen | None = None
    file: File | None = None
    edit: str | None = None
    later: Later | None = None
    language: str = ""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        screen, later, file = stored["screen"], stored["later"], stored.get("file")
        return cls(
            **{
                **stored,
                "screen": screen and Screen(screen["text"], _tuples(screen["keyboard"])),
                "file": file and File(**file),
                "later": later and Later(later["job"], later["args"]),
            }
        )


def _tuples(rows: Iterable[Iterable[Iterable[str]]]) -> Any:
    return tuple(tuple(tuple(one) for one in row) for row in rows)


def render(turn: Turn, answer: Answer) -> list[Outgoing]:
    """What is to be sent. A press is answered even where there is nothing to say."""
    found = [_outgoing(turn, one) for one in _flat(answer)]
    if turn.incoming.query is not None:
        word = next((one.toast for one in found if one.toast), "")
        first, *rest = found or [Outgoing()]
        found = [replace(first, query=turn.incoming.query, toast=word), *rest]
    return [one for one in found if one.query or one.screen or one.later]


def _flat(answer: Answer) -> Iterator[Reply | Screen | Later]:
    if isinstance(answer, Reply | Screen | Later):
        yield answer
    elif answer is not None:
        yield from answer


def _outgoing(turn: Turn, one: Reply | Screen | Later) -> Outgoing:
    message = turn.incoming.message
    if isinstance(one, Later):
        return Outgoing(later=one, edit=message, language=turn.texts.language)
    if isinstance(one, Screen):
        return Outgoing(screen=one, edit=message)
    return Outgoing(
        toast=one.toast,
        screen=_screen(turn, one) if one.blocks else None,
        file=one.file,
        edit=message if one.edit else None,
    )


def _screen(turn: Turn, reply: Reply) -> Screen:
    blocks = reply.blocks
    if reply.prompt and turn.caller.kind is ChatKind.GROUP:  # it sees nothing else of what is said there
        blocks += (Block(turn.say("Answer as a reply to this message.")),)
    made = pages(blocks)
    screens = [
        Screen(
            "\n\n".join(block.text for block in page),
            tuple(
                tuple(_drawn(turn, one) for one in row)
                for row in (*(row for block in page for row in block.rows), *reply.rows)
            ),
        )
        for page in made
    ]
    if len(screens) == 1:
        return screens[0]
    kept = turn.tx.chats.keep(turn.caller.chat, [asdict(screen) for screen in screens], turn.now)
    return _turned(turn, screens, kept, min(reply.page, len(screens) - 1))


def _turned(turn: Turn, screens: Sequence[Screen], kept: int, page: int) -> Screen:
    """One of several pages, with the buttons that turn them."""
    around = [
        button("‹", "page", kept, page - 1) if page else button("·", "page", kept, page),
        button(f"{page + 1} / {len(screens)}", "page", kept, page),
        button("›", "page", kept, page + 1) if page + 1 < len(screens) else button("·", "page", kept, page),
    ]
    return replace(
        screens[page],
        keyboard=(*screens[page].keyboard, tuple(_drawn(turn, one) for one in around)),
    )


def kept_page(turn: Turn, kept: int, page: int) -> Screen:
    """A page of a reply that was made before. Raises `StaleButtonError` where that was too long ago."""
    screens = [Screen(one["text"], _tuples(one["keyboard"])) for one in _kept(turn, kept, dict)]
    return _turned(turn, screens, kept, min(page, len(screens) - 1))


def _drawn(turn: Turn, one: Button) -> tuple[str, str, str]:
    return (one.label, "" if one.url else _data(turn, one), one.url)


def _data(turn: Turn, one: Button) -> str:
    parts = (one.action, *one.args)
    data = ":".join(parts)
    if len(data.encode()) <= DATA_LIMIT and not any(":" in part for part in parts):
        return data
    kept = turn.tx.chats.keep(turn.caller.chat, list(one.args), turn.now)
    return f"{one.action}:{KEPT}:{kept}"


def pressed(turn: Turn, data: str) -> tuple[str, list[str]]:
    """The action and the arguments of a button. Raises `StaleButtonError` where what it stood for is
    forgotten."""
    action, *args = data.split(":")
    if args[:1] == [KEPT]:
        args = _kept(turn, read(int, ":".join(args[1:])), str)
    return action, args


def _kept(turn: Turn, number: int, kind: type[T]) -> list[T]:
    """What was kept under that number: the arguments of a button, or pages. Raises `StaleButtonError`."""
    kept = turn.tx.chats.kept(turn.caller.chat, number)
    if kept is None or not all(isinstance(one, kind) for one in kept):
        raise StaleButtonError
    return list(kept)
