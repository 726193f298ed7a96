"""How each source stands: what an operator is shown, on whatever surface.

for standing in standings(tx, [(s.id, s.enabled) for s in config.sources], now): …
report = health_report(tx, "nhsa.policy", now)
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

from monitor.health import Symptom
from monitor.rhythm import BEIJING, Publication
from monitor.storage import Check, Episode, StoredSource, Transaction

HISTORY = dt.timedelta(days=30)
"""How far back failures, latency and shares are counted."""


class Condition(StrEnum):
    """In one word; the worst one holds."""

    DISABLED = "disabled"
    NEVER_CHECKED = "never_checked"
    PAUSED = "paused"
    UNWELL = "unwell"
    FAILING = "failing"  # fewer times in a row than an operator is told about
    WELL = "well"


@dataclass(frozen=True, slots=True)
class Standing:
    """One source: its row (None before its first mention) and what is the matter with it now."""

    source_id: str
    state: Condition
    stored: StoredSource | None
    symptoms: tuple[Symptom, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthReport:
    """All that is known of one source's health.

    `failures`: cause → checks that failed in the last 30 days. `latency`: median days from publication to
    first sight, 0 for the same day. `without_number` and `without_date`: shares of the notices of the last 30
    days, None where there are none. `checks` are newest first, `episodes` oldest first.
    """

    standing: Standing
    failures: dict[str, int]
    latency: float | None
    notices: int
    without_number: float | None
    without_date: float | None
    checks: tuple[Check, ...]
    episodes: tuple[Episode, ...]


def standings(tx: Transaction, sources: Iterable[tuple[str, bool]], now: dt.datetime) -> list[Standing]:
    """How these sources, as (id, enabled), stand."""
    stored = {source.id: source for source in tx.sources.all()}
    symptoms: dict[str, list[Symptom]] = {}
    for episode in tx.episodes.open():
        symptoms.setdefault(episode.source_id, []).append(Symptom(episode.symptom))
    return [_standing(name, on, stored.get(name), symptoms.get(name, ()), now) for name, on in sources]


def health_report(
    tx: Transaction, source_id: str, now: dt.datetime, *, enabled: bool = True, checks: int = 15
) -> HealthReport:
    """What is known of a source's health."""
    since = now - HISTORY
    (standing,) = standings(tx, [(source_id, enabled)], now)
    came = [p for p in tx.sources.publications(source_id, since) if not p.baseline]
    latencies = [_days(p) for p in came if p.published is not None]
    return HealthReport(
        standing=standing,
        failures=tx.sources.failures_since(source_id, since),
        latency=median(latencies) if latencies else None,
        notices=len(came),
        without_number=_share([not p.numbered for p in came]),
        without_date=_share([p.published is None for p in came]),
        checks=tuple(tx.sources.checks(source_id, limit=checks)),
        episodes=tuple(tx.episodes.since(source_id, since)),
    )


def _standing(
    source_id: str,
    enabled: bool,
    stored: StoredSource | None,
    symptoms: Sequence[Symptom],
    now: dt.datetime,
) -> Standing:
    if not enabled:
        state = Condition.DISABLED
    elif stored is not None and stored.is_paused(now):
        state = Condition.PAUSED
    elif stored is None or stored.checked_at is None:
        state = Condition.NEVER_CHECKED
    elif symptoms:
        state = Condition.UNWELL
    else:
        state = Condition.FAILING if stored.failures else Condition.WELL
    return Standing(source_id, state, stored, tuple(symptoms))


def _days(publication: Publication) -> int:
    assert publication.published is not None
    return max((publication.seen_at.astimezone(BEIJING).date() - publication.published).days, 0)


def _share(marks: Sequence[bool]) -> float | None:
    return sum(marks) / len(marks) if marks else None
