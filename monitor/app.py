"""The composition root: a configuration → the parts, wired; and the loop that runs them.

check     every source on its own schedule
deliver   whatever is due, as soon as it is queued
chat      answers what people say to the bot
repair    at start and every minute, from the state of the database
"""

import asyncio
import contextlib
import datetime as dt
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from zoneinfo import ZoneInfo

import structlog

from monitor.chat.bot import ChatBot
from monitor.chat.services import Services
from monitor.chat.telegram import TelegramProgram
from monitor.chat.webhook import webhook_routes
from monitor.check import Checker
from monitor.config.model import Config
from monitor.deliver import DeliveryReport, deliver_due
from monitor.errors import MonitorError
from monitor.fetch import Fetcher
from monitor.matching import SubscriptionIndex
from monitor.notify import CHANNELS, Channel
from monitor.notify.telegram import TelegramChannel
from monitor.opening import load_vocabulary, open_archive, open_storage
from monitor.prepared_rules import PreparedRules
from monitor.reading import ReadingOptions
from monitor.repair import Repaired, repair
from monitor.sandbox import Limits, Sandbox
from monitor.sources import SOURCE_KINDS, Source, SourceSettings
from monitor.storage import Storage
from monitor.subscribers import adopt
from monitor.tally import CheckReport
from monitor.watch import Watch
from monitor.web import Loops, WebServer, health_routes, metrics_routes
from monitor.words import Words
from monitor.workers import own_name
from rules.vocabulary import Vocabulary

log = structlog.get_logger()

_LONGEST_TURNS = {"check": 60.0, "deliver": 600.0, "repair": 600.0}
"""Seconds after which a loop that has not turned is taken to be stuck; a round of sends may take minutes."""
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
    watched: dict[str, SourceSettings]
    channels: dict[str, Channel]
    clock: Callable[[], dt.datetime]
    bot: ChatBot | None = None
    queued: asyncio.Event = field(default_factory=asyncio.Event)

    async def check(self, ids: Iterable[str] = (), *, dry_run: bool = False) -> AsyncIterator[CheckReport]:
        """Check these sources now, or all enabled ones that are not paused, and yield each report as it
        comes.

        Raises `StorageError`.
        """
        wanted = list(ids) or await asyncio.to_thread(self._active)
        slots = asyncio.Semaphore(self.config.check.concurrency)

        await self.prepare()

        async def one(name: str) -> CheckReport:
            async with slots:
                source, settings = self.sources[name]
                return await self.checker.check(source, settings, dry_run=dry_run)

        for report in asyncio.as_completed([one(name) for name in wanted]):
            yield await report

    def _active(self) -> list[str]:
        with self.storage.read() as tx:
            paused = tx.agenda.paused(self.clock())
        return [name for name, (_, s) in self.sources.items() if s.enabled and name not in paused]

    async def prepare(self) -> None:
        """Take over the rules of all subscriptions before there is anything to match; again it does nothing.

        Raises `StorageError`.
        """
        async with self.checker.recording:  # the index is not for two threads at once
            if not self.checker.index.prepared:
                await asyncio.to_thread(self.checker.index.prepare, self.storage, prepared_rules(self.config))

    async def deliver(self) -> DeliveryReport:
        """Send what is due, until nothing is. Raises `StorageError`."""
        return await deliver_due(
            self.storage,
            self.channels,
            worker=own_name(),
            clock=self.clock,
            concurrency=self.config.delivery.concurrency,
            send_limit=self.config.delivery.timeout,
        )

    async def repair(self) -> None:
        """Put right what a crash or an outage left behind. Raises `StorageError`."""
        await self.prepare()
        async with self.checker.recording:
            repaired = await asyncio.to_thread(repair, self.storage, self.checker.index, now=self.clock())
        wrong = {name: count for name, count in asdict(repaired).items() if name != "windows"}
        if any(wrong.values()):
            log.warning("repaired", **wrong)
        if repaired != Repaired():
            self.queued.set()
        if self.checker.archive is not None:
            await asyncio.to_thread(self.checker.archive.tidy_daily, self.storage, self.clock())

    async def run(self) -> None:
        """Run until SIGINT or SIGTERM; what is under way then is finished, or found again by the next start.

        Raises `StorageError`: without its database the program must not pretend to watch.
        """
        run = _Run(self)
        loop = asyncio.get_running_loop()
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(name, run.stop)
        await self.repair()
        await run.until_stopped()


class _Run:
    """One life of the three loops."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._stopped = asyncio.Event()
        self._failure: MonitorError | None = None
        self._loops = Loops(_LONGEST_TURNS)
        self._watch = Watch(
            looked=partial(self._loops.turned, "check"),
            storage=app.storage,
            sources=app.watched,
            check=self._check,
            clock=app.clock,
            concurrency=app.config.check.concurrency,
            per_host=app.config.fetch.per_host,
        )

    def stop(self) -> None:
        self._stopped.set()

    async def until_stopped(self) -> None:
        steps = [self._watch.run, self._deliver, self._repair]
        steps += [self._app.bot.run] if self._app.bot else []
        steps += [self._server().run] if self._app.config.web.listen else []
        loops = [asyncio.create_task(self._guarded(step)) for step in steps]
        await self._stopped.wait()
        for loop in loops:
            loop.cancel()  # what is being sent is given a moment and recorded
        await asyncio.gather(*loops, return_exceptions=True)
        if self._failure is not None:
            raise self._failure

    def _server(self) -> WebServer:
        storage, listen = self._app.storage, self._app.config.web.listen
        assert listen is not None
        routes = [*health_routes(storage, self._loops), *metrics_routes(storage, self._app.clock)]
        if self._app.bot and self._app.config.chat.webhook:
            routes += webhook_routes(self._app.config.chat.webhook, self._app.bot.pushed)
        return WebServer(listen, routes)

    async def _check(self, name: str) -> None:
        async def check() -> None:
            report = await self._app.checker.check_due(*self._app.sources[name])
            if report is not None and (report.check.queued or report.problems):
                self._app.queued.set()

        await self._guarded(check)

    async def _repair(self) -> None:
        while True:
            self._loops.turned("repair")
            await asyncio.sleep(REPAIR_EVERY.total_seconds())
            await self._app.repair()

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
            self._loops.turned("deliver")
            opens_in = (await self._app.deliver()).opens_in
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._app.queued.wait(), min(opens_in or LOOK_EVERY, LOOK_EVERY))


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
            archive=open_archive(config) if config.archive.keep else None,
        )
        sources: dict[str, tuple[Source, SourceSettings]] = {}
        watched: dict[str, SourceSettings] = {}

        def watch(settings: SourceSettings) -> None:
            sources[settings.id] = (SOURCE_KINDS[settings.kind].create(settings, config.folder), settings)
            if settings.enabled:
                watched[settings.id] = settings

        for settings in config.sources:
            watch(settings)
        yield App(
            config=config,
            storage=storage,
            vocabulary=vocabulary,
            checker=checker,
            sources=sources,
            watched=watched,
            channels=channels,
            clock=clock,
            bot=_chat_bot(
                Services(
                    storage=storage,
                    vocabulary=vocabulary,
                    config=config,
                    channels=channels,
                    sources=watched,
                    watch=watch,
                    clock=clock,
                )
            ),
        )


def _chat_bot(services: Services) -> ChatBot | None:
    """The bot, where there is a chat program for it and it is wanted."""
    telegram = services.channels.get("telegram")
    if not services.settings.enabled or not isinstance(telegram, TelegramChannel):
        return None
    return ChatBot(services, TelegramProgram(telegram, services.settings))


def prepared_rules(config: Config) -> PreparedRules:
    """The file of prepared rules: beside the SQLite database, else beside the configuration file."""
    database = open_storage(config).path or config.folder / "policy-monitor"
    return PreparedRules(database.with_name(database.name + ".rules"), config.vocabulary_files)
