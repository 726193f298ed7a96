"""/unsubscribe: subscriptions are taken away, and brought back."""

import datetime as dt

from monitor.chat.arguments import read
from monitor.chat.commands._shared import changeable, choose, chosen, every, numbered, of_this_chat
from monitor.chat.model import Answer, Button, button, reply, toast
from monitor.chat.registry import action, command
from monitor.chat.texts import N_, code
from monitor.chat.turn import Turn
from monitor.storage import Subscription


@command(
    "unsubscribe",
    N_("take a subscription away (can be undone)"),
    usage=N_("NUMBER|all"),
    words=("退订", "取消订阅", "删除", "stop"),
    changes=True,
)
def unsubscribe(turn: Turn, rest: str) -> Answer:
    if not rest:
        return choose(turn, "remove", turn.say("Which one do you want to take away?"))
    if not every(rest):
        _, one = numbered(turn, rest)
        changeable(turn, one)
        return remove(turn, one.id)
    gone = chosen(turn, "all")
    for one in gone:
        turn.tx.subscriptions.remove(one.id, turn.now)
    rules = [code(one.rule) for one in gone]
    said = turn.counted("Unsubscribed:", "Unsubscribed, {count} in all:", len(gone))
    return reply(said, *rules, rows=[[undo(turn, *gone)]])


@action("remove", changes=True)
def remove(turn: Turn, subscription_id: int) -> Answer:
    """Take a subscription away; it can be brought back."""
    found = of_this_chat(turn, subscription_id)
    if found is None:
        return toast(turn.label("This subscription is gone already."))
    _, one = found
    turn.tx.subscriptions.remove(one.id, turn.now)
    return reply(
        turn.say("Unsubscribed:\n<code>{rule}</code>", rule=one.rule),
        rows=[[undo(turn, one), button(turn.label("My list"), "list")]],
    )


def undo(turn: Turn, *removed: Subscription) -> Button:
    """The button that brings back what was taken away, paused where it was."""
    states = (
        f"{one.id} {one.active:d} {one.paused_until.isoformat() if one.paused_until else ''}"
        for one in removed
    )
    return button(turn.label("Undo"), "restore", *states)


def _was(state: str) -> tuple[int, bool, dt.datetime | None]:
    """The number of what was taken away, whether it was active, and until when not. Raises
    `StaleButtonError`."""
    number, _, rest = state.partition(" ")
    active, _, until = rest.partition(" ")
    return read(int, number), active == "1", read(dt.datetime, until) if until else None


@action("restore", changes=True)
def restore(turn: Turn, *states: str) -> Answer:
    """Bring back what was taken away."""
    here = turn.home().id
    for number, active, until in map(_was, states):
        one = turn.tx.subscriptions.get(number)
        if one is not None and one.destination_id == here and one.removed_at is not None:
            turn.tx.subscriptions.restore(one.id)
            if not active:
                turn.tx.subscriptions.set_active(one.id, False, until)
    return reply(
        turn.counted("It is back.", "All {count} are back.", len(states)),
        rows=[[button(turn.label("My list"), "list")]],
    )
