"""Figures are the same whichever database they are asked of."""

import datetime as dt

from monitor.errors import SendOutcome
from monitor.storage import DeliveryState, Ended, Result, Storage
from tests.making import DAY, HOUR, NOW, a_destination, a_subscription, claimed, queued, sent, to_retry


def test_deliveries_and_attempts_are_counted_by_what_became_of_them(storage: Storage) -> None:
    queued(storage, 4)
    first, second, third, _ = claimed(storage)
    refused = Result(outcome=SendOutcome.PERMANENT, answer="410 gone", state=DeliveryState.FAILED)
    ended = ((first, sent()), (second, to_retry(NOW + HOUR, "429 later")), (third, refused))
    with storage.begin() as tx:
        tx.ledger.finish([Ended(c.delivery_id, c.number, r) for c, r in ended], NOW + HOUR)
        states = {state: count for (state, channel), count in tx.figures.deliveries().items()}
        assert states == {"sent": 1, "retry": 1, "failed": 1, "leased": 1}
        assert {kind: n for (kind, _), n in tx.figures.attempts().items()} == {
            "sent": 1,
            "retry": 1,
            "permanent": 1,
            "leased": 1,
        }
        assert tx.figures.rate_limited() == {"webhook": 1}
        assert tx.figures.oldest_due() == NOW + HOUR
        assert tx.figures.delivery_lags(NOW) == [HOUR]
        assert tx.figures.delivery_lags(NOW + DAY) == []


def test_totals_leave_operators_and_what_is_switched_off_out(storage: Storage) -> None:
    queued(storage, 2)
    with storage.begin() as tx:
        off = a_destination(tx, "li", address="https://example.org/b")
        a_subscription(tx, to=off)
        tx.destinations.deactivate(off.id, "refused", NOW)
        operator = tx.destinations.ensure_subscriber("op", operator=True, now=NOW)
        tx.destinations.ensure(operator.id, "webhook", "https://example.org/o", NOW)
        paused = a_subscription(tx, "挂网", "挂网")
        tx.subscriptions.set_active(paused.id, False)
        totals = tx.figures.totals(NOW - DAY)
        assert (totals.subscribers, totals.destinations, totals.subscriptions) == (2, 1, 2)
        assert (totals.notices, totals.new, totals.sent) == (2, 2, 0)
        assert tx.figures.totals(NOW + DAY).new == 0


def test_sources_are_counted_by_how_they_stand(storage: Storage) -> None:
    with storage.begin() as tx:
        for name in ("well", "paused", "late"):
            tx.sources.ensure(name, "folder", NOW)
        tx.agenda.pause("paused")
        for name in ("well", "late"):
            tx.agenda.hurry(name, NOW if name == "well" else NOW - dt.timedelta(minutes=10))
        counts = tx.figures.sources(NOW)
        assert (counts.total, counts.paused, counts.failing, counts.leased, counts.overdue) == (3, 1, 0, 0, 1)
        assert tx.figures.unwell() == {}
