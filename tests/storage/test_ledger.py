import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

from monitor.errors import SendOutcome
from monitor.storage import DeliveryState, Result, Storage
from monitor.storage.ledger import LOST
from tests.making import (
    DAY,
    HOUR,
    LEASE,
    MINUTE,
    NOW,
    REASON,
    a_destination,
    a_notice,
    a_revision,
    a_subscription,
    claimed,
    finish_attempt,
    met,
    queued,
    sent,
    to_retry,
)
from tests.processes import start

LOSS = Result(
    outcome=SendOutcome.AMBIGUOUS,
    answer="no report",
    state=DeliveryState.RETRY,
    due_at=NOW + HOUR,
    may_repeat=True,
)


def claim_all(url: str) -> None:
    """What each worker process does; it takes its time, so that all of them get something."""
    with closing(Storage(url)) as storage:
        while claimed(storage, 2, worker=f"{os.getpid()}"):
            time.sleep(0.02)


def claim_and_die(url: str) -> None:
    claimed(Storage(url))
    os.kill(os.getpid(), signal.SIGKILL)


def lose_leases(storage: Storage) -> int:
    """What repair does once every lease ran out."""
    with storage.begin() as tx:
        run_out = tx.ledger.run_out(NOW + LEASE, 2 * LEASE)
        return sum(tx.ledger.lose(lease, LOSS, NOW + LEASE) for lease in run_out)


def finish(storage: Storage, delivery: int, number: int, result: Result) -> bool:
    with storage.begin() as tx:
        return finish_attempt(tx, delivery, number, result, NOW + HOUR)


def state(storage: Storage, delivery: int) -> DeliveryState:
    with storage.read() as tx:
        found = tx.deliveries.get(delivery)
    assert found is not None
    return found.state


def test_a_claim_carries_everything_its_message_is_made_of(storage: Storage) -> None:
    (delivery,) = queued(storage)
    (claim,) = claimed(storage)
    (telling,) = claim.tellings
    assert (claim.delivery_id, claim.number, telling.told_before) == (delivery, 1, 0)
    assert (claim.channel, claim.address, claim.language) == ("webhook", "https://example.org/a", "zh")
    assert telling.notice == a_notice("第0号通知")
    assert [(match.subscription, match.reasons) for match in telling.matches] == [("集采", (REASON,))]
    assert (telling.first_seen_at, claim.may_repeat) == (NOW, False)
    assert (claim.lease_until, claim.give_up_at) == (NOW + LEASE, NOW + 3 * DAY)
    assert "example.org" not in repr(claim)


def test_the_attempt_is_counted_before_anything_is_sent(storage: Storage) -> None:
    (delivery,) = queued(storage)
    claimed(storage, worker="host:1")
    with storage.read() as tx:
        (attempt,) = tx.deliveries.attempts(delivery)
        found = tx.deliveries.get(delivery)
    assert (attempt.number, attempt.worker, attempt.outcome) == (1, "host:1", None)
    assert found is not None
    assert (found.state, found.attempts, found.lease_until) == (DeliveryState.LEASED, 1, NOW + LEASE)


def test_only_what_is_due_on_a_known_channel_to_an_active_destination_is_claimed(storage: Storage) -> None:
    with storage.begin() as tx:
        others = [a_destination(tx, channel="telegram"), a_destination(tx, address="https://example.org/off")]
        tx.destinations.deactivate(others[1].id, "410", NOW)
    for destination in others:
        queued(storage, to=destination.id)
    first, second = queued(storage, 2)
    (claim, _) = claimed(storage)
    finish(storage, claim.delivery_id, 1, to_retry(NOW + HOUR))
    assert claimed(storage, now=NOW + 59 * MINUTE) == []
    assert [claim.delivery_id for claim in claimed(storage, now=NOW + HOUR)] == [first]
    assert state(storage, second) is DeliveryState.LEASED


def test_the_longest_due_is_claimed_first_and_no_more_than_asked_for(storage: Storage) -> None:
    first, second, third = queued(storage, 3)
    assert [claim.delivery_id for claim in claimed(storage, 2)] == [first, second]
    assert [claim.delivery_id for claim in claimed(storage, 2)] == [third]


def test_workers_at_the_same_time_never_get_the_same_delivery(storage: Storage) -> None:
    deliveries = queued(storage, 60)

    def work(worker: int) -> list[int]:
        got: list[int] = []
        while claims := claimed(storage, 4, worker=f"worker {worker}"):
            got += [claim.delivery_id for claim in claims]
        return got

    with ThreadPoolExecutor(6) as pool:
        shares = list(pool.map(work, range(6)))
    assert sorted(delivery for share in shares for delivery in share) == deliveries


def test_processes_at_the_same_time_never_get_the_same_delivery(storage: Storage) -> None:
    deliveries = queued(storage, 60)
    workers = [start(claim_all, storage.url.render_as_string(hide_password=False)) for _ in range(3)]
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    with storage.read() as tx:
        tries = {
            delivery: [each.worker for each in tx.deliveries.attempts(delivery)] for delivery in deliveries
        }
    assert all(len(workers_of_it) == 1 for workers_of_it in tries.values())
    assert len({workers_of_it[0] for workers_of_it in tries.values()}) > 1


def test_a_result_settles_its_delivery(storage: Storage) -> None:
    (delivery,) = queued(storage)
    claimed(storage)
    assert finish(storage, delivery, 1, sent("204 No Content"))
    with storage.read() as tx:
        found, (attempt,) = tx.deliveries.get(delivery), tx.deliveries.attempts(delivery)
    assert found is not None
    assert (found.state, found.finished_at, found.lease_until) == (DeliveryState.SENT, NOW + HOUR, None)
    assert (attempt.outcome, attempt.answer, attempt.finished_at) == ("sent", "204 No Content", NOW + HOUR)


def test_a_result_is_recorded_once(storage: Storage) -> None:
    (delivery,) = queued(storage)
    claimed(storage)
    assert finish(storage, delivery, 1, sent())
    assert not finish(storage, delivery, 1, to_retry(NOW))
    assert state(storage, delivery) is DeliveryState.SENT


def test_a_lease_that_ran_out_goes_again_as_a_possible_repeat(storage: Storage) -> None:
    (delivery,) = queued(storage)
    claimed(storage)
    with storage.begin() as tx:
        assert tx.ledger.run_out(NOW + LEASE - MINUTE, 2 * LEASE) == []
    assert lose_leases(storage) == 1
    assert lose_leases(storage) == 0
    (again,) = claimed(storage, now=NOW + HOUR)
    assert (again.number, again.may_repeat) == (2, True)
    with storage.read() as tx:
        assert [attempt.outcome for attempt in tx.deliveries.attempts(delivery)] == [LOST, None]


def test_a_stopped_worker_cannot_overwrite_a_newer_result(storage: Storage) -> None:
    (delivery,) = queued(storage)
    claimed(storage)
    lose_leases(storage)
    claimed(storage, now=NOW + HOUR)
    assert not finish(storage, delivery, 1, to_retry(NOW, "503 from the stopped worker"))
    assert state(storage, delivery) is DeliveryState.LEASED
    assert finish(storage, delivery, 2, sent())
    assert not finish(storage, delivery, 1, to_retry(NOW))
    assert state(storage, delivery) is DeliveryState.SENT
    with storage.read() as tx:
        late, newer = tx.deliveries.attempts(delivery)
    assert late.outcome == LOST
    assert late.answer is not None
    assert "too late" in late.answer
    assert newer.outcome == "sent"


def test_a_slow_worker_is_believed_while_nobody_else_has_begun(storage: Storage) -> None:
    (delivery,) = queued(storage)
    claimed(storage)
    lose_leases(storage)
    assert finish(storage, delivery, 1, sent())
    assert state(storage, delivery) is DeliveryState.SENT
    assert claimed(storage, now=NOW + DAY) == []


def test_a_result_for_a_delivery_that_was_cancelled_meanwhile_does_not_wake_it(storage: Storage) -> None:
    (delivery,) = queued(storage)
    claimed(storage)
    lose_leases(storage)
    with storage.begin() as tx:
        assert tx.deliveries.cancel(delivery, "not wanted", NOW)
    assert not finish(storage, delivery, 1, to_retry(NOW))
    assert state(storage, delivery) is DeliveryState.CANCELLED


def test_a_clock_that_went_back_does_not_make_a_lease_eternal(storage: Storage) -> None:
    queued(storage)
    claimed(storage, now=NOW)
    with storage.begin() as tx:
        assert len(tx.ledger.run_out(NOW - DAY, 2 * LEASE)) == 1


def test_what_a_wrong_clock_put_off_for_years_is_brought_forward(storage: Storage) -> None:
    queued(storage)
    earlier = NOW - 300 * DAY
    assert claimed(storage, now=earlier) == []
    with storage.begin() as tx:
        assert tx.ledger.bring_forward(earlier + 2 * DAY, earlier) == 1
    assert len(claimed(storage, now=earlier)) == 1


def test_a_result_that_comes_after_the_deactivation_is_held(storage: Storage) -> None:
    (delivery,) = queued(storage)
    (claim,) = claimed(storage)
    with storage.begin() as tx:
        tx.destinations.deactivate(claim.destination_id, "403 blocked", NOW)
    finish(storage, delivery, 1, to_retry(NOW))
    assert claimed(storage) == []
    with storage.begin() as tx:
        assert tx.ledger.hold_unreachable() == 1
    assert state(storage, delivery) is DeliveryState.HELD


def test_the_reader_of_a_correction_was_told_before(storage: Storage) -> None:
    with storage.begin() as tx:
        subscription, newcomer = a_subscription(tx), a_subscription(tx, to=a_destination(tx, "li"))
        first = a_revision(tx)
        met(tx, first, subscription)
        corrected = tx.notices.revise(first.notice_id, a_notice("更正"), [], corrected=True, now=NOW)
        met(tx, corrected, subscription, newcomer)
        tx.deliveries.plan(first.notice_id, NOW)
    told_first = claimed(storage)
    assert [(claim.destination_id, claim.tellings[0].told_before) for claim in told_first] == [
        (subscription.destination_id, 0),
        (newcomer.destination_id, 0),
    ]
    assert claimed(storage) == []
    finish(storage, told_first[0].delivery_id, 1, sent())
    (correction,) = claimed(storage)
    (telling,) = correction.tellings
    assert (telling.notice.title, telling.told_before) == ("更正", 1)
    assert telling.told_first == told_first[0].message_id


def test_a_worker_that_is_killed_after_claiming_loses_nothing(storage: Storage) -> None:
    deliveries = queued(storage, 3)
    url = storage.url.render_as_string(hide_password=False)
    worker = start(claim_and_die, url)
    worker.join()
    assert worker.exitcode == -signal.SIGKILL
    with closing(Storage(url)) as restarted:
        assert claimed(restarted) == []
        assert lose_leases(restarted) == 3
        assert [claim.delivery_id for claim in claimed(restarted, now=NOW + HOUR)] == deliveries
