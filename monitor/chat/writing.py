"""The bot's transactions: many in one, and a database that is away for a moment is waited for."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

import structlog

from monitor.errors import StorageError
from monitor.storage import Batches, Storage, Transaction

log = structlog.get_logger()

T = TypeVar("T")

TOGETHER = 50
"""Most works done in one transaction: the first of them waits for the last."""
PAUSES = (0.2, 1.0, 4.0)
"""Seconds before each further try."""


class Writer:
    """Does works that write, those of the same moment together."""

    def __init__(self, storage: Storage) -> None:
        self._batches = Batches(storage, TOGETHER)

    async def write(self, work: Callable[[Transaction], T]) -> T:
        """Do something in a transaction, perhaps twice. Raises `StorageError`, and what the work raises."""
        for pause in PAUSES:
            try:
                return await self._batches.run(work)
            except StorageError as error:
                log.warning("database does not answer", error=str(error), again_in=pause)
                await asyncio.sleep(pause)
        return await self._batches.run(work)
