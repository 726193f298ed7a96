from monitor.storage import Check, CheckOutcome, Storage
from monitor.types import Validators
from tests.making import DAY, HOUR, NOW


def a_check(outcome: CheckOutcome, hours: int = 0, **counts: int) -> Check:
    at = NOW + hours * HOUR
    return Check(source_id="a", started_at=at, finished_at=at, outcome=outcome, **counts)


def test_a_source_is_made_at_its_first_mention_and_keeps_its_state(storage: Storage) -> None:
    with storage.begin() as tx:
        first = tx.sources.ensure("a", "html_list", NOW)
        tx.sources.remember_listing("a", Validators('"etag"', "Mon"), "hash", 20)
        tx.sources.finish_baseline("a", NOW)
        again = tx.sources.ensure("a", "feed", NOW + DAY)
    assert first.baseline_done_at is None
    assert (again.kind, again.created_at, again.baseline_done_at) == ("feed", NOW, NOW)
    assert (again.validators, again.page_hash, again.row_count) == (Validators('"etag"', "Mon"), "hash", 20)


def test_failures_are_counted_until_a_check_succeeds(storage: Storage) -> None:
    with storage.begin() as tx:
        tx.sources.ensure("a", "html_list", NOW)
        tx.sources.add_checks(a_check(CheckOutcome.FAILED, 1))
        tx.sources.add_checks(a_check(CheckOutcome.FAILED, 2))
        failing = tx.sources.get("a")
        tx.sources.add_checks(a_check(CheckOutcome.OK, 3, new=2))
        tx.sources.add_checks(a_check(CheckOutcome.UNCHANGED, 4))
        well = tx.sources.get("a")
    assert failing is not None
    assert well is not None
    assert (failing.failures, failing.succeeded_at) == (2, None)
    assert (well.failures, well.succeeded_at, well.new_at) == (0, NOW + 4 * HOUR, NOW + 3 * HOUR)


def test_the_history_of_checks_is_newest_first(storage: Storage) -> None:
    with storage.begin() as tx:
        tx.sources.ensure("a", "html_list", NOW)
        for hours in range(4):
            tx.sources.add_checks(a_check(CheckOutcome.OK, hours, listed=hours))
        assert [check.listed for check in tx.sources.checks("a", limit=3)] == [3, 2, 1]
