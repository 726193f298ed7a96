"""When sources are checked next, and by whom."""

import datetime as dt
import threading
from contextlib import closing

from monitor.storage import Storage
from tests.making import DAY, HOUR, LEASE, MINUTE, NOW


def enter(storage: Storage, *ids: str) -> None:
    with storage.begin() as tx:
        tx.agenda.enter(((name, "html_list") for name in ids), NOW)


def due(storage: Storage, now: dt.datetime = NOW) -> list[str]:
    with storage.read() as tx:
        return tx.agenda.due(now, LEASE)


def test_what_was_never_checked_is_due_after_what_has_waited(storage: Storage) -> None:
    enter(storage, "new", "late", "later", "not yet")
    with storage.begin() as tx:
        tx.agenda.put("late", NOW - HOUR, retries=0)
        tx.agenda.put("later", NOW - MINUTE, retries=0)
        tx.agenda.put("not yet", NOW + MINUTE, retries=0)
    assert due(storage) == ["late", "later", "new"]
    assert due(storage, NOW + HOUR) == ["late", "later", "not yet", "new"]


def test_entering_a_source_again_changes_nothing(storage: Storage) -> None:
    enter(storage, "a")
    with storage.begin() as tx:
        tx.agenda.put("a", NOW + DAY, retries=2)
        tx.agenda.enter([("a", "html_list")], NOW)
    with storage.read() as tx:
        (source,) = tx.sources.all()
    assert (source.next_check_at, source.retries) == (NOW + DAY, 2)


def test_of_two_workers_one_gets_a_source_until_it_is_done(storage: Storage) -> None:
    enter(storage, "a", "b")
    with storage.begin() as tx:
        assert tx.agenda.claim(["a"], "one", LEASE, NOW) == {"a"}
        assert tx.agenda.claim(["a", "b"], "two", LEASE, NOW) == {"b"}
        tx.agenda.put("b", NOW + HOUR, retries=0)
        assert tx.agenda.claim(["b"], "one", LEASE, NOW) == {"b"}


def test_many_workers_at_once_share_without_doubles(storage: Storage) -> None:
    names = [f"s{n}" for n in range(20)]
    enter(storage, *names)
    got: list[str] = []

    def work(worker: str) -> None:
        with closing(Storage(storage.url.render_as_string(hide_password=False))) as own:
            for name in names:
                with own.begin() as tx:
                    got.extend(tx.agenda.claim([name], worker, LEASE, NOW))

    threads = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == sorted(names)


def test_the_lease_of_a_dead_worker_runs_out_and_that_of_a_slow_one_is_prolonged(storage: Storage) -> None:
    enter(storage, "dead", "slow")
    with storage.begin() as tx:
        tx.agenda.claim(["dead", "slow"], "one", LEASE, NOW)
        assert tx.agenda.prolong("slow", "one", LEASE, NOW + 2 * MINUTE)
    assert due(storage) == []
    assert due(storage, NOW + 4 * MINUTE) == ["dead"]
    with storage.begin() as tx:
        tx.agenda.claim(["dead"], "two", LEASE, NOW + 4 * MINUTE)
        assert not tx.agenda.prolong("dead", "one", LEASE, NOW + 4 * MINUTE)
        tx.agenda.release("dead", "one")
    assert due(storage, NOW + 4 * MINUTE) == []


def test_a_lease_that_only_a_wrong_clock_can_have_set_holds_nobody_up(storage: Storage) -> None:
    enter(storage, "a")
    with storage.begin() as tx:
        tx.agenda.claim(["a"], "one", LEASE, NOW + 365 * DAY)
    assert due(storage) == ["a"]


def test_a_paused_source_is_not_due_until_its_time_is_over_or_it_is_resumed(storage: Storage) -> None:
    enter(storage, "a", "b")
    with storage.begin() as tx:
        tx.agenda.pause("a")
        tx.agenda.pause("b", NOW + DAY)
    assert due(storage) == []
    assert due(storage, NOW + 2 * DAY) == ["b"]
    with storage.begin() as tx:
        tx.agenda.put("a", NOW + DAY, retries=7)
        tx.agenda.resume("a", NOW)
    assert due(storage) == ["a"]
    with storage.read() as tx:
        resumed = tx.sources.get("a")
    assert resumed is not None
    assert (resumed.retries, resumed.is_paused(NOW)) == (0, False)


def test_a_source_is_brought_forward_but_never_put_off(storage: Storage) -> None:
    enter(storage, "far", "near")
    with storage.begin() as tx:
        for name, time in (("far", NOW + DAY), ("near", NOW + MINUTE)):
            tx.agenda.put(name, time, retries=0)
            tx.agenda.bring_forward(name, NOW + HOUR)
        assert {s.id: s.next_check_at for s in tx.sources.all()} == {"far": NOW + HOUR, "near": NOW + MINUTE}
