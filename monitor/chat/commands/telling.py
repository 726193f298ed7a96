"""/digest, /quiet and /timezone: how often and when this chat is told."""

from collections.abc import Callable, Sequence
from typing import Any

from markupsafe import Markup

from monitor.chat.commands._shared import numbered
from monitor.chat.model import Answer, Reply, UserError, button, reply
from monitor.chat.registry import action, command, question
from monitor.chat.texts import N_, bold, code
from monitor.chat.turn import Turn
from monitor.preferences import PreferenceError, parse_frequency, parse_quiet_hours, parse_timezone

FREQUENCIES = ("at once", "hourly", "daily 09:00", "daily 18:00", "weekly mon 09:00")
QUIET_HOURS = ("22:00-08:00", "20:00-09:00", "18:00-09:00")
TIMEZONES = (
    "Asia/Shanghai",
    "Asia/Hong_Kong",
    "Asia/Singapore",
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
)


@command(
    "digest",
    N_("how often I tell you: at once, or in summaries"),
    usage=N_("at once|daily 09:00|weekly mon 09:00"),
    details=N_(
        "<code>/digest 每天 9点</code>, <code>/digest 每周一 09:00</code>, <code>/digest 即时</code>. "
        "A number before it says it of one subscription: <code>/digest 2 即时</code>."
    ),
    words=("频率", "汇总", "frequency"),
    changes=True,
)
def digest(turn: Turn, rest: str) -> Answer:
    first, _, wanted = rest.partition(" ")
    if first.isdecimal() and wanted:
        return _of_one(turn, first, wanted)
    if rest:
        return often(turn, rest)
    now = turn.subscriber().preferences.frequency.show(turn.texts.words)
    return _asked(
        turn,
        "digest",
        turn.say("How often? Now: {now}. You can also write it.", now=bold(now)),
        [[(_shown(turn, text), text)] for text in FREQUENCIES],
    )


def _shown(turn: Turn, frequency: str) -> str:
    return parse_frequency(frequency).show(turn.texts.words)


def _of_one(turn: Turn, number: str, text: str) -> Answer:
    place, one = numbered(turn, number)
    wanted = written(turn, parse_frequency, text)
    turn.tx.subscriptions.set_frequency(one.id, wanted, urgent=one.urgent)
    return reply(
        turn.say("Number {number}: <b>{often}</b>", number=place, often=wanted.show(turn.texts.words)),
        code(one.rule),
    )


@action("digest", changes=True)
@question("digest")
def often(turn: Turn, text: str) -> Answer:
    wanted = written(turn, parse_frequency, text)
    _prefer(turn, frequency=wanted)
    own = [one for one in turn.subscriptions() if one.frequency is not None]
    said = [turn.say("I tell you: <b>{often}</b>", often=wanted.show(turn.texts.words))]
    if own:
        said.append(
            turn.counted(
                "One subscription has a frequency of its own; /list shows it.",
                "{count} subscriptions have a frequency of their own; /list shows them.",
                len(own),
            )
        )
    return reply(*said)


@command(
    "quiet",
    N_("hours in which I keep quiet"),
    usage=N_("22:00-08:00|off"),
    details=N_(
        "<code>/quiet 22:00-08:00</code>, <code>/quiet off</code>. What comes in these hours is sent at "
        "their end."
    ),
    words=("免打扰", "安静"),
    changes=True,
)
def quiet(turn: Turn, rest: str) -> Answer:
    if rest:
        return quiet_hours(turn, rest)
    now = turn.subscriber().preferences.quiet_hours
    shown = bold(now) if now else turn.say("none")
    asked = turn.say("When shall I keep quiet? Now: {now}. You can also write it.", now=shown)
    rows = [[(text, text)] for text in QUIET_HOURS]
    return _asked(turn, "quiet", asked, [*rows, [(turn.label("No quiet hours"), "off")]])


@action("quiet", changes=True)
@question("quiet")
def quiet_hours(turn: Turn, text: str) -> Answer:
    wanted = written(turn, parse_quiet_hours, text)
    _prefer(turn, quiet_hours=wanted)
    if wanted is None:
        return reply(turn.say("There are no quiet hours."))
    zone = turn.subscriber().timezone
    return reply(turn.say("I keep quiet from <b>{hours}</b> ({zone}).", hours=wanted, zone=zone))


@command(
    "timezone",
    N_("the clock that times are meant by"),
    usage=N_("Asia/Shanghai"),
    words=("时区", "tz"),
    changes=True,
)
def timezone(turn: Turn, rest: str) -> Answer:
    if rest:
        return in_zone(turn, rest)
    asked = turn.say(
        "Which time zone? Now: {now}. You can also write it.", now=bold(turn.subscriber().timezone)
    )
    return _asked(turn, "timezone", asked, [[(zone, zone)] for zone in TIMEZONES])


@action("timezone", changes=True)
@question("timezone")
def in_zone(turn: Turn, text: str) -> Answer:
    zone = written(turn, parse_timezone, text)
    _prefer(turn, timezone=zone)
    return reply(turn.say("Times are meant in <b>{zone}</b>.", zone=zone))


def _asked(turn: Turn, what: str, text: Markup, choices: Sequence[Sequence[tuple[str, str]]]) -> Reply:
    """Ask for a setting, with what is often chosen on buttons."""
    turn.ask(what, {})
    rows = [[button(label, what, value) for label, value in row] for row in choices]
    return reply(text, rows=[*rows, [button(turn.label("Cancel"), "cancel")]], prompt=True)


def _prefer(turn: Turn, **changes: Any) -> None:
    turn.tx.destinations.prefer(turn.home().subscriber_id, **changes)
    turn.done()


def written(turn: Turn, parse: Callable[[str], Any], text: str) -> Any:
    """What was written, understood. Raises `UserError`."""
    if not turn.caller.is_admin:
        raise UserError(turn.say("Only administrators can change what this group is told."))
    try:
        return parse(text)
    except PreferenceError as error:
        raise UserError(Markup("{}").format(error.render(turn.texts.words))) from None
