"""The composition root: a configuration → the parts, wired; and the loop that runs them.

check     every source on its own schedule
deliver   whatever is due, as soon as it is queued
repair    at start and every minute, from the state of the database
"""

import asyncio
import contextlib
import datetime as dt
import os
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from zoneinfo import ZoneInfo

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from monitor.check import Checker
from monitor.config.model import Config
from monitor.deliver import DeliveryReport, deliver_due
from monitor.errors import MonitorError
from monitor.fetch import Fetcher
from monitor.matching import SubscriptionIndex
from monitor.notify import CHANNELS, Channel
from monitor.reading import ReadingOptions
from monitor.repair import repair
from monitor.sandbox import Limits, Sandbox
from monitor.schedule import first_run, trigger
from monitor.sources import SOURCE_KINDS, Source, SourceSettings
from monitor.storage import Storage
from monitor.subscribers import adopt
from monitor.tally import CheckReport
from monitor.words import Words
from rules.vocabulary import Vocabulary, use_vocabulary

log = structlog.get_logger()

REPAIR_EVERY = dt.timedelta(minutes=1)
LOOK_EVERY = 2.0
"""Seconds between two looks for deliveries that fell due by themselves or that another process queued."""


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """The wired program; `open_app` makes it."""

    config: Config
    storage: Storage
    vocabulary: Vocabulary
    checker: Checker
    sources: dict[str, tuple[Source, SourceSettings]]
    channels: dict[str, Channel]
    clock: Callable[[], dt.datetime]
    queued: asyncio.Event = field(default_factory=asyncio.Event)

    async def check(self, ids: Iterable[str] = (), *, dry_run: bool = False) -> AsyncIterator[CheckReport]:
        """Check these sources now, or all enabled ones, and yield each report as it comes.

        Raises `StorageError`.
        """
        wanted = list(ids) or [name for name, (_, settings) in self.sources.items() if settings.enabled]
        slots = asyncio.Semaphore(self.config.check.concurrency)

        async def one(name: str) -> CheckReport:
            async with slots:
                source, settings = self.sources[name]
                return await self.checker.check(source, settings, dry_run=dry_run)

        for report in asyncio.as_completed([one(name) for name in wanted]):
            yield await report

    async def deliver(self) -> DeliveryReport:
        """Send what is due, until nothing is. Raises `StorageError`."""
        return await deliver_due(
            self.storage,
            self.channels,
            worker=f"{socket.gethostname()}:{os.getpid()}",
            clock=self.clock,
            concurrency=self.config.delivery.concurrency,
            send_limit=self.config.delivery.timeout,
        )

    async def repair(self) -> None:
        """Put right what a crash or an outage left behind. Raises `StorageError`."""
        async with self.checker.recording:  # the index is not for two threads at once
            repaired = await asyncio.to_thread(repair, self.storage, self.checker.index, now=self.clock())
        if any(asdict(repaired).values()):
            log.warning("repaired", **asdict(repaired))
            self.queued.set()

    async def run(self) -> None:
        """Run until SIGINT or SIGTERM; what is under way then is finished, or found again by the next start.

        Raises `StorageError`: without its database the program must not pretend to watch.
        """
        await self.repair()
        run = _Run(self)
        loop = asyncio.get_running_loop()
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(name, run.stop)
        await run.until_stopped()


class _Run:
    """One life of the three loops."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._stopped = asyncio.Event()
        self._failure: MonitorError | None = None
        self._scheduler = AsyncIOScheduler(timezone=ZoneInfo(app.config.timezone))

    def stop(self) -> None:
        self._stopped.set()

    async def until_stopped(self) -> None:
        self._schedule()
        self._scheduler.start()
        sender = asyncio.create_task(self._guarded(self._deliver))
        await self._stopped.wait()
        self._scheduler.shutdown(wait=False)
        sender.cancel()  # what is under way is given a moment and recorded
        with contextlib.suppress(asyncio.CancelledError):
            await sender
        if self._failure is not None:
            raise self._failure

    def _schedule(self) -> None:
        # A late run is still a run (no grace time), several late ones are one, and none overlaps itself.
        options = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        now = self._app.clock()
        with self._app.storage.read() as tx:
            last = {stored.id: stored.checked_at for stored in tx.sources.all()}
        for name, (_, settings) in self._app.sources.items():
            if settings.enabled:
                when = trigger(settings.every, settings.cron, self._app.config.timezone)
                start = first_run(name, when, now, last.get(name))
                self._scheduler.add_job(self._check, when, [name], id=name, next_run_time=start, **options)
        self._scheduler.add_job(
            self._guarded, "interval", [self._app.repair], seconds=REPAIR_EVERY.total_seconds(), **options
        )

    async def _check(self, name: str) -> None:
        async def check() -> None:
            async for report in self._app.check([name]):
                if report.check.queued or report.problems:
                    self._app.queued.set()

        await self._guarded(check)

    async def _guarded(self, step: Callable[[], Awaitable[object]]) -> None:
        """Run a step; an error that the program cannot live with stops it."""
        try:
            await step()
        except MonitorError as error:
            self._failure = error
            self.stop()

    async def _deliver(self) -> None:
        while True:
            self._app.queued.clear()
            await self._app.deliver()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._app.queued.wait(), LOOK_EVERY)


@asynccontextmanager
async def open_app(config: Config) -> AsyncIterator[App]:
    """The program of this configuration: database migrated, subscribers adopted, and all closed at the end.

    Raises `StorageError` when the database cannot be used.
    """
    zone = ZoneInfo(config.timezone)

    def clock() -> dt.datetime:
        return dt.datetime.now(zone)

    storage = open_storage(config)
    vocabulary = load_vocabulary(config)
    await asyncio.to_thread(storage.migrate)
    with storage.begin() as tx:
        adopt(tx, config, vocabulary, clock())
    reading = config.reading
    limits = Limits(seconds=reading.time.total_seconds(), memory_bytes=reading.memory)
    async with contextlib.AsyncExitStack() as stack:
        stack.callback(storage.close)
        fetcher = await stack.enter_async_context(Fetcher(config.fetch))
        sandbox = Sandbox(limits, workers=reading.workers)
        stack.push_async_callback(sandbox.aclose)
        channels = {
            name: CHANNELS[name].create(settings, clock) for name, settings in config.channels.items()
        }
        for channel in channels.values():
            stack.push_async_callback(channel.aclose)
        checker = Checker(
            storage=storage,
            fetcher=fetcher,
            sandbox=sandbox,
            index=SubscriptionIndex(vocabulary),
            options=ReadingOptions(reading.max_size, reading.max_pages, config.vocabulary_files),
            alarm_after=config.check.alarm_after,
            words=Words(config.language),
            clock=clock,
        )
        sources = {s.id: (SOURCE_KINDS[s.kind].create(s, config.folder), s) for s in config.sources}
        yield App(
            config=config,
            storage=storage,
            vocabulary=vocabulary,
            checker=checker,
            sources=sources,
            channels=channels,
            clock=clock,
        )


def open_storage(config: Config) -> Storage:
    """The configured database; a relative SQLite file stands beside the configuration file."""
    url = config.database.get_secret_value()
    prefix = "sqlite:///"
    if url.startswith(prefix) and not url.startswith(f"{prefix}/"):
        url = f"{prefix}{config.folder / url.removeprefix(prefix)}"
    return Storage(url)


def load_vocabulary(config: Config) -> Vocabulary:
    """The vocabulary with what the configuration adds, for all of this process. Its files were checked when
    the configuration was."""
    return use_vocabulary(*config.vocabulary_files)
