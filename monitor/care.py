"""After a check: how the source fares, and who is told.

symptoms of this check           (monitor.health)
one that is new an episode begins, and the operator is told, with how the list looked and looks one that goes
on is noted; nobody is told twice one that is gone the episode ends and the operator is told; after a while,
if it keeps coming back most sources out of reach told once, as our own network's trouble
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from statistics import median

from monitor.diagnosis import describe, headline_of, unwell, well_again, what_to_try
from monitor.health import NEW_LAYOUT_AFTER, Sample, Seen, Symptom, judge, needed_quiet, sample_of
from monitor.operator import tell_operators
from monitor.rhythm import Rhythm
from monitor.storage import Check, CheckOutcome, Episode, StoredSource, Transaction
from monitor.types import Entry, Listing
from monitor.words import Words

_WEEK = dt.timedelta(days=7)
_NETWORK_CAUSES = frozenset({"dns", "connect", "timeout"})
_NETWORK_WINDOW = dt.timedelta(minutes=10)
_NETWORK_LEAST = 5  # sources
_NETWORK_SHARE = 0.8
_MOST_LAYOUTS = 10


def look_after(
    tx: Transaction,
    before: StoredSource,
    check: Check,
    listing: Listing | None,
    *,
    episodes: Iterable[Episode],
    next_check_at: dt.datetime,
    rhythm: Rhythm,
    new_dates: Sequence[dt.date | None] = (),
    alarm_after: int,
    words: Words,
) -> None:
    """Record and tell what this check says about the source's health.

    `before` is the source as it stood, `episodes` are its open ones; the check is in the transaction already.
    """
    now = check.finished_at
    entries = listing.entries if listing is not None and not listing.unchanged else None
    layout = listing.layout if listing is not None else None
    failed = check.outcome is CheckOutcome.FAILED
    failures = before.failures + 1 if failed else 0
    open_ = {Symptom(episode.symptom): episode for episode in episodes}
    seen = Seen(
        now=now,
        failed=failed,
        cause=check.cause,
        failures=failures,
        failing_since=_failing_since(tx, before.id, failures, alarm_after),
        next_try=next_check_at,
        alarm_after=alarm_after,
        entries=entries,
        rows=check.rows,
        usual_rows=_usual_rows(tx, before, check, open_),
        new_dates=() if check.baseline else new_dates,
        layout=layout,
        sample=before.sample,
        layouts=before.layouts,
        rhythm=rhythm,
    )
    found = judge(seen)
    present = sample_of(entries) if entries else None
    for symptom, is_there in found.items():
        if is_there and symptom not in open_:
            open_[symptom] = _begin(tx, before, symptom, seen, check.message, words=words)
        elif is_there:
            tx.episodes.see(open_[symptom].id, now)
    for symptom, episode in list(open_.items()) if not seen.failed else ():
        if _is_over(tx, episode, found.get(symptom), now):
            _end(tx, episode, present, now, words)
            del open_[symptom]
    if entries:
        _remember(tx, before, entries, layout, open_)


def _begin(
    tx: Transaction, source: StoredSource, symptom: Symptom, seen: Seen, message: str | None, *, words: Words
) -> Episode:
    sentence = describe(symptom, seen, message, words)
    present = sample_of(seen.entries) if seen.entries else None
    cause = seen.layout if symptom is Symptom.LAYOUT else seen.cause
    everywhere = cause in _NETWORK_CAUSES and _say_network(tx, seen.now, words)
    episode = Episode(
        source_id=source.id,
        symptom=symptom,
        cause=cause,
        message=sentence,
        told=not everywhere,
        good=source.sample,
        present=present,
        began_at=seen.now,
        seen_at=seen.now,
    )
    number = tx.episodes.begin(episode)
    if episode.told:
        headline = headline_of(source.id, symptom, words)
        advice = what_to_try(symptom, cause, source.id, words)
        text = unwell(sentence, source.sample, present, advice, words)
        tell_operators(tx, f"episode:{number}:began", headline, text, seen.now)
    return replace(episode, id=number)


def _is_over(tx: Transaction, episode: Episode, is_there: bool | None, now: dt.datetime) -> bool:
    """Whether the symptom is gone, and for long enough where it keeps coming back."""
    if episode.symptom == Symptom.LAYOUT and is_there is not False:
        return now - episode.began_at >= NEW_LAYOUT_AFTER
    if is_there is not False:
        return False
    lately = tx.episodes.since(episode.source_id, now - _WEEK)
    earlier = sum(one.symptom == episode.symptom for one in lately) - 1
    return now - episode.seen_at >= needed_quiet(earlier)


def _end(tx: Transaction, episode: Episode, present: Sample | None, now: dt.datetime, words: Words) -> None:
    tx.episodes.end(episode.id, now)
    if episode.told:
        began = episode.began_at.astimezone(now.tzinfo)
        headline, text = well_again(episode.source_id, Symptom(episode.symptom), began, present, words)
        tell_operators(tx, f"episode:{episode.id}:ended", headline, text, now)
    if episode.symptom == Symptom.LAYOUT and episode.cause:
        source = tx.sources.get(episode.source_id)
        assert source is not None
        tx.sources.remember_layouts(source.id, _with(source.layouts, episode.cause))


def _remember(
    tx: Transaction,
    before: StoredSource,
    entries: Sequence[Entry],
    layout: str | None,
    open_: dict[Symptom, Episode],
) -> None:
    """Keep what a good list looks like; what is in doubt must not become the measure."""
    if not open_.keys() & {Symptom.LAYOUT, Symptom.OLD_DATES, Symptom.LOST_ROWS}:
        tx.sources.remember_sample(before.id, sample_of(entries))
        if layout is not None and layout not in before.layouts and not before.layouts:
            tx.sources.remember_layouts(before.id, (layout,))


def _with(layouts: tuple[str, ...], layout: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*layouts, layout)))[-_MOST_LAYOUTS:]


def _failing_since(tx: Transaction, source_id: str, failures: int, alarm_after: int) -> dt.datetime | None:
    """When the failures in a row began; looked up only while they are few."""
    if not 0 < failures < alarm_after:
        return None
    return min(check.started_at for check in tx.sources.checks(source_id, limit=failures))


def _usual_rows(
    tx: Transaction, source: StoredSource, check: Check, open_: Mapping[Symptom, Episode]
) -> float | None:
    """How many rows its list had of late, this check left out. The files of a folder come and go."""
    if source.kind == "folder" or (
        check.outcome is CheckOutcome.UNCHANGED and Symptom.LOST_ROWS not in open_
    ):
        return None
    rows = [c.rows for c in tx.sources.checks(check.source_id, limit=21)[1:] if c.rows]
    return median(rows[:10]) if rows else None


def _say_network(tx: Transaction, now: dt.datetime, words: Words) -> bool:
    """Whether nearly everything cannot be reached now, which is then told once a day instead of each
    source."""
    failed, checked = tx.sources.unreachable_since(now - _NETWORK_WINDOW, _NETWORK_CAUSES)
    if checked < _NETWORK_LEAST or failed < _NETWORK_SHARE * checked:
        return False
    headline = words("多数来源无法访问", "Most sources cannot be reached")
    text = words(
        f"最近十分钟检查的 {checked} 个来源中有 {failed} 个连不上：可能是本机的网络、DNS 或代理有问题。",
        f"{failed} of the {checked} sources checked in the last ten minutes. This machine's network, its"
        " DNS or its proxy may be the reason.",
    )
    tell_operators(tx, f"network:{now.date()}", headline, text, now)
    return True
