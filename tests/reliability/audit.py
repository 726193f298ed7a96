"""Holding what the referee saw against what was to be told and against the ledger."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import NullPool, create_engine, text

from tests.reliability.looking import opened
from tests.reliability.program import End
from tests.reliability.referee import TOKEN, Arrival
from tests.reliability.stage import SEND_LIMIT, Key

HELD_BACK = 15.0
"""The longest time (s) between a message's arrival and the crash that kept its answer from the ledger: the
send, and the tries of a transaction while its database is away."""

_ATTEMPTS = text(
    "SELECT d.id, d.message_id, d.state, g.channel, g.address, n.title, a.number, a.worker, a.outcome"
    " FROM deliveries d JOIN destinations g ON g.id = d.destination_id"
    " JOIN notices n ON n.id = d.notice_id JOIN attempts a ON a.delivery_id = d.id ORDER BY d.id, a.number"
)


@dataclass(frozen=True, slots=True)
class Tried:
    """An attempt of the ledger."""

    message_id: str
    pid: int
    outcome: str | None


@dataclass(frozen=True, slots=True)
class Audit:
    """What was found: `repeats` are arrivals beyond the first of a delivery, `marked` says of how many
    deliveries a message said that it may be a repeat."""

    deliveries: int
    lost: frozenset[Key]
    unknown: frozenset[Key]
    repeats: int
    marked: int
    unmarked: tuple[Key, ...]
    unexcused: tuple[str, ...]
    """Repeats that nothing excuses: no answer was kept back, and no process died."""

    def __str__(self) -> str:
        return (
            f"{self.deliveries} deliveries, {len(self.lost)} lost, {self.repeats} repeats, "
            f"{len(self.unmarked)} of them not marked, {len(self.unexcused)} without need; "
            f"{self.marked} texts say that they may be repeats"
        )


def audit(
    arrivals: Iterable[Arrival],
    expected: set[Key],
    attempts: Mapping[Key, list[Tried]],
    ends: Iterable[End] = (),
    *,
    moved: Mapping[str, str] = {},
) -> Audit:
    """Compare. `moved`: chats that have another address since, in the ledger from then on."""
    attempts = {(channel, moved.get(to, to), token): some for (channel, to, token), some in attempts.items()}
    arrived: dict[Key, list[Arrival]] = defaultdict(list)
    for arrival in arrivals:
        if arrival.notice:
            address = moved.get(arrival.address, arrival.address)
            arrived[arrival.channel, address, arrival.notice].append(arrival)
    deaths: dict[int, list[float]] = defaultdict(list)
    for end in ends:
        deaths[end.pid].append(end.at)
    repeated = {key: some for key, some in arrived.items() if len(some) > 1}
    return Audit(
        deliveries=len(arrived),
        lost=frozenset(expected - arrived.keys()),
        unknown=frozenset(arrived.keys() - expected),
        repeats=sum(len(some) - 1 for some in repeated.values()),
        marked=sum(any(arrival.marked for arrival in some) for some in arrived.values()),
        unmarked=tuple(key for key, some in repeated.items() if not _marked(some)),
        unexcused=tuple(
            f"{key}: {why}"
            for key, some in repeated.items()
            for why in _unexcused(some, attempts.get(key, []), deaths)
        ),
    )


def _marked(some: list[Arrival]) -> bool:
    """Every arrival after the first says so, by its words or by the id of the first."""
    if some[0].channel == "telegram":
        return all(arrival.marked for arrival in some[1:])
    return len({arrival.id for arrival in some}) == 1


def _unexcused(some: list[Arrival], tried: list[Tried], deaths: Mapping[int, list[float]]) -> Iterable[str]:
    in_doubt = [attempt for attempt in tried if attempt.outcome in ("ambiguous", "lost", None)]
    if len(some) - 1 > len(in_doubt):
        yield f"{len(some)} arrivals, but {len(in_doubt)} attempts whose end nobody knows: {tried}"
    for arrival in some[:-1]:
        ended = (at - arrival.at for attempt in in_doubt for at in deaths.get(attempt.pid, ()))
        if not arrival.unanswered and not any(-1 < after < SEND_LIMIT + HELD_BACK for after in ended):
            yield f"answered at {arrival.at}, and sent again: {tried}"


def ledger(url: str, ports: Mapping[str, int]) -> dict[Key, list[Tried]]:
    """All attempts at telling of notices, by what the referee knows the deliveries by."""
    found: dict[Key, list[Tried]] = defaultdict(list)
    with opened(url) as storage, create_engine(storage.url, poolclass=NullPool).connect() as connection:
        for row in connection.execute(_ATTEMPTS):
            token = TOKEN.search(row.title)
            assert token is not None
            address = row.address.removeprefix(f"http://127.0.0.1:{ports['webhook']}")
            channel = "mail" if row.channel == "email" else row.channel
            pid = int(row.worker.split(":")[2])  # see `monitor.workers`
            found[channel, address, token[0]].append(Tried(row.message_id, pid, row.outcome))
    return found
