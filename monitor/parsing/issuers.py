"""Who issued a notice, where several places say so: the most formal one counts, contradictions are told."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from rules.vocabulary import default_vocabulary


class Claim(NamedTuple):
    """The agencies that one place of a document names; `place` is that place in Chinese, for a warning.

    A `weak` claim is a last resort (the site, the source): it contradicts nobody.
    """

    place: str
    agencies: tuple[str, ...]
    truncated: bool = False
    weak: bool = False


def decide(claims: Sequence[Claim], *, province: str | None = None) -> tuple[Claim | None, list[str]]:
    """The claim to believe and warnings about those that contradict it.

    The first claim that names anybody counts, unless a later one names the same agency and others besides:
    a cell or a header often holds the lead agency alone.
    """
    named = [claim for claim in claims if claim.agencies]
    if not named:
        return None, []
    best = named[0]
    for claim in named[1:]:
        if len(claim.agencies) > len(best.agencies) and agree(
            best.agencies, claim.agencies, province=province
        ):
            best = claim
    warnings = [
        f"{claim.place}所示发文机关为「{'、'.join(claim.agencies)}」，"
        f"而{best.place}所示为「{'、'.join(best.agencies)}」。"
        for claim in named
        if claim is not best
        and not claim.weak
        and not agree(claim.agencies, best.agencies, province=province)
    ]
    return best, warnings


def agree(some: Iterable[str], others: Iterable[str], *, province: str | None = None) -> bool:
    """At least one agency is named by both, by whatever of its names."""
    known = [(name, _agency_id(name, province)) for name in others]
    return any(_same(name, _agency_id(name, province), *other) for name in some for other in known)


@lru_cache(maxsize=4096)
def _agency_id(name: str, province: str | None) -> str | None:
    agency = default_vocabulary().agency(name, province=province)
    return agency.id if agency else None


def _same(name: str, agency_id: str | None, other: str, other_id: str | None) -> bool:
    if agency_id and other_id:
        return agency_id == other_id
    return name.endswith(other) or other.endswith(name)
