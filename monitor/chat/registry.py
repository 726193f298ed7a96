"""What the bot knows how to do. Menus, help and suggestions are made of this.

@command("pause", N_("pause one or all subscriptions"), group=True, changes=True)
def pause(turn: Turn, rest: str) -> Answer: ...          # /pause 2 → rest "2"

@action("resume", changes=True)
def resume(turn: Turn, number: str) -> Answer: ...       # button(label, "resume", 2)

@question("edit")
def edited(turn: Turn, text: str) -> Answer: ...         # the answer to turn.ask("edit", ...)

@job("preview")
async def preview(services, texts, caller, **args) -> Answer: ...   # Later("preview", {...})

@event(EventKind.REMOVED)
def removed(turn: Turn, what: ChatEvent) -> Answer: ...  # it happened to the bot, nobody said anything

@plain_text(50)
def link(turn: Turn, text: str) -> Answer: ...           # None: the next one is asked
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from types import ModuleType
from typing import Any

from monitor.chat.model import Answer, ChatKind, EventKind

Handler = Callable[..., Answer]


class Scope(StrEnum):
    """Who is offered a command."""

    PRIVATE = "private"
    GROUP = "group"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command: `usage` is what may follow its name, `summary` and `details` are texts to be translated,
    `words` are other names. One that `changes` something is for administrators."""

    name: str
    summary: str
    run: Handler
    scopes: frozenset[Scope]
    usage: str = ""
    details: str = ""
    words: tuple[str, ...] = ()
    changes: bool = False

    def is_for(self, kind: ChatKind, operator: bool) -> bool:
        """Whether it is offered in such a chat."""
        own = Scope.PRIVATE if kind is ChatKind.PRIVATE else Scope.GROUP
        return own in self.scopes or (operator and Scope.OPERATOR in self.scopes)


@dataclass(frozen=True, slots=True)
class Action:
    """What a press of a button does."""

    run: Handler
    changes: bool = False
    operator: bool = False


COMMANDS: dict[str, Command] = {}
"""By name, in the order in which menus show them (see `arrange`)."""
ACTIONS: dict[str, Action] = {}
QUESTIONS: dict[str, Handler] = {}
JOBS: dict[str, Callable[..., Awaitable[Answer]]] = {}
EVENTS: dict[EventKind, Handler] = {}
PLAIN: list[tuple[int, Handler]] = []


def command(
    name: str,
    summary: str,
    *,
    usage: str = "",
    details: str = "",
    words: tuple[str, ...] = (),
    group: bool = True,
    operator: bool = False,
    changes: bool = False,
) -> Callable[[Handler], Handler]:
    """Make a function a command. `group`: also in groups and channels; `operator`: for operators only."""
    scopes = {Scope.OPERATOR} if operator else {Scope.PRIVATE, *([Scope.GROUP] if group else [])}

    def add(run: Handler) -> Handler:
        COMMANDS[name] = Command(
            name=name,
            summary=summary,
            run=run,
            scopes=frozenset(scopes),
            usage=usage,
            details=details,
            words=words,
            changes=changes,
        )
        return run

    return add


def action(name: str, *, changes: bool = False, operator: bool = False) -> Callable[[Handler], Handler]:
    """Make a function what the buttons of that action do; it gets their arguments."""

    def add(run: Handler) -> Handler:
        ACTIONS[name] = Action(run, changes, operator)
        return run

    return add


def question(name: str) -> Callable[[Handler], Handler]:
    """Make a function take the text that answers `turn.ask(name, ...)`."""

    def add(run: Handler) -> Handler:
        QUESTIONS[name] = run
        return run

    return add


def job(name: str) -> Callable[[Any], Any]:
    """Make a coroutine function the job of that name."""

    def add(run: Any) -> Any:
        JOBS[name] = run
        return run

    return add


def event(kind: EventKind) -> Callable[[Handler], Handler]:
    """Make a function act upon what happens to the bot."""

    def add(run: Handler) -> Handler:
        EVENTS[kind] = run
        return run

    return add


def plain_text(order: int) -> Callable[[Handler], Handler]:
    """Let a function look at text that is no command and answers no question; lowest order first."""

    def add(run: Handler) -> Handler:
        PLAIN.append((order, run))
        PLAIN.sort(key=lambda one: one[0])
        return run

    return add


def arrange(*modules: ModuleType) -> None:
    """Bring the commands into the order of the modules that they stand in."""
    places = {module.__name__: place for place, module in enumerate(modules)}
    ordered = sorted(COMMANDS.items(), key=lambda item: places[item[1].run.__module__])
    COMMANDS.clear()
    COMMANDS.update(ordered)


def named(word: str) -> Command | None:
    """The command of that name or other name."""
    word = word.lower()
    return COMMANDS.get(word) or next((one for one in COMMANDS.values() if word in one.words), None)


def nearest(word: str, kind: ChatKind, operator: bool) -> Command | None:
    """The command offered in such a chat whose name looks most like a mistyped one."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - only a mistake pays for loading it

    names = {
        name: one
        for one in COMMANDS.values()
        if one.is_for(kind, operator)
        for name in (one.name, *one.words)
    }
    found = process.extractOne(word.lower(), list(names), scorer=fuzz.ratio, score_cutoff=50)
    return names[found[0]] if found else None
