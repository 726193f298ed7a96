"""Checking one source.

a lease                                   one check of a source at a time, by however many processes
listing = what the source lists           unchanged: nothing more to do, what is known is not even looked up
for each entry that is not known yet:
    page    = its content                 kept, so that reading it can be repeated
    reading = read and parsed             in the sandbox, whatever the page does
    one transaction:                      each notice identified, recorded, matched, queued; the entry too
    settle                                a folder moves the file
what was told together is queued          many notices of one check are one message
the listing is remembered                 only when every entry was recorded: a 304 must not hide one
the check is recorded                     with when the next one is, and what it says of the source
"""

import asyncio
import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

import structlog

from monitor.archive import Archive
from monitor.beginning import Beginning, Begun, begin
from monitor.check_lease import Lease, give_back
from monitor.ending import Ending, end
from monitor.entry_reader import EntryReader
from monitor.errors import SourceError, StorageError
from monitor.explain import explain
from monitor.fetch import Fetcher
from monitor.fetch.addresses import redacted
from monitor.keeping import ListKeeper, PageKeeper
from monitor.matching import SubscriptionIndex
from monitor.page_recorder import PageRecorder
from monitor.reading import ReadingOptions
from monitor.recording import Status
from monitor.sandbox import Sandbox
from monitor.schedule import next_reading
from monitor.sources import Source, SourceSettings, SourceState
from monitor.storage import Batches, Check, Failure, Storage, StoredSource, Transaction
from monitor.tally import CheckReport, Tally
from monitor.types import Entry, Listing
from monitor.words import Words

log = structlog.get_logger()

A = TypeVar("A")
R = TypeVar("R")

_ASK_AGAIN = 1.0  # seconds

UNREAD_AFTER = dt.timedelta(hours=1)
"""A check that begins so much later than it was due was missed: the program did not run."""


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
    archive: Archive | None = None
    recording: asyncio.Lock = field(default_factory=asyncio.Lock)
    batches: Batches = field(init=False)
    end: Callable[[Transaction, list[Ending]], list[Check]] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "batches", Batches(self.storage))
        object.__setattr__(self, "end", partial(end, alarm_after=self.alarm_after, words=self.words))

    async def check(self, source: Source, settings: SourceSettings, *, dry_run: bool = False) -> CheckReport:
        """Check a source now, and let its backoff begin anew; a check that is under way is waited for.

        Raises only `StorageError`; what is wrong with the source is in the report. `dry_run` does everything
        and keeps nothing: transactions are rolled back, files stay where they are.
        """
        while True:
            check = _SourceCheck(self, source, settings, dry_run=dry_run, by_hand=True)
            report = await check.run()
            if report is not None:
                return report
            await asyncio.sleep(_ASK_AGAIN)

    async def check_due(self, source: Source, settings: SourceSettings) -> CheckReport | None:
        """The same if it is still due; None where it is not, or somebody else is checking it."""
        return await _SourceCheck(self, source, settings, dry_run=False, by_hand=False).run()


class _SourceCheck:
    """One check under way."""

    def __init__(
        self, checker: Checker, source: Source, settings: SourceSettings, *, dry_run: bool, by_hand: bool
    ) -> None:
        self._checker = checker
        self._source = source
        self._settings = settings
        self._dry_run = dry_run
        self._by_hand = by_hand
        self._tally = Tally()
        self._started = checker.clock()
        self._known: dict[str, str] = {}  # filled once the list turns out to be changed
        self._failing: Mapping[str, Failure] = {}
        self._is_looked_up = False
        self._keeper = PageKeeper(None if dry_run else checker.archive, source.id, checker.clock)
        self._reader = EntryReader(
            source=source,
            layout=settings.layout,
            fetcher=checker.fetcher,
            keeper=self._keeper,
            sandbox=checker.sandbox,
            options=checker.options,
            words=checker.words,
            clock=checker.clock,
        )
        self._recorder = PageRecorder(
            source,
            checker.storage,
            checker.index,
            self._keeper,
            self._tally,
            words=checker.words,
            clock=checker.clock,
            dry_run=dry_run,
        )

    async def run(self) -> CheckReport | None:
        beginning = asyncio.create_task(self._together(begin, self._beginning()))
        try:
            begun = await asyncio.shield(beginning)
        except asyncio.CancelledError:
            await asyncio.wait([beginning])
            if beginning.exception() is None and (begun := beginning.result()):
                await asyncio.to_thread(self._give_back, begun.worker)
            raise
        return await self._check(begun) if begun else None

    async def _check(self, begun: Begun) -> CheckReport:
        lease = None if self._dry_run else self._lease(begun.worker)
        try:
            return await self._list_and_read(begun.stored)
        except BaseException:
            await asyncio.to_thread(self._give_back, begun.worker)
            raise
        finally:
            if lease is not None:
                lease.let_go()

    def _lease(self, worker: str) -> Lease:
        return Lease(self._checker.storage, self._source.id, worker, self._checker.clock)

    def _give_back(self, worker: str) -> None:
        give_back(self._checker.storage, self._source.id, worker)

    async def _list_and_read(self, stored: StoredSource) -> CheckReport:
        state = self._understand(stored)
        listing, error = None, None
        fetcher = ListKeeper(self._checker.fetcher, self._keeper, state.page_hash, self._look_up)
        try:
            listing = await self._source.list(fetcher, state)
        except StorageError:
            raise
        except Exception as raised:
            error = self._expected(raised)
        else:
            await self._entries(listing)
        return await self._finish(stored, listing, error)

    async def _look_up(self) -> None:
        """Read which entries are known, and which could not be read; most checks end before."""
        if not self._is_looked_up:
            self._is_looked_up = True
            await asyncio.to_thread(self._read_known)

    def _read_known(self) -> None:
        with self._checker.storage.read() as tx:
            self._known.update(tx.entries.known(self._source.id))
            self._failing = tx.entries.failing(self._source.id)

    async def _entries(self, listing: Listing) -> None:
        if listing.entries:
            await self._look_up()
        fresh = {entry.url: entry for entry in listing.entries if self._known.get(entry.url) != entry.version}
        if fresh:
            await asyncio.to_thread(self._recorder.note, list(fresh.values()))
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
            reading = await self._reader.read(entry)
            async with self._checker.recording:
                await asyncio.to_thread(self._recorder.record, entry, reading)
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
            await asyncio.to_thread(self._recorder.record_failure, entry, error)
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

    async def _together(self, work: Callable[[Transaction, list[A]], list[R]], item: A) -> R:
        """Have a work done for this check in a transaction that other checks may share."""
        if self._dry_run:
            return await asyncio.to_thread(self._alone, work, item)
        return await self._checker.batches.run_for(item, work)

    def _alone(self, work: Callable[[Transaction, list[A]], list[R]], item: A) -> R:
        with self._recorder.transaction() as tx:
            return work(tx, [item])[0]

    def _beginning(self) -> Beginning:
        return Beginning(
            source_id=self._source.id,
            kind=self._source.kind,
            at=self._started,
            by_hand=self._by_hand,
            dry_run=self._dry_run,
        )

    def _understand(self, stored: StoredSource) -> SourceState:
        """What the stored source means for this check."""
        self._recorder.baseline = stored.baseline_done_at is None and self._settings.first_check == "baseline"
        if self._was_unread(stored):
            self._recorder.unread_since = stored.succeeded_at
        return SourceState(
            first=stored.succeeded_at is None,
            validators=stored.validators,
            page_hash=stored.page_hash,
            row_count=stored.row_count,
            known=self._known,
        )

    def _was_unread(self, stored: StoredSource) -> bool:
        """Whether the source was not read when it should have been, so that what is found now is late."""
        due = stored.next_check_at or self._started
        return stored.failures >= self._checker.alarm_after or self._started - due > UNREAD_AFTER

    async def _finish(
        self, stored: StoredSource, listing: Listing | None, error: SourceError | None
    ) -> CheckReport:
        tally, now = self._tally, self._checker.clock()
        if error is not None:
            tally.problems.append(self._explain(error))
            self._keeper.blame(str(error))
            log.info("check failed", source=self._source.id, error=str(error))
        tally.problems.extend(listing.warnings if listing else ())
        trouble = self._unkept(self._keeper.trouble) if self._keeper.trouble is not None else None
        tally.problems.extend([trouble] if trouble else ())
        ending = Ending(
            settings=self._settings,
            before=stored,
            check=tally.summary(self._source.id, listing, error, self._recorder.baseline, self._started, now),
            listing=listing,
            error=error,
            by_hand=self._by_hand,
            complete=tally.complete,
            met=self._recorder.met,
            new_dates=[notice.published_date for status, notice in tally.notices if status is Status.NEW],
            trouble=trouble,
            store_pages=self._keeper.store,
        )
        check = await self._together(self._checker.end, ending)
        self._keeper.stored()
        return CheckReport(check, tuple(tally.notices), tuple(tally.problems))

    def _explain(self, error: SourceError) -> str:
        return explain(error, self._checker.words)

    def _unkept(self, error: OSError) -> str:
        reason = error.strerror or str(error)
        return self._checker.words(
            f"页面未能存档（{reason}），检查照常进行。",
            f"pages could not be kept ({reason}); the check went on without",
        )
