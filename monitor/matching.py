"""Matching a recorded notice: whom does it concern? → matches → deliveries."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice

from monitor.planning import plan
from monitor.prepared_rules import Prepared, PreparedRules
from monitor.recording import Recorded
from monitor.saved_rules import read_rule
from monitor.storage import Change, Met, Revision, Storage, Subscription, Transaction
from monitor.types import Notice
from rules import Match, Rule, RuleError, RuleIndex, Vocabulary

MANY = 5000
"""So many changes are sorted in at once; fewer one by one, and sorted in the background."""

WORTH_STORING, CHANGES_WORTH_STORING = 20_000, 0.02
"""From so many rules on the prepared form is stored, when so great a share of them has changed."""


@dataclass(frozen=True, slots=True)
class Told:
    """How many subscriptions a notice met, and how many deliveries were queued for them."""

    matched: int = 0
    queued: int = 0


class SubscriptionIndex:
    """The rules of all active subscriptions, following the changes of the database.

    One per process; not safe to share between threads. Only the rules are kept in memory, prepared for
    matching; of who wanted what, the database is asked for the hits alone.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._rules = RuleIndex(vocabulary)
        self._broken: dict[int, tuple[Subscription, RuleError]] = {}
        self._counter = 0
        self.prepared = False

    def __len__(self) -> int:
        return len(self._rules)

    @property
    def broken(self) -> Mapping[int, tuple[Subscription, RuleError]]:
        """By their ids, the subscriptions whose rule cannot be read any more: the vocabulary has changed."""
        return self._broken

    def prepare(self, storage: Storage, file: PreparedRules) -> None:
        """Take over all subscriptions, at the start: from the file as far as that is possible, and write the
        file anew where that will spare the next start much. Raises `StorageError`."""
        with storage.read() as tx:
            if prepared := file.load(tx, self._vocabulary):
                self._rules, self._counter = prepared.rules, prepared.counter
                for subscription_id in prepared.broken:
                    self._learn(tx, [Change(subscription_id, tx.subscriptions.rule_of(subscription_id))])
            changes = tx.subscriptions.count_since(self._counter)
            self.follow(tx)
        if len(self) >= WORTH_STORING and changes > len(self) * CHANGES_WORTH_STORING:
            file.save(storage, Prepared(self._rules, self._counter, tuple(self._broken)))
        self.prepared = True

    def follow(self, tx: Transaction) -> None:
        """Take over what changed since the last call. Called in the transaction that records a notice, so
        that no subscription made before it is missed; not in one that changes subscriptions and may fail."""
        counter = tx.subscriptions.counter()
        if counter == self._counter:
            return
        changes = tx.subscriptions.changes_since(self._counter)
        first = list(islice(changes, MANY))
        self._learn(tx, chain(first, changes), many=len(first) == MANY)
        self._counter = counter

    def match(self, tx: Transaction, notice: Notice) -> list[tuple[Subscription, Match]]:
        """The active subscriptions that the notice meets, with their reasons."""
        matches = self._rules.match(notice)
        found = tx.subscriptions.with_ids(matches.rule_ids)
        return [(found[match.rule_id], match) for match in matches if match.rule_id in found]

    def _learn(self, tx: Transaction, changes: Iterable[Change], *, many: bool = False) -> None:
        if many:
            for rule_id, error in self._rules.extend(self._readable(tx, changes)):
                self._break(tx, int(rule_id), error)
            return
        for subscription_id, rule in self._readable(tx, changes):
            try:
                self._rules.add(subscription_id, rule)
            except RuleError as error:
                self._break(tx, subscription_id, error)

    def _readable(self, tx: Transaction, changes: Iterable[Change]) -> Iterator[tuple[int, Rule | str]]:
        """The rules that are to be in the index; the others are taken out. Most are in their canonical form,
        which the index reads fastest itself."""
        for subscription_id, text in changes:
            self._broken.pop(subscription_id, None)
            if text is None:
                self._forget(subscription_id)
            elif "@" in text:
                try:
                    yield subscription_id, self._with_saved_rules(tx, subscription_id, text)
                except RuleError as error:
                    self._break(tx, subscription_id, error)
            else:
                yield subscription_id, text

    def _with_saved_rules(self, tx: Transaction, subscription_id: int, text: str) -> Rule:
        subscription = tx.subscriptions.get(subscription_id)
        assert subscription is not None, "it was read in this transaction"
        return read_rule(tx, subscription.subscriber_id, text, self._vocabulary)

    def _break(self, tx: Transaction, subscription_id: int, error: RuleError) -> None:
        self._forget(subscription_id)
        if subscription := tx.subscriptions.get(subscription_id):
            self._broken[subscription_id] = subscription, error

    def _forget(self, subscription_id: int) -> None:
        if subscription_id in self._rules:
            self._rules.remove(subscription_id)


def tell(
    tx: Transaction,
    recorded: Recorded,
    index: SubscriptionIndex,
    now: dt.datetime,
    *,
    in_check: bool = False,
    unread_since: dt.datetime | None = None,
) -> Told:
    """Match what was recorded and queue its deliveries, in the transaction that recorded it.

    A correction also goes to whoever was told of the notice before it. `in_check`: what is told at once waits
    for the end of the check (see `monitor.planning`); `unread_since` as in `StoredMatch`.
    """
    if not recorded.to_match:
        return Told()
    return tell_revision(tx, recorded.revision, index, now, in_check=in_check, unread_since=unread_since)


def tell_revision(
    tx: Transaction,
    revision: Revision,
    index: SubscriptionIndex,
    now: dt.datetime,
    *,
    made_before: dt.datetime | None = None,
    in_check: bool = False,
    unread_since: dt.datetime | None = None,
) -> Told:
    """Match one text of a notice and queue its deliveries, but for destinations that muted it; `made_before`
    leaves out later subscriptions."""
    index.follow(tx)
    deaf = tx.mutes.deaf_to(revision.notice_id, revision.notice)
    met = [
        Met(subscription.id, subscription.rule, match.reasons)
        for subscription, match in index.match(tx, revision.notice)
        if (made_before is None or subscription.created_at <= made_before)
        and subscription.destination_id not in deaf
    ]
    matched = tx.matches.add(revision, met, now, unread_since=unread_since)
    if not revision.variant:
        earlier = [
            Met(one.subscription_id, one.rule, one.reasons)
            for one in tx.matches.met_before(revision)
            if one.destination_id not in deaf
        ]
        matched += tx.matches.add(revision, earlier, now, unread_since=unread_since)
    tx.notices.mark_matched(revision.id, now)
    return Told(matched, plan(tx, revision.notice_id, now, in_check=in_check) if matched else 0)
