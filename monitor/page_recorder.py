"""Recording what the pages of one check held: everything of a page in one transaction."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from monitor.ending import say_of_source, topic_key
from monitor.entry_reader import listed
from monitor.errors import SourceError
from monitor.explain import explain
from monitor.keeping import PageKeeper
from monitor.matching import SubscriptionIndex, Told, tell
from monitor.parsing.layout import finish
from monitor.reading import Reading
from monitor.recording import Status, record
from monitor.sources import Source
from monitor.storage import Storage, Transaction
from monitor.tally import Tally
from monitor.types import Entry, Notice, with_warning
from monitor.words import Words

TITLE_ONLY_AFTER = 2
"""Failed readings in a row after which a listed notice is told by its title alone."""


class PageRecorder:
    """Records for one check. `baseline`: what it finds is told to nobody; `unread_since`: what it finds is
    late, since the source was not read from then on. `met` are the notices with matches, which may wait for
    the end of the check.

    A rehearsal (`dry_run`) records everything and takes it back.
    """

    def __init__(
        self,
        source: Source,
        storage: Storage,
        index: SubscriptionIndex,
        keeper: PageKeeper,
        tally: Tally,
        *,
        words: Words,
        clock: Callable[[], dt.datetime],
        dry_run: bool,
    ) -> None:
        self.baseline = False
        self.unread_since: dt.datetime | None = None
        self.met: set[int] = set()
        self._source = source
        self._storage = storage
        self._index = index
        self._keeper = keeper
        self._tally = tally
        self._words = words
        self._clock = clock
        self._dry_run = dry_run

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """A transaction that also stores the rows of the pages kept so far."""
        with self._storage.rehearse() if self._dry_run else self._storage.begin() as tx:
            tx.sources.ensure(self._source.id, self._source.kind, self._clock())
            yield tx
            self._keeper.store(tx)
        self._keeper.stored()

    def note(self, entries: list[Entry]) -> None:
        """Take down what the list has that is not recorded yet."""
        with self.transaction() as tx:
            tx.entries.note(self._source.id, entries, baseline=self.baseline, now=self._clock())

    def record(self, entry: Entry, reading: Reading) -> None:
        """Everything of one page in one transaction: seen and told are one fact."""
        now = self._clock()
        with self.transaction() as tx:
            found = [
                (*self._record_notice(tx, entry, notice, now), notice)
                for notice in self._completed(entry, reading)
            ]
            tx.entries.recorded(self._source.id, entry, now)
            for problem in reading.problems:
                self._say(tx, f"part:{topic_key(entry.url, entry.version, problem)}", problem, now)
        self._tally.read += 1
        self._tally.problems.extend(reading.problems)
        for status, told, notice in found:
            self._tally.add(status, notice, told)

    def _record_notice(
        self, tx: Transaction, entry: Entry, notice: Notice, now: dt.datetime
    ) -> tuple[Status, Told]:
        baseline = self.baseline or tx.entries.is_baseline(self._source.id, entry.url)
        recorded = record(
            tx,
            notice,
            source_id=self._source.id,
            url=notice.url or entry.url,
            position=notice.position,
            baseline=baseline,
            now=now,
        )
        told = tell(
            tx,
            recorded,
            self._index,
            now,
            in_check=not self._dry_run,
            unread_since=self.unread_since,
        )
        if told.matched:
            self.met.add(recorded.revision.notice_id)
        return recorded.status, told

    def record_failure(self, entry: Entry, error: SourceError) -> None:
        """That a page could not be read, is told; after some times its notice, by its title alone."""
        now = self._clock()
        self._keeper.blame(str(error))
        with self.transaction() as tx:
            failures = tx.entries.failed(self._source.id, entry, str(error), now)
            self._say(tx, f"entry:{topic_key(entry.url, entry.version)}", explain(error, self._words), now)
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
        return with_warning(
            finish(listed(entry, self._source.id)), f"正文尚未取得：{explain(error, Words('zh'))}"
        )

    def _say(self, tx: Transaction, topic: str, text: str, now: dt.datetime) -> None:
        say_of_source(tx, self._source.id, topic, text, now=now, words=self._words)
