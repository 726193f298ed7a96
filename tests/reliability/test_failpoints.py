"""Every commit and every await of the send path is hit in turn: nothing is lost, and only what was in doubt
comes twice."""

import datetime as dt
import signal
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from monitor.planning import plan
from monitor.preferences import parse_frequency
from monitor.storage import Delivery, DeliveryState, Origin, Storage
from tests.making import a_notice, a_revision, a_subscription, met
from tests.processes import start
from tests.reliability.failpoints import STOPPED, Blow, Point, Strike, deliver
from tests.reliability.referee import Referee, refereed
from tests.reliability.stage import Reader, Stage

COMMITS = [(Point.BEFORE_COMMIT, Blow.KILL), (Point.AFTER_COMMIT, Blow.KILL)]
AWAITS = [(Point.SUSPENDED, Blow.KILL), (Point.RESUMED, Blow.KILL), (Point.RESUMED, Blow.STOP)]
MOST = 500
"""No path has so many points."""
SUMMARY_COMMITS = 10
"""More than building and sending three summaries takes."""


@dataclass
class Trial:
    """Messages, three for each blow; `blows` says what happened to whose."""

    storage: Storage
    config: Path
    now: dt.datetime
    blows: list[tuple[Point, Blow, bool]] = field(default_factory=list)

    def strike_everywhere(self, point: Point, blow: Blow) -> int:
        """Hit each passing of the point in turn, with fresh messages; how many there are."""
        for number in range(1, MOST):
            self._queue()
            struck = self.deliver(Strike(point, number, blow))
            self.blows.append((point, blow, struck))
            if blow is Blow.STOP:  # what is under way is finished, so nothing is left in doubt
                assert all(delivery.lease_until is None for delivery in self.deliveries()[:3])
            if not struck:
                return number - 1
        raise AssertionError(f"more than {MOST} points")

    def recover(self) -> int:
        """Repair and deliver what was left behind, killed at each further commit; how often."""
        kills = 0
        while {delivery.state for delivery in self.deliveries()} != {DeliveryState.SENT}:
            self.now += dt.timedelta(hours=1)
            kills += self.deliver(Strike(Point.AFTER_COMMIT, kills + 1, Blow.KILL), repairing=True)
            assert kills < MOST
        return kills

    def wait_for_the_hour(self, count: int) -> list[str]:
        """So many more notices for the next summary; the tokens of all so far."""
        with self.storage.begin() as tx:
            hourly = parse_frequency("hourly")
            subscriptions = [
                tx.subscriptions.ensure(
                    to.id, "集采", "集采", frequency=hourly, origin=Origin.CLI, now=self.now
                )
                for to in tx.destinations.all()
            ]
            for number in range(len(self.blows) * count + 1, (len(self.blows) + 1) * count + 1):
                revision = a_revision(tx, a_notice(f"关于集采的通知（DX{number:04}）"))
                assert met(tx, revision, *subscriptions)
                tx.notices.mark_matched(revision.id, self.now)
                assert plan(tx, revision.notice_id, self.now) == 0
        return [f"DX{number:04}" for number in range(1, (len(self.blows) + 1) * count + 1)]

    def finish(self) -> None:
        """Let a process repair and deliver in peace, until all is sent."""
        for _ in range(MOST):
            if {delivery.state for delivery in self.deliveries()} == {DeliveryState.SENT}:
                return
            self.now += dt.timedelta(hours=1)
            assert not self.deliver(Strike(Point.AFTER_COMMIT, MOST, Blow.KILL), repairing=True)

    def in_doubt(self) -> Counter[str]:
        """How many attempts at each message ended so that nobody knows whether it arrived."""
        with self.storage.read() as tx:
            return Counter(
                delivery.message_id
                for delivery in tx.deliveries.latest(limit=10_000)
                for attempt in tx.deliveries.attempts(delivery.id)
                if attempt.outcome in ("ambiguous", "lost")
            )

    def deliveries(self) -> list[Delivery]:
        with self.storage.read() as tx:
            return tx.deliveries.latest(limit=10_000)

    def _queue(self) -> None:
        """A notice for three destinations; a chat of its own, so that nothing waits for a rate."""
        number = len(self.blows) + 1
        with self.storage.begin() as tx:
            revision = a_revision(tx, a_notice(f"关于集采的通知（DX{number:04}）"))
            person = tx.destinations.ensure_subscriber("wang", now=self.now)
            chat = tx.destinations.ensure(person.id, "telegram", str(10_000 + number), self.now)
            fixed = [found for found in tx.destinations.all() if found.channel != "telegram"]
            met(tx, revision, *(a_subscription(tx, to=destination) for destination in [chat, *fixed]))
            tx.notices.mark_matched(revision.id, self.now)
            assert tx.deliveries.plan(revision.notice_id, self.now) == 3

    def deliver(self, strike: Strike, **more: bool) -> bool:
        """Whether the process was struck."""
        process = start(deliver, self.config, self.now, strike, **more)
        process.join(60)
        assert process.exitcode in (0, -signal.SIGKILL, STOPPED), process.exitcode
        return process.exitcode != 0


@pytest.mark.parametrize(
    ("database_url", "points"),
    [
        pytest.param("sqlite", COMMITS, id="commits"),
        pytest.param("sqlite", COMMITS + AWAITS, id="sqlite", marks=pytest.mark.slow),
        pytest.param("postgresql", COMMITS + AWAITS, id="postgresql", marks=pytest.mark.slow),
    ],
    indirect=["database_url"],
)
def test_no_moment_loses_a_message(
    storage: Storage, tmp_path: Path, points: list[tuple[Point, Blow]]
) -> None:
    with refereed(tmp_path / "referee") as referee:
        trial = _prepare(storage, tmp_path, referee)
        found = {f"{blow} {point}": trial.strike_everywhere(point, blow) for point, blow in points}
        found["kill -9 while recovering"] = trial.recover()
        print(found)
        assert all(found.values())
        _assert_all_told(trial, referee)


@pytest.mark.slow
@pytest.mark.parametrize("point", [Point.BEFORE_COMMIT, Point.AFTER_COMMIT])
def test_a_summary_tells_each_notice_once_whenever_it_is_killed(
    storage: Storage, tmp_path: Path, point: Point
) -> None:
    with refereed(tmp_path / "referee") as referee:
        trial = _prepare(storage, tmp_path, referee)
        for number in range(1, SUMMARY_COMMITS + 1):
            tokens = trial.wait_for_the_hour(3)
            trial.now += dt.timedelta(hours=1)
            struck = trial.deliver(Strike(point, number, Blow.KILL), repairing=True)
            trial.blows.append((point, Blow.KILL, struck))
        print([struck for _, _, struck in trial.blows])
        trial.finish()
        for channel in ("webhook", "mail"):
            told = {
                (found, arrival.id)
                for arrival in referee.arrivals()
                if arrival.channel == channel
                for found in arrival.tokens
            }
            assert Counter(found for found, _ in told) == Counter(tokens)


def _prepare(storage: Storage, folder: Path, referee: Referee) -> Trial:
    url = storage.url.render_as_string(hide_password=False)
    stage = Stage(folder, (Reader("webhook", "/a"),), url, referee.ports)
    now = dt.datetime.now(dt.UTC)
    with storage.begin() as tx:
        person = tx.destinations.ensure_subscriber("wang", now=now)
        tx.destinations.ensure(person.id, "webhook", f"http://127.0.0.1:{referee.ports['webhook']}/a", now)
        tx.destinations.ensure(person.id, "email", "wang@example.org", now)
    return Trial(storage, stage.config, now)


def _assert_all_told(trial: Trial, referee: Referee) -> None:
    arrivals, in_doubt = referee.arrivals(), trial.in_doubt()
    with trial.storage.read() as tx:
        channels = {found.id: found.channel for found in tx.destinations.all()}
    names = {"webhook": "webhook", "email": "mail", "telegram": "telegram"}
    for delivery in trial.deliveries():
        if delivery.notice_id is None:  # a word to the operator that all this took long
            continue
        number = delivery.notice_id - 1
        what = f"{channels[delivery.destination_id]}: {trial.blows[number][1]} {trial.blows[number][0]}"
        some = [
            arrival
            for arrival in arrivals
            if arrival.notice == f"DX{number + 1:04}" and arrival.channel == names[delivery.channel]
        ]
        assert some, f"lost by {what}"
        assert len(some) - 1 <= in_doubt[delivery.message_id], f"repeated by {what}"
        assert all(arrival.marked for arrival in some[1:]) or delivery.channel != "telegram", what
        assert len({arrival.id for arrival in some}) == 1, what
