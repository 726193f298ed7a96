"""What a delivery tells: each notice with its text, its matches, and how often it was told before."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from monitor.storage import schema
from monitor.storage.deliveries import DeliveryState
from monitor.storage.matches import Matches, StoredMatch, latest_text
from monitor.storage.statements import batches
from monitor.types import Notice

_T, _M = schema.deliveries.c, schema.matches.c
_N, _R = schema.notices.c, schema.revisions.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """A notice that a delivery tells, and why. `told_before` counts earlier deliveries about the same notice
    to the same destination; `told_first` is the `message_id` of the first of them that was sent."""

    notice: Notice
    first_seen_at: dt.datetime
    told_before: int
    told_first: str | None
    matches: tuple[StoredMatch, ...]


def tellings(connection: Connection, rows: Sequence[Row[*tuple[Any, ...]]]) -> dict[int, list[Telling]]:
    """Delivery id → what it tells, of rows with `delivery_id`, `destination_id` and `revision_id`. Every text
    is read once, however many are told of it."""
    deliveries = {row.delivery_id: row for row in rows}
    told = [
        (deliveries[delivery_id], latest_text(matches), matches)
        for delivery_id, all_matches in Matches(connection).of_deliveries(deliveries).items()
        for matches in _by_notice(all_matches)
    ]
    texts = _texts(connection, {row.revision_id or text.revision_id for row, text, _ in told})
    before = _told_before(connection, {text.notice_id for _, text, _ in told if text.edition > 1})
    found: dict[int, list[Telling]] = {}
    for row, text, matches in told:
        notice, first_seen_at = texts[row.revision_id or text.revision_id]
        told_to = before.get((row.destination_id, text.notice_id), {})
        earlier = sorted(one for one in told_to if one < row.delivery_id)
        telling = Telling(
            notice=notice,
            first_seen_at=first_seen_at,
            told_before=len(earlier),
            told_first=next((told_to[one] for one in earlier if told_to[one]), None),
            matches=tuple(matches),
        )
        found.setdefault(row.delivery_id, []).append(telling)
    return found


def _by_notice(matches: Iterable[StoredMatch]) -> Iterable[list[StoredMatch]]:
    notices: dict[int, list[StoredMatch]] = {}
    for match in matches:
        notices.setdefault(match.notice_id, []).append(match)
    return notices.values()


def _texts(connection: Connection, revision_ids: Collection[int]) -> dict[int, tuple[Notice, dt.datetime]]:
    return {
        row.id: (Notice.from_record(row.record), row.first_seen_at)
        for ids in batches(revision_ids)
        for row in connection.execute(_TEXTS, {"ids": ids})
    }


def _told_before(
    connection: Connection, notice_ids: Collection[int]
) -> dict[tuple[int, int], dict[int, str | None]]:
    """(destination id, notice id) → the deliveries that told it, with their message ids, or that will."""
    found: dict[tuple[int, int], dict[int, str | None]] = {}
    for ids in batches(notice_ids):
        for row in connection.execute(_TOLD, {"ids": ids}):
            told = found.setdefault((row.destination_id, row.notice_id), {})
            told[row.id] = row.message_id if row.state == DeliveryState.SENT else None
    return found


# Made once: to build them at every turn costs more than to run them.
_TEXTS = (
    select(_R.id, _R.record, _N.first_seen_at)
    .join(schema.notices, _N.id == _R.notice_id)
    .where(_R.id.in_(bindparam("ids", expanding=True)))
)
_TOLD = (
    select(_T.destination_id, _M.notice_id, _T.id, _T.message_id, _T.state)
    .join(schema.matches, _M.delivery_id == _T.id)
    .where(_T.state.not_in((DeliveryState.CANCELLED, DeliveryState.FAILED)))
    .where(_M.notice_id.in_(bindparam("ids", expanding=True)))
    .distinct()
)
