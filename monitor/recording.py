"""Recording a notice that a check has read: identify → keep.

with storage.begin() as tx:                                  # one transaction for one page
    for notice in notices:
        recorded = record(tx, notice, source_id=…, url=…, position=…, baseline=…, now=now)
        told = tell(tx, recorded, index, now)                # monitor.matching
    tx.entries.recorded(source_id, entry, now)
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from monitor.identity import Change, Verdict, belongs, change, keys, says_the_same
from monitor.storage import Candidate, Revision, Transaction
from monitor.types import Notice


class Status(StrEnum):
    """What a recorded notice was."""

    NEW = "new"
    SEEN = "seen"  # known, and nothing new about it
    VARIANT = "variant"  # known, in other words or with further fields
    CORRECTED = "corrected"  # known, and its publisher changed it


_STATUS = {
    Change.NONE: Status.SEEN,
    Change.VARIANT: Status.VARIANT,
    Change.CORRECTION: Status.CORRECTED,
}


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was recorded, why it was taken for what it is, and whether it is to be held against the
    subscriptions: not in a baseline, and not where the same address shows the same again. `revision` is the
    text to tell: where an old one was seen again, the latest."""

    revision: Revision
    status: Status
    reason: str
    to_match: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where and when a notice was read."""

    source_id: str
    url: str
    position: str | None
    baseline: bool
    now: dt.datetime


def record(
    tx: Transaction,
    notice: Notice,
    *,
    source_id: str,
    url: str,
    position: str | None = None,
    baseline: bool = False,
    now: dt.datetime,
) -> Recorded:
    """Keep one notice as it was read at one address.

    `position` is the page or line of a notice that shares its address with others, None for one that has
    the address to itself. `now` is the same for everything read from one page. A `baseline` is recorded and
    never told.
    """
    place = _Place(source_id=source_id, url=url, position=position, baseline=baseline, now=now)
    found = _identify(notice, tx.notices.candidates(keys(notice), source_id, url), place)
    if found is None:
        revision = tx.notices.add(notice, keys(notice), baseline=baseline, now=now)
        _sight(tx, revision, place)
        recorded = Recorded(revision, Status.NEW, "not known before", not baseline)
    else:
        recorded = _record_known(tx, notice, *found, place)
    if recorded.to_match:
        tx.notices.open(recorded.revision.notice_id, now)
    elif recorded.status is not Status.SEEN:
        tx.notices.mark_matched(recorded.revision.id, now)
    return recorded


def _identify(notice: Notice, candidates: list[Candidate], place: _Place) -> tuple[Candidate, Verdict] | None:
    """The known notice that this one is: by what it says or else by its address; the surest, then the one
    seen at this address, then the oldest."""
    for by_address in (False, True):
        judged = [
            (candidate, _judge(notice, candidate, by_address))
            for candidate in candidates
            if not by_address or _had_address(candidate, notice, place)
        ]
        same = [(candidate, verdict) for candidate, verdict in judged if verdict.same]
        if same:
            return min(same, key=lambda one: (not one[1].sure, one[0].seen_here is None))
    return None


def _judge(notice: Notice, candidate: Candidate, by_address: bool) -> Verdict:
    texts = [revision.notice for revision in candidate.revisions]
    verdict = belongs(notice, texts, same_address=by_address)
    # Two rows of one list with the same title are two notices, unless their texts say otherwise; a source
    # digest may be dropped into a folder twice.
    if candidate.seen_beside and candidate.seen_here is None and notice.digest is None and not verdict.sure:
        return Verdict(False, "another address of the same source")
    return verdict


def _had_address(candidate: Candidate, notice: Notice, place: _Place) -> bool:
    """Whether the candidate had the address to itself, as the notice has it now.

    What was seen there in this very reading shares it; what stands in a source digest always does.
    """
    if place.position is not None or notice.digest is not None:
        return False
    seen = candidate.seen_here
    here_before = seen is not None and seen.position is None and seen.last_seen_at < place.now
    return here_before or candidate.seen_elsewhere


def _record_known(
    tx: Transaction, notice: Notice, candidate: Candidate, verdict: Verdict, place: _Place
) -> Recorded:
    revisions, seen = candidate.revisions, candidate.seen_here
    shown = next((r for r in revisions if seen is not None and r.id == seen.revision_id), None)
    what, reason = change(
        notice,
        shown=shown.notice if shown else None,
        told=[revision.notice for revision in revisions if not revision.variant],
        known=[revision.notice for revision in revisions],
    )
    if what is Change.NONE:
        equal = (r for r in revisions if says_the_same(r.notice, notice))
        revision = next(equal, shown or revisions[-1])
    else:
        corrected = what is Change.CORRECTION
        revision = tx.notices.revise(
            candidate.notice.id, notice, keys(notice), corrected=corrected, now=place.now
        )
    new_place = _sight(tx, revision, place)
    enriched = what is Change.VARIANT and candidate.notice.opened_at is not None
    outdated = revision.edition < candidate.notice.edition
    return Recorded(
        revisions[-1] if outdated else revision,
        _STATUS[what],
        f"{verdict.reason}; {reason}",
        not place.baseline and (new_place or enriched or what is Change.CORRECTION),
    )


def _sight(tx: Transaction, revision: Revision, place: _Place) -> bool:
    return tx.notices.sight(
        revision, place.source_id, place.url, place.position, baseline=place.baseline, now=place.now
    )
