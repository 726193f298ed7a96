"""The check loop: which sources are checked now.

Every second: of the sources that are due, as many as there are free hands, no more of one host than it may
have requests, and no more at once than the sources need. So a host that does not answer holds up nobody but
itself, and after a long outage, when all are due, they start one after the other.
"""

import asyncio
import datetime as dt
import math
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from monitor.beginning import LEASE
from monitor.schedule import LONGEST_BACKOFF, next_check
from monitor.sources import SourceSettings
from monitor.storage import Storage, StoredSource

LOOK_EVERY = 1.0
"""Seconds between two looks at what is due."""

_SLOWEST_ROUND = dt.timedelta(minutes=10)
_HEADROOM = 1.1


def pace(sources: Iterable[SourceSettings]) -> int:
    """How many checks may start at one look: a little more than the sources need when all are busiest.

    Sources that are checked seldom count as if they were checked every ten minutes, which is how long they
    take to make up for an outage.
    """
    shortest = (_SLOWEST_ROUND if s.cron else min(s.every.least, _SLOWEST_ROUND) for s in sources)
    per_second = sum(1 / interval.total_seconds() for interval in shortest)
    return max(1, math.ceil(per_second * LOOK_EVERY * _HEADROOM))


def chosen(
    due: Iterable[str], hosts: Mapping[str, str], busy: Iterable[str], *, limit: int, per_host: int
) -> list[str]:
    """The first sources of `due`, at most `limit`, that make no host busier than `per_host`; `busy` names the
    host of each check under way. Sources that are not in `hosts` are not ours."""
    taken, result = Counter(busy), list[str]()
    for source_id in due:
        host = hosts.get(source_id)
        if len(result) >= limit:
            break
        if host is not None and taken[host] < per_host:
            taken[host] += 1
            result.append(source_id)
    return result


def host(settings: SourceSettings) -> str:
    """The host that a source's checks are of; a source that is not on the web has one of its own."""
    return urlsplit(getattr(settings, "url", "")).hostname or f"{settings.kind}:{settings.id}"


@dataclass(kw_only=True)
class Watch:
    """The loop. `check` checks a source if it is still due and nobody else is checking it; what is added to
    `sources` is checked from then on."""

    storage: Storage
    sources: dict[str, SourceSettings]
    check: Callable[[str], Awaitable[None]]
    clock: Callable[[], dt.datetime]
    concurrency: int
    per_host: int
    looked: Callable[[], None]
    _under_way: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    async def run(self) -> None:
        """Look and check until cancelled; then what is under way is broken off."""
        hosts, at_once, looked = dict[str, str](), 1, self.clock()
        try:
            while True:
                before, looked = looked, self.clock()
                # At first, when one was added, and when the clock went back before what it had set.
                if len(hosts) != len(self.sources) or looked < before:
                    sources = self.sources.copy()
                    hosts = {name: host(settings) for name, settings in sources.items()}
                    at_once = pace(sources.values())
                    await asyncio.to_thread(self._enter, sources)
                due = await asyncio.to_thread(self._due)
                busy = [hosts[name] for name in self._under_way]
                free = self.concurrency - len(busy)
                waiting = (name for name in due if name not in self._under_way)
                for name in chosen(waiting, hosts, busy, limit=min(free, at_once), per_host=self.per_host):
                    self._start(name)
                await asyncio.sleep(LOOK_EVERY)
        finally:
            checks = list(self._under_way.values())
            for check in checks:
                check.cancel()
            await asyncio.gather(*checks, return_exceptions=True)

    def _start(self, name: str) -> None:
        async def check() -> None:
            try:
                await self.check(name)
            finally:
                del self._under_way[name]

        self._under_way[name] = asyncio.create_task(check())

    def _enter(self, sources: Mapping[str, SourceSettings]) -> None:
        """Take down the sources; none waits longer than its settings and its failures allow."""
        now = self.clock()
        with self.storage.begin() as tx:
            tx.agenda.enter(((name, settings.kind) for name, settings in sources.items()), now)
            for stored in tx.sources.all():
                settings = sources.get(stored.id)
                if settings is not None and stored.next_check_at is not None:
                    tx.agenda.bring_forward(stored.id, self._latest(stored, settings, now))

    @staticmethod
    def _latest(stored: StoredSource, settings: SourceSettings, now: dt.datetime) -> dt.datetime:
        if stored.retries:
            return now + LONGEST_BACKOFF
        return next_check(stored.id, settings.every, settings.cron, stored.rhythm, now)

    def _due(self) -> list[str]:
        with self.storage.read() as tx:
            due = tx.agenda.due(self.clock(), LEASE)
        self.looked()
        return due
