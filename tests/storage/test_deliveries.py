import pytest

from monitor.storage import DeliveryState, Storage
from tests.making import (
    DAY,
    HOUR,
    NOW,
    a_destination,
    a_notice,
    a_revision,
    a_subscription,
    claimed,
    finish_attempt,
    met,
    queued,
    sent,
)


def test_subscriptions_of_one_destination_make_one_delivery(storage: Storage) -> None:
    with storage.begin() as tx:
        one, two = a_subscription(tx, "one"), a_subscription(tx, "two")
        elsewhere = a_subscription(tx, "one", to=a_destination(tx, "li"))
        revision = a_revision(tx)
        assert met(tx, revision, one, two, elsewhere) == 3
        assert tx.matches.untold() == [revision.notice_id]
        assert tx.deliveries.plan(revision.notice_id, NOW) == 2
        assert tx.matches.untold() == []
        told = [tx.matches.of_delivery(delivery.id) for delivery in tx.deliveries.latest()]
    assert sorted([match.subscription_id for match in matches] for matches in told) == [
        [one.id, two.id],
        [elsewhere.id],
    ]


def test_a_later_match_joins_the_delivery_that_tells_its_notice(storage: Storage) -> None:
    with storage.begin() as tx:
        one, two, revision = a_subscription(tx, "one"), a_subscription(tx, "two"), a_revision(tx)
        for subscription, more in ((one, 1), (two, 0)):
            met(tx, revision, subscription)
            assert tx.deliveries.plan(revision.notice_id, NOW) == more
        (delivery,) = tx.deliveries.latest()
        assert len(tx.matches.of_delivery(delivery.id)) == 2


def test_a_correction_is_a_delivery_of_its_own(storage: Storage) -> None:
    with storage.begin() as tx:
        subscription, first = a_subscription(tx), a_revision(tx)
        corrected = tx.notices.revise(first.notice_id, a_notice(), [], corrected=True, now=NOW)
        for revision in (first, corrected):
            met(tx, revision, subscription)
        assert tx.deliveries.plan(first.notice_id, NOW) == 2


def test_every_delivery_has_an_id_of_its_own_that_no_other_installation_has(storage: Storage) -> None:
    queued(storage, 3)
    with storage.read() as tx:
        ids = {delivery.message_id for delivery in tx.deliveries.latest()}
    assert len(ids) == 3
    assert all(len(message_id) == 32 for message_id in ids)


def test_a_message_is_said_once_per_topic(storage: Storage) -> None:
    with storage.begin() as tx:
        destination = a_destination(tx)
        assert tx.deliveries.say(destination.id, "source:a", "Source a", "It fails.", NOW)
        assert not tx.deliveries.say(destination.id, "source:a", "Source a", "It still fails.", NOW)
        (delivery,) = tx.deliveries.latest()
    assert delivery.content == {"headline": "Source a", "text": "It fails."}
    assert (delivery.subscriber, delivery.channel, delivery.revision_id) == ("wang", "webhook", None)


def test_deliveries_are_listed_by_state_and_subscriber_newest_first(storage: Storage) -> None:
    first, second = queued(storage, 2)
    with storage.begin() as tx:
        tx.deliveries.cancel(first, "not wanted", NOW)
        assert [delivery.id for delivery in tx.deliveries.latest()] == [second, first]
        assert [delivery.id for delivery in tx.deliveries.latest(DeliveryState.CANCELLED)] == [first]
        assert tx.deliveries.latest(subscriber="li") == []
        assert tx.deliveries.counts() == {DeliveryState.PENDING: 1, DeliveryState.CANCELLED: 1}


def test_what_is_sent_or_on_its_way_is_neither_sent_again_nor_cancelled(storage: Storage) -> None:
    done, under_way = queued(storage, 2)
    for claim in claimed(storage):
        if claim.delivery_id == done:
            with storage.begin() as tx:
                finish_attempt(tx, done, claim.number, sent(), NOW)
    with storage.begin() as tx:
        for delivery in (done, under_way):
            assert not tx.deliveries.retry(delivery, NOW)
            assert not tx.deliveries.cancel(delivery, "too late", NOW)


@pytest.mark.parametrize("patience_used_up", [False, True])
def test_a_cancelled_delivery_can_be_sent_after_all(storage: Storage, patience_used_up: bool) -> None:
    (delivery,) = queued(storage)
    later = NOW + 30 * DAY if patience_used_up else NOW
    with storage.begin() as tx:
        tx.deliveries.cancel(delivery, "not wanted", NOW)
        assert tx.deliveries.retry(delivery, later)
    (claim,) = claimed(storage, now=later)
    assert claim.give_up_at == later + 3 * DAY


def test_overdue_deliveries_are_those_nobody_has_sent(storage: Storage) -> None:
    waiting, under_way = queued(storage, 2)
    (claim, *_) = claimed(storage, limit=1)
    with storage.read() as tx:
        overdue = tx.deliveries.waiting_since(NOW + HOUR)
    assert claim.delivery_id == waiting
    assert [delivery.id for delivery in overdue] == [under_way]


def test_a_delivery_is_found_by_the_id_that_its_messages_carry(storage: Storage) -> None:
    first, _ = queued(storage, 2)
    with storage.read() as tx:
        delivery = tx.deliveries.get(first)
        assert delivery is not None
        assert tx.deliveries.by_message_id(delivery.message_id) == delivery
        assert tx.deliveries.by_message_id("0" * 32) is None
