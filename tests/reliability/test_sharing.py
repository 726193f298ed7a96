"""Several processes share one database: each message is sent by one of them, and together they keep the
rates."""

from collections import Counter
from pathlib import Path

import pytest

from tests.reliability.audit import audit, ledger
from tests.reliability.looking import states
from tests.reliability.program import Crew, crew, until
from tests.reliability.referee import refereed
from tests.reliability.stage import PROVINCES, Reader, Stage

WORKERS = 4


@pytest.mark.slow
def test_processes_share_the_work_and_nothing_comes_twice(database_url: str, tmp_path: Path) -> None:
    with refereed(tmp_path / "referee") as referee:
        readers = (
            *(Reader("webhook", f"/reader/{number}") for number in range(30)),
            *(Reader("mail", f"reader{number}@example.org") for number in range(5)),
        )
        stage = Stage(tmp_path, readers, database_url, referee.ports)
        stage.drop(40)
        with crew(stage.config) as checkers, crew(stage.configure("sending", sources=[]), WORKERS) as senders:
            senders.fill()
            checkers.fill()
            _finish(stage, checkers)
        tried = ledger(stage.database, referee.ports)
        found = audit(referee.arrivals(), stage.expected(), tried)
        print(f"\n{found}")
        assert not (found.lost or found.unknown or found.repeats), found
        assert all(len(some) == 1 for some in tried.values())
        shares = Counter(some[0].pid for some in tried.values())
        assert len(shares) == WORKERS + 1
        assert min(shares.values()) > len(tried) / 20, shares


@pytest.mark.slow
def test_processes_keep_the_rates_together(database_url: str, tmp_path: Path) -> None:
    """The server is strict: 30 in any second, one in a second to a chat, 20 in a minute to a group."""
    with refereed(tmp_path / "referee") as referee:
        people = [Reader("telegram", str(1000 + number), PROVINCES[number % 8]) for number in range(160)]
        groups = [Reader("telegram", str(-1000 - number)) for number in range(3)]
        stage = Stage(tmp_path, (*people, *groups), database_url, referee.ports)
        stage.drop(24)
        with crew(stage.config) as checkers, crew(stage.configure("sending", sources=[]), 3) as senders:
            checkers.fill()
            for _ in range(6):
                senders.fill()
                until(referee.further(50), 60, senders.said)
                senders.kill()
            senders.fill()
            _finish(stage, checkers, 180)
            ends = checkers.ends + senders.ends
        tried = ledger(stage.database, referee.ports)
        found = audit(referee.arrivals(), stage.expected(), tried, ends)
        print(f"\n{found}")
        assert not (found.lost or found.unknown or found.unmarked or found.unexcused), found
        assert referee.refused() == []
        times = [arrival.at for arrival in referee.arrivals()]
        assert all(later - earlier >= 1 for earlier, later in zip(times, times[30:], strict=False))


def _finish(stage: Stage, program: Crew, seconds: float = 120) -> None:
    until(lambda: stage.all_read() and set(states(stage.database)) == {"sent"}, seconds, program.said)
