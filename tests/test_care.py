"""How sources fare, over hundreds of checks: told once when they fall ill, once when they recover."""

import datetime as dt
import random

import pytest

from monitor.care import look_after
from monitor.rhythm import Publication, learn
from monitor.schedule import next_try
from monitor.storage import Check, CheckOutcome, Episode, Storage
from monitor.types import Entry, Listing
from monitor.words import Words
from tests.making import DAY, HOUR, MINUTE

START = dt.datetime(2026, 11, 2, 1, 0, tzinfo=dt.UTC)
WORDS = Words("zh")


def rows(*days: str) -> tuple[Entry, ...]:
    """Entries published on these days."""
    return tuple(
        Entry(
            url=f"http://a/{day}.html", version="1", title=f"关于{day}的通知", date=dt.date.fromisoformat(day)
        )
        for day in days
    )


GOOD = rows("2026-10-30", "2026-10-28", "2026-10-26", "2026-10-22", "2026-10-20", "2026-10-19")


class Patient:
    """A source whose checks come out as a test says."""

    def __init__(self, storage: Storage, source_id: str = "agency", kind: str = "html_list") -> None:
        self._storage, self._id, self._kind = storage, source_id, kind
        self.now = START
        with storage.begin() as tx:
            operator = tx.destinations.ensure_subscriber("operator", operator=True, now=START)
            tx.destinations.ensure(operator.id, "console", "stderr", START)
            tx.sources.ensure(source_id, kind, START)

    def check(
        self,
        *entries: Entry,
        cause: str | None = None,
        unchanged: bool = False,
        layout: str = "html ul.list dated",
        new_dates: tuple[dt.date, ...] = (),
        after: dt.timedelta = 30 * MINUTE,
        retry_after: float | None = None,
    ) -> None:
        self.now += after
        listing = None
        if cause is None:
            listing = Listing(
                entries=entries, row_count=len(entries) or None, layout=layout, unchanged=unchanged
            )
        outcome = CheckOutcome.FAILED if cause else CheckOutcome.UNCHANGED if unchanged else CheckOutcome.OK
        check = Check(
            source_id=self._id,
            started_at=self.now,
            finished_at=self.now,
            outcome=outcome,
            rows=listing.row_count if listing else None,
            cause=cause,
            message=f"连接不上（{cause}）" if cause else None,
        )
        with self._storage.begin() as tx:
            before = tx.sources.get(self._id)
            assert before is not None
            tx.sources.add_checks(check)
            due = self.now + HOUR / 2
            if cause:
                due = next_try(self._id, cause, before.retries + 1, self.now, retry_after)
            tx.agenda.put(self._id, due, retries=before.retries + 1 if cause else 0)
            look_after(
                tx,
                before,
                check,
                listing,
                episodes=tx.episodes.open([self._id]),
                next_check_at=due,
                rhythm=before.rhythm,
                new_dates=new_dates,
                alarm_after=3,
                words=WORDS,
            )

    def said(self) -> list[str]:
        with self._storage.read() as tx:
            told = reversed(tx.deliveries.latest(subscriber="operator", limit=1000))
            return [f"{(d.content or {})['headline']}\n{(d.content or {})['text']}" for d in told]

    def ill_with(self) -> list[str]:
        with self._storage.read() as tx:
            return [episode.symptom for episode in tx.episodes.open([self._id])]

    def episodes(self) -> list[Episode]:
        with self._storage.read() as tx:
            return tx.episodes.since(self._id, START)


@pytest.fixture
def patient(storage: Storage) -> Patient:
    well = Patient(storage)
    well.check(*GOOD)
    return well


def test_a_source_that_is_well_says_nothing(patient: Patient) -> None:
    rng = random.Random(7)
    for number in range(100):
        day = (START + number * DAY / 6).date().isoformat()
        patient.check(*rows(day), *GOOD, unchanged=rng.random() < 0.7, after=4 * HOUR)
    assert patient.said() == []


def test_failing_is_told_once_with_the_cause_the_last_good_list_and_what_to_try(patient: Patient) -> None:
    for _ in range(60):
        patient.check(cause="blocked")
    [said] = patient.said()
    for part in (
        "来源 agency：读不到",
        "blocked",
        "上次正常时",
        "2026-10-30  关于2026-10-30的通知",
        "fetch.browser: auto",
    ):
        assert part in said
    patient.check(*GOOD)
    patient.check(*GOOD)
    assert len(patient.said()) == 2
    assert "恢复正常" in patient.said()[1]
    [episode] = patient.episodes()
    assert episode.ended_at is not None
    assert episode.good is not None


def test_two_failures_are_not_worth_a_message(patient: Patient) -> None:
    for _ in range(30):
        patient.check(cause="timeout", after=5 * MINUTE)
        patient.check(cause="timeout", after=5 * MINUTE)
        patient.check(*GOOD)
    assert patient.said() == []


def test_a_server_that_wants_hours_of_peace_is_told_at_once(patient: Patient) -> None:
    patient.check(cause="status", retry_after=7200)
    assert len(patient.said()) == 1


@pytest.mark.parametrize(("bad", "good"), [(3, 1), (12, 12)])
def test_a_source_that_flaps_does_not_flood(patient: Patient, bad: int, good: int) -> None:
    for _ in range(144 // (bad + good)):
        for _ in range(bad):
            patient.check(cause="connect", after=15 * MINUTE)
        for _ in range(good):
            patient.check(*GOOD, after=15 * MINUTE)
    assert 2 <= len(patient.said()) <= 7


def test_an_old_trouble_is_told_anew_after_a_good_week(patient: Patient) -> None:
    for _ in range(3):
        for _ in range(3):
            patient.check(cause="dns")
        patient.check(*GOOD)
        patient.check(*GOOD, after=8 * DAY)
    assert len(patient.said()) == 6


def test_a_list_that_lost_most_of_its_rows_is_told_with_both_samples(patient: Patient) -> None:
    feed = patient
    for _ in range(12):
        feed.check(*GOOD)
    for _ in range(3):
        feed.check(*GOOD[:1])
    [said] = feed.said()
    assert "条目大量减少" in said
    assert "平常约 6 条，现在 1 条" in said
    assert said.count("关于2026-10-30的通知") == 2
    feed.check(*GOOD)
    assert feed.ill_with() == []
    assert len(feed.said()) == 2


def test_the_new_size_of_a_list_is_believed_in_the_end(patient: Patient) -> None:
    for _ in range(12):
        patient.check(*GOOD)
    for _ in range(30):
        patient.check(*GOOD[:1], unchanged=True)
    assert patient.ill_with() == []
    for _ in range(30):
        patient.check(*GOOD[:1])
    assert patient.ill_with() == []
    assert len(patient.said()) <= 2


def test_a_source_that_refuses_a_shrunken_list_is_told_as_that(patient: Patient) -> None:
    for _ in range(5):
        patient.check(cause="lost_rows")
    assert patient.ill_with() == ["lost_rows"]
    for _ in range(3):
        patient.check(*GOOD)
    assert len(patient.said()) == 2


def test_another_layout_is_told_once_and_becomes_the_usual_one_after_a_day(patient: Patient) -> None:
    for _ in range(100):
        patient.check(*GOOD, layout="html div.new undated", after=30 * MINUTE)
    said = patient.said()
    assert "版式变了" in said[0]
    assert "html ul.list dated" in said[0]
    assert "html div.new undated" in said[0]
    assert "恢复正常" in said[1]
    assert len(said) == 2
    patient.check(*GOOD, layout="html ul.list dated")
    assert patient.ill_with() == [], "the first layout is still known"


def test_two_layouts_that_take_turns_are_told_once(patient: Patient) -> None:
    for number in range(200):
        patient.check(*GOOD, layout=f"html ul.{number % 2} dated" if number % 2 else "html ul.list dated")
    assert len(patient.said()) == 2


def test_a_list_that_shows_old_dates_again_is_told_and_does_not_become_the_measure(patient: Patient) -> None:
    old = rows("2019-03-01", "2019-02-28", "2019-02-20")
    for _ in range(50):
        patient.check(*old)
    [said] = patient.said()
    assert "只见旧日期" in said
    assert "2026-10-30" in said
    assert "2019-03-01" in said
    patient.check(*rows("2026-11-03"), *GOOD)
    assert patient.ill_with() == []


def test_new_notices_that_are_all_old_are_told(patient: Patient) -> None:
    old = tuple(dt.date(2020, 1, day) for day in (1, 2, 3))
    patient.check(*GOOD, *rows("2020-01-01", "2020-01-02", "2020-01-03"), new_dates=old)
    assert patient.ill_with() == ["old_dates"]


def test_one_notice_that_was_withdrawn_is_no_symptom(patient: Patient) -> None:
    patient.check(*rows("2026-11-20"), *GOOD)
    patient.check(*GOOD)
    assert patient.said() == []


def test_silence_far_beyond_the_rhythm_is_told_once_and_ends_with_the_next_notice(
    patient: Patient, storage: Storage
) -> None:
    published = [Publication(START - n * DAY, (START - n * DAY).date()) for n in range(1, 40, 2)]

    def learned(publications: list[Publication]) -> None:
        with storage.begin() as tx:
            tx.sources.remember_rhythm("agency", learn(publications, patient.now))

    learned(published)
    for _ in range(9 * 4):
        patient.check(unchanged=True, after=6 * HOUR)
    assert patient.said() == []
    for _ in range(60 * 4):
        patient.check(unchanged=True, after=6 * HOUR)
    [said] = patient.said()
    assert "久无更新" in said
    assert "平常每隔 2 天" in said
    learned([*published, Publication(patient.now, patient.now.date())])
    patient.check(unchanged=True)
    assert patient.ill_with() == []
    assert len(patient.said()) == 2


def test_a_network_that_is_down_is_told_once_and_not_for_each_source(storage: Storage) -> None:
    patients = [Patient(storage, f"agency-{number}") for number in range(20)]
    for patient in patients:
        patient.check(*GOOD)
    for _ in range(4):
        for patient in patients:
            patient.check(cause="dns", after=3 * MINUTE)
    [said] = patients[0].said()
    assert "多数来源无法访问" in said
    assert patients[7].ill_with() == ["failing"]
    for patient in patients:
        patient.check(*GOOD)
    assert len(patients[0].said()) == 1
