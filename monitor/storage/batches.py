"""Short transactions of many tasks as one.

A transaction costs a turn at the database and a flush of the disk, whatever it stores. Tasks that want one
while another is under way share the next, and those that want the same work done have it done by the same
statements: a hundred sources that were found unchanged cost two or three flushes and a dozen statements.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from monitor.storage.database import Storage
from monitor.storage.transaction import Transaction

A = TypeVar("A")
R = TypeVar("R")

Work = Callable[[Transaction, list[A]], list[R]]
"""Does something for each of many; gives as many results, in their order."""

_Outcome = tuple[Any, BaseException | None]


@dataclass(slots=True)
class _Waiting(Generic[A, R]):
    """What a task wants done, and where the result goes."""

    work: Work[A, R]
    item: A
    done: "asyncio.Future[R]"

    def settle(self, result: R | None, error: BaseException | None) -> None:
        if self.done.done():
            return  # its task was cancelled
        if error is not None:
            self.done.set_exception(error)
        else:
            self.done.set_result(result)  # type: ignore[arg-type]  # of the type that the work returns


class Batches:
    """Runs works that write, for `most` tasks in one transaction: others wait for the database meanwhile, and
    the first of them for the last. Used by the tasks of one event loop."""

    def __init__(self, storage: Storage, most: int = 200) -> None:
        self._storage = storage
        self._most = most
        self._waiting: list[_Waiting[Any, Any]] = []
        self._runner: asyncio.Task[None] | None = None

    async def run(self, work: Callable[[Transaction], R]) -> R:
        """The result of `work`; otherwise like `run_for`."""
        return await self.run_for(work, _one_by_one)

    async def run_for(self, item: A, work: Work[A, R]) -> R:
        """What `work` gives for `item`, once its transaction is committed.

        An item that fails takes no other one with it: those of its batch are then done again, each in a
        transaction of its own. So a work must be fit to be done twice. Raises what it raises, `StorageError`
        too.
        """
        done: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(work, item, done))
        if self._runner is None or self._runner.done():
            self._runner = asyncio.create_task(self._run_all())
        return await done

    async def _run_all(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
            for waiting, outcome in zip(batch, await asyncio.to_thread(self._outcomes, batch), strict=True):
                waiting.settle(*outcome)

    def _outcomes(self, batch: list[_Waiting[Any, Any]]) -> list[_Outcome]:
        try:
            with self._storage.begin() as tx:
                return _done(tx, batch)
        except Exception as error:
            if len(batch) == 1:
                return [(None, error)]
        return [outcome for waiting in batch for outcome in self._outcomes([waiting])]


def _one_by_one(tx: Transaction, works: list[Callable[[Transaction], R]]) -> list[R]:
    return [work(tx) for work in works]


def _done(tx: Transaction, batch: list[_Waiting[Any, Any]]) -> list[_Outcome]:
    by_work: dict[Work[Any, Any], list[int]] = {}
    for place, waiting in enumerate(batch):
        by_work.setdefault(waiting.work, []).append(place)
    outcomes: list[_Outcome] = [(None, None)] * len(batch)
    for work, places in by_work.items():
        results = work(tx, [batch[place].item for place in places])
        for place, result in zip(places, results, strict=True):
            outcomes[place] = (result, None)
    return outcomes
