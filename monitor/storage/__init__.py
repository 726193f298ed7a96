"""Everything the program remembers.

    storage = Storage("sqlite:///data/monitor.db")
    storage.migrate()
    with storage.begin() as tx:
        source = tx.sources.ensure("national.nhsa", "html_list", now)
    with storage.read() as tx:
        waiting = tx.deliveries.latest(DeliveryState.PENDING)

A transaction's attributes are the groups of tables: `sources` (with checks), `agenda` (when they are
checked), `episodes` (when they were unwell), `entries`, `pages`, `notices` (with revisions and sightings),
`destinations` (with subscribers), `subscriptions`, `saved_rules`, `matches`, `waiting` (matches to be told
later), `deliveries` (with attempts), `ledger` (claim, attempt, result), `mutes`, `chats`, `admissions` and
`counters`. Times are aware and come back in UTC.
"""

from monitor.storage.backup import backup, restore
from monitor.storage.batches import Batches
from monitor.storage.chats import ChatError, ChatUpdate, Conversation
from monitor.storage.claims import Claim, Claimed, Hands
from monitor.storage.database import Storage
from monitor.storage.deliveries import Attempt, Delivery, DeliveryState
from monitor.storage.destinations import Destination, Subscriber
from monitor.storage.entries import Failure
from monitor.storage.episodes import Episode, Sample
from monitor.storage.ledger import Ended, Result
from monitor.storage.matches import Met, StoredMatch, latest_text
from monitor.storage.mutes import Mute, MuteKind
from monitor.storage.notices import Candidate, Found, Revision, Sighting, StoredNotice
from monitor.storage.pages import ArchivedPage, PageRole
from monitor.storage.saved_rules import SavedRule
from monitor.storage.sources import Check, CheckOutcome, StoredSource
from monitor.storage.subscriptions import Change, Origin, Subscription
from monitor.storage.tellings import Telling
from monitor.storage.transaction import Transaction
from monitor.storage.waiting import Reader, Undecided

__all__ = [
    "ArchivedPage",
    "Attempt",
    "Batches",
    "Candidate",
    "Change",
    "ChatError",
    "ChatUpdate",
    "Check",
    "CheckOutcome",
    "Claim",
    "Claimed",
    "Conversation",
    "Delivery",
    "DeliveryState",
    "Destination",
    "Ended",
    "Episode",
    "Failure",
    "Found",
    "Hands",
    "Met",
    "Mute",
    "MuteKind",
    "Origin",
    "PageRole",
    "Reader",
    "Result",
    "Revision",
    "Sample",
    "SavedRule",
    "Sighting",
    "Storage",
    "StoredMatch",
    "StoredNotice",
    "StoredSource",
    "Subscriber",
    "Subscription",
    "Telling",
    "Transaction",
    "Undecided",
    "backup",
    "latest_text",
    "restore",
]
