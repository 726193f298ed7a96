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
        changes = {changed.id: changed for changed in tx.subscriptions.changed_since(seen)}
        assert (changes[one.id].rule, changes[two.id].active) == ("带量采购", False)
        assert tx.subscriptions.changed_since(tx.subscriptions.counter()) == []


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
