"""/start: two sentences, then the way to the first subscription, step by step with buttons.

    provinces → agencies → topics → frequency → preview → save

What was chosen so far is kept with the question that is being asked, so that a restart changes nothing. At
each step names may also be typed.
"""

from collections.abc import Mapping
from typing import Any, Literal

from markupsafe import Markup

from monitor.chat.commands._shared import understood
from monitor.chat.commands.making import subscribed
from monitor.chat.commands.previewing import previewed
from monitor.chat.commands.steps import Step, steps_of
from monitor.chat.commands.telling import written
from monitor.chat.model import Answer, Button, Reply, button, reply, toast
from monitor.chat.registry import action, command, question
from monitor.chat.texts import N_, bold
from monitor.chat.turn import Turn
from monitor.preferences import parse_frequency
from rules.conditions import Term, Value, leaves


@command("start", N_("subscribe step by step"), words=("开始", "begin"), changes=True)
def start(turn: Turn, rest: str) -> Answer:
    welcome = turn.say(
        "I read the notices of the health, medical insurance and drug agencies, and tell you those that "
        "concern you, each once. A few questions and you are done."
    )
    shown = _asked(turn, {"step": 0})
    other = "en" if turn.texts.language == "zh" else "zh"
    language = button("English" if other == "en" else "中文", "language", other)
    return reply(welcome, *shown.blocks, rows=[*shown.rows, [language]], edit=False)


def _asked(turn: Turn, data: Mapping[str, Any]) -> Reply:
    """Ask the question of the step that the data stand at."""
    turn.ask("start", data)
    steps = steps_of(turn.services.vocabulary)
    number = data["step"]
    step = steps[number]
    chosen = data.get(step.name, [])
    offered = [*step.offered, *(one for one in chosen if one not in step.offered)]
    shown = [_shown(turn, step, one) for one in offered]
    grid = [
        button(f"✓ {label}" if one in chosen else label, "start", "toggle", place)
        for place, (one, label) in enumerate(zip(offered, shown, strict=True))
    ]
    rows = [grid[at : at + step.columns] for at in range(0, len(grid), step.columns)]
    listed = (
        turn.say("Chosen: <b>{names}</b>", names=turn.texts.listed(_shown(turn, step, one) for one in chosen))
        if chosen
        else turn.say(step.hint)
    )
    return reply(
        Markup("{}  {}").format(bold(f"{number + 1}/{len(steps)}"), turn.say(step.question)),
        listed,
        rows=[*rows, _ways(turn, number, bool(chosen))],
        prompt=True,
    )


def _shown(turn: Turn, step: Step, value: str) -> str:
    return value if step.prefix is not None else parse_frequency(value).show(turn.texts.words)


def _ways(turn: Turn, number: int, chosen: bool) -> list[Button]:
    back = [button(turn.label("‹ Back"), "start", "back")] if number else []
    forward = turn.label("Next ›") if chosen else turn.label("Skip ›")
    return [*back, button(turn.label("Cancel"), "cancel"), button(forward, "start", "next")]


@action("start", changes=True)
def pressed(turn: Turn, what: Literal["toggle", "next", "back", "save"], value: int = 0) -> Answer:
    """A button of the guided way: `toggle` a value, go `next` or `back`, or `save`."""
    if turn.conversation is None or turn.conversation.asking != "start":
        return toast(turn.label("This is over. /start begins anew."))
    data = turn.conversation.data
    if what == "toggle":
        return _toggled(turn, data, value)
    if what == "save":
        return _saved(turn, data)
    if what == "back":
        return _asked(turn, {**data, "step": max(0, data["step"] - 1)})
    return _next(turn, data)


def _toggled(turn: Turn, data: Mapping[str, Any], place: int) -> Answer:
    if data["step"] >= len(steps_of(turn.services.vocabulary)):
        return toast(turn.label("This is over. /start begins anew."))
    step = steps_of(turn.services.vocabulary)[data["step"]]
    chosen = data.get(step.name, [])
    offered = [*step.offered, *(one for one in chosen if one not in step.offered)]
    if place >= len(offered):
        return toast(turn.label("This is over. /start begins anew."))
    value = offered[place]
    now = [one for one in chosen if one != value]
    if value not in chosen:
        now = [*now, value] if step.prefix is not None else [value]
    return _asked(turn, {**data, step.name: now})


def _next(turn: Turn, data: Mapping[str, Any]) -> Answer:
    steps = steps_of(turn.services.vocabulary)
    if data["step"] + 1 < len(steps):
        return _asked(turn, {**data, "step": data["step"] + 1})
    rule = _rule(turn, data)
    if not rule:
        return toast(turn.label("Choose something at one of the steps at least."))
    turn.ask("start", {**data, "step": len(steps)})
    return previewed(turn, rule, "start")


def _rule(turn: Turn, data: Mapping[str, Any]) -> str:
    """The rule of what was chosen, in its canonical form; empty where nothing was."""
    parts = []
    for step in steps_of(turn.services.vocabulary):
        if (chosen := data.get(step.name)) and step.prefix is not None:
            values = ",".join(chosen) if step.prefix else f"({' | '.join(chosen)})"
            parts.append(step.prefix + values)
    return str(understood(turn, " ".join(parts), "subscribe")) if parts else ""


def _saved(turn: Turn, data: Mapping[str, Any]) -> Answer:
    made = subscribed(turn, _rule(turn, data))
    for frequency in data.get("frequency", []):
        turn.tx.destinations.prefer(turn.home().subscriber_id, frequency=parse_frequency(frequency))
    return made


@question("start")
def typed(turn: Turn, text: str) -> Answer:
    """Names typed at a step are added to those tapped."""
    conversation = turn.conversation
    if conversation is None or not turn.caller.is_admin:
        return None
    data, steps = conversation.data, steps_of(turn.services.vocabulary)
    if data["step"] >= len(steps):
        return reply(turn.say("Tap one of the buttons above, or send /cancel."))
    step = steps[data["step"]]
    values = _values(turn, step, text)
    if step.prefix is None:
        return _asked(turn, {**data, step.name: values})
    chosen = [*data.get(step.name, []), *(one for one in values if one not in data.get(step.name, []))]
    return _asked(turn, {**data, step.name: chosen})


def _values(turn: Turn, step: Step, text: str) -> list[str]:
    """What was typed, as a rule prints it. Raises `UserError`."""
    if step.prefix is None:
        return [str(written(turn, parse_frequency, text))]
    if not step.prefix:
        condition = understood(turn, text, "subscribe").condition
        words = [leaf.word for leaf in leaves(condition) if isinstance(leaf, Term | Value)]
        return words if all(isinstance(leaf, Term) for leaf in leaves(condition)) else [f"({condition})"]
    found = []
    for word in text.replace("、", " ").replace("，", " ").replace(",", " ").split():
        condition = understood(turn, step.prefix + word, "start_typed").condition
        found += [leaf.value for leaf in leaves(condition) if isinstance(leaf, Value)]
    return found


@action("start_typed", changes=True)
def corrected(turn: Turn, text: str) -> Answer:
    """The suggestion for a mistyped name was taken."""
    return typed(turn, text.partition(":")[2])
