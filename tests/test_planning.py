"""What was met is told once: at once, or when its window is over; whatever clocks, runs and wishes do."""

import datetime as dt
import shutil
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.deliver import deliver_due
from monitor.messages import message
from monitor.planning import CHECK_WAITS, end_check, plan, plan_untold, tell_waiting
from monitor.preferences import Frequency, parse_frequency, parse_quiet_hours
from monitor.storage import (
    DeliveryState,
    Destination,
    Origin,
    Revision,
    Storage,
    Subscription,
    Transaction,
)
from monitor.types import Cause, Hold, Message
from tests.making import (
    DAY,
    HOUR,
    MINUTE,
    NOW,
    a_destination,
    a_notice,
    a_revision,
    claimed,
    finish_attempt,
    met,
    sent,
    to_retry,
)
from tests.outbox import Clock, Outbox

DAILY, WEEKLY = parse_frequency("daily 09:00"), parse_frequency("weekly mon 09:00")
NIGHT = parse_quiet_hours("22:00-08:00")
NINE = dt.datetime(2026, 3, 3, 1, 0, tzinfo=dt.UTC)  # 09:00 in Beijing, on the Tuesday after NOW
NEXT_MONDAY = dt.datetime(2026, 3, 9, 1, 0, tzinfo=dt.UTC)
MIDNIGHT = dt.datetime(2026, 3, 2, 16, 0, tzinfo=dt.UTC)
EIGHT = dt.datetime(2026, 3, 3, 0, 0, tzinfo=dt.UTC)


def a_reader(tx: Transaction, name: str = "wang", **wants: Any) -> Destination:
    """A destination whose subscriber wants it so; in one check things come one by one unless said."""
    destination = a_destination(tx, name)
    tx.destinations.prefer(destination.subscriber_id, **({"group_from": None} | wants))
    return destination


def a_subscription(
    tx: Transaction,
    to: Destination,
    name: str = "集采",
    *,
    frequency: Frequency | None = None,
    urgent: bool = False,
) -> Subscription:
    return tx.subscriptions.ensure(
        to.id, name, name, frequency=frequency, urgent=urgent, origin=Origin.CLI, now=NOW
    )


def found(
    tx: Transaction,
    *subscriptions: Subscription,
    now: dt.datetime = NOW,
    title: str = "通知",
    in_check: bool = False,
    **fields: Any,
) -> Revision:
    """A notice that these subscriptions meet, planned as it is recorded."""
    revision = a_revision(tx, a_notice(title, **fields))
    assert met(tx, revision, *subscriptions, now=now)
    plan(tx, revision.notice_id, now, in_check=in_check)
    return revision


def look(storage: Storage, now: dt.datetime) -> int:
    with storage.begin() as tx:
        return plan_untold(tx, now) + tell_waiting(tx, now)


def sent_now(storage: Storage, now: dt.datetime) -> list[Message]:
    """What goes out now, after a look at what waits."""
    look(storage, now)
    claims = claimed(storage, now=now)
    with storage.begin() as tx:
        for claim in claims:
            assert finish_attempt(tx, claim.delivery_id, claim.number, sent(), now)
    return [message(claim, now, repeat_safe=False) for claim in claims]


def titles(messages: Sequence[Message]) -> list[list[str]]:
    """The notices of each message."""
    return [
        [item.notice.title for item in one.summary.items] if one.summary else [one.notice.title]
        for one in messages
        if one.summary or one.notice
    ]


def test_a_summary_comes_when_its_window_is_over_and_holds_what_was_met_in_it(storage: Storage) -> None:
    with storage.begin() as tx:
        subscription = a_subscription(tx, a_reader(tx, frequency=DAILY))
        found(tx, subscription, title="一")
        found(tx, subscription, title="二", now=NINE - MINUTE)
        found(tx, subscription, title="三", now=NINE)
    assert sent_now(storage, NINE - MINUTE) == []
    (summary,) = sent_now(storage, NINE)
    assert titles([summary]) == [["一", "二"]]
    assert summary.summary is not None
    assert (summary.summary.held_by, summary.summary.notices) == (Hold.DAILY, 2)
    assert (summary.summary.window_end, summary.late) == (NINE, None)
    assert titles(sent_now(storage, NINE + DAY)) == [["三"]]


def test_an_empty_window_sends_nothing(storage: Storage) -> None:
    with storage.begin() as tx:
        a_subscription(tx, a_reader(tx, frequency=DAILY))
    assert sent_now(storage, NINE + DAY) == []


def test_a_run_that_was_missed_for_three_days_sends_it_once_and_says_so(storage: Storage) -> None:
    with storage.begin() as tx:
        subscription = a_subscription(tx, a_reader(tx, frequency=DAILY))
        found(tx, subscription)
    (summary,) = sent_now(storage, NINE + 3 * DAY)
    assert summary.late is not None
    assert (summary.late.by, summary.late.cause) == (3 * DAY, Cause.NOT_SENT)
    assert sent_now(storage, NINE + 3 * DAY) == []


@pytest.mark.parametrize("step", [-HOUR, HOUR])
def test_a_clock_that_jumps_an_hour_loses_and_repeats_nothing(storage: Storage, step: dt.timedelta) -> None:
    """The clock is set just before the window's end, and back some time after it."""
    with storage.begin() as tx:
        subscription = a_subscription(tx, a_reader(tx, frequency=DAILY))
        found(tx, subscription, title="早", now=NINE - 30 * MINUTE)
    messages = sent_now(storage, NINE - 10 * MINUTE + step)
    with storage.begin() as tx:
        found(tx, subscription, title="中", now=NINE - 5 * MINUTE + step)
    messages += sent_now(storage, NINE + step)
    messages += sent_now(storage, NINE + 10 * MINUTE)
    with storage.begin() as tx:
        found(tx, subscription, title="晚", now=NINE - 2 * MINUTE)  # set back: the same window again
    for hours in range(50):
        messages += sent_now(storage, NINE + hours * HOUR)
    assert Counter(title for one in titles(messages) for title in one) == {"早": 1, "中": 1, "晚": 1}


def test_what_a_wrong_clock_put_off_for_years_is_told_by_the_right_one(storage: Storage) -> None:
    with storage.begin() as tx:
        subscription = a_subscription(tx, a_reader(tx, frequency=DAILY))
        found(tx, subscription, now=NOW + 4000 * DAY)
    assert sent_now(storage, NOW) == []
    assert len(sent_now(storage, NINE)) == 1


def test_two_workers_that_look_at_once_build_one_summary(storage: Storage) -> None:
    with storage.begin() as tx:
        subscription = a_subscription(tx, a_reader(tx, frequency=DAILY))
        for number in range(5):
            found(tx, subscription, title=f"{number}")
    url, start = storage.url.render_as_string(hide_password=False), threading.Barrier(4)

    def worker() -> None:
        with closing(Storage(url)) as own:
            start.wait()
            look(own, NINE)

    threads = [threading.Thread(target=worker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(sent_now(storage, NINE)) == 1


def test_a_crash_between_building_and_sending_neither_loses_nor_repeats(storage: Storage) -> None:
    """What was built is a delivery as any other; what was not is built by the next look."""
    with storage.begin() as tx:
        subscription = a_subscription(tx, a_reader(tx, frequency=DAILY))
        found(tx, subscription)
    with pytest.raises(RuntimeError), storage.begin() as tx:
        assert tell_waiting(tx, NINE) == 1
        raise RuntimeError("killed before it was committed")
    assert look(storage, NINE) == 1
    assert look(storage, NINE) == 0
    (message_,) = sent_now(storage, NINE + MINUTE)
    assert titles([message_]) == [["通知"]]


def test_one_destination_gets_one_summary_of_windows_that_end_together(storage: Storage) -> None:
    with storage.begin() as tx:
        reader = a_reader(tx, frequency=DAILY)
        daily, weekly = a_subscription(tx, reader, "日"), a_subscription(tx, reader, "周", frequency=WEEKLY)
        found(tx, daily, title="日", now=NEXT_MONDAY - HOUR)
        found(tx, weekly, title="周")
    assert titles(sent_now(storage, NINE)) == []
    assert [sorted(one) for one in titles(sent_now(storage, NEXT_MONDAY))] == [["周", "日"]]


def test_a_notice_wanted_at_once_and_in_a_summary_is_told_once_with_both_reasons(storage: Storage) -> None:
    with storage.begin() as tx:
        reader = a_reader(tx, frequency=DAILY)
        daily = a_subscription(tx, reader, "日")
        at_once = a_subscription(tx, reader, "急", frequency=Frequency())
        found(tx, daily, at_once)
    (alert,) = sent_now(storage, NOW)
    assert {hit.subscription for hit in alert.hits} == {"日", "急"}
    assert sent_now(storage, NINE) == []


def test_a_notice_that_waits_is_told_at_once_when_another_rule_meets_it_so(storage: Storage) -> None:
    with storage.begin() as tx:
        reader = a_reader(tx, frequency=DAILY)
        daily = a_subscription(tx, reader, "日")
        at_once = a_subscription(tx, reader, "急", frequency=Frequency())
        revision = found(tx, daily)
        met(tx, revision, at_once, now=NOW + HOUR)
        plan(tx, revision.notice_id, NOW + HOUR)
    (alert,) = sent_now(storage, NOW + HOUR)
    assert {hit.subscription for hit in alert.hits} == {"日", "急"}
    assert sent_now(storage, NINE) == []


def test_what_a_summary_told_is_not_told_again_by_another_rule(storage: Storage) -> None:
    with storage.begin() as tx:
        reader = a_reader(tx, frequency=DAILY)
        daily = a_subscription(tx, reader, "日")
        at_once = a_subscription(tx, reader, "急", frequency=Frequency())
        revision = found(tx, daily)
    assert len(sent_now(storage, NINE)) == 1
    with storage.begin() as tx:
        met(tx, revision, at_once, now=NINE + HOUR)
        assert plan(tx, revision.notice_id, NINE + HOUR) == 0
    assert sent_now(storage, NINE + DAY) == []


def corrected(tx: Transaction, first: Revision, *subscriptions: Subscription, now: dt.datetime) -> None:
    revision = tx.notices.revise(first.notice_id, a_notice("更正"), [], corrected=True, now=now)
    met(tx, revision, *subscriptions, now=now)
    plan(tx, first.notice_id, now)


def test_a_correction_of_what_waits_is_in_the_summary_once_with_the_latest_text(storage: Storage) -> None:
    with storage.begin() as tx:
        subscription = a_subscription(tx, a_reader(tx, frequency=DAILY))
        first = found(tx, subscription)
        corrected(tx, first, subscription, now=NOW + HOUR)
    (summary,) = sent_now(storage, NINE)
    assert summary.summary is not None
    (item,) = summary.summary.items
    assert (item.notice.title, item.revision, len(item.hits)) == ("更正", 1, 1)
    assert sent_now(storage, NINE + DAY) == []


def test_a_correction_of_what_a_summary_told_says_so(storage: Storage) -> None:
    with storage.begin() as tx:
        subscription = a_subscription(tx, a_reader(tx, frequency=DAILY))
        first = found(tx, subscription)
    assert len(sent_now(storage, NINE)) == 1
    with storage.begin() as tx:
        corrected(tx, first, subscription, now=NINE + HOUR)
    (summary,) = sent_now(storage, NINE + DAY)
    assert summary.summary is not None
    assert [(item.notice.title, item.revision) for item in summary.summary.items] == [("更正", 2)]


def test_a_correction_does_not_overtake_the_summary_that_tells_what_it_corrects(storage: Storage) -> None:
    with storage.begin() as tx:
        reader = a_reader(tx, frequency=DAILY)
        daily, urgent = a_subscription(tx, reader), a_subscription(tx, reader, "急", urgent=True)
        first = found(tx, daily)
        found(tx, daily)
    look(storage, NINE)
    (summary,) = claimed(storage, now=NINE)
    with storage.begin() as tx:
        finish_attempt(tx, summary.delivery_id, 1, to_retry(NINE + HOUR), NINE)
        corrected(tx, first, urgent, now=NINE + MINUTE)
        assert len(tx.deliveries.latest(DeliveryState.PENDING)) == 1
    assert claimed(storage, now=NINE + MINUTE) == []
    (summary,) = claimed(storage, now=NINE + HOUR)
    assert len(summary.tellings) == 2
    assert claimed(storage, now=NINE + HOUR) == []
    with storage.begin() as tx:
        finish_attempt(tx, summary.delivery_id, 2, sent(), NINE + HOUR)
    (correction,) = claimed(storage, now=NINE + HOUR)
    (telling,) = correction.tellings
    assert (telling.notice.title, telling.told_before) == ("更正", 1)
    assert telling.told_first == summary.message_id


def test_quiet_hours_hold_what_comes_in_them_and_tell_it_together_at_their_end(storage: Storage) -> None:
    with storage.begin() as tx:
        subscription = a_subscription(tx, a_reader(tx, quiet_hours=NIGHT))
        found(tx, subscription, title="夜一", now=MIDNIGHT)
        found(tx, subscription, title="夜二", now=EIGHT - MINUTE)
        found(tx, subscription, title="晨", now=EIGHT)
    assert sent_now(storage, EIGHT - MINUTE) == []
    messages = sent_now(storage, EIGHT)
    assert sorted(sorted(one) for one in titles(messages)) == [["夜一", "夜二"], ["晨"]]
    (held,) = [one for one in messages if one.summary]
    assert held.late is not None
    assert (held.late.by, held.late.cause) == (8 * HOUR, Cause.QUIET_HOURS)


def test_one_notice_of_the_night_is_an_alert_as_any_other(storage: Storage) -> None:
    with storage.begin() as tx:
        subscription = a_subscription(tx, a_reader(tx, quiet_hours=NIGHT))
        found(tx, subscription, now=MIDNIGHT)
    (alert,) = sent_now(storage, EIGHT)
    assert alert.notice is not None
    assert alert.late is not None
    assert alert.late.cause is Cause.QUIET_HOURS


def test_what_is_urgent_comes_through_quiet_hours_above_the_cap_and_before_its_check_ends(
    storage: Storage,
) -> None:
    with storage.begin() as tx:
        reader = a_reader(tx, quiet_hours=NIGHT, daily_cap=1, group_from=2, frequency=WEEKLY)
        urgent = a_subscription(tx, reader, urgent=True)
        for number in range(3):
            found(tx, urgent, title=f"{number}", now=MIDNIGHT, in_check=True)
    assert titles(sent_now(storage, MIDNIGHT)) == [["0"], ["1"], ["2"]]


def test_a_summary_s_window_that_ends_in_quiet_hours_is_told_after_them(storage: Storage) -> None:
    with storage.begin() as tx:
        subscription = a_subscription(
            tx, a_reader(tx, quiet_hours=NIGHT, frequency=parse_frequency("daily 23:30"))
        )
        found(tx, subscription)
    assert sent_now(storage, EIGHT - MINUTE) == []
    assert len(sent_now(storage, EIGHT)) == 1


async def test_what_is_only_due_because_it_was_tried_before_does_not_ring_at_night(storage: Storage) -> None:
    with storage.begin() as tx:
        subscription = a_subscription(tx, a_reader(tx, quiet_hours=NIGHT))
        found(tx, subscription)
    outbox = Outbox()

    async def round_(now: dt.datetime) -> int:
        channels = {"webhook": outbox}
        return (await deliver_due(storage, channels, worker="test", clock=Clock(now))).sent

    assert await round_(MIDNIGHT) == 0  # the program had stopped before it was sent
    assert await round_(EIGHT) == 1
    ((_, alert),) = outbox.sent
    assert alert.late is not None
    assert alert.late.cause is Cause.QUIET_HOURS
    with storage.read() as tx:
        (delivery,) = tx.deliveries.latest()
    assert (delivery.attempts, delivery.state) == (1, DeliveryState.SENT)


def test_above_the_daily_cap_the_rest_comes_in_one_summary_which_says_so(storage: Storage) -> None:
    with storage.begin() as tx:
        subscription = a_subscription(tx, a_reader(tx, daily_cap=3))
        for number in range(7):
            found(tx, subscription, title=f"{number}")
    messages = sent_now(storage, NOW)
    assert titles(messages) == [["0"], ["1"], ["2"]]
    assert [one.last_of_day for one in messages] == [None, None, 3]
    (rest,) = sent_now(storage, EIGHT)
    assert sorted(titles([rest])[0]) == ["3", "4", "5", "6"]
    assert rest.summary is not None
    assert (rest.summary.held_by, rest.summary.daily_cap) == (Hold.DAILY_CAP, 3)
    assert rest.late is not None
    assert rest.late.cause is Cause.DAILY_CAP


def test_the_cap_counts_the_reader_s_own_day(storage: Storage) -> None:
    with storage.begin() as tx:
        subscription = a_subscription(tx, a_reader(tx, daily_cap=1))
        found(tx, subscription, title="今天", now=MIDNIGHT - MINUTE)
        found(tx, subscription, title="明天", now=MIDNIGHT)
    assert titles(sent_now(storage, MIDNIGHT)) == [["今天"], ["明天"]]


def in_one_check(storage: Storage, count: int, **wants: Any) -> list[Message]:
    with storage.begin() as tx:
        subscription = a_subscription(tx, a_reader(tx, **wants))
        revisions = [found(tx, subscription, title=f"{n}", in_check=True) for n in range(count)]
    before = sent_now(storage, NOW)
    with storage.begin() as tx:
        end_check(tx, {revision.notice_id for revision in revisions}, NOW + MINUTE)
    return before + sent_now(storage, NOW + MINUTE)


def test_many_notices_of_one_check_are_one_message(storage: Storage) -> None:
    (summary,) = in_one_check(storage, 5, group_from=5)
    assert summary.summary is not None
    assert (summary.summary.held_by, summary.late) == (Hold.CHECK, None)
    assert sorted(titles([summary])[0]) == ["0", "1", "2", "3", "4"]


def test_what_one_check_found_is_left_out_of_the_summary_that_another_rule_wanted(storage: Storage) -> None:
    with storage.begin() as tx:
        reader = a_reader(tx, group_from=2)
        at_once, weekly = a_subscription(tx, reader, "急"), a_subscription(tx, reader, "周", frequency=WEEKLY)
        ids = {found(tx, at_once, weekly, title=f"{n}", in_check=True).notice_id for n in range(3)}
        end_check(tx, ids, NOW + MINUTE)
    (summary,) = sent_now(storage, NOW + MINUTE)
    assert summary.summary is not None
    assert [{hit.subscription for hit in item.hits} for item in summary.summary.items] == [{"急", "周"}] * 3
    assert sent_now(storage, NEXT_MONDAY) == []


def test_few_notices_of_one_check_come_one_by_one(storage: Storage) -> None:
    assert titles(in_one_check(storage, 4, group_from=5)) == [["0"], ["1"], ["2"], ["3"]]


def test_a_cap_holds_also_what_one_check_finds(storage: Storage) -> None:
    assert titles(in_one_check(storage, 4, group_from=5, daily_cap=2)) == [["0"], ["1"]]
    assert [sorted(one) for one in titles(sent_now(storage, EIGHT))] == [["2", "3"]]


def test_what_a_check_found_before_it_was_killed_is_told_without_it(storage: Storage) -> None:
    with storage.begin() as tx:
        subscription = a_subscription(tx, a_reader(tx, group_from=20))
        found(tx, subscription, in_check=True)
    assert sent_now(storage, NOW + CHECK_WAITS - MINUTE) == []
    assert titles(sent_now(storage, NOW + CHECK_WAITS)) == [["通知"]]


def test_a_wish_for_another_hour_holds_for_what_waits_already(storage: Storage) -> None:
    with storage.begin() as tx:
        reader = a_reader(tx, frequency=DAILY)
        found(tx, a_subscription(tx, reader))
        tx.destinations.prefer(reader.subscriber_id, frequency=WEEKLY)
    assert sent_now(storage, NINE) == []
    assert len(sent_now(storage, NEXT_MONDAY)) == 1


def test_what_waits_is_told_together_by_who_wants_it_at_once_now(storage: Storage) -> None:
    with storage.begin() as tx:
        reader = a_reader(tx, frequency=WEEKLY)
        subscription = a_subscription(tx, reader)
        for number in range(4):
            found(tx, subscription, title=f"{number}")
        tx.destinations.prefer(reader.subscriber_id, frequency=Frequency())
    (summary,) = sent_now(storage, NOW + HOUR)
    assert sorted(titles([summary])[0]) == ["0", "1", "2", "3"]


def test_a_subscription_s_own_frequency_holds_against_its_subscriber_s(storage: Storage) -> None:
    with storage.begin() as tx:
        reader = a_reader(tx, frequency=DAILY)
        subscription = a_subscription(tx, reader, frequency=WEEKLY)
        found(tx, subscription)
        assert tx.subscriptions.set_frequency(subscription.id, None, urgent=False)
        assert not tx.subscriptions.set_frequency(subscription.id, None, urgent=False)
    assert sent_now(storage, NOW + MINUTE) == []
    assert len(sent_now(storage, NINE)) == 1


def test_pausing_and_deactivating_lose_nothing_that_waits(storage: Storage) -> None:
    with storage.begin() as tx:
        reader = a_reader(tx, frequency=DAILY)
        subscription = a_subscription(tx, reader)
        found(tx, subscription)
        tx.subscriptions.set_active(subscription.id, False)
        tx.destinations.deactivate(reader.id, "blocked", NOW)
    assert sent_now(storage, NINE) == []
    with storage.begin() as tx:
        assert tx.destinations.activate(reader.id, NINE + DAY) == 1
    assert len(sent_now(storage, NINE + DAY)) == 1


def test_a_summary_too_long_for_one_message_comes_in_parts_that_leave_nothing_out(storage: Storage) -> None:
    with storage.begin() as tx:
        reader = tx.destinations.ensure(a_reader(tx, frequency=DAILY).subscriber_id, "wecom", "policy", NOW)
        subscription = a_subscription(tx, reader)
        for number in range(60):
            found(
                tx,
                subscription,
                title=f"第{number}号通知" + "全" * 60,
                provinces=("山西", "河北")[number % 2 :],
            )
    look(storage, NINE)
    with storage.begin() as tx:
        claims = tx.ledger.claim("a", {"wecom"}, limit=99, lease=HOUR, patience=DAY, now=NINE).claims
    messages = [message(claim, NINE, repeat_safe=False) for claim in claims]
    parts = [one.summary for one in messages if one.summary]
    assert len(parts) > 3
    assert [(part.part, part.parts, part.notices) for part in parts] == [
        (number, len(parts), 60) for number in range(1, len(parts) + 1)
    ]
    assert [part.first for part in parts] == [
        1 + sum(len(part.items) for part in parts[:number]) for number in range(len(parts))
    ]
    told = [item.notice.title for part in parts for item in part.items]
    assert len(told) == len(set(told)) == 60
    assert len({claim.message_id for claim in claims}) == len(parts)
    provinces = [item.notice.provinces[0] for part in parts for item in part.items]
    assert provinces == sorted(provinces)


def test_what_was_there_while_its_source_was_not_read_says_so(storage: Storage) -> None:
    with storage.begin() as tx:
        subscription = a_subscription(tx, a_reader(tx))
        revision = a_revision(tx)
        met(tx, revision, subscription, unread_since=NOW - 3 * DAY)
        plan(tx, revision.notice_id, NOW)
    (alert,) = sent_now(storage, NOW)
    assert alert.late is not None
    assert (alert.late.by, alert.late.cause) == (3 * DAY, Cause.NOT_READ)


@pytest.fixture
def sqlite_storage(sqlite_template: Path, tmp_path: Path) -> Iterator[Storage]:
    """One database for all examples."""
    path = tmp_path / "monitor.db"
    shutil.copy(sqlite_template, path)
    with closing(Storage(f"sqlite:///{path}")) as opened:
        yield opened


WISHES = st.sampled_from(["at once", "hourly", "daily 09:00", "weekly mon 09:00", "daily 23:00"])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("find"), st.sets(st.integers(0, 2), min_size=1)),
        st.tuples(st.just("find in check"), st.sets(st.integers(0, 2), min_size=1)),
        st.tuples(st.just("end of check"), st.none()),
        st.tuples(st.just("met too"), st.integers(0, 2)),
        st.tuples(st.just("group"), st.sampled_from([None, 2, 3])),
        st.tuples(st.just("wish"), WISHES),
        st.tuples(st.just("quiet"), st.sampled_from(["none", "22:00-08:00", "09:00-10:00"])),
        st.tuples(st.just("cap"), st.sampled_from([None, 1, 2])),
        st.tuples(st.just("clock"), st.integers(-3, 30)),
        st.tuples(st.just("look"), st.none()),
        st.tuples(st.just("send"), st.none()),
    ),
    max_size=25,
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(STEPS)
def test_whatever_happens_every_notice_is_told_exactly_once(sqlite_storage: Storage, steps: Any) -> None:
    """Wishes change, clocks jump either way, looks are missed: in the end each notice is in one message."""
    storage, now, wanted = sqlite_storage, NOW, 0
    with storage.begin() as tx:
        name = f"reader {len(tx.destinations.subscribers())}"
        reader = a_reader(tx, name)
        own = [a_subscription(tx, reader, "一"), a_subscription(tx, reader, "二", frequency=WEEKLY)]
        own.append(a_subscription(tx, reader, "三", urgent=True))
    messages: list[Message] = []
    in_check: set[int] = set()
    latest: Revision | None = None
    for what, how in steps:
        with storage.begin() as tx:
            match what:
                case "find" | "find in check":
                    rules = [own[number] for number in sorted(how)]
                    latest = found(tx, *rules, title=f"{wanted}", now=now, in_check=what != "find")
                    in_check |= {latest.notice_id} if what != "find" else set()
                    wanted += 1
                case "met too" if latest is not None:
                    met(tx, latest, own[how], now=now)
                    plan(tx, latest.notice_id, now)
                case "end of check":
                    end_check(tx, in_check, now)
                    in_check = set()
                case "group":
                    tx.destinations.prefer(reader.subscriber_id, group_from=how)
                case "wish":
                    tx.destinations.prefer(reader.subscriber_id, frequency=parse_frequency(how))
                case "quiet":
                    tx.destinations.prefer(reader.subscriber_id, quiet_hours=parse_quiet_hours(how))
                case "cap":
                    tx.destinations.prefer(reader.subscriber_id, daily_cap=how)
                case "clock":
                    now += how * HOUR
                case "look":
                    tell_waiting(tx, now)
        if what == "send":
            messages += sent_now(storage, now)
    for _ in range(30):
        now += 12 * HOUR
        messages += sent_now(storage, now)
    told = Counter(title for one in titles(messages) for title in one)
    assert told == Counter(f"{number}" for number in range(wanted))
