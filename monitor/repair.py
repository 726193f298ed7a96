"""Repair: puts right, from the state of the tables alone, what a crash or an outage left behind.

pauses that are over         → the subscriptions go on
leases that ran out, and those of dead processes
                             → their deliveries go again, marked as a possible repeat; their sources are free
revisions nobody matched     → matched with the subscriptions there were when they came
revisions no search finds    → made searchable, as long as one turn allows
matches nobody tells         → deliveries, those of summaries whose window is over too
deliveries of inactive destinations, or due at a time only a wrong clock can have set → held, brought forward
deliveries nobody sends, and rules nobody can read → said to the operators
"""

import datetime as dt
import time
from collections import Counter
from dataclasses import dataclass

from monitor.deliver import LEASE
from monitor.matching import SubscriptionIndex, tell_revision
from monitor.operator import announce
from monitor.planning import end_check, plan_untold, tell_waiting
from monitor.settling import LONGEST_ASKED, lost, lost_said, say_failed
from monitor.storage import CheckOutcome, DeliveryState, Storage, Subscription, Transaction
from monitor.words import Words
from monitor.workers import is_dead
from rules import RuleError

CHECKS_KEPT = dt.timedelta(days=90)
UNCHANGED_KEPT = dt.timedelta(days=7)
"""How long the history of checks goes back; most find nothing new, and matter for a few days."""
WAITED_TOO_LONG = dt.timedelta(days=1)
"""A delivery this long overdue is sent by nobody: its channel is not configured, or no worker runs."""

INDEXING = 10.0
"""Seconds of a turn for making old texts searchable."""


@dataclass(frozen=True, slots=True)
class Repaired:
    """How much of each was put right; all zero where everything was as it should be.

    `checks` that a dead process had begun, `leases` of workers that did not report, `revisions` that were
    recorded and not matched, `deliveries` for matches that nothing told, `held` deliveries to inactive
    destinations, `brought_forward` deliveries due at a time only a wrong clock can have set, `said` messages
    to the operators about what repair cannot put right, `searchable` revisions that were recorded before
    there was a search. `windows` is no repair: deliveries for windows that are over.
    """

    checks: int = 0
    leases: int = 0
    revisions: int = 0
    deliveries: int = 0
    held: int = 0
    brought_forward: int = 0
    said: int = 0
    searchable: int = 0
    windows: int = 0


def repair(storage: Storage, index: SubscriptionIndex, *, now: dt.datetime) -> Repaired:
    """Do it; safe to repeat, and at the same time as everything else. Raises `StorageError`."""
    with storage.begin() as tx:
        tx.subscriptions.resume_due(now)
        tx.sources.forget_checks(now - UNCHANGED_KEPT, CheckOutcome.UNCHANGED)
        tx.sources.forget_checks(now - CHECKS_KEPT, *CheckOutcome)
        broken_off = tx.agenda.take_from([*filter(is_dead, tx.agenda.workers())])
        end_check(tx, tx.waiting.left_by_checks(broken_off), now)
        leases = _lost_leases(tx, now)
    with storage.read() as tx:  # in the transaction above it could follow what is not kept
        index.follow(tx)
    revisions = 0
    while batch := _match_forgotten(storage, index, now):
        revisions += batch
    searchable = _make_searchable(storage)
    with storage.begin() as tx:
        tx.buckets.forget()
        return Repaired(
            checks=len(broken_off),
            leases=leases,
            revisions=revisions,
            deliveries=plan_untold(tx, now),
            windows=tell_waiting(tx, now),
            held=tx.ledger.hold_unreachable(),
            brought_forward=tx.ledger.bring_forward(now + 2 * LONGEST_ASKED, now),
            said=_say_overdue(tx, now) + _say_broken(tx, index, now),
            searchable=searchable,
        )


def _lost_leases(tx: Transaction, now: dt.datetime) -> int:
    run_out = tx.ledger.run_out(now, 2 * LEASE, dead=[*filter(is_dead, tx.ledger.workers())])
    for lease in run_out:
        result = lost(lease.number, lease.give_up_at, now)
        if tx.ledger.lose(lease, result, now) and result.state is DeliveryState.FAILED:
            say_failed(tx, lease.destination_id, lost_said, f"lost:{lease.delivery_id}", now)
    return len(run_out)


def _match_forgotten(storage: Storage, index: SubscriptionIndex, now: dt.datetime) -> int:
    """One transaction's worth, so that others get their turn. Who subscribed later is not told."""
    with storage.begin() as tx:
        forgotten = tx.notices.unmatched(limit=50)
        for revision in forgotten:
            tell_revision(tx, revision, index, now, made_before=revision.recorded_at)
    return len(forgotten)


def _make_searchable(storage: Storage) -> int:
    """In transactions of their own as above; what is left is done in the next turn."""
    done, end = 0, time.monotonic() + INDEXING
    while time.monotonic() < end:
        with storage.begin() as tx:
            batch = tx.notices.make_searchable(limit=50)
        done += batch
        if not batch:
            break
    return done


def _say_overdue(tx: Transaction, now: dt.datetime) -> int:
    overdue = Counter(delivery.channel for delivery in tx.deliveries.waiting_since(now - WAITED_TOO_LONG))
    if not overdue:
        return 0
    channels = ", ".join(f"{channel} {count}" for channel, count in overdue.items())

    def say(words: Words) -> tuple[str, str]:
        return (
            words("有提醒超过一天没有发出", "Alerts have not gone out for more than a day"),
            words(
                f"{channels}。请检查这些渠道是否已配置。",
                f"{channels}. Check that these channels are configured.",
            ),
        )

    return announce(tx, tx.destinations.of_operators(), f"overdue:{now.date()}", say, now)


def _say_broken(tx: Transaction, index: SubscriptionIndex, now: dt.datetime) -> int:
    return sum(_say_broken_rule(tx, *broken, now) for broken in index.broken.values())


def _say_broken_rule(tx: Transaction, subscription: Subscription, error: RuleError, now: dt.datetime) -> int:
    def say(words: Words) -> tuple[str, str]:
        name = subscription.name
        headline = words(
            f"订阅“{name}”的规则无法理解", f"The rule of the subscription {name!r} is not understood"
        )
        return headline, error.render(words.language)

    topic = f"rule:{subscription.id}:{subscription.changed}"
    return announce(tx, tx.destinations.of_operators(), topic, say, now)
