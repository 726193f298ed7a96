"""The arithmetic of slots: no window holds more than its rate allows, whatever workers and clocks do."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from monitor.limits import LATEST, Bucket, Rate

NOW = 1_700_000_000.0


def bucket(*rates: Rate, now: float = NOW) -> Bucket:
    made = Bucket(rates)
    made.follow(now)
    return made


def given_slots(of: Bucket, count: int, earliest: float = NOW) -> list[float]:
    """So many slots, promised one after the other and used at once."""
    slots = []
    for _ in range(count):
        slot = of.free_at(earliest)
        of.promise(slot)
        of.settle(slot, slot)
        slots.append(slot)
    return slots


def most_in(times: list[float], period: float) -> int:
    """The most events in any window of this length."""
    return max(sum(start <= time < start + period for time in times) for start in times)


def test_a_window_lets_a_burst_through_and_then_holds() -> None:
    slots = given_slots(bucket(Rate(3, 10.0)), 7)
    assert [slot - NOW for slot in slots] == [0, 0, 0, 10, 10, 10, 20]


def test_an_even_rate_spreads_its_messages_and_still_makes_all_it_may() -> None:
    slots = given_slots(bucket(Rate(30, 1.01, even=True)), 301)
    distances = [b - a for a, b in itertools.pairwise(slots)]
    assert min(distances) >= 0.03
    assert most_in(slots, 1.0) == 30
    assert (slots[-1] - slots[0]) / 10 < 1.011


def test_several_rates_of_one_bucket_all_hold() -> None:
    slots = given_slots(bucket(Rate(5, 1.0), Rate(8, 60.0)), 9)
    assert slots[5] - NOW == 1.0
    assert slots[8] - NOW == 60.0


@given(
    st.lists(st.tuples(st.floats(0, 3), st.floats(0, 0.4), st.booleans()), max_size=60),
    st.integers(1, 5),
)
def test_however_late_sends_are_no_window_holds_too_many(
    sends: list[tuple[float, float, bool]], count: int
) -> None:
    """Each comes some time after the one before, asks for a slot, and goes late or gives it back."""
    now, went, of = NOW, list[float](), bucket(Rate(count, 1.0))
    for pause, late, goes in sends:
        now += pause
        of.follow(now)
        slot = of.free_at(now)
        of.promise(slot)
        of.follow(now := slot + late)
        of.settle(slot, now if goes else None)
        went += [now] if goes else []
    assert not went or most_in(went, 1.0 - 1e-6) <= count


def test_who_has_not_said_when_he_sent_may_be_sending_now() -> None:
    of = bucket(Rate(1, 1.0))
    of.promise(NOW)
    of.follow(NOW + 3)
    assert of.free_at(NOW + 3) == NOW + 3 + LATEST + 1.0
    of.settle(NOW, NOW)
    assert of.free_at(NOW + 3) == NOW + 3


def test_a_worker_that_died_holds_a_slot_for_some_seconds_only() -> None:
    of = bucket(Rate(1, 1.0))
    of.promise(NOW)
    of.follow(NOW + 6)
    assert of.free_at(NOW + 6) == NOW + 6


def test_a_slot_that_was_given_back_is_free_for_another_between_those_given_since() -> None:
    of = bucket(Rate(2, 1.0, even=True))
    of.promise(first := of.free_at(NOW))
    of.promise(second := of.free_at(NOW))
    of.settle(first, None)
    assert of.free_at(NOW) == first < second


def test_a_pause_holds_for_as_long_as_was_asked_and_a_shorter_one_does_not_end_it() -> None:
    of = bucket(Rate(1, 1.0))
    of.pause(37)
    of.pause(5)
    assert of.free_at(NOW) == NOW + 37


def test_a_clock_that_was_set_back_by_an_hour_makes_nobody_wait_for_an_hour() -> None:
    of = bucket(Rate(1, 1.0))
    given_slots(of, 1)
    of.pause(37)
    of.follow(NOW - 3600)
    assert of.free_at(NOW - 3600) <= NOW - 3600 + 37


def test_what_has_no_slot_waits_only_for_what_was_promised_one() -> None:
    of = bucket(Rate(1, 1.0))
    of.settle(NOW, NOW)
    assert of.busy_for == 0
    of.promise(NOW + 0.3)
    assert 1.3 <= of.busy_for <= 1.3 + LATEST + 0.001
    of.pause(37)
    assert of.busy_for == 37


def test_a_bucket_knows_how_long_it_has_been_refused_also_over_a_pause_and_a_clock_set_back() -> None:
    of = bucket()
    assert of.refuse() == 0
    of.pause(60.0)
    of.follow(NOW + 90)
    assert of.refuse() == 90
    assert of.idle_at > NOW + 3600
    of.follow(NOW - 3600)
    assert of.refuse() == 0
