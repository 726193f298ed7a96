"""What several commands need."""

import re
from collections.abc import Mapping
from typing import Any, Literal

from markupsafe import Markup

from monitor.chat.model import Button, Reply, UserError, button, reply
from monitor.chat.turn import Turn
from monitor.saved_rules import read_rule
from monitor.storage import Origin, Subscription
from rules import Rule, RuleError

Which = int | Literal["all"]
"""A subscription by its id, or all of them."""


def understood(turn: Turn, text: str, action: str, *args: object) -> Rule:
    """The rule that was written.

    Raises `UserError` with the place of the mistake, and a button for each suggestion that does `action` with
    `args` and the rule as it should be.
    """
    try:
        return _read(turn, text)
    except RuleError as error:
        message, _, place = error.render(turn.texts.language).partition("\n")
        fixes = [f"{text[: error.start]}{one}{text[error.end :]}" for one in error.suggestions]
        offered = [one for one in fixes if canonical(turn, one)][:3]
        raise UserError(
            Markup("{}\n<pre>{}</pre>").format(message, place),
            [[button(turn.label("Yes: {rule}", rule=one), action, *args, one)] for one in offered],
        ) from error


def canonical(turn: Turn, text: str) -> str | None:
    """The canonical form of a rule; None where the text is none."""
    try:
        return str(_read(turn, text))
    except RuleError:
        return None


def _read(turn: Turn, text: str) -> Rule:
    """The rule that a text states here, where saved rules have names."""
    owner = turn.destination.subscriber_id if turn.destination else None
    return read_rule(turn.tx, owner, text, turn.services.vocabulary)


def numbered(turn: Turn, word: str) -> tuple[int, Subscription]:
    """The subscription of that number in this chat's list. Raises `UserError`."""
    own = turn.subscriptions()
    found = re.fullmatch(r"[#＃]?(\d{1,6})", word.strip())
    if not own:
        raise UserError(
            turn.say("There are no subscriptions here yet."),
            [[button(turn.label("Make one"), "run", "start")]],
        )
    if found is None or not 1 <= int(found[1]) <= len(own):
        raise UserError(
            turn.counted(
                "There is one subscription here, number 1, not “{word}”.",
                "The subscriptions here have the numbers 1 to {count}, not “{word}”. /list shows them.",
                len(own),
                word=word,
            )
        )
    return int(found[1]), own[int(found[1]) - 1]


def of_this_chat(turn: Turn, subscription_id: int) -> tuple[int, Subscription] | None:
    """A subscription of this chat by its id, with its number; None where it is gone."""
    own = turn.subscriptions()
    return next(((number, one) for number, one in enumerate(own, 1) if one.id == subscription_id), None)


def changeable(turn: Turn, one: Subscription) -> None:
    """Raises `UserError` for what the configuration says: a restart would bring it back."""
    if one.origin is Origin.CONFIG:
        raise UserError(
            turn.say(
                "<code>{rule}</code> stands in the operator's configuration: ask the operator to change it.",
                rule=one.rule,
            )
        )


def asked(turn: Turn, question: str, text: Markup, data: Mapping[str, Any] | None = None) -> Reply:
    """Ask for a text, with a way out; `registry.question` says what takes the answer, `data` is for it."""
    turn.ask(question, data or {})
    return reply(text, rows=[[button(turn.label("Cancel"), "cancel")]], prompt=True)


def every(word: str) -> bool:
    """Whether all subscriptions are meant."""
    return word.lower() in ("all", "*", "全部", "所有")


def choose(turn: Turn, action: str, said: Markup, *, every: bool = False) -> Reply:
    """Ask which subscription is meant. Raises `UserError` where there is none."""
    rows = choices(turn, action, every=every)
    if not rows:
        numbered(turn, "")  # says that there is none
    return reply(said, rows=rows)


def chosen(turn: Turn, which: Which) -> list[Subscription]:
    """One by its id, or all that can be changed here. Raises `UserError` where there is none."""
    if which == "all":
        found = [one for one in turn.subscriptions() if one.origin is not Origin.CONFIG]
    else:
        one = of_this_chat(turn, which)
        found = [one[1]] if one else []
        for subscription in found:
            changeable(turn, subscription)
    if not found:
        raise UserError(turn.say("There is nothing here to change."))
    return found


def choices(turn: Turn, action: str, *, every: bool = False) -> list[list[Button]]:
    """A button for each subscription, and one for all of them."""
    rows = [
        [button(f"{number}. {one.name}", action, one.id)]
        for number, one in enumerate(turn.subscriptions(), 1)
        if one.origin is not Origin.CONFIG
    ]
    return [*rows, [button(turn.label("All of them"), action, "all")]] if every and len(rows) > 1 else rows
