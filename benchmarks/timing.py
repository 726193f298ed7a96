"""What a send takes: with many senders, in tasks or in threads."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import NamedTuple


class Cost(NamedTuple):
    """What a send took: seconds of the wall's clock and of this process's CPU."""

    wall: float
    cpu: float


def best(costs: Iterable[Cost]) -> Cost:
    """The least of each, since others use this machine."""
    return Cost(*map(min, zip(*costs, strict=True)))


@contextmanager
def timed(count: int) -> Iterator[list[Cost]]:
    """What each of so many sends took, put into the list at the end."""
    found: list[Cost] = []
    wall, cpu = time.perf_counter(), time.process_time()
    yield found
    found.append(Cost((time.perf_counter() - wall) / count, (time.process_time() - cpu) / count))


async def cost(one: Callable[[int], Awaitable[object]], senders: int, count: int) -> Cost:
    """Of one send, with this many senders, each waiting for its answer before the next."""
    left = iter(range(count))

    async def sender() -> None:
        for number in left:
            await one(number)

    with timed(count) as found:
        await asyncio.gather(*(sender() for _ in range(senders)))
    return found[0]


def threaded_cost(one: Callable[[], object], senders: int, count: int) -> Cost:
    """The same for a library that blocks: a thread for each sender."""
    with timed(count) as found, ThreadPoolExecutor(senders) as pool:
        list(pool.map(lambda _: one(), range(count)))
    return found[0]
