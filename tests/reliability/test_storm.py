"""Thousands of deliveries over three channels while processes are killed, answers lost, and databases fail:
nothing is lost, and what comes twice had to, and says so."""

import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.reliability.audit import audit, ledger
from tests.reliability.databases import Database, postgresql_server, small_disk
from tests.reliability.looking import let_the_hour_pass, opened, states, try_again
from tests.reliability.program import Crew, crew
from tests.reliability.referee import Referee, refereed
from tests.reliability.stage import LEASE, PROVINCES, Reader, Stage

KILLS = 60
NOTICES = 100
DELIVERIES = 5_000
BLOCKED, GROUP, SUPERGROUP = "4242", "-77", "-1000000000077"
HOURLY = "/hourly"
LULL = 5.0
"""Seconds without enough messages after which the next process is killed all the same."""
CALM = 600.0
"""Seconds in which everything that was left must be done."""
OUTAGES, FLOODS = 4, 3
FAULTS = 0.06
"""The share of messages that the referee refuses, drops, or takes without a word."""


def readers() -> tuple[Reader, ...]:
    """So many that 100 notices make more than 5,000 deliveries."""
    chats = [Reader("telegram", str(1000 + number), PROVINCES[number % 8]) for number in range(44)]
    return (
        *(Reader("webhook", f"/reader/{number}") for number in range(35)),
        Reader("webhook", HOURLY, hourly=True),
        *(Reader("mail", f"reader{number}@example.org") for number in range(10)),
        *chats,
        *(Reader("telegram", str(-number), PROVINCES[number]) for number in range(3, 6)),
        Reader("telegram", GROUP, PROVINCES[6]),
        Reader("telegram", BLOCKED, PROVINCES[7]),
    )


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    with small_disk(tmp_path / "disk") if request.param == "sqlite" else postgresql_server() as database:
        yield database


@pytest.mark.slow
def test_nothing_is_lost_in_a_storm(database: Database, tmp_path: Path) -> None:
    with refereed(tmp_path / "referee") as referee:
        referee.order(block=int(BLOCKED), migrate=[int(GROUP), int(SUPERGROUP)], rate=FAULTS)
        stage = Stage(tmp_path, readers(), database.url, referee.ports)
        sending = stage.configure("sending", sources=[])
        with crew(stage.config) as checkers, crew(sending, 2) as senders:
            _storm(checkers, senders, stage, database, referee)
            for program in (checkers, senders):
                program.stop()
            time.sleep(LEASE)  # that of the last one killed; the next to start finds it over
            checkers.fill()
            _calm(checkers, stage, {"sent", "held", "failed"})  # the blocked chat refused for good
            referee.order(rate=0, unblock=int(BLOCKED))
            _activate(stage)
            _calm(checkers, stage, {"sent"})
        ends = checkers.ends + senders.ends
        moved = {SUPERGROUP: GROUP}
        tried = ledger(database.url, referee.ports)
        alerts = [arrival for arrival in referee.arrivals() if arrival.address != HOURLY]
        found = audit(alerts, stage.expected(), tried, ends, moved=moved)
        summaries = [arrival for arrival in referee.arrivals() if arrival.address == HOURLY]
        different = {one.id: one.tokens for one in summaries}
        told = Counter(token for tokens in different.values() for token in tokens)
        killed = sum(end.killed for end in ends)
        refused = Counter(str(refusal["status"]) for refusal in referee.refused())
        print(f"\n{found}; {killed} kills, {len(ends) - killed} other ends; not answered well: {refused}")
        print(f"{len(summaries)} summaries, {len(different)} of them different")
        assert killed >= KILLS
        assert found.deliveries >= DELIVERIES
        assert not (found.lost or found.unknown or found.unmarked or found.unexcused), found
        assert told == Counter(token for token, _ in stage.dropped)
        assert not any("can't parse" in refusal["said"] for refusal in referee.refused())
        assert refused.keys() >= {"400", "403", "500", "503"}
        assert refused["429"] == FLOODS * OUTAGES  # those that it was told to answer, and none of our making


def _storm(checkers: Crew, senders: Crew, stage: Stage, database: Database, referee: Referee) -> None:
    """Notices come in, and everything breaks. A process is killed once it had the time to begin and some more
    messages have arrived, so that most die while they send."""
    chance = random.Random(20251122)
    kills = 0
    while kills < KILLS:
        checkers.fill()
        senders.fill()
        stage.drop(min(8, NOTICES - len(stage.dropped)))
        _wait(referee.further(chance.randrange(100)))
        # A dead checker holds up checks for two minutes.
        if not (senders if (kills + 1) % 16 else checkers).kill():
            continue
        kills += 1
        if kills % (KILLS // OUTAGES) == 0:
            referee.order(flood=FLOODS)
            let_the_hour_pass(stage.database)
            database.fail()


def _activate(stage: Stage) -> None:
    """The chat that blocked the bot takes messages again."""
    with opened(stage.database) as storage, storage.read() as tx:
        (number,) = [found.id for found in tx.destinations.all() if found.address == BLOCKED]
    command = [sys.executable, "-m", "monitor", "destinations", "activate", str(number)]
    subprocess.run([*command, "--config", str(stage.config)], capture_output=True, check=True)


def _wait(reached: Callable[[], bool]) -> None:
    """Until it is reached or cannot be: what is left waits for its time."""
    end = time.monotonic() + LULL
    while not reached() and time.monotonic() < end:
        time.sleep(0.01)


def _calm(program: Crew, stage: Stage, ends: set[str]) -> None:
    """Let one process finish, with an operator who does not wait for the next try."""
    end = time.monotonic() + CALM
    while states(stage.database).keys() - ends or not stage.all_read() or let_the_hour_pass(stage.database):
        assert time.monotonic() < end, f"{states(stage.database)}\n{program.said()}"
        time.sleep(2)
        try_again(stage.database)
