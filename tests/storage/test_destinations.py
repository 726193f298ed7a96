from monitor.storage import DeliveryState, Storage
from tests.making import (
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


def test_a_destination_is_made_once_per_subscriber_channel_and_address(storage: Storage) -> None:
    with storage.begin() as tx:
        assert a_destination(tx).id == a_destination(tx).id
        assert len({a_destination(tx, name).id for name in ("wang", "li")}) == 2


def test_an_address_does_not_show_in_a_log_line(storage: Storage) -> None:
    with storage.begin() as tx:
        assert "example.org" not in repr(a_destination(tx))


def test_settings_of_a_subscriber_follow_the_configuration(storage: Storage) -> None:
    with storage.begin() as tx:
        tx.destinations.ensure_subscriber("wang", now=NOW)
        tx.destinations.ensure_subscriber("wang", language="en", timezone="Asia/Urumqi", now=NOW + HOUR)
        (wang,) = tx.destinations.subscribers()
    assert (wang.language, wang.timezone, wang.created_at) == ("en", "Asia/Urumqi", NOW)


def test_operators_are_reached_where_they_are_active(storage: Storage) -> None:
    with storage.begin() as tx:
        operator = tx.destinations.ensure_subscriber("operator", operator=True, now=NOW)
        mail = tx.destinations.ensure(operator.id, "email", "ops@example.org", NOW)
        chat = tx.destinations.ensure(operator.id, "telegram", "1", NOW)
        a_destination(tx)
        tx.destinations.deactivate(chat.id, "blocked", NOW)
        assert [destination.id for destination in tx.destinations.of_operators()] == [mail.id]


def test_what_waits_for_a_deactivated_destination_is_held_and_goes_out_later(storage: Storage) -> None:
    first, second = queued(storage, 2)
    with storage.begin() as tx:
        destination = a_destination(tx)
        assert tx.destinations.deactivate(destination.id, "410 Gone", NOW)
        assert not tx.destinations.deactivate(destination.id, "410 Gone", NOW)
    assert claimed(storage) == []
    (third,) = queued(storage)
    with storage.begin() as tx:
        held = [tx.deliveries.get(delivery) for delivery in (first, second, third)]
        assert {(d.state, d.note) for d in held if d} == {(DeliveryState.HELD, "410 Gone")}
        assert tx.destinations.activate(destination.id, NOW + HOUR) == 3
        assert tx.destinations.activate(destination.id, NOW + HOUR) == 0
    assert [claim.delivery_id for claim in claimed(storage, now=NOW + HOUR)] == [first, second, third]


def test_a_chat_that_moved_takes_everybody_along(storage: Storage) -> None:
    with storage.begin() as tx:
        group = [a_destination(tx, name, "telegram", "-100") for name in ("wang", "li")]
        other = a_destination(tx, "wang", "telegram", "7")
        subscriptions = [a_subscription(tx, to=destination) for destination in group]
        tx.destinations.move("telegram", "-100", "-100200", NOW)
        moved = [tx.subscriptions.get(subscription.id) for subscription in subscriptions]
        there = [tx.destinations.get(subscription.destination_id) for subscription in moved if subscription]
        assert [(d.subscriber, d.address, d.active) for d in there if d] == [
            ("wang", "-100200", True),
            ("li", "-100200", True),
        ]
        assert tx.destinations.get(other.id) == other


def test_who_still_names_the_old_address_means_the_new_one(storage: Storage) -> None:
    """As a configuration does at every start; and the provider may say it again and again."""
    with storage.begin() as tx:
        old = a_destination(tx, "wang", "telegram", "-100")
        first = a_subscription(tx, to=old)
        for _ in range(2):
            tx.destinations.move("telegram", "-100", "-100200", NOW)
        tx.destinations.move("telegram", "-100200", "-100300", NOW)
        again = a_destination(tx, "wang", "telegram", "-100")
        assert (again.address, again.active) == ("-100300", True)
        assert a_subscription(tx, to=again).id == a_subscription(tx, to=old).id == first.id
        assert len(tx.destinations.all()) == 3


def test_a_chat_that_moved_to_a_known_address_is_merged_into_it(storage: Storage) -> None:
    with storage.begin() as tx:
        old, new = (a_destination(tx, "wang", "webhook", address) for address in ("old", "new"))
        for destination in (old, new):
            a_subscription(tx, "集采", to=destination)
    queued(storage, 2, to=old.id)
    (told,) = queued(storage, 1, to=new.id)
    (claim,) = [claim for claim in claimed(storage) if claim.delivery_id == told]
    with storage.begin() as tx:
        finish_attempt(tx, told, claim.number, sent(), NOW)
        tx.destinations.move("webhook", "old", "new", NOW)
        subscriptions = tx.subscriptions.all()
        deliveries = tx.deliveries.latest()
        gone = tx.destinations.get(old.id)
    assert gone is not None
    assert not gone.active
    assert {subscription.destination_id for subscription in subscriptions} == {new.id}
    assert len({subscription.name for subscription in subscriptions}) == 2
    assert {delivery.destination_id for delivery in deliveries} == {new.id}


def test_a_merge_does_not_tell_the_same_notice_twice(storage: Storage) -> None:
    with storage.begin() as tx:
        old, new = (a_destination(tx, "wang", "webhook", address) for address in ("old", "new"))
        revision = a_revision(tx, a_notice())
        for destination in (old, new):
            met(tx, revision, a_subscription(tx, "集采", to=destination))
        tx.deliveries.plan(revision.notice_id, NOW)
        tx.destinations.move("webhook", "old", "new", NOW)
        states = {delivery.destination_id: delivery.state for delivery in tx.deliveries.latest()}
    assert states == {new.id: DeliveryState.PENDING, old.id: DeliveryState.CANCELLED}
