"""Processes that deliver, and that die or are stopped at one exact point on the way.

The points are found from outside: every commit of the database's driver, and every suspension and resumption
of every task of the event loop. The program knows nothing of them.
"""

import asyncio
import contextlib
import datetime as dt
import os
import signal
import threading
from collections.abc import Callable, Coroutine, Generator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy.engine.default import DefaultDialect

from monitor.deliver import deliver_due
from monitor.matching import SubscriptionIndex
from monitor.notify import CHANNELS
from monitor.repair import repair
from monitor.storage import Storage
from rules import default_vocabulary

SEND_LIMIT = dt.timedelta(seconds=5)
STOPPED = 3
"""The exit status of a process that was stopped, and wound down."""


class Point(StrEnum):
    """Where a process can be met."""

    BEFORE_COMMIT = "before a commit"
    AFTER_COMMIT = "after a commit"
    SUSPENDED = "as a task is suspended"
    RESUMED = "as a task is resumed"


class Blow(StrEnum):
    """What happens to it there."""

    KILL = "kill -9"
    STOP = "stopped"


@dataclass(frozen=True, slots=True)
class Strike:
    """At the so-manieth passing of a point, a blow."""

    point: Point
    number: int
    blow: Blow


class Fuse:
    """Counts how often the point of a strike is passed, and strikes in time."""

    def __init__(self, strike: Strike, blow: Callable[[], object]) -> None:
        self._strike, self._blow = strike, blow
        self._passed = 0
        self._lock = threading.Lock()

    def burn(self, point: Point) -> None:
        """This point is passed now, in whatever thread."""
        if point is self._strike.point:
            with self._lock:
                self._passed += 1
                if self._passed == self._strike.number:
                    self._blow()


def deliver(config: Path, now: dt.datetime, strike: Strike, *, repairing: bool = False) -> None:
    """Deliver all that is due, once, with or without repair before it, until struck."""
    settings = yaml.safe_load(config.read_text("utf-8"))
    storage = Storage(settings["database"])
    with contextlib.suppress(asyncio.CancelledError):
        asyncio.run(_deliver(storage, settings["channels"], now, strike, repairing))
        return
    os._exit(STOPPED)


async def _deliver(
    storage: Storage, settings: dict[str, Any], now: dt.datetime, strike: Strike, repairing: bool
) -> None:
    main = asyncio.current_task()
    assert main is not None
    fuse = Fuse(strike, _die if strike.blow is Blow.KILL else main.cancel)
    watch_commits(fuse)
    if repairing:
        repair(storage, SubscriptionIndex(default_vocabulary()), now=now)
    asyncio.get_running_loop().set_task_factory(lambda loop, work, **more: counted(loop, work, fuse, **more))
    async with contextlib.AsyncExitStack() as stack:
        channels = {
            name: CHANNELS[name].create(CHANNELS[name].settings.model_validate(values), _real_clock)
            for name, values in settings.items()
        }
        for channel in channels.values():
            stack.push_async_callback(channel.aclose)
        await asyncio.create_task(
            deliver_due(storage, channels, worker=f"{os.getpid()}", clock=lambda: now, send_limit=SEND_LIMIT)
        )


def _real_clock() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def watch_commits(fuse: Fuse) -> None:
    """Let every commit of this process from now on pass the fuse."""
    commit = DefaultDialect.do_commit

    def watched(dialect: DefaultDialect, connection: Any) -> None:
        fuse.burn(Point.BEFORE_COMMIT)
        commit(dialect, connection)
        fuse.burn(Point.AFTER_COMMIT)

    DefaultDialect.do_commit = watched  # type: ignore[method-assign]


def counted(
    loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, Any], fuse: Fuse, **more: Any
) -> "asyncio.Task[Any]":
    """A task whose every step passes the fuse."""
    return asyncio.Task(_Steps(work, fuse), loop=loop, **more)


class _Steps(Coroutine[Any, Any, Any]):
    """A coroutine, a step at a time."""

    def __init__(self, work: Coroutine[Any, Any, Any], fuse: Fuse) -> None:
        self._work, self._fuse = work, fuse

    def send(self, value: Any) -> Any:
        self._fuse.burn(Point.RESUMED)
        awaited = self._work.send(value)
        self._fuse.burn(Point.SUSPENDED)
        return awaited

    def throw(self, *error: Any) -> Any:
        return self._work.throw(*error)

    def close(self) -> None:
        self._work.close()

    def __await__(self) -> Generator[Any, Any, Any]:
        raise NotImplementedError
