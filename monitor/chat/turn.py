"""One turn of a chat: something was said, and a handler acts upon it in one transaction."""

import datetime as dt
from collections.abc import Mapping
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from monitor.chat.model import Incoming
from monitor.chat.services import Services
from monitor.chat.texts import Texts
from monitor.storage import Conversation, Destination, Subscriber, Subscription, Transaction
from monitor.subscribers import OPERATOR

PATIENCE = dt.timedelta(days=2)
"""How long a question waits for its answer."""


class Turn:
    """What a handler works with: who spoke (`caller`), the transaction (`tx`), the words (`say`, `label`,
    `counted`), and the chat's own things."""

    def __init__(self, services: Services, tx: Transaction, incoming: Incoming) -> None:
        self.services = services
        self.tx = tx
        self.incoming = incoming
        self.caller = incoming.caller
        self.now = services.clock()
        self.use(self.destination.language if self.destination else services.language)

    def use(self, language: str) -> None:
        """Speak this language from here on."""
        self.texts = Texts(language)
        self.say, self.label, self.counted = self.texts.say, self.texts.label, self.texts.counted

    @cached_property
    def destination(self) -> Destination | None:
        """Where this chat's alerts go: the destination with its address, whoever made it. None before the
        chat wants anything."""
        there = self.tx.destinations.at(self.caller.channel, self.caller.address)
        return next((one for one in there if one.subscriber != OPERATOR), None)

    def home(self) -> Destination:
        """The chat's destination, made where there was none."""
        if self.destination is None:
            person = self.tx.destinations.ensure_subscriber(
                self.caller.chat,
                language=self.texts.language,
                timezone=self.services.timezone,
                now=self.now,
            )
            self.destination = self.tx.destinations.ensure(
                person.id, self.caller.channel, self.caller.address, self.now
            )
        return self.destination

    def subscriber(self) -> Subscriber:
        """Whose chat this is."""
        found = self.tx.destinations.subscriber(self.home().subscriber_id)
        assert found is not None, "a destination has its subscriber"
        return found

    @cached_property
    def zone(self) -> ZoneInfo:
        """In which the chat's days begin."""
        return ZoneInfo(self.subscriber().timezone if self.destination else self.services.timezone)

    @property
    def today(self) -> dt.date:
        return self.day_of(self.now)

    def day_of(self, time: dt.datetime) -> dt.date:
        """The chat's day at that time."""
        return time.astimezone(self.zone).date()

    def subscriptions(self) -> list[Subscription]:
        """Those of this chat, in the order of their numbers (from 1)."""
        return self.tx.subscriptions.of_destination(self.destination.id) if self.destination else []

    @cached_property
    def conversation(self) -> Conversation | None:
        """What this user is being asked here."""
        return self.tx.chats.conversation(self.caller.chat, self.caller.user, self.now)

    def ask(self, question: str, data: Mapping[str, Any]) -> None:
        """Wait for an answer; `registry.question` says what takes it."""
        self.tx.chats.ask(self.caller.chat, self.caller.user, question, data, self.now + PATIENCE)

    def done(self) -> bool:
        """Nothing is asked any more. False where nothing was."""
        return self.tx.chats.end(self.caller.chat, self.caller.user)
