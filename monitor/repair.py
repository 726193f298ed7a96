"""Repair: puts right, from the state of the tables alone, what a crash or an outage left behind."""

import datetime as dt
from dataclasses import dataclass

from monitor.matching import SubscriptionIndex
from monitor.storage import Storage


@dataclass(frozen=True, slots=True)
class Repaired:
    """How much of each was put right; all zero where everything was as it should be.

    `leases` of workers that did not report, `revisions` that were recorded and not matched, `matches` that no
    delivery told, `brought_forward` deliveries due at a time only a wrong clock can have set, `held`
    deliveries to inactive destinations, `waiting` deliveries that have been due for too long (said to the
    operator).
    """

    leases: int = 0
    revisions: int = 0
    matches: int = 0
    brought_forward: int = 0
    held: int = 0
    waiting: int = 0


def repair(storage: Storage, index: SubscriptionIndex, *, now: dt.datetime) -> Repaired:
    """Do it; safe to repeat, and at the same time as everything else."""
    raise NotImplementedError
