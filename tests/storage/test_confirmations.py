"""A destination that a subscriber adds is used once it is confirmed to be theirs."""

import datetime as dt

from monitor.storage import Storage
from monitor.storage.confirmations import CODE_TOPIC, MOST_TRIES
from tests.making import HOUR, NOW, a_destination

LATER = NOW + HOUR


def test_a_code_confirms_once_before_it_runs_out(storage: Storage) -> None:
    with storage.begin() as tx:
        here = a_destination(tx).id
        tx.confirmations.ask(here, "123456", LATER)
        assert not tx.confirmations.try_code(here, "123457", NOW)
        assert not tx.confirmations.try_code(here, "１２３４５６", NOW)
        assert not tx.confirmations.try_code(here, "123456", LATER)
        assert tx.confirmations.try_code(here, "123456", NOW)
        assert not tx.confirmations.try_code(here, "123456", NOW)
        found = tx.confirmations.get(here)
    assert found is not None
    assert (found.confirmed_at, found.takes_all) == (NOW, True)


def test_a_code_can_be_tried_a_few_times_and_the_next_one_anew(storage: Storage) -> None:
    with storage.begin() as tx:
        here = a_destination(tx).id
        tx.confirmations.ask(here, "123456", LATER)
        for _ in range(MOST_TRIES):
            assert not tx.confirmations.try_code(here, "000000", NOW)
        assert not tx.confirmations.try_code(here, "123456", NOW)
        tx.confirmations.ask(here, "654321", LATER)
        assert not tx.confirmations.try_code(here, "123456", NOW)
        assert tx.confirmations.try_code(here, "654321", NOW)


def test_what_goes_there_is_kept_and_forgotten_with_it(storage: Storage) -> None:
    with storage.begin() as tx:
        one = a_destination(tx, "wang", "email", "a@example.org")
        two = a_destination(tx, "wang", "email", "b@example.org")
        other = a_destination(tx, "li", "email", "a@example.org")
        for destination in (two, one, other):
            tx.confirmations.ask(destination.id, "1", LATER)
        tx.confirmations.take_all(two.id, False)
        own = tx.confirmations.of_subscriber(one.subscriber_id)
        assert [(each.destination_id, each.takes_all) for each in own] == [(one.id, True), (two.id, False)]
        tx.confirmations.forget(one.id)
        assert tx.confirmations.get(one.id) is None
        assert tx.confirmations.get(other.id) is not None
        assert not tx.confirmations.try_code(one.id, "1", NOW)


def test_mailed_codes_are_counted_by_subscriber_and_by_address(storage: Storage) -> None:
    with storage.begin() as tx:
        mine = a_destination(tx, "wang", "email", "a@example.org")
        second = a_destination(tx, "wang", "email", "b@example.org")
        theirs = a_destination(tx, "li", "email", "a@example.org")
        for number, to in enumerate((mine, second, theirs)):
            tx.deliveries.say(to.id, f"{CODE_TOPIC}{number}", "a code", "…", NOW)
        tx.deliveries.say(mine.id, "other", "no code", "…", NOW)
        tx.deliveries.say(mine.id, f"{CODE_TOPIC}old", "a code", "…", NOW - dt.timedelta(days=2))
        since = NOW - dt.timedelta(days=1)
        assert tx.confirmations.codes_since(mine.subscriber_id, "a@example.org", since) == (2, 2)
        assert tx.confirmations.codes_since(theirs.subscriber_id, "b@example.org", since) == (1, 1)
