"""Matching a recorded notice: whom does it concern? → matches → deliveries."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from monitor.recording import Recorded
from monitor.storage import Met, Revision, Subscription, Transaction
from monitor.types import Notice
from rules import Match, RuleError, RuleIndex, Vocabulary, parse_rule


@dataclass(frozen=True, slots=True)
class Told:
    """How many subscriptions a notice met, and how many deliveries were queued for them."""

    matched: int = 0
    queued: int = 0


class SubscriptionIndex:
    """The rules of all active subscriptions, following the changes of the database.

    One per process; not safe to share between threads.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._rules = RuleIndex(vocabulary)
        self._subscriptions: dict[int, Subscription] = {}
        self._broken: dict[int, tuple[Subscription, RuleError]] = {}
        self._counter = 0

    @property
    def broken(self) -> Mapping[int, tuple[Subscription, RuleError]]:
        """By their ids, the subscriptions whose rule cannot be read any more: the vocabulary has changed."""
        return self._broken

    def follow(self, tx: Transaction) -> None:
        """Take over what changed since the last call. Called in the transaction that records a notice, so
        that no subscription made before it is missed."""
        counter = tx.subscriptions.counter()
        if counter == self._counter:
            return
        for subscription in tx.subscriptions.changed_since(self._counter):
            self._forget(subscription.id)
            if subscription.active:
                self._learn(subscription)
        self._counter = counter

    def match(self, notice: Notice) -> list[tuple[Subscription, Match]]:
        """The active subscriptions that the notice meets, with their reasons."""
        return [(self._subscriptions[int(match.rule_id)], match) for match in self._rules.match(notice)]

    def _forget(self, subscription_id: int) -> None:
        self._broken.pop(subscription_id, None)
        if self._subscriptions.pop(subscription_id, None) is not None:
            self._rules.remove(subscription_id)

    def _learn(self, subscription: Subscription) -> None:
        try:
            rule = parse_rule(subscription.rule, self._vocabulary)
        except RuleError as error:
            self._broken[subscription.id] = subscription, error
            return
        self._rules.add(subscription.id, rule)
        self._subscriptions[subscription.id] = subscription


def tell(tx: Transaction, recorded: Recorded, index: SubscriptionIndex, now: dt.datetime) -> Told:
    """Match what was recorded and queue its deliveries, in the transaction that recorded it.

    A correction also goes to whoever was told of the notice before it.
    """
    if not recorded.to_match:
        return Told()
    return tell_revision(tx, recorded.revision, index, now)


def tell_revision(
    tx: Transaction,
    revision: Revision,
    index: SubscriptionIndex,
    now: dt.datetime,
    *,
    made_before: dt.datetime | None = None,
) -> Told:
    """Match one text of a notice and queue its deliveries; `made_before` leaves out later subscriptions."""
    index.follow(tx)
    met = [
        Met(subscription.id, subscription.rule, match.reasons)
        for subscription, match in index.match(revision.notice)
        if made_before is None or subscription.created_at <= made_before
    ]
    matched = tx.matches.add(revision, met, now)
    if not revision.variant:
        earlier = tx.matches.met_before(revision)
        matched += tx.matches.add(
            revision, [Met(one.subscription_id, one.rule, one.reasons) for one in earlier], now
        )
    tx.notices.mark_matched(revision.id, now)
    return Told(matched, tx.deliveries.plan(revision.notice_id, now) if matched else 0)
