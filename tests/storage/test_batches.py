"""Many tasks share a transaction; none of them takes another one down."""

import asyncio

import pytest

from monitor.storage import Batches, Storage, Transaction
from tests.making import NOW


def known(storage: Storage) -> list[str]:
    with storage.read() as tx:
        return [source.id for source in tx.sources.all()]


def enter(tx: Transaction, names: list[str]) -> list[str]:
    return [tx.sources.ensure(name, "folder", NOW).id for name in names]


async def test_tasks_that_wait_at_the_same_time_share_a_transaction(storage: Storage) -> None:
    batches = Batches(storage)
    together: list[list[str]] = []

    def work(tx: Transaction, names: list[str]) -> list[str]:
        together.append(names)
        return enter(tx, names)

    names = [f"s{n:02}" for n in range(20)]
    results = await asyncio.gather(*(batches.run_for(name, work) for name in names))
    assert results == names == known(storage)
    assert len(together) < 4


async def test_different_works_share_a_transaction_and_each_task_gets_its_own_result(
    storage: Storage,
) -> None:
    batches = Batches(storage)
    used: list[Transaction] = []

    def shout(tx: Transaction, names: list[str]) -> list[str]:
        used.append(tx)
        return [name.upper() for name in names]

    def count(tx: Transaction, names: list[str]) -> list[int]:
        used.append(tx)
        return [len(name) for name in names]

    asked = [batches.run_for("a", shout), batches.run_for("bbb", count), batches.run_for("c", shout)]
    assert await asyncio.gather(*asked) == ["A", 3, "C"]
    assert len(set(map(id, used))) == 1


async def test_an_item_that_fails_keeps_nothing_and_takes_no_other_with_it(storage: Storage) -> None:
    batches = Batches(storage)

    def work(tx: Transaction, names: list[str]) -> list[str]:
        done = enter(tx, names)
        if "broken" in names:
            raise ValueError("a bug")
        return done

    results = await asyncio.gather(
        *(batches.run_for(name, work) for name in ("a", "broken", "b")), return_exceptions=True
    )
    assert isinstance(results[1], ValueError)
    assert known(storage) == ["a", "b"]


async def test_a_task_that_is_cancelled_holds_up_nobody(storage: Storage) -> None:
    batches = Batches(storage)
    given_up = asyncio.create_task(batches.run_for("a", enter))
    await asyncio.sleep(0)
    given_up.cancel()
    await batches.run_for("b", enter)
    with pytest.raises(asyncio.CancelledError):
        await given_up
    assert "b" in known(storage)


async def test_works_of_their_own_are_done_in_the_order_in_which_they_came(storage: Storage) -> None:
    batches = Batches(storage)
    done: list[int] = []
    await asyncio.gather(*(batches.run(lambda _, n=n: done.append(n)) for n in range(20)))
    assert done == list(range(20))
