"""Matching a recorded notice: whom does it concern? → matches → deliveries."""

import datetime as dt
from dataclasses import dataclass

from monitor.recording import Recorded
from monitor.storage import Transaction
from monitor.types import Notice
from rules.index import Match


@dataclass(frozen=True, slots=True)
class Told:
    """How many subscriptions a notice met, and how many deliveries were queued for them."""

    matched: int = 0
    queued: int = 0


class SubscriptionIndex:
    """The rules of all active subscriptions, following the changes of the database.

    One per process; not safe to share between threads.
    """

    def follow(self, tx: Transaction) -> None:
        """Take over what changed since the last call. Called in the transaction that records a notice, so
        that no subscription made before it is missed."""
        raise NotImplementedError

    def match(self, notice: Notice) -> list[Match]:
        """The subscriptions that the notice meets, with reasons; a match's rule id is the subscription's."""
        raise NotImplementedError


def tell(tx: Transaction, recorded: Recorded, index: SubscriptionIndex, now: dt.datetime) -> Told:
    """Match what was recorded and queue its deliveries, in the transaction that recorded it.

    A correction also goes to whoever was told of the notice before it.
    """
    raise NotImplementedError
