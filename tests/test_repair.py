import pytest
from sqlalchemy import Connection, event
from sqlalchemy.exc import OperationalError

from monitor.deliver import LEASE
from monitor.errors import SendOutcome, StorageError
from monitor.matching import SubscriptionIndex, tell_revision
from monitor.planning import plan
from monitor.repair import Repaired, repair
from monitor.storage import DeliveryState, Origin, Storage
from monitor.workers import own_name
from rules import default_vocabulary
from tests.making import (
    DAY,
    HOUR,
    MINUTE,
    NOW,
    a_destination,
    a_notice,
    a_revision,
    a_subscription,
    claimed,
    finish_attempt,
    forget_search,
    met,
    queued,
    sent,
    to_retry,
)

NOTHING = Repaired()


@pytest.fixture
def index() -> SubscriptionIndex:
    return SubscriptionIndex(default_vocabulary())


def an_operator(storage: Storage) -> None:
    with storage.begin() as tx:
        operator = tx.destinations.ensure_subscriber("operator", operator=True, now=NOW)
        tx.destinations.ensure(operator.id, "email", "ops@example.org", NOW)


def messages(storage: Storage) -> list[dict[str, str]]:
    with storage.read() as tx:
        return [delivery.content for delivery in tx.deliveries.latest() if delivery.content]


def test_there_is_nothing_to_repair_where_all_is_well(storage: Storage, index: SubscriptionIndex) -> None:
    queued(storage, 3)
    claimed(storage, 1)
    with storage.begin() as tx:
        for revision in tx.notices.unmatched():
            tx.notices.mark_matched(revision.id, NOW)
    assert repair(storage, index, now=NOW) == NOTHING


def test_a_lease_that_ran_out_goes_again_after_a_while(storage: Storage, index: SubscriptionIndex) -> None:
    (delivery,) = queued(storage)
    claimed(storage)
    assert repair(storage, index, now=NOW + LEASE).leases == 1
    assert repair(storage, index, now=NOW + LEASE).leases == 0
    assert claimed(storage, now=NOW + LEASE + MINUTE / 2) == []
    (again,) = claimed(storage, now=NOW + HOUR)
    assert (again.delivery_id, again.may_repeat) == (delivery, True)


def test_a_clock_that_jumps_an_hour_does_not_repeat_what_is_under_way(
    storage: Storage, index: SubscriptionIndex
) -> None:
    """The worker reports within its lease by its own count, while the wall clock says it is long over."""
    (delivery,) = queued(storage)
    (claim,) = claimed(storage)
    repair(storage, index, now=NOW + HOUR)
    with storage.begin() as tx:
        assert finish_attempt(tx, delivery, claim.number, sent(), NOW + HOUR + MINUTE / 2)
    assert claimed(storage, now=NOW + DAY) == []


def test_a_clock_that_jumps_back_holds_nothing_up(storage: Storage, index: SubscriptionIndex) -> None:
    under_way, waiting = queued(storage, 2)
    claimed(storage, 1)
    earlier = NOW - 300 * DAY
    repaired = repair(storage, index, now=earlier)
    assert (repaired.leases, repaired.brought_forward) == (1, 1)
    assert [claim.delivery_id for claim in claimed(storage, now=earlier)] == [waiting]
    assert [claim.delivery_id for claim in claimed(storage, now=earlier + HOUR)] == [under_way]


def test_what_a_clock_set_that_was_an_hour_ahead_is_brought_forward(
    storage: Storage, index: SubscriptionIndex
) -> None:
    tried, untried = queued(storage, 2)
    with storage.begin() as tx:
        (claim,) = tx.ledger.claim("a", {"webhook"}, limit=1, lease=HOUR, patience=DAY, now=NOW + HOUR).claims
        assert finish_attempt(tx, tried, 1, to_retry(NOW + 2 * HOUR), NOW + HOUR)
    assert claim.delivery_id == tried
    assert repair(storage, index, now=NOW + HOUR).brought_forward == 0
    assert repair(storage, index, now=NOW).brought_forward == 1
    assert [claim.delivery_id for claim in claimed(storage)] == [tried, untried]


def test_what_was_lost_for_days_is_given_up_and_said(storage: Storage, index: SubscriptionIndex) -> None:
    an_operator(storage)
    (delivery,) = queued(storage)
    claimed(storage)
    repair(storage, index, now=NOW + 4 * DAY)
    with storage.read() as tx:
        found = tx.deliveries.get(delivery)
    assert found is not None
    assert found.state is DeliveryState.FAILED
    assert "未能送达" in messages(storage)[0]["headline"]


def test_a_revision_nobody_matched_is_matched_with_who_was_there(
    storage: Storage, index: SubscriptionIndex
) -> None:
    with storage.begin() as tx:
        early = a_subscription(tx, "early", "集采")
        a_revision(tx, a_notice(body="药品集采" * 40))
        tx.subscriptions.ensure(early.destination_id, "late", "集采", origin=Origin.CHAT, now=NOW + HOUR)
    assert repair(storage, index, now=NOW + DAY).revisions == 1
    assert repair(storage, index, now=NOW + DAY).revisions == 0
    (claim,) = claimed(storage, now=NOW + DAY)
    assert [match.subscription for match in claim.matches] == ["early"]


def test_many_forgotten_revisions_are_all_matched(storage: Storage, index: SubscriptionIndex) -> None:
    with storage.begin() as tx:
        a_subscription(tx)
        for number in range(120):
            a_revision(tx, a_notice(f"第{number}号集采通知"))
    assert repair(storage, index, now=NOW).revisions == 120
    assert len(claimed(storage, 1000)) == 120


def test_a_match_nobody_tells_is_told(storage: Storage, index: SubscriptionIndex) -> None:
    with storage.begin() as tx:
        subscription, revision = a_subscription(tx), a_revision(tx)
        tx.notices.mark_matched(revision.id, NOW)
        met(tx, revision, subscription)
    assert repair(storage, index, now=NOW) == Repaired(deliveries=1)
    assert repair(storage, index, now=NOW) == NOTHING
    assert len(claimed(storage)) == 1


def test_what_waits_for_an_inactive_destination_is_held(storage: Storage, index: SubscriptionIndex) -> None:
    (delivery,) = queued(storage)
    (claim,) = claimed(storage)
    with storage.begin() as tx:
        tx.destinations.deactivate(claim.destination_id, "403", NOW)
        finish_attempt(tx, delivery, claim.number, to_retry(NOW), NOW)
    assert repair(storage, index, now=NOW).held == 1
    assert repair(storage, index, now=NOW).held == 0


def test_deliveries_that_nobody_sends_are_said_once_a_day(storage: Storage, index: SubscriptionIndex) -> None:
    an_operator(storage)
    queued(storage, 2)
    assert repair(storage, index, now=NOW + HOUR).said == 0
    assert repair(storage, index, now=NOW + 2 * DAY).said == 1
    assert repair(storage, index, now=NOW + 2 * DAY + HOUR).said == 0
    (message,) = messages(storage)
    assert "webhook 2" in message["text"]


def test_a_rule_that_cannot_be_read_any_more_is_said_once(storage: Storage, index: SubscriptionIndex) -> None:
    an_operator(storage)
    with storage.begin() as tx:
        a_subscription(tx, "我的规则", "省:不存在的省")
    assert repair(storage, index, now=NOW).said == 1
    assert repair(storage, index, now=NOW + DAY).said == 0
    (message,) = messages(storage)
    assert "我的规则" in message["headline"]


def test_an_index_does_not_follow_what_was_taken_back(storage: Storage, index: SubscriptionIndex) -> None:
    with storage.begin() as tx:
        paused = a_subscription(tx, "paused")
        tx.subscriptions.set_active(paused.id, False, until=NOW)

    def refuse(connection: Connection) -> None:
        raise OperationalError("COMMIT", None, OSError("no space left on device"))

    event.listen(storage._engine, "commit", refuse, once=True)
    with pytest.raises(StorageError):
        repair(storage, index, now=NOW)
    assert len(index) == 0
    with storage.begin() as tx:  # gets the number that the change which was taken back had
        a_subscription(tx, "new")
    with storage.read() as tx:
        index.follow(tx)
    assert len(index) == 1


def test_repair_and_telling_do_not_get_into_each_other_s_way(
    storage: Storage, index: SubscriptionIndex
) -> None:
    with storage.begin() as tx:
        a_subscription(tx)
        revision = a_revision(tx)
        tell_revision(tx, revision, index, NOW)
    assert repair(storage, index, now=NOW) == NOTHING
    assert len(claimed(storage)) == 1


def test_an_outcome_that_was_recorded_is_not_touched(storage: Storage, index: SubscriptionIndex) -> None:
    (delivery,) = queued(storage)
    (claim,) = claimed(storage)
    with storage.begin() as tx:
        finish_attempt(tx, delivery, claim.number, sent(), NOW)
    repair(storage, index, now=NOW + 10 * DAY)
    with storage.read() as tx:
        (attempt,) = tx.deliveries.attempts(delivery)
    assert attempt.outcome == SendOutcome.SENT
    with storage.begin() as tx:
        assert a_destination(tx).active


def test_old_texts_are_made_searchable(storage: Storage, index: SubscriptionIndex) -> None:
    with storage.begin() as tx:
        tx.notices.mark_matched(a_revision(tx, a_notice("早先的集采")).id, NOW)
        forget_search(tx)
        assert tx.notices.search("集采") == []
    assert repair(storage, index, now=NOW) == Repaired(searchable=1)
    with storage.read() as tx:
        assert len(tx.notices.search("集采")) == 1


def a_dead_worker() -> str:
    """One whose process had our number before us."""
    machine, began = own_name().rsplit(":", 1)
    return f"{machine}:{int(began) - 1}"


def test_what_a_killed_process_was_sending_does_not_wait_for_the_end_of_its_lease(
    storage: Storage, index: SubscriptionIndex
) -> None:
    (delivery,) = queued(storage)
    claimed(storage, worker=a_dead_worker())
    assert repair(storage, index, now=NOW).leases == 1
    (again,) = claimed(storage, now=NOW + HOUR)
    assert (again.delivery_id, again.may_repeat) == (delivery, True)


def test_a_killed_check_holds_up_neither_its_source_nor_what_it_found(
    storage: Storage, index: SubscriptionIndex
) -> None:
    with storage.begin() as tx:
        tx.agenda.enter([("site", "html_list"), ("other", "html_list")], NOW)
        tx.agenda.claim(["site"], f"{a_dead_worker()}:its check", LEASE, NOW)
        tx.agenda.claim(["other"], f"{own_name()}:its check", LEASE, NOW)
        subscription = a_subscription(tx, to=a_destination(tx))
        for source in ("site", "other"):
            revision = tx.notices.add(a_notice(source), [source], baseline=False, now=NOW)
            tx.notices.sight(
                revision, source, f"https://{source}.example.org/1", None, baseline=False, now=NOW
            )
            met(tx, revision, subscription)
            tx.notices.mark_matched(revision.id, NOW)
            plan(tx, revision.notice_id, NOW, in_check=True)
    assert repair(storage, index, now=NOW).checks == 1
    assert [claim.tellings[0].notice.title for claim in claimed(storage)] == ["site"]
    with storage.read() as tx:
        assert tx.agenda.due(NOW, LEASE) == ["site"]
