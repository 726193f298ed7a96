"""What a destination does not want to hear of for now, although its rules match."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, and_, delete, or_, select

from monitor.storage import schema
from monitor.storage.statements import insert_new
from monitor.types import Notice

_T = schema.mutes.c


class MuteKind(StrEnum):
    """What is muted: one notice's later editions, what one agency issues, or what one source shows."""

    NOTICE = "notice"
    AGENCY = "agency"
    SOURCE = "source"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute:
    """`value` is a notice's number, an agency's id (or its printed name where it has none) or a source's id;
    `label` is how people know it."""

    id: int
    destination_id: int
    kind: MuteKind
    value: str
    label: str
    created_at: dt.datetime


class Mutes:
    """The table `mutes`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, destination_id: int, kind: MuteKind, value: str, label: str, now: dt.datetime) -> bool:
        """Mute it from now on. False where it was muted already."""
        row = {"destination_id": destination_id, "kind": kind, "value": value, "label": label}
        return insert_new(self._connection, schema.mutes, [row | {"created_at": now}]) > 0

    def remove(self, destination_id: int, mute_id: int) -> Mute | None:
        """Hear of it again. Returns what was muted, None where nothing was."""
        found = next((mute for mute in self.of_destination(destination_id) if mute.id == mute_id), None)
        if found:
            self._connection.execute(delete(schema.mutes).where(_T.id == mute_id))
        return found

    def of_destination(self, destination_id: int) -> list[Mute]:
        """Everything muted there, in the order it was muted."""
        query = select(schema.mutes).where(_T.destination_id == destination_id).order_by(_T.id)
        rows = self._connection.execute(query)
        return [Mute(**{**row._mapping, "kind": MuteKind(row.kind)}) for row in rows]

    def deaf_to(self, notice_id: int, notice: Notice) -> set[int]:
        """The destinations that do not want to hear of this notice.

        One that several agencies issued is muted only where all of them are: it may be wanted for another's
        sake.
        """
        issuers = set(issuers_of(notice))
        query = select(_T.destination_id, _T.kind, _T.value).where(
            or_(
                and_(_T.kind == MuteKind.NOTICE, _T.value == str(notice_id)),
                and_(_T.kind == MuteKind.SOURCE, _T.value == (notice.source_id or "")),
                and_(_T.kind == MuteKind.AGENCY, _T.value.in_(issuers)),
            )
        )
        deaf: set[int] = set()
        muted: dict[int, set[str]] = {}
        for destination_id, kind, value in self._connection.execute(query):
            if kind == MuteKind.AGENCY:
                muted.setdefault(destination_id, set()).add(value)
            else:
                deaf.add(destination_id)
        return deaf | {destination_id for destination_id, values in muted.items() if values >= issuers}


def issuers_of(notice: Notice) -> Iterable[str]:
    """The values under which the agencies of a notice are muted: ids, or names where there are no ids."""
    return notice.agency_ids or notice.agencies
