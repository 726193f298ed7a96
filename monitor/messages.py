"""A claimed delivery → what it says."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from monitor.compose import order
from monitor.planning import hits
from monitor.schedule import late_by
from monitor.storage import Claim
from monitor.types import Cause, Hold, Item, Lateness, Message, Summary

LATE_AFTER = dt.timedelta(days=7)
"""A notice first seen this long after its publication says so."""
SENT_LATE_AFTER = dt.timedelta(minutes=15)
"""A message that goes out this long after it was wanted says so."""

_HELD = {Hold.QUIET_HOURS: Cause.QUIET_HOURS, Hold.DAILY_CAP: Cause.DAILY_CAP}


def message(claim: Claim, now: dt.datetime, *, repeat_safe: bool) -> Message:
    """The same at every attempt, but for how late it is and the word that it may be a repeat."""
    content = claim.content or {}
    common: dict[str, Any] = {
        "delivery_id": claim.message_id,
        "language": claim.language,
        "late": _lateness(claim, now),
        "may_repeat": claim.may_repeat and not repeat_safe,
    }
    if "summary" in content:
        return Message(summary=_summary(claim, **content["summary"]), **common)
    if not claim.tellings:
        return Message(headline=content.get("headline", ""), text=content.get("text", ""), **common)
    (telling,) = claim.tellings
    return Message(
        notice=telling.notice,
        hits=hits(telling.matches),
        revision=telling.told_before + 1,
        told_first=telling.told_first,
        published_late=late_by(
            telling.notice.published_date, telling.first_seen_at, LATE_AFTER, claim.timezone
        ),
        last_of_day=content.get("daily_cap"),
        **common,
    )


def _summary(claim: Claim, *, held_by: str, window_end: str, **content: Any) -> Summary:
    items = (Item(one.notice, hits(one.matches), one.told_before + 1) for one in claim.tellings)
    return Summary(
        held_by=Hold(held_by),
        window_end=dt.datetime.fromisoformat(window_end).astimezone(ZoneInfo(claim.timezone)),
        items=tuple(sorted(items, key=order)),
        **content,
    )


def _lateness(claim: Claim, now: dt.datetime) -> Lateness | None:
    """By how much, and why, a message comes after the moment when its reader wanted it, or else after the one
    at which its notices were found; in whole minutes, so that messages to many readers are alike."""
    if not claim.tellings:
        return None
    found = min(match.created_at for match in claim.matches)
    held = {match.due_at: match.held_by for match in claim.matches if match.due_at and match.due_at <= now}
    wanted = max(held, default=found)
    if now - wanted > SENT_LATE_AFTER:
        return _late(now - wanted, Cause.NOT_TAKEN if claim.number > 1 else Cause.NOT_SENT)
    held_by = held.get(wanted)
    cause = None if held_by is None else _HELD.get(held_by)
    if cause is not None and wanted - found > SENT_LATE_AFTER:
        return _late(wanted - found, cause)
    unread = [match.unread_since for match in claim.matches if match.unread_since]
    return _late(found - min(unread), Cause.NOT_READ) if unread else None


def _late(by: dt.timedelta, cause: Cause) -> Lateness:
    return Lateness(by - by % dt.timedelta(minutes=1), cause)
