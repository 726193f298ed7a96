"""A worker that is stopped past its lease, and a clock that jumps: no result is overwritten, nothing is sent
by one who does not hold it any more, nothing is lost and nothing comes twice without a reason."""

import contextlib
import sqlite3
import time
from pathlib import Path

import pytest

from monitor.storage import Attempt
from tests.reliability.audit import audit, ledger
from tests.reliability.looking import opened, states, try_again
from tests.reliability.program import Crew, Timed, crew, until
from tests.reliability.referee import Arrival, Referee, refereed
from tests.reliability.stage import LEASE, Reader, Stage
from tests.servers.webhook import SECRET

OTHER_SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
HOUR = 3600
JUMPS = ((HOUR, "too new"), (-HOUR, "too old"))
"""How far the clock goes, in seconds, and what a receiver that looks at the time then says of a signature."""


@pytest.mark.slow
def test_a_stopped_worker_gives_way(database_url: str, tmp_path: Path) -> None:
    """It is stopped with sends under way; another takes over; then it wakes up and reports."""
    with refereed(tmp_path / "referee") as referee:
        readers = tuple(Reader("webhook", f"/{number}") for number in range(4))
        stage = Stage(tmp_path, readers, database_url, referee.ports)
        stage.drop(30)
        second = stage.configure("second", sources=[], channels=_signing_twice())
        referee.order(hold=0.5, times=10_000)
        with crew(stage.config) as first, crew(second) as other:
            first.fill()
            until(lambda: referee.count() >= 8 and stage.all_read(), 60, first.said)
            _freeze(first, stage.database)
            held = [number for number, some in _attempts(stage.database).items() if some[-1].outcome is None]
            assert held
            time.sleep(LEASE)
            other.fill()
            until(lambda: _sent(stage.database, held), 60, other.said)
            resumed = time.time()
            first.resume()
            until(lambda: _too_late(stage.database, held) and _done(stage), 60, first.said)
        late = {arrival.id for arrival in _by(referee, 1) if arrival.at > resumed}
        assert not late & {arrival.id for arrival in _by(referee, 2)}
        found = audit(referee.arrivals(), stage.expected(), ledger(stage.database, referee.ports))
        print(f"\n{found}; {len(held)} taken over from the one that was stopped")
        assert not found.lost and not found.unmarked and found.repeats >= 1


@pytest.mark.slow
def test_a_clock_that_jumps_repeats_and_loses_nothing(database_url: str, tmp_path: Path) -> None:
    with refereed(tmp_path / "referee") as referee:
        readers = (*(Reader("webhook", f"/{number}") for number in range(8)), Reader("mail", "a@example.org"))
        stage = Stage(tmp_path, readers, database_url, referee.ports)
        referee.order(rate=0.1)
        program = Timed(stage.config)
        try:
            for seconds, complaint in JUMPS:
                stage.drop(4)
                until(referee.further(10), 60, program.said)
                program.jump(seconds)
                stage.drop(4)
                until(lambda complaint=complaint: _complained(referee, complaint), 60, program.said)
                program.jump(-seconds)
            stage.drop(4)
            referee.order(rate=0)
            until(lambda: _done(stage), 90, program.said)
        finally:
            program.end()
        tried = ledger(stage.database, referee.ports)
        found = audit(referee.arrivals(), stage.expected(), tried)
        print(f"\n{found}")
        assert not found.lost and not found.unknown and not found.unmarked and not found.unexcused
        assert found.deliveries == len(stage.expected())


def _complained(referee: Referee, complaint: str) -> bool:
    """Whether a receiver has refused something for its time: the clock has jumped, and the program sends."""
    return any(complaint in refusal["said"] for refusal in referee.refused())


def _signing_twice() -> object:
    """Channels whose webhooks can be told from the others' by their two signatures."""
    return {"webhook": {"secrets": [SECRET, OTHER_SECRET], "allow_private": True, "timeout": "3s"}}


def _by(referee: Referee, signatures: int) -> list[Arrival]:
    return [
        arrival
        for arrival in referee.arrivals()
        if len(arrival.record["headers"]["webhook-signature"].split()) == signatures
    ]


def _freeze(program: Crew, url: str) -> None:
    """But not in the middle of a transaction: on SQLite nobody else could write."""
    while True:
        program.freeze()
        if not url.startswith("sqlite"):
            return
        with contextlib.closing(sqlite3.connect(url.removeprefix("sqlite:///"), timeout=0.1)) as database:
            try:
                database.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError:
                program.resume()
                time.sleep(0.05)


def _done(stage: Stage) -> bool:
    """Everything is sent, without waiting for the next try."""
    try_again(stage.database)
    return stage.all_read() and states(stage.database).keys() == {"sent"}


def _sent(url: str, wanted: list[int]) -> bool:
    """Whether others have sent these."""
    try_again(url)
    attempts = _attempts(url)
    return all(attempts[number][-1].outcome == "sent" for number in wanted)


def _too_late(url: str, wanted: list[int]) -> bool:
    """Whether the first attempt at each was reported after a second had begun, and changed nothing."""
    attempts = _attempts(url)
    return all("reported too late" in (attempts[number][0].answer or "") for number in wanted)


def _attempts(url: str) -> dict[int, list[Attempt]]:
    """Delivery → the tries at it, where there was one."""
    with opened(url) as storage, storage.read() as tx:
        found = {
            delivery.id: tx.deliveries.attempts(delivery.id) for delivery in tx.deliveries.latest(limit=1000)
        }
    return {number: some for number, some in found.items() if some}
