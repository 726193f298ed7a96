import datetime as dt

import pytest

from monitor.errors import DeliveryError, SendOutcome
from monitor.settling import LONGEST_ASKED, PATIENCE, record_answer, retry_delay, settle
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
        record_answer(tx, claim, answer, now)
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
