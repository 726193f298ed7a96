"""Which subscription met which notice, and why."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, select

from monitor.storage import schema
from monitor.storage.notices import Revision
from monitor.storage.statements import insert_new
from monitor.types import Hold
from rules.model import Reason

_T, _B = schema.matches.c, schema.subscriptions.c


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMatch:
    """A notice and a subscription. `rule` is the rule as it was then; `delivery_id` is what tells it.

    `held_by` says why it is not, or was not, told at once, and `due_at` until when it waits. `unread_since`:
    the notice may have been there since then, for its source was not checked when it should have been.
    """

    id: int
    notice_id: int
    edition: int
    revision_id: int
    subscription_id: int
    subscription: str
    destination_id: int
    rule: str
    reasons: tuple[Reason, ...]
    urgent: bool
    delivery_id: int | None
    held_by: Hold | None
    due_at: dt.datetime | None
    unread_since: dt.datetime | None
    created_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Met:
    """A subscription that a text of a notice met: its rule in canonical form, and the reasons."""

    subscription_id: int
    rule: str
    reasons: Sequence[Reason]


def latest_text(matches: Iterable[StoredMatch]) -> StoredMatch:
    """Of matches of one notice the one whose text is told: the first text of the latest edition."""
    return min(matches, key=lambda match: (-match.edition, match.revision_id))


class Matches:
    """The table `matches`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self,
        revision: Revision,
        met: Iterable[Met],
        now: dt.datetime,
        *,
        unread_since: dt.datetime | None = None,
    ) -> int:
        """Record which subscriptions this text of the notice met. Returns for how many that is news: they
        did not meet this edition yet nor, for a variant, any text of the notice."""
        passed_over = self._ever_met(revision.notice_id) if revision.variant else set()
        about = {"notice_id": revision.notice_id, "edition": revision.edition, "revision_id": revision.id}
        rows = [
            {
                **about,
                "subscription_id": one.subscription_id,
                "rule": one.rule,
                "reasons": [_row(reason) for reason in one.reasons],
                "unread_since": unread_since,
                "created_at": now,
            }
            for one in met
            if one.subscription_id not in passed_over
        ]
        return insert_new(self._connection, schema.matches, rows)

    def met_before(self, revision: Revision) -> list[StoredMatch]:
        """The latest match of every active subscription that met an earlier edition of the notice and not
        this one: who was told of it should hear the correction too."""
        this = select(_T.subscription_id).where(
            _T.notice_id == revision.notice_id, _T.edition == revision.edition
        )
        earlier = MATCHES.where(
            _T.notice_id == revision.notice_id, _T.edition < revision.edition, _T.subscription_id.not_in(this)
        )
        found = self._select(earlier.where(_B.active).order_by(_T.edition))
        return list({match.subscription_id: match for match in found}.values())

    def of_delivery(self, delivery_id: int) -> list[StoredMatch]:
        """What a delivery tells, in the order it was met."""
        return self.of_deliveries([delivery_id]).get(delivery_id, [])

    def of_deliveries(self, delivery_ids: Collection[int]) -> dict[int, list[StoredMatch]]:
        """Delivery id → what it tells."""
        found: dict[int, list[StoredMatch]] = {}
        rows = self._connection.execute(_OF_DELIVERIES, {"ids": list(delivery_ids)})
        for match in map(stored_match, rows):
            assert match.delivery_id is not None
            found.setdefault(match.delivery_id, []).append(match)
        return found

    def of_notice(self, notice_id: int) -> list[StoredMatch]:
        """Everybody who met the notice, first edition first."""
        return self._select(MATCHES.where(_T.notice_id == notice_id).order_by(_T.edition, _T.id))

    def untold(self, limit: int = 100) -> list[int]:
        """The ids of notices with matches that no delivery tells and that wait for no time."""
        planless = (_T.delivery_id.is_(None), _T.due_at.is_(None))
        query = select(_T.notice_id).where(*planless).distinct().limit(limit)
        return list(self._connection.scalars(query))

    def _ever_met(self, notice_id: int) -> set[int]:
        query = select(_T.subscription_id).where(_T.notice_id == notice_id)
        return set(self._connection.scalars(query))

    def _select(self, query: Select[Any]) -> list[StoredMatch]:
        return [stored_match(row) for row in self._connection.execute(query)]


MATCHES = select(schema.matches, _B.name.label("subscription"), _B.destination_id, _B.urgent).join(
    schema.subscriptions
)
_OF_DELIVERIES = MATCHES.where(_T.delivery_id.in_(bindparam("ids", expanding=True))).order_by(_T.id)


_PARTS = [field.name for field in fields(Reason)]


def _row(reason: Reason) -> dict[str, str | int | None]:
    """Its fields by name; `asdict` takes long, and there can be thousands."""
    return {name: getattr(reason, name) for name in _PARTS}


def stored_match(row: Row[Any]) -> StoredMatch:
    """A row of `MATCHES`."""
    reasons = tuple(Reason(**reason) for reason in row.reasons)
    held_by = Hold(row.held_by) if row.held_by else None
    return StoredMatch(**{**row._mapping, "reasons": reasons, "held_by": held_by})
