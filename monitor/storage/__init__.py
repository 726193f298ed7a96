"""Everything the program remembers.

    storage = Storage("sqlite:///data/monitor.db")
    storage.migrate()
    with storage.begin() as tx:
        source = tx.sources.ensure("national.nhsa", "html_list", now)
    with storage.read() as tx:
        waiting = tx.deliveries.latest(DeliveryState.PENDING)

A transaction's attributes are the groups of tables: `sources` (with checks), `entries`, `notices` (with
revisions and sightings), `destinations` (with subscribers), `subscriptions`, `matches`, `deliveries` (with
attempts) and `ledger` (claim, attempt, result). Times are aware and come back in UTC.
"""

from monitor.storage.backup import backup, restore
from monitor.storage.database import Storage
from monitor.storage.deliveries import Attempt, Delivery, DeliveryState
from monitor.storage.destinations import Destination, Subscriber
from monitor.storage.entries import Failure
from monitor.storage.ledger import Claim, Result
from monitor.storage.matches import Met, StoredMatch
from monitor.storage.notices import Candidate, Revision, Sighting, StoredNotice
from monitor.storage.sources import Check, CheckOutcome, StoredSource
from monitor.storage.subscriptions import Frequency, Origin, Subscription
from monitor.storage.transaction import Transaction

__all__ = [
    "Attempt",
    "Candidate",
    "Check",
    "CheckOutcome",
    "Claim",
    "Delivery",
    "DeliveryState",
    "Destination",
    "Failure",
    "Frequency",
    "Met",
    "Origin",
    "Result",
    "Revision",
    "Sighting",
    "Storage",
    "StoredMatch",
    "StoredNotice",
    "StoredSource",
    "Subscriber",
    "Subscription",
    "Transaction",
    "backup",
    "restore",
]
