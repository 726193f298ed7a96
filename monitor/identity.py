"""The same notice? And what changed?

Pure: notices in, decisions with their reasons out. One real-world document arrives from many places (its
agency's site, reprints, the listing and the text of two source digests, a file dropped twice), with titles
cut or worded differently, numbers missing, written and published dates mixed up; and this year's notice
differs from last year's by one figure. When in doubt two notices are two: telling twice is a nuisance,
not telling is a loss.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from monitor.types import Notice


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether two printings are of one document, and the reason in a sentence."""

    same: bool
    reason: str


class Change(StrEnum):
    """What a text of a known notice brings."""

    NONE = "none"
    VARIANT = "variant"  # other words or further fields, nothing that a reader must hear of again
    CORRECTION = "correction"  # the publisher changed what it says


def keys(notice: Notice) -> frozenset[str]:
    """Under these keys the notice is looked up: two printings of one document share at least one."""
    raise NotImplementedError


def compare(one: Notice, other: Notice) -> Verdict:
    """Are these two printings of one document?"""
    raise NotImplementedError


def change(known: Iterable[Notice], shown: Notice | None, now: Notice) -> tuple[Change, str]:
    """What `now` brings over the `known` texts of its notice, and the reason.

    `shown` is what the same address showed last, None for a place that is new: only the publisher's own
    address can correct; another place that words it differently is a variant.
    """
    raise NotImplementedError
