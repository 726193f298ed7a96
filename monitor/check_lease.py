"""The lease of a check under way: kept while it goes on, given back when it is broken off."""

import asyncio
import contextlib
import datetime as dt
from collections.abc import Callable

from monitor.beginning import LEASE
from monitor.errors import StorageError
from monitor.storage import Storage

_PROLONG_EVERY = LEASE.total_seconds() / 3


class Lease:
    """Prolonged from the moment that it is made until it is let go: a first check can take long."""

    def __init__(
        self, storage: Storage, source_id: str, worker: str, clock: Callable[[], dt.datetime]
    ) -> None:
        self._storage = storage
        self._source_id = source_id
        self._worker = worker
        self._clock = clock
        self._keeping: asyncio.Task[None] | None = None
        # most checks are over long before, and a timer costs less than a task
        self._timer = asyncio.get_running_loop().call_later(_PROLONG_EVERY, self._start_keeping)

    def let_go(self) -> None:
        """The check is over, and its end has given the lease back."""
        self._timer.cancel()
        if self._keeping is not None:
            self._keeping.cancel()

    def _start_keeping(self) -> None:
        self._keeping = asyncio.create_task(self._keep())

    async def _keep(self) -> None:
        while True:
            with contextlib.suppress(StorageError):  # the check itself will meet it
                await asyncio.to_thread(self._prolong)
            await asyncio.sleep(_PROLONG_EVERY)

    def _prolong(self) -> None:
        with self._storage.begin() as tx:
            tx.agenda.prolong(self._source_id, self._worker, LEASE, self._clock())


def give_back(storage: Storage, source_id: str, worker: str) -> None:
    """A check that was broken off is anybody's again."""
    with contextlib.suppress(StorageError), storage.begin() as tx:
        tx.agenda.release(source_id, worker)
