from concurrent.futures import ThreadPoolExecutor

from monitor.storage import Origin, Storage
from tests.making import DAY, NOW, a_destination, a_subscription


def test_making_a_subscription_again_changes_nothing(storage: Storage) -> None:
    with storage.begin() as tx:
        first = a_subscription(tx)
        counter = tx.subscriptions.counter()
        assert a_subscription(tx) == first
        assert tx.subscriptions.counter() == counter


def test_an_index_learns_of_every_change_and_of_nothing_else(storage: Storage) -> None:
    with storage.begin() as tx:
        one, two = a_subscription(tx, "one"), a_subscription(tx, "two")
        seen = tx.subscriptions.counter()
        a_subscription(tx, "one", "带量采购")
        tx.subscriptions.set_active(two.id, False)
        assert dict(tx.subscriptions.changes_since(seen)) == {one.id: "带量采购", two.id: None}
        assert tx.subscriptions.count_since(seen) == 2
        assert list(tx.subscriptions.changes_since(tx.subscriptions.counter())) == []
        assert dict(tx.subscriptions.changes_since(0)) == {one.id: "带量采购"}


def test_subscriptions_that_the_configuration_dropped_are_paused_and_others_left(storage: Storage) -> None:
    with storage.begin() as tx:
        destination = a_destination(tx)
        kept, dropped, chat = (
            tx.subscriptions.ensure(destination.id, name, "集采", origin=origin, now=NOW)
            for name, origin in [("a", Origin.CONFIG), ("b", Origin.CONFIG), ("c", Origin.CHAT)]
        )
        assert tx.subscriptions.keep_only(Origin.CONFIG, {kept.id}) == 1
        assert tx.subscriptions.keep_only(Origin.CONFIG, {kept.id}) == 0
        active = {s.id: s.active for s in tx.subscriptions.all()}
    assert active == {kept.id: True, dropped.id: False, chat.id: True}


def test_a_subscription_that_comes_back_to_the_configuration_is_active_again(storage: Storage) -> None:
    with storage.begin() as tx:
        first = a_subscription(tx)
        tx.subscriptions.keep_only(Origin.CLI, set())
        again = a_subscription(tx)
    assert (again.id, again.active, again.created_at) == (first.id, True, NOW)


def test_several_processes_may_adopt_one_configuration_at_once(storage: Storage) -> None:
    def adopt(_: int) -> tuple[int, str]:
        with storage.begin() as tx:
            tx.sources.ensure("a", "folder", NOW)
            subscription = a_subscription(tx)
            return subscription.id, subscription.rule

    with ThreadPoolExecutor(6) as pool:
        made = set(pool.map(adopt, range(12)))
    assert len(made) == 1


def test_changes_made_at_the_same_time_get_values_in_the_order_they_become_visible(storage: Storage) -> None:
    with storage.begin() as tx:
        destination = a_destination(tx)

    def subscribe(number: int) -> None:
        with storage.begin() as tx:
            tx.subscriptions.ensure(destination.id, f"{number}", "集采", origin=Origin.CHAT, now=NOW + DAY)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(subscribe, range(24)))
    with storage.read() as tx:
        assert sorted(s.changed for s in tx.subscriptions.all()) == list(range(1, 25))
        assert tx.subscriptions.counter() == 24


def test_a_pause_ends_by_itself_at_its_time(storage: Storage) -> None:
    with storage.begin() as tx:
        for_good, for_a_day = a_subscription(tx, "one"), a_subscription(tx, "two")
        tx.subscriptions.set_active(for_good.id, False)
        tx.subscriptions.set_active(for_a_day.id, False, NOW + DAY)
        assert tx.subscriptions.resume_due(NOW) == 0
        assert tx.subscriptions.resume_due(NOW + DAY) == 1
        assert [(s.name, s.active, s.paused_until) for s in tx.subscriptions.all()] == [
            ("one", False, None),
            ("two", True, None),
        ]


def test_what_was_removed_is_seen_no_more_and_can_be_brought_back(storage: Storage) -> None:
    with storage.begin() as tx:
        kept, gone = a_subscription(tx, "one"), a_subscription(tx, "two")
        tx.subscriptions.remove(gone.id, NOW)
        assert tx.subscriptions.of_destination(gone.destination_id) == [kept]
        assert list(tx.subscriptions.changes_since(gone.changed)) == [(gone.id, None)]
        tx.subscriptions.restore(gone.id)
        assert [s.id for s in tx.subscriptions.all() if s.active] == [kept.id, gone.id]
        tx.subscriptions.remove(gone.id, NOW)
        assert a_subscription(tx, "two").active
