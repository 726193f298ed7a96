"""Politeness: whose turn it is at each host."""

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from monitor.errors import FetchCause
from monitor.fetch.settings import FetchSettings
from monitor.fetch.trouble import TroubleError

_LONGEST_PAUSE = 86_400.0  # a server cannot silence a source for longer than a day
_MANY_HOSTS = 1_000


@dataclass(slots=True)
class _Host:
    places: asyncio.Semaphore
    users: int = 0
    next_start: float = 0.0
    paused_until: float = 0.0
    gap: float = field(default=0.0)


class Turns:
    """Few requests at a time to each host, a gap between them, and pauses where a server asked for one."""

    def __init__(self, settings: FetchSettings) -> None:
        self._settings = settings
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def turn(self, name: str) -> AsyncIterator[None]:
        """Wait for a turn at the host and hold it.

        Raises `TroubleError` when the host asked for a longer pause than is waited for.
        """
        host = self._host(name)
        host.users += 1
        try:
            async with host.places:
                await self._wait(host)
                try:
                    yield
                finally:
                    self._space(host)
        finally:
            host.users -= 1

    def pause(self, name: str, seconds: float) -> None:
        """The host asked not to be asked for so long (Retry-After)."""
        self._host(name).paused_until = time.monotonic() + min(seconds, _LONGEST_PAUSE)

    def slow_down(self, name: str, gap: float) -> None:
        """The host wants at least `gap` seconds between requests (Crawl-delay)."""
        self._host(name).gap = gap

    async def _wait(self, host: _Host) -> None:
        while (seconds := max(host.next_start, host.paused_until) - time.monotonic()) > 0:
            pause = host.paused_until - time.monotonic()
            if pause > self._settings.patience.total_seconds():
                sentence = f"the server asked for a pause; {pause:.0f} s of it are left"
                raise TroubleError(FetchCause.STATUS, sentence, retry_after=pause)
            await asyncio.sleep(seconds)
        self._space(host)

    def _space(self, host: _Host) -> None:
        gap = max(self._settings.gap.total_seconds(), host.gap)
        spread = 1 + self._settings.jitter * random.random()
        host.next_start = max(host.next_start, time.monotonic() + gap * spread)

    def _host(self, name: str) -> _Host:
        if name not in self._hosts:
            if len(self._hosts) >= _MANY_HOSTS:
                self._forget_idle()
            self._hosts[name] = _Host(asyncio.Semaphore(self._settings.per_host))
        return self._hosts[name]

    def _forget_idle(self) -> None:
        now = time.monotonic()
        self._hosts = {
            name: host
            for name, host in self._hosts.items()
            if host.users or max(host.next_start, host.paused_until) > now
        }
