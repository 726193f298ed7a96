"""Trying many sources at once, politely."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

from monitor.discovery.addresses import host_of
from monitor.discovery.finding import Finding
from monitor.discovery.inspecting import examine
from monitor.errors import SourceError
from monitor.fetch import Fetcher
from monitor.sources import SourceSettings


async def verify(
    fetcher: Fetcher, sources: Iterable[SourceSettings], home: Path, *, concurrency: int
) -> AsyncIterator[tuple[SourceSettings, Finding | SourceError]]:
    """Try each source, so many at the same time, and yield what came as it comes.

    Sources of one host take turns with those of others: a slow site does not hold up the rest.
    """
    slots = asyncio.Semaphore(concurrency)

    async def one(source: SourceSettings) -> tuple[SourceSettings, Finding | SourceError]:
        async with slots:
            try:
                return source, await examine(fetcher, source, home)
            except SourceError as error:
                return source, error

    tasks = [asyncio.create_task(one(source)) for source in _by_turns(sources)]
    try:
        for coming in asyncio.as_completed(tasks):
            yield await coming
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _by_turns(sources: Iterable[SourceSettings]) -> list[SourceSettings]:
    """The first source of every host, then the second of each, and so on."""
    seen: Counter[str] = Counter()
    rounds: list[tuple[int, int, SourceSettings]] = []
    for source in sources:
        host = host_of(str(getattr(source, "url", "")))
        rounds.append((seen[host], len(rounds), source))
        seen[host] += 1
    return [source for *_, source in sorted(rounds, key=lambda one: one[:2])]
