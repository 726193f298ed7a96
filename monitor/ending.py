"""The end of checks, many in one transaction.

what was told together is queued          many notices of one check are one message
the check is recorded                     and counted
the listing is remembered                 only when every entry was recorded: a 304 must not hide one
when the source is checked next           as it publishes, or by a backoff while it fails
how the source fares                      `monitor.care`
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from monitor.care import look_after
from monitor.errors import FetchError, SourceError
from monitor.operator import tell_operators
from monitor.planning import end_check
from monitor.rhythm import LEARNED_FROM, Rhythm, learn
from monitor.schedule import next_check, next_try
from monitor.sources import SourceSettings
from monitor.storage import Check, Episode, StoredSource, Transaction
from monitor.types import Listing
from monitor.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """A check that is over. `before` is the source as it stood; `met` are the notices with matches that wait
    for the end of the check, `trouble` is why pages could not be kept. `complete`:
    all entries are recorded. `store_pages` stores the rows of those that were."""

    settings: SourceSettings
    before: StoredSource
    check: Check
    listing: Listing | None
    error: SourceError | None
    by_hand: bool
    complete: bool
    met: Collection[int]
    new_dates: Sequence[dt.date | None]
    trouble: str | None
    store_pages: Callable[[Transaction], None]


def end(tx: Transaction, endings: Sequence[Ending], *, alarm_after: int, words: Words) -> list[Check]:
    """Record these checks; each as it was stored."""
    endings = [_told(tx, ending) for ending in endings]
    checks = [ending.check for ending in endings]
    tx.sources.add_checks(*checks)
    scheduled = [_scheduled(tx, ending) for ending in endings]
    tx.agenda.put_all(
        (ending.before.id, due, retries) for ending, (due, _, retries) in zip(endings, scheduled, strict=True)
    )
    episodes: dict[str, list[Episode]] = {check.source_id: [] for check in checks}
    for episode in tx.episodes.open(episodes):
        episodes[episode.source_id].append(episode)
    for ending, (due, rhythm, _) in zip(endings, scheduled, strict=True):
        ending.store_pages(tx)
        _remember(tx, ending)
        _say(tx, ending, words)
        look_after(
            tx,
            ending.before,
            ending.check,
            ending.listing,
            episodes=episodes[ending.before.id],
            next_check_at=due,
            rhythm=rhythm,
            new_dates=ending.new_dates,
            alarm_after=alarm_after,
            words=words,
        )
    return checks


def say_of_source(
    tx: Transaction, source_id: str, topic: str, text: str, *, now: dt.datetime, words: Words
) -> None:
    """Tell the operators something about a source, once per topic."""
    tell_operators(tx, topic, words(f"来源 {source_id}", f"Source {source_id}"), text, now)


def topic_key(*parts: str) -> str:
    """A short key for a topic: addresses can be long."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24]


def _told(tx: Transaction, ending: Ending) -> Ending:
    """The ending, its check with what is queued only now."""
    queued = end_check(tx, ending.met, ending.check.finished_at)
    return (
        replace(ending, check=replace(ending.check, queued=ending.check.queued + queued))
        if queued
        else ending
    )


def _scheduled(tx: Transaction, ending: Ending) -> tuple[dt.datetime, Rhythm, int]:
    """When the source is checked next, its rhythm, and the failures that its backoff grows with."""
    source_id, settings, now = ending.before.id, ending.settings, ending.check.finished_at
    if ending.error is None:
        rhythm = _rhythm(tx, ending.before, ending.check)
        return next_check(source_id, settings.every, settings.cron, rhythm, now), rhythm, 0
    retries = 1 if ending.by_hand else ending.before.retries + 1
    asked = ending.error.retry_after if isinstance(ending.error, FetchError) else None
    due = next_try(source_id, ending.check.cause, retries, now, asked)
    return due, ending.before.rhythm, retries


def _rhythm(tx: Transaction, before: StoredSource, check: Check) -> Rhythm:
    """The source's rhythm; learned anew when something came, and once a day."""
    now = check.finished_at
    if not check.new and before.rhythm.is_fresh(now):
        return before.rhythm
    rhythm = learn(tx.sources.publications(check.source_id, now - LEARNED_FROM), now)
    tx.sources.remember_rhythm(check.source_id, rhythm)
    return rhythm


def _remember(tx: Transaction, ending: Ending) -> None:
    listing, source = ending.listing, ending.before
    if listing is None:
        return
    if ending.complete and not listing.unchanged:
        tx.sources.remember_listing(source.id, listing.validators, listing.page_hash, listing.row_count)
    if source.baseline_done_at is None:
        tx.sources.finish_baseline(source.id, ending.check.finished_at)


def _say(tx: Transaction, ending: Ending, words: Words) -> None:
    source_id, now = ending.before.id, ending.check.finished_at
    for warning in ending.listing.warnings if ending.listing else ():
        say_of_source(
            tx, source_id, f"listing:{topic_key(source_id, warning)}", warning, now=now, words=words
        )
    if ending.trouble is not None:
        say_of_source(tx, source_id, f"archive:{now.date()}", ending.trouble, now=now, words=words)
