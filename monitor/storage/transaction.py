"""One transaction, and the groups of tables reached through it."""

import datetime as dt
from functools import cached_property

from sqlalchemy import Connection

from monitor.storage.admissions import Admissions
from monitor.storage.agenda import Agenda
from monitor.storage.buckets import Buckets
from monitor.storage.chats import Chats
from monitor.storage.confirmations import Confirmations
from monitor.storage.counters import Counters
from monitor.storage.deliveries import Deliveries
from monitor.storage.destinations import Destinations
from monitor.storage.entries import Entries
from monitor.storage.episodes import Episodes
from monitor.storage.erasing import Erasing
from monitor.storage.figures import Figures
from monitor.storage.ledger import Ledger
from monitor.storage.matches import Matches
from monitor.storage.mutes import Mutes
from monitor.storage.notices import Notices
from monitor.storage.pages import Pages
from monitor.storage.saved_rules import SavedRules
from monitor.storage.sources import Sources
from monitor.storage.subscriptions import Subscriptions
from monitor.storage.waiting import Waiting


class Transaction:
    """What one transaction can read and write. Everything of a transaction is stored, or nothing of it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def move_chat(self, channel: str, address: str, new_address: str, now: dt.datetime) -> None:
        """A provider gave a chat another address: all that belongs to it goes along."""
        self.destinations.move(channel, address, new_address, now)
        self.chats.move(f"{channel}:{address}", f"{channel}:{new_address}")
        self.admissions.move(f"{channel}:{address}", f"{channel}:{new_address}", now)

    @cached_property
    def sources(self) -> Sources:
        return Sources(self._connection)

    @cached_property
    def agenda(self) -> Agenda:
        """When sources are checked next, and by whom."""
        return Agenda(self._connection)

    @cached_property
    def episodes(self) -> Episodes:
        """The times when a source was unwell."""
        return Episodes(self._connection)

    @cached_property
    def figures(self) -> Figures:
        """Counts for graphs and alarms."""
        return Figures(self._connection)

    @cached_property
    def erasing(self) -> Erasing:
        """Deleting a person and everything about them."""
        return Erasing(self._connection)

    @cached_property
    def counters(self) -> Counters:
        return Counters(self._connection)

    @cached_property
    def entries(self) -> Entries:
        return Entries(self._connection)

    @cached_property
    def pages(self) -> Pages:
        """What the archive of raw pages holds."""
        return Pages(self._connection)

    @cached_property
    def notices(self) -> Notices:
        return Notices(self._connection)

    @cached_property
    def destinations(self) -> Destinations:
        """Subscribers and where their messages go."""
        return Destinations(self._connection)

    @cached_property
    def confirmations(self) -> Confirmations:
        """The destinations that subscribers added by chat."""
        return Confirmations(self._connection)

    @cached_property
    def subscriptions(self) -> Subscriptions:
        return Subscriptions(self._connection)

    @cached_property
    def saved_rules(self) -> SavedRules:
        return SavedRules(self._connection)

    @cached_property
    def matches(self) -> Matches:
        return Matches(self._connection)

    @cached_property
    def waiting(self) -> Waiting:
        """Matches that wait to be told."""
        return Waiting(self._connection)

    @cached_property
    def deliveries(self) -> Deliveries:
        return Deliveries(self._connection)

    @cached_property
    def ledger(self) -> Ledger:
        return Ledger(self._connection, self.buckets)

    @cached_property
    def buckets(self) -> Buckets:
        """What providers' limits leave free."""
        return Buckets(self._connection)

    @cached_property
    def mutes(self) -> Mutes:
        return Mutes(self._connection)

    @cached_property
    def chats(self) -> Chats:
        """What people said to the bot, and what is being asked."""
        return Chats(self._connection)

    @cached_property
    def admissions(self) -> Admissions:
        """Who may use the bot."""
        return Admissions(self._connection)
