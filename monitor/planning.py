"""When is what was met told, and in how many messages? → deliveries.

    at once         → a delivery for each notice and destination, in the transaction that recorded the match
    anything else   → the match waits: the end of its window stands with it
    a window over   → one delivery for all that waited for it, several where a channel's messages are short

What is over is found by looking at what waits, so that a run that was missed, a clock that was set or a day
of 25 hours neither loses nor repeats anything: a match waits, or one delivery tells it.
"""

import datetime as dt
import itertools
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence

from monitor.compose import Room, order, split
from monitor.notify import CHANNELS
from monitor.preferences import Pace, Preferences
from monitor.storage import Reader, StoredMatch, Transaction, Undecided, latest_text
from monitor.types import Hit, Hold, Item
from monitor.windows import LONGEST_WAIT, day_start, next_day, quiet_until, window_end

CHECK_WAITS = dt.timedelta(minutes=10)
"""So long a notice waits for others of its check; what a longer check finds after that is told later."""
AFTER_CAP = dt.time(8)
"""When the day after what was above the daily cap is told."""

_HOLDS = {Pace.HOURLY: Hold.HOURLY, Pace.DAILY: Hold.DAILY, Pace.WEEKLY: Hold.WEEKLY}
_SUMMARIES = frozenset(_HOLDS.values())


def plan(tx: Transaction, notice_id: int, now: dt.datetime, *, in_check: bool = False) -> int:
    """Queue what of the notice's matches is told at once and let the others wait; those too, where the check
    that found it goes on and may find more for the same message. Returns how many deliveries are new."""
    last_of_day: dict[int, int] = {}
    for one in tx.waiting.undecided(notice_id):
        until = _until(tx, one, now, in_check)
        if until is not None:
            tx.waiting.hold([one.match_id], *until)
        elif one.held_by is not None:  # the reader wants to know now: all of it together
            tx.waiting.hold([one.match_id], one.held_by, now)
        elif (cap := one.preferences.daily_cap) is not None and _told_today(tx, one, now) == cap - 1:
            last_of_day[one.destination_id] = cap
    if in_check:
        tx.waiting.hold_for_check(notice_id, now + CHECK_WAITS)
    return tx.deliveries.plan(notice_id, now, last_of_day)


def end_check(tx: Transaction, notice_ids: Collection[int], now: dt.datetime) -> int:
    """Tell what waited for the end of the check that found these notices: many in one message, few one by
    one. Returns how many deliveries are new."""
    queued, few = 0, list[StoredMatch]()
    if not notice_ids:
        return queued
    for reader, matches in _by_reader(tx, tx.waiting.of_check(notice_ids)):
        if _are_many(matches, reader.preferences) and not _is_capped(tx, reader, now):
            queued += _tell_together(tx, reader, Hold.CHECK, matches, now)
        else:
            few += [match for match in matches if match.held_by is Hold.CHECK]
    tx.waiting.let_go([match.id for match in few])
    return queued + sum(plan(tx, notice_id, now) for notice_id in dict.fromkeys(m.notice_id for m in few))


def plan_untold(tx: Transaction, now: dt.datetime) -> int:
    """Give a time to what has none: what somebody wants otherwise since, what a wrong clock put off, and what
    was forgotten. Returns how many deliveries are new."""
    tx.waiting.reconsider_after(now + LONGEST_WAIT)
    return sum(plan(tx, notice_id, now) for notice_id in tx.matches.untold())


def tell_waiting(tx: Transaction, now: dt.datetime) -> int:
    """Tell what has waited long enough, in one message for each destination. Returns how many deliveries are
    new."""
    told = 0
    for reader, matches in _by_reader(tx, tx.waiting.due(now)):
        over = Counter(match.held_by for match in matches if match.due_at is not None and match.due_at <= now)
        told += _tell_together(tx, reader, over.most_common(1)[0][0], matches, now)
    return told


def _by_reader(tx: Transaction, matches: Sequence[StoredMatch]) -> Iterator[tuple[Reader, list[StoredMatch]]]:
    theirs: dict[int, list[StoredMatch]] = {}
    for match in matches:
        theirs.setdefault(match.destination_id, []).append(match)
    readers = tx.waiting.readers(theirs)
    return ((readers[destination_id], own) for destination_id, own in theirs.items())


def _are_many(matches: Iterable[StoredMatch], wants: Preferences) -> bool:
    notices = {match.notice_id for match in matches}
    return wants.group_from is not None and len(notices) >= max(wants.group_from, 2)


def _tell_together(
    tx: Transaction, reader: Reader, held_by: Hold | None, matches: list[StoredMatch], now: dt.datetime
) -> int:
    """One notice that waited is told as any other; a summary, and several notices, come in a message of their
    own kind, or in several where the channel's are short."""
    notices: dict[int, list[StoredMatch]] = {}
    for match in matches:
        notices.setdefault(match.notice_id, []).append(match)
    if len(notices) == 1 and held_by not in _SUMMARIES:
        return tx.deliveries.plan_one(matches, now)
    parts = _parts(tx, reader, list(notices.values()))
    window = max((m.due_at for m in matches if m.due_at is not None and m.due_at <= now), default=now)
    said = {
        "held_by": held_by,
        "window_end": window.isoformat(),
        "notices": len(notices),
        "parts": len(parts),
    }
    if held_by is Hold.DAILY_CAP:
        said["daily_cap"] = reader.preferences.daily_cap
    first = 1
    for number, part in enumerate(parts, 1):
        content = said | {"part": number, "first": first}
        tx.deliveries.plan_summary(window, list(itertools.chain(*part)), content, now)
        first += len(part)
    return len(parts)


def _parts(
    tx: Transaction, reader: Reader, notices: Sequence[list[StoredMatch]]
) -> list[list[list[StoredMatch]]]:
    """The matches of each notice, in the order of telling, in as many parts as the channel needs."""
    kind = CHANNELS.get(reader.channel)
    room = kind.room if kind is not None else Room()
    texts = tx.notices.texts(latest_text(matches).revision_id for matches in notices)
    items = [(Item(texts[latest_text(matches).revision_id], hits(matches)), matches) for matches in notices]
    return split(sorted(items, key=lambda pair: order(pair[0])), room)


def _is_capped(tx: Transaction, reader: Reader, now: dt.datetime) -> bool:
    cap = reader.preferences.daily_cap
    return cap is not None and _told_today(tx, reader, now) >= cap


def _until(
    tx: Transaction, one: Undecided, now: dt.datetime, in_check: bool
) -> tuple[Hold, dt.datetime] | None:
    """For what and until when a match waits; None where it does not."""
    wants = one.preferences
    if one.urgent:
        return None
    if not one.frequency.is_at_once:
        end = window_end(one.frequency, wants.timezone, now)
        return _HOLDS[one.frequency.pace], _undisturbed(wants, end)
    if (end_of_quiet := quiet_until(wants.quiet_hours, wants.timezone, now)) is not None:
        return Hold.QUIET_HOURS, end_of_quiet
    if in_check and wants.group_from is not None:
        return None  # how many there are is seen at the end of the check
    if wants.daily_cap is not None and _told_today(tx, one, now) >= wants.daily_cap:
        return Hold.DAILY_CAP, _undisturbed(wants, next_day(wants.timezone, AFTER_CAP, now))
    return None


def _undisturbed(wants: Preferences, time: dt.datetime) -> dt.datetime:
    return quiet_until(wants.quiet_hours, wants.timezone, time) or time


def _told_today(tx: Transaction, one: Undecided | Reader, now: dt.datetime) -> int:
    return tx.waiting.told_since(one.destination_id, day_start(one.preferences.timezone, now))


def hits(matches: Iterable[StoredMatch]) -> tuple[Hit, ...]:
    """Why a notice is told: each subscription once, as its latest match says."""
    latest = {match.subscription_id: match for match in sorted(matches, key=lambda match: match.edition)}
    return tuple(Hit(match.subscription, match.rule, match.reasons) for match in latest.values())
