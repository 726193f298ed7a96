import datetime as dt
import itertools

import pytest
from sqlalchemy import text

from monitor.errors import DeliveryError, SendOutcome
from monitor.limits import Limit
from monitor.settling import LONGEST_ASKED, PATIENCE, pause_length, record_answers, retry_delay, settle
from monitor.storage import Claim, Delivery, DeliveryState, Storage
from monitor.types import Receipt
from tests.making import DAY, HOUR, MINUTE, NOW, a_destination, claimed, queued

SECOND = dt.timedelta(seconds=1)


def a_claim(storage: Storage, now: dt.datetime = NOW) -> Claim:
    queued(storage)
    (claim,) = claimed(storage, now=now)
    return claim


def refusal(outcome: SendOutcome, **details: object) -> DeliveryError:
    return DeliveryError("the receiver does not want it", outcome=outcome, **details)  # type: ignore[arg-type]


def settled(
    storage: Storage, claim: Claim, answer: Receipt | DeliveryError, now: dt.datetime = NOW
) -> Delivery:
    """The delivery after this answer."""
    with storage.begin() as tx:
        record_answers(tx, [(claim, answer)], now)
        delivery = tx.deliveries.get(claim.delivery_id)
    assert delivery is not None
    return delivery


def messages(storage: Storage) -> list[tuple[str, str]]:
    """Subscriber and headline of every message that is about no notice, first one first."""
    with storage.read() as tx:
        return [(d.subscriber, d.content["headline"]) for d in reversed(tx.deliveries.latest()) if d.content]


def test_delays_double_and_spread_and_end_at_six_hours() -> None:
    for attempt, middle in [
        (1, 30 * SECOND),
        (2, MINUTE),
        (5, 8 * MINUTE),
        (20, 6 * HOUR),
        (10**6, 6 * HOUR),
    ]:
        delays = {retry_delay(attempt) for _ in range(50)}
        assert len(delays) > 40
        assert all(0.75 * middle <= delay <= 1.25 * middle for delay in delays)


def test_a_provider_is_asked_again_when_it_says() -> None:
    assert all(120 * SECOND <= retry_delay(1, 120) <= 132 * SECOND for _ in range(50))


def test_a_provider_that_says_now_for_ever_or_in_a_year_is_not_believed() -> None:
    assert retry_delay(1, 0) >= SECOND
    assert retry_delay(9, 0) > HOUR
    assert retry_delay(1, 365 * 86400) == LONGEST_ASKED


@pytest.mark.parametrize(
    ("outcome", "state", "may_repeat"),
    [
        (SendOutcome.RETRY, DeliveryState.RETRY, False),
        (SendOutcome.AMBIGUOUS, DeliveryState.RETRY, True),
        (SendOutcome.PERMANENT, DeliveryState.FAILED, False),
    ],
)
def test_each_bad_end_has_its_consequence(
    storage: Storage, outcome: SendOutcome, state: DeliveryState, may_repeat: bool
) -> None:
    result = settle(a_claim(storage), refusal(outcome, answer="451"), NOW)
    assert (result.state, result.may_repeat, result.answer) == (state, may_repeat, "451")
    assert (result.due_at is None) == (state is DeliveryState.FAILED)


def test_who_is_let_through_seldom_is_asked_as_often_as_it_says_and_never_given_up(storage: Storage) -> None:
    claim, now = a_claim(storage), NOW
    limit_broken = refusal(SendOutcome.RETRY, too_fast=True, retry_after=20)
    for _ in range(8):
        delivery = settled(storage, claim, limit_broken, now)
        assert 20 * SECOND <= delivery.due_at - now <= 22 * SECOND
        now = delivery.due_at
        (claim,) = claimed(storage, now=now)
    busy = settled(storage, claim, refusal(SendOutcome.RETRY), now)
    assert busy.due_at - now <= 38 * SECOND  # as after the first try, for it was the first that counts
    (claim,) = claimed(storage, now=NOW + PATIENCE + DAY)
    assert settled(storage, claim, limit_broken, NOW + PATIENCE + DAY).state is DeliveryState.RETRY
    with storage.read() as tx:
        outcomes = [attempt.outcome for attempt in tx.deliveries.attempts(claim.delivery_id)]
    assert outcomes == ["too fast"] * 8 + ["retry", "too fast"]


def test_who_refuses_as_too_fast_and_names_no_time_is_asked_ever_more_seldom() -> None:
    refused_for, pauses = dt.timedelta(0), list[dt.timedelta]()
    while refused_for < PATIENCE:
        pauses.append(pause_length(refused_for, None))
        refused_for += pauses[-1]
    assert 30 * SECOND <= pauses[0] <= 38 * SECOND
    assert all(later >= earlier for earlier, later in itertools.pairwise(pauses[:9]))
    assert 5 * HOUR < max(pauses) <= 7.5 * HOUR
    assert 15 < len(pauses) < 30


def claimed_with_limit(storage: Storage, now: dt.datetime) -> Claim:
    """A claim whose bucket the provider can pause."""
    with storage.begin() as tx:
        (claim,) = tx.ledger.claim(
            "a",
            {"webhook"},
            limit=1,
            lease=MINUTE,
            patience=PATIENCE,
            now=now,
            limits=lambda *_: (Limit("url"),),
        ).claims
    return claim


def pass_time(storage: Storage, time: dt.timedelta) -> None:
    """As if all that buckets remember were so much older."""
    with storage.begin() as tx:
        tx.buckets._connection.execute(
            text("UPDATE buckets SET refused_since = refused_since - :s, paused_until = paused_until - :s"),
            {"s": time.total_seconds()},
        )


TOO_FAST = {"outcome": SendOutcome.RETRY, "too_fast": True}


def test_a_bucket_that_lets_nothing_through_is_said_to_the_operator_and_given_up_after_three_days(
    storage: Storage,
) -> None:
    with storage.begin() as tx:
        operator = tx.destinations.ensure_subscriber("operator", operator=True, language="en", now=NOW)
        tx.destinations.ensure(operator.id, "email", "ops@example.org", NOW)
    queued(storage)
    first = settled(storage, claimed_with_limit(storage, NOW), refusal(**TOO_FAST))
    assert 30 * SECOND <= first.due_at - NOW <= 38 * SECOND
    assert messages(storage) == []
    pass_time(storage, 2 * HOUR)
    now = NOW + 2 * HOUR
    second = settled(storage, claimed_with_limit(storage, now), refusal(**TOO_FAST), now)
    assert 2 * HOUR <= second.due_at - now <= 2.6 * HOUR
    assert messages(storage) == [("operator", "webhook has refused everything as too fast for 2 h")]
    pass_time(storage, PATIENCE)
    now = NOW + PATIENCE + HOUR
    assert settled(storage, claimed_with_limit(storage, now), refusal(**TOO_FAST), now).state is (
        DeliveryState.FAILED
    )


def test_a_bucket_that_lets_something_through_begins_anew(storage: Storage) -> None:
    queued(storage, 3)
    settled(storage, claimed_with_limit(storage, NOW), refusal(**TOO_FAST))
    pass_time(storage, DAY)
    settled(storage, claimed_with_limit(storage, NOW), Receipt("200"))
    again = settled(storage, claimed_with_limit(storage, NOW), refusal(**TOO_FAST))
    assert again.due_at - NOW <= 38 * SECOND


def test_it_is_tried_for_three_days_and_then_given_up(storage: Storage) -> None:
    claim, now, attempts = a_claim(storage), NOW, 0
    while True:
        attempts += 1
        delivery = settled(storage, claim, refusal(SendOutcome.RETRY), now)
        if delivery.state is DeliveryState.FAILED:
            break
        now = delivery.due_at
        (claim,) = claimed(storage, now=now)
    assert PATIENCE <= now - NOW < PATIENCE + 8 * HOUR
    assert 15 < attempts < 30


def test_a_refused_destination_is_switched_off_and_its_subscriber_told_elsewhere(storage: Storage) -> None:
    with storage.begin() as tx:
        a_destination(tx, channel="email", address="wang@example.org")
        a_destination(tx, "li", channel="email", address="li@example.org")
    delivery = settled(storage, a_claim(storage), refusal(SendOutcome.PERMANENT))
    assert delivery.state is DeliveryState.FAILED
    with storage.read() as tx:
        destination = tx.destinations.get(delivery.destination_id)
    assert destination is not None
    assert (destination.active, destination.reason) == (False, "the receiver does not want it")
    ((reader, headline),) = messages(storage)
    assert reader == "wang"
    assert "已停用" in headline


def test_the_operator_is_told_where_the_subscriber_cannot_be(storage: Storage) -> None:
    with storage.begin() as tx:
        operator = tx.destinations.ensure_subscriber("operator", operator=True, language="en", now=NOW)
        tx.destinations.ensure(operator.id, "email", "ops@example.org", NOW)
    claim = a_claim(storage)
    settled(storage, claim, refusal(SendOutcome.PERMANENT))
    assert messages(storage) == [
        ("operator", f"The destination {claim.destination_id} (webhook) was switched off")
    ]


def test_several_refusals_at_once_are_said_once_and_all_go_out_after_the_reactivation(
    storage: Storage,
) -> None:
    with storage.begin() as tx:
        a_destination(tx, channel="email", address="wang@example.org")
    queued(storage, 3)
    first, second, third = claimed(storage)
    for claim in (first, second):
        settled(storage, claim, refusal(SendOutcome.PERMANENT))
    settled(storage, third, Receipt("200"))
    assert len(messages(storage)) == 1
    with storage.begin() as tx:
        assert tx.destinations.activate(first.destination_id, NOW + DAY) == 2
    again = claimed(storage, now=NOW + DAY)
    assert [claim.delivery_id for claim in again] == [first.delivery_id, second.delivery_id]


def test_a_dead_receiver_is_complained_about_once_a_day(storage: Storage) -> None:
    with storage.begin() as tx:
        a_destination(tx, channel="email", address="wang@example.org")
    queued(storage, 3)
    for claim in claimed(storage):
        settled(storage, claim, refusal(SendOutcome.RETRY), NOW + 4 * DAY)
    ((reader, headline),) = messages(storage)
    assert reader == "wang"
    assert "未能送达" in headline
    with storage.read() as tx:
        assert tx.deliveries.counts()[DeliveryState.FAILED] == 3


def test_a_failed_delivery_can_be_sent_again_by_hand_and_has_its_patience_back(storage: Storage) -> None:
    claim = a_claim(storage)
    settled(storage, claim, refusal(SendOutcome.RETRY), NOW + 4 * DAY)
    with storage.begin() as tx:
        assert tx.deliveries.retry(claim.delivery_id, NOW + 5 * DAY)
    (again,) = claimed(storage, now=NOW + 5 * DAY)
    assert (again.message_id, again.give_up_at) == (claim.message_id, NOW + 8 * DAY)
