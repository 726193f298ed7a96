"""The beginning of checks, many in one transaction: is it due, is it ours, what is known of the source?"""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from monitor.storage import StoredSource, Transaction
from monitor.workers import own_name

LEASE = dt.timedelta(minutes=2)
"""How long a check is believed to go on without a word from its process."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """A check that is to begin. One by hand need not be due; a rehearsal takes no lease."""

    source_id: str
    kind: str
    at: dt.datetime
    by_hand: bool
    dry_run: bool


@dataclass(frozen=True, slots=True)
class Begun:
    """A check that is ours: the source as it stands, and in whose name the lease is held."""

    stored: StoredSource
    worker: str


def begin(tx: Transaction, wanted: Sequence[Beginning]) -> list[Begun | None]:
    """Claim the sources; None for those that are not to be checked by us now."""
    now = max(one.at for one in wanted)
    stored = tx.sources.ensure_all({one.source_id: one.kind for one in wanted}, now)
    ours = {one.source_id for one in wanted if one.by_hand}
    if waiting := stored.keys() - ours:
        ours |= tx.agenda.still_due(waiting, now)
    # a name for each batch: who lost a lease does not take one that was given anew for its own
    worker = f"{own_name()}:{uuid.uuid4().hex[:8]}"
    claimable = ours - {one.source_id for one in wanted if one.dry_run}
    claimed = tx.agenda.claim(claimable, worker, LEASE, now) if claimable else set()
    free = (ours - claimable) | claimed
    begun: list[Begun | None] = []
    for one in wanted:
        begun.append(Begun(stored[one.source_id], worker) if one.source_id in free else None)
        free.discard(one.source_id)  # the same source again in this batch has to wait
    return begun
