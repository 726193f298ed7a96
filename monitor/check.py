"""Checking one source.

listing = what the source lists           unchanged: nothing more to do
for each entry that is not known yet:
    page    = its content
    reading = read and parsed             in the sandbox, whatever the page does
    one transaction:                      each notice identified, recorded, matched, queued; the entry too
    settle                                a folder moves the file
the listing is remembered                 only when every entry was recorded: a 304 must not hide one
the check is recorded                     and the operator told, once, of what went wrong or is well again
"""

import asyncio
import datetime as dt
import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import structlog

from monitor.errors import SourceError, StorageError
from monitor.explain import explain
from monitor.fetch import Fetcher
from monitor.fetch.addresses import redacted
from monitor.matching import SubscriptionIndex, Told, tell
from monitor.operator import tell_operators
from monitor.parsing import finish
from monitor.reading import Reading, ReadingOptions, read_notices
from monitor.recording import Status, record
from monitor.sandbox import Sandbox
from monitor.schedule import next_reading
from monitor.sources import Source, SourceSettings, SourceState
from monitor.storage import Check, CheckOutcome, Failure, Storage, StoredSource, Transaction
from monitor.tally import CheckReport, Tally
from monitor.types import Entry, Listing, Notice, with_warning
from monitor.words import Words

log = structlog.get_logger()

TITLE_ONLY_AFTER = 2
"""Failed readings in a row after which a listed notice is told by its title alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checker:
    """What checks need; one serves all sources of a process."""

    storage: Storage
    fetcher: Fetcher
    sandbox: Sandbox
    index: SubscriptionIndex
    options: ReadingOptions
    alarm_after: int
    words: Words
    clock: Callable[[], dt.datetime]
    recording: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def check(self, source: Source, settings: SourceSettings, *, dry_run: bool = False) -> CheckReport:
        """Check a source now. Raises only `StorageError`; what is wrong with the source is in the report.

        `dry_run` does everything and keeps nothing: transactions are rolled back, files stay where they are.
        """
        return await _SourceCheck(self, source, settings, dry_run).run()


class _SourceCheck:
    """One check under way."""

    def __init__(self, checker: Checker, source: Source, settings: SourceSettings, dry_run: bool) -> None:
        self._checker = checker
        self._source = source
        self._settings = settings
        self._dry_run = dry_run
        self._tally = Tally()
        self._started = checker.clock()
        self._baseline = False
        self._failing: Mapping[str, Failure] = {}

    async def run(self) -> CheckReport:
        stored, state = await asyncio.to_thread(self._begin)
        listing, error = None, None
        try:
            listing = await self._source.list(self._checker.fetcher, state)
        except StorageError:
            raise
        except Exception as raised:
            error = self._expected(raised)
        else:
            await self._entries(listing, state)
        return await asyncio.to_thread(self._finish, stored, listing, error)

    async def _entries(self, listing: Listing, state: SourceState) -> None:
        fresh = {entry.url: entry for entry in listing.entries if state.known.get(entry.url) != entry.version}
        await asyncio.to_thread(self._note, list(fresh.values()))
        for entry in listing.entries:
            if entry.url not in fresh:
                await self._settle(entry, True)  # again: a crash may have come before it
            elif self._must_wait(entry):
                self._tally.postponed += 1
            else:
                await self._entry(entry)

    def _must_wait(self, entry: Entry) -> bool:
        """The same version failed not long ago; it is tried again, but not at every check."""
        failure = self._failing.get(entry.url)
        if failure is None or failure.version != entry.version:
            return False
        return self._checker.clock() < next_reading(failure.times, failure.at)

    async def _entry(self, entry: Entry) -> None:
        try:
            page = entry.page or await self._source.read(self._checker.fetcher, entry)
            reading = await self._checker.sandbox.run(
                read_notices, page, self._settings.layout, self._today(), self._checker.options
            )
            async with self._checker.recording:
                await asyncio.to_thread(self._record, entry, reading)
        except StorageError:
            raise
        except Exception as raised:
            await self._entry_failed(entry, self._expected(raised))
        else:
            await self._settle(entry, True)

    async def _entry_failed(self, entry: Entry, error: SourceError) -> None:
        self._tally.failed += 1
        self._tally.problems.append(self._explain(error))
        log.info("entry failed", source=self._source.id, url=redacted(entry.url), error=str(error))
        async with self._checker.recording:
            await asyncio.to_thread(self._record_failure, entry, error)
        await self._settle(entry, False)

    async def _settle(self, entry: Entry, ok: bool) -> None:
        """Nothing is lost where this fails: what is recorded stays so, and what is not is read again."""
        try:
            if not self._dry_run:
                await self._source.settle(entry, ok)
        except Exception as raised:
            self._tally.problems.append(self._explain(self._expected(raised)))

    def _expected(self, error: Exception) -> SourceError:
        """What went wrong with the source. A bug of ours is logged whole and costs this entry alone."""
        if isinstance(error, SourceError):
            return error
        log.exception("internal error", source=self._source.id, exc_info=error)
        return SourceError(f"internal error: {type(error).__name__}: {error}")

    @contextmanager
    def _transaction(self) -> Iterator[Transaction]:
        storage = self._checker.storage
        with storage.rehearse() if self._dry_run else storage.begin() as tx:
            tx.sources.ensure(self._source.id, self._source.kind, self._started)
            yield tx

    def _begin(self) -> tuple[StoredSource, SourceState]:
        with self._transaction() as tx:
            stored = tx.sources.ensure(self._source.id, self._source.kind, self._started)
            known = tx.entries.known(self._source.id)
            self._failing = tx.entries.failing(self._source.id)
        self._baseline = stored.baseline_done_at is None and self._settings.first_check == "baseline"
        return stored, SourceState(
            first=stored.succeeded_at is None,
            validators=stored.validators,
            page_hash=stored.page_hash,
            row_count=stored.row_count,
            known=known,
        )

    def _note(self, entries: list[Entry]) -> None:
        with self._transaction() as tx:
            tx.entries.note(self._source.id, entries, baseline=self._baseline, now=self._checker.clock())

    def _record(self, entry: Entry, reading: Reading) -> None:
        """Everything of one page in one transaction: seen and told are one fact."""
        now = self._checker.clock()
        with self._transaction() as tx:
            found = [
                (*self._record_notice(tx, entry, notice, now), notice)
                for notice in self._completed(entry, reading)
            ]
            tx.entries.recorded(self._source.id, entry, now)
            for problem in reading.problems:
                self._say(tx, f"part:{_short(entry.url, entry.version, problem)}", problem, now)
        self._tally.read += 1
        self._tally.problems.extend(reading.problems)
        for status, told, notice in found:
            self._tally.add(status, notice, told)

    def _record_notice(
        self, tx: Transaction, entry: Entry, notice: Notice, now: dt.datetime
    ) -> tuple[Status, Told]:
        baseline = self._baseline or tx.entries.is_baseline(self._source.id, entry.url)
        recorded = record(
            tx,
            notice,
            source_id=self._source.id,
            url=notice.url or entry.url,
            position=notice.position,
            baseline=baseline,
            now=now,
        )
        return recorded.status, tell(tx, recorded, self._checker.index, now)

    def _record_failure(self, entry: Entry, error: SourceError) -> None:
        now = self._checker.clock()
        with self._transaction() as tx:
            failures = tx.entries.failed(self._source.id, entry, str(error), now)
            self._say(tx, f"entry:{_short(entry.url, entry.version)}", self._explain(error), now)
            if entry.title and failures >= TITLE_ONLY_AFTER:
                notice = self._title_only(entry, error)
                status, told = self._record_notice(tx, entry, notice, now)
                self._tally.add(status, notice, told)

    def _completed(self, entry: Entry, reading: Reading) -> Iterator[Notice]:
        """The notices with what only the list says of them."""
        alone = len(reading.notices) == 1
        for notice in reading.notices:
            yield replace(
                notice,
                source_id=self._source.id,
                url=entry.url if alone else notice.url,
                published_date=notice.published_date or (entry.date if alone else None),
            )

    def _title_only(self, entry: Entry, error: SourceError) -> Notice:
        listed = Notice(
            title=entry.title or "", published_date=entry.date, url=entry.url, source_id=self._source.id
        )
        return with_warning(finish(listed), f"正文尚未取得：{explain(error, Words('zh'))}")

    def _finish(
        self, stored: StoredSource, listing: Listing | None, error: SourceError | None
    ) -> CheckReport:
        tally, now = self._tally, self._checker.clock()
        if error is not None:
            tally.problems.append(self._explain(error))
            log.info("check failed", source=self._source.id, error=str(error))
        warnings = listing.warnings if listing else ()
        tally.problems.extend(warnings)
        check = tally.summary(self._source.id, listing, error, self._baseline, self._started, now)
        with self._transaction() as tx:
            tx.sources.add_check(check)
            if listing is not None:
                self._remember(tx, stored, listing, now)
            for warning in warnings:
                self._say(tx, f"listing:{_short(self._source.id, warning)}", warning, now)
            self._say_health(tx, stored, check)
        return CheckReport(check, tuple(tally.notices), tuple(tally.problems))

    def _remember(self, tx: Transaction, stored: StoredSource, listing: Listing, now: dt.datetime) -> None:
        if self._tally.complete and not listing.unchanged:
            tx.sources.remember_listing(
                self._source.id, listing.validators, listing.page_hash, listing.row_count
            )
        if stored.baseline_done_at is None:
            tx.sources.finish_baseline(self._source.id, now)

    def _say_health(self, tx: Transaction, before: StoredSource, check: Check) -> None:
        words = self._checker.words
        streak = f"source:{self._source.id}:{before.succeeded_at or before.created_at}"
        if check.outcome is CheckOutcome.FAILED:
            if before.failures + 1 >= self._checker.alarm_after:
                self._say(tx, f"{streak}:failing", check.message or "", check.finished_at)
        elif before.failures >= self._checker.alarm_after:
            recovered = words("来源恢复正常", "the source is well again")
            self._say(tx, f"{streak}:recovered", recovered, check.finished_at)

    def _say(self, tx: Transaction, topic: str, text: str, now: dt.datetime) -> None:
        headline = self._checker.words(f"来源 {self._source.id}", f"Source {self._source.id}")
        tell_operators(tx, topic, headline, text, now)

    def _explain(self, error: SourceError) -> str:
        return explain(error, self._checker.words)

    def _today(self) -> dt.date:
        return self._checker.clock().date()


def _short(*parts: str) -> str:
    """A short key for a topic: addresses can be long."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24]
