"""Delivering: claim due deliveries → compose → send → record each result."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from monitor.notify import Channel
from monitor.storage import Storage


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """How many deliveries were claimed in a round, and what became of them."""

    claimed: int = 0
    sent: int = 0
    retried: int = 0
    failed: int = 0


async def deliver_due(
    storage: Storage,
    channels: Mapping[str, Channel],
    *,
    worker: str,
    clock: Callable[[], dt.datetime],
    batch: int = 50,
    concurrency: int = 10,
) -> DeliveryReport:
    """Send everything that is due now over these channels.

    Any number of workers, threads, processes or machines may do this at once. Raises `StorageError`; every
    other failure is recorded with its delivery.
    """
    raise NotImplementedError
