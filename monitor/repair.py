"""Repair: puts right, from the state of the tables alone, what a crash or an outage left behind.

leases that ran out          → their deliveries go again, marked as a possible repeat
revisions nobody matched     → matched with the subscriptions there were when they came
matches nobody tells         → deliveries
deliveries of inactive destinations, or due at a time only a wrong clock can have set → held, brought forward
deliveries nobody sends, and rules nobody can read → said to the operators
"""

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from monitor.deliver import LEASE
from monitor.matching import SubscriptionIndex, tell_revision
from monitor.operator import announce
from monitor.settling import LONGEST_ASKED, lost, say_failed
from monitor.storage import DeliveryState, Storage, Subscription, Transaction
from monitor.words import Words
from rules import RuleError

WAITED_TOO_LONG = dt.timedelta(days=1)
"""A delivery this long overdue is sent by nobody: its channel is not configured, or no worker runs."""


@dataclass(frozen=True, slots=True)
class Repaired:
    """How much of each was put right; all zero where everything was as it should be.

    `leases` of workers that did not report, `revisions` that were recorded and not matched, `deliveries` for
    matches that nothing told, `held` deliveries to inactive destinations, `brought_forward` deliveries due at
    a time only a wrong clock can have set, `said` messages to the operators about what repair cannot put
    right.
    """

    leases: int = 0
    revisions: int = 0
    deliveries: int = 0
    held: int = 0
    brought_forward: int = 0
    said: int = 0


def repair(storage: Storage, index: SubscriptionIndex, *, now: dt.datetime) -> Repaired:
    """Do it; safe to repeat, and at the same time as everything else. Raises `StorageError`."""
    with storage.begin() as tx:
        index.follow(tx)
        leases = _lost_leases(tx, now)
    revisions = 0
    while batch := _match_forgotten(storage, index, now):
        revisions += batch
    with storage.begin() as tx:
        return Repaired(
            leases=leases,
            revisions=revisions,
            deliveries=_plan_untold(tx, now),
            held=tx.ledger.hold_unreachable(),
            brought_forward=tx.ledger.bring_forward(now + 2 * LONGEST_ASKED, now),
            said=_say_overdue(tx, now) + _say_broken(tx, index, now),
        )


def _lost_leases(tx: Transaction, now: dt.datetime) -> int:
    run_out = tx.ledger.run_out(now, 2 * LEASE)
    for lease in run_out:
        result = lost(lease.number, lease.give_up_at, now)
        if tx.ledger.lose(lease, result, now) and result.state is DeliveryState.FAILED:
            say_failed(tx, lease.destination_id, result.answer, f"lost:{lease.delivery_id}", now)
    return len(run_out)


def _match_forgotten(storage: Storage, index: SubscriptionIndex, now: dt.datetime) -> int:
    """One transaction's worth, so that others get their turn. Who subscribed later is not told."""
    with storage.begin() as tx:
        forgotten = tx.notices.unmatched(limit=50)
        for revision in forgotten:
            tell_revision(tx, revision, index, now, made_before=revision.recorded_at)
    return len(forgotten)


def _plan_untold(tx: Transaction, now: dt.datetime) -> int:
    return sum(tx.deliveries.plan(notice_id, now) for notice_id in tx.matches.untold())


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
