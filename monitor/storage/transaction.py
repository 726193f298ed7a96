"""One transaction, and the groups of tables reached through it."""

from functools import cached_property

from sqlalchemy import Connection

from monitor.storage.deliveries import Deliveries
from monitor.storage.destinations import Destinations
from monitor.storage.entries import Entries
from monitor.storage.ledger import Ledger
from monitor.storage.matches import Matches
from monitor.storage.notices import Notices
from monitor.storage.sources import Sources
from monitor.storage.subscriptions import Subscriptions


class Transaction:
    """What one transaction can read and write. Everything of a transaction is stored, or nothing of it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @cached_property
    def sources(self) -> Sources:
        return Sources(self._connection)

    @cached_property
    def entries(self) -> Entries:
        return Entries(self._connection)

    @cached_property
    def notices(self) -> Notices:
        return Notices(self._connection)

    @cached_property
    def destinations(self) -> Destinations:
        """Subscribers and where their messages go."""
        return Destinations(self._connection)

    @cached_property
    def subscriptions(self) -> Subscriptions:
        return Subscriptions(self._connection)

    @cached_property
    def matches(self) -> Matches:
        return Matches(self._connection)

    @cached_property
    def deliveries(self) -> Deliveries:
        return Deliveries(self._connection)

    @cached_property
    def ledger(self) -> Ledger:
        return Ledger(self._connection)
