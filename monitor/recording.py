"""Recording a notice that a check has read: identify → keep.

with storage.begin() as tx:                                  # one transaction for one page
    for notice in notices:
        recorded = record(tx, notice, source_id=…, url=…, position=…, baseline=…, now=now)
        told = tell(tx, recorded, index, now)                # monitor.matching
    tx.entries.recorded(source_id, entry, now)
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from monitor.storage import Revision, Transaction
from monitor.types import Notice


class Status(StrEnum):
    """What a recorded notice was."""

    NEW = "new"
    SEEN = "seen"  # known, and nothing new about it
    VARIANT = "variant"  # known, in other words or with further fields
    CORRECTED = "corrected"  # known, and its publisher changed it


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was recorded, why it was taken for what it is, and whether it is to be held against the
    subscriptions: not in a baseline, and not where the same address shows the same again."""

    revision: Revision
    status: Status
    reason: str
    to_match: bool


def record(
    tx: Transaction,
    notice: Notice,
    *,
    source_id: str,
    url: str,
    position: str | None = None,
    baseline: bool = False,
    now: dt.datetime,
) -> Recorded:
    """Keep one notice as it was read at one address.

    `position` is the page or line of a notice that shares its address with others, None for one that has
    the address to itself. A `baseline` is recorded and never told.
    """
    raise NotImplementedError
