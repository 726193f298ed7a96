"""/pause and /resume: one subscription or all, until a day or for good."""

import datetime as dt
import re

from monitor.chat.commands._shared import Which, choose, chosen, every, numbered
from monitor.chat.model import Answer, UserError, button, reply
from monitor.chat.registry import action, command
from monitor.chat.texts import N_, code
from monitor.chat.turn import Turn

_LONGEST_PAUSE = dt.timedelta(days=3650)
_NEAR = {"明天": 1, "tomorrow": 1, "后天": 2}


@command(
    "pause",
    N_("pause one or all subscriptions"),
    usage=N_("NUMBER|all [DATE|7d]"),
    details=N_(
        "<code>/pause 2</code>, <code>/pause all 7d</code>, <code>/pause all 2026-12-31</code>: "
        "on that day they go on by themselves."
    ),
    words=("暂停",),
    changes=True,
)
def pause(turn: Turn, rest: str) -> Answer:
    which, _, when = rest.partition(" ")
    if not which:
        return choose(turn, "pause", turn.say("Which one do you want to pause?"), every=True)
    until = _until(turn, when.strip()) if when.strip() else None
    return paused(turn, _which(turn, which), until)


@action("pause", changes=True)
def paused(turn: Turn, which: Which, until: dt.date | None = None) -> Answer:
    at = dt.datetime.combine(until, dt.time(), turn.zone) if until else None
    those = chosen(turn, which)
    for one in those:
        turn.tx.subscriptions.set_active(one.id, False, at)
    said = turn.counted("Paused:", "Paused, {count} in all:", len(those))
    if until:
        said = turn.counted(
            "Paused until {day}:", "Paused until {day}, {count} in all:", len(those), day=until
        )
    rules = [code(one.rule) for one in those]
    rows = [[button(turn.label("Resume"), "resume", which), button(turn.label("My list"), "list")]]
    return reply(said, *rules, rows=rows)


@command("resume", N_("resume what is paused"), usage=N_("NUMBER|all"), words=("恢复", "继续"), changes=True)
def resume(turn: Turn, rest: str) -> Answer:
    if not rest:
        own = [one for one in turn.subscriptions() if not one.active]
        if not own and turn.subscriptions():
            return reply(turn.say("Nothing is paused."), rows=[[button(turn.label("My list"), "list")]])
        return choose(turn, "resume", turn.say("Which one shall go on?"), every=True)
    return resumed(turn, _which(turn, rest))


@action("resume", changes=True)
def resumed(turn: Turn, which: Which) -> Answer:
    those = chosen(turn, which)
    for one in those:
        turn.tx.subscriptions.set_active(one.id, True)
    rules = [code(one.rule) for one in those]
    said = turn.say("These go on from now; what came during the pause is not sent:")
    return reply(said, *rules, rows=[[button(turn.label("My list"), "list")]])


def _which(turn: Turn, word: str) -> Which:
    """Which subscription a word means: a number, or all of them. Raises `UserError`."""
    return "all" if every(word) else numbered(turn, word)[1].id


def _until(turn: Turn, text: str) -> dt.date:
    """The day on which a pause ends: a date, 12-31, or a time from now as 7d or 2周. Raises `UserError`."""
    span = re.fullmatch(r"(\d{1,4})\s*(d|w|天|日|周|星期|days?|weeks?)", text, re.IGNORECASE)
    date = re.fullmatch(r"(?:(\d{4})[-./年])?(\d{1,2})[-./月](\d{1,2})日?", text)
    day = None
    if text.lower() in _NEAR:
        day = turn.today + dt.timedelta(days=_NEAR[text.lower()])
    elif span:
        weeks = span[2].lower()[0] in "w周星"
        day = turn.today + dt.timedelta(days=int(span[1]) * (7 if weeks else 1))
    elif date:
        try:
            day = dt.date(int(date[1] or turn.today.year), int(date[2]), int(date[3]))
            if not date[1] and day <= turn.today:
                day = day.replace(year=day.year + 1)
        except ValueError:
            day = None
    if day is None or not turn.today < day <= turn.today + _LONGEST_PAUSE:
        raise UserError(
            turn.say(
                "“{text}” is no day to come. Write for example <code>7d</code>, <code>2周</code> "
                "or <code>{example}</code>.",
                text=text,
                example=turn.today + dt.timedelta(days=30),
            )
        )
    return day
