"""/sources, /health and /stats: what operators look at."""

import datetime as dt
from collections.abc import Callable, Iterator

from markupsafe import Markup

from monitor.chat.model import Answer, Block, Button, button, reply, toast
from monitor.chat.registry import action, command
from monitor.chat.texts import N_, bold, code
from monitor.chat.turn import Turn
from monitor.diagnosis import symptom_name
from monitor.storage import DeliveryState, StoredSource

_DAY = dt.timedelta(days=1)
_SHOWN = 10
"""So many episodes are shown by /health."""


@command(
    "sources",
    N_("the sources: health, last success, next check"),
    usage=N_("[WORDS]"),
    words=("来源",),
    operator=True,
)
def sources(turn: Turn, rest: str = "") -> Answer:
    stored = {one.id: one for one in turn.tx.sources.all()}
    named = [name for name in list(turn.services.sources) if all(word in name for word in rest.split())]
    if not named:
        return reply(turn.say("No source that is checked is called so."))
    worst_first = sorted(named, key=lambda name: (-stored[name].failures if name in stored else 0, name))
    head = turn.counted("<b>One source</b>", "<b>{count} sources</b>", len(named))
    return reply(head, *(_listed(turn, name, stored.get(name), rest) for name in worst_first))


def _listed(turn: Turn, name: str, stored: StoredSource | None, words: str) -> Block:
    """A source with its state and its buttons; `words` lead back to the same list."""
    lines = Markup("\n").join([code(name), *_state(turn, stored)])
    return Block(lines, (tuple(_buttons(turn, name, stored, words)),))


def _state(turn: Turn, stored: StoredSource | None) -> Iterator[Markup]:
    if stored is None or stored.checked_at is None:
        yield turn.say("never checked")
        return
    if stored.is_paused(turn.now):
        until = stored.paused_until
        yield turn.say("⏸ paused until {day}", day=_time(turn, until)) if until else turn.say("⏸ paused")
    if stored.failures:
        yield turn.counted("⚠️ failed once", "⚠️ failed {count} times in a row", stored.failures)
        yield Markup("{}").format(stored.message or stored.cause or "")
    else:
        yield turn.say("✓ well")
    succeeded, following = _time(turn, stored.succeeded_at), _time(turn, stored.next_check_at)
    yield turn.say("last success {time}, next check {next}", time=succeeded, next=following)


def _time(turn: Turn, time: dt.datetime | None) -> str:
    return f"{time.astimezone(turn.zone):%m-%d %H:%M}" if time else "—"


def _buttons(turn: Turn, name: str, stored: StoredSource | None, words: str) -> Iterator[Button]:
    yield button(turn.label("Check {source}", source=name), "source_check", name, words)
    if stored is not None and stored.is_paused(turn.now):
        yield button(turn.label("Resume"), "source_resume", name, words)
    else:
        yield button(turn.label("Pause"), "source_pause", name, words)


@action("source_check", operator=True)
def check_now(turn: Turn, name: str, words: str) -> Answer:
    def due(turn: Turn) -> None:
        turn.tx.agenda.hurry(name, turn.now)

    return _acted(turn, name, due) or toast(turn.label("It is checked as soon as there is a free hand."))


@action("source_pause", operator=True)
def pause(turn: Turn, name: str, words: str) -> Answer:
    return _acted(turn, name, lambda turn: turn.tx.agenda.pause(name)) or sources(turn, words)


@action("source_resume", operator=True)
def resume(turn: Turn, name: str, words: str) -> Answer:
    return _acted(turn, name, lambda turn: turn.tx.agenda.resume(name, turn.now)) or sources(turn, words)


def _acted(turn: Turn, name: str, act: Callable[[Turn], None]) -> Answer:
    """Do it to a source; None where that was possible."""
    settings = turn.services.sources.get(name)
    if settings is None:
        return toast(turn.label("This source is not checked any more."))
    turn.tx.sources.ensure(name, settings.kind, turn.now)
    act(turn)
    return None


@command("health", N_("what is the matter, and what waits"), words=("健康",), operator=True)
def health(turn: Turn, rest: str) -> Answer:
    counts, figures = turn.tx.deliveries.counts(), turn.tx.figures
    standing = figures.sources(turn.now)
    oldest = figures.oldest_due()
    late = int((turn.now - oldest).total_seconds()) if oldest and oldest < turn.now else 0
    return reply(
        turn.say(
            "<b>Sources</b>: {total}; failing {failing}, paused {paused}, overdue {overdue}",
            **standing._asdict(),
        ),
        *_unwell(turn),
        turn.say(
            "<b>Deliveries</b>: waiting {waiting} (the oldest for {late} s), held {held}, failed {failed}",
            waiting=counts.get(DeliveryState.PENDING, 0) + counts.get(DeliveryState.RETRY, 0),
            late=late,
            held=counts.get(DeliveryState.HELD, 0),
            failed=counts.get(DeliveryState.FAILED, 0),
        ),
        turn.say(
            "<b>Chat</b>: {waiting} not answered yet", waiting=turn.tx.chats.waiting(turn.caller.channel)
        ),
        rows=[
            [button(turn.label("Sources"), "run", "sources"), button(turn.label("Figures"), "run", "stats")]
        ],
    )


def _unwell(turn: Turn) -> Iterator[Markup]:
    """What is the matter with sources, the longest first."""
    open_ = turn.tx.episodes.open()
    for one in open_[:_SHOWN]:
        symptom = symptom_name(one.symptom, turn.texts.words)
        since = _time(turn, one.began_at)
        text = turn.say(
            "⚠️ {source}: {symptom} since {since}", source=one.source_id, symptom=symptom, since=since
        )
        yield Markup("{}\n{}").format(text, one.message)
    if len(open_) > _SHOWN:
        yield turn.counted("and one more", "and {count} more", len(open_) - _SHOWN)


@command("stats", N_("how much there is, and how much came and went of late"), words=("统计",), operator=True)
def stats(turn: Turn, rest: str) -> Answer:
    totals = turn.tx.figures.totals(turn.now - _DAY)
    lags = sorted(turn.tx.figures.delivery_lags(turn.now - _DAY))
    lines = [
        turn.say("Subscribers: {count}", count=bold(totals.subscribers)),
        turn.say("Places where they are told: {count}", count=bold(totals.destinations)),
        turn.say("Subscriptions: {count}", count=bold(totals.subscriptions)),
        turn.say("Notices: {count}, in 24 hours {new}", count=bold(totals.notices), new=bold(totals.new)),
        turn.say("Messages sent in 24 hours: {count}", count=bold(totals.sent)),
    ]
    if lags:
        middle = f"{lags[len(lags) // 2].total_seconds():.1f}"
        lines.append(turn.say("From recording to sent, median: {seconds} s", seconds=bold(middle)))
    return reply(Markup("\n").join(lines))
