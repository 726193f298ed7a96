"""What a text of a known notice brings."""

from collections.abc import Sequence
from enum import StrEnum

from monitor.identity.evidence import Tie, number_tie
from monitor.identity.printing import printing
from monitor.types import Notice


class Change(StrEnum):
    """What a text brings that was not known of its notice."""

    NONE = "none"
    VARIANT = "variant"  # other words or further fields, nothing that a reader must hear of again
    CORRECTION = "correction"  # the publisher changed what it says


def change(
    now: Notice, *, shown: Notice | None, told: Sequence[Notice], known: Sequence[Notice]
) -> tuple[Change, str]:
    """What `now` brings over what is known of its notice, and the reason.

    `shown` is what the same address showed last, None for a place that is new: a publisher corrects at its
    own address; another place that words it differently brings a variant. `told` are the texts that began an
    edition, so that an address which goes back and forth between two texts corrects once; `known` are all.
    """
    if shown is not None and not says_the_same(shown, now):
        return _change_of_text(now, shown, told)
    if not any(says_the_same(notice, now) for notice in known):
        return Change.VARIANT, "other words in another place"
    added = [name for name in _FIELDS if getattr(now, name) and not any(getattr(k, name) for k in known)]
    return (Change.VARIANT, f"now with {', '.join(added)}") if added else (Change.NONE, "nothing new")


def _change_of_text(now: Notice, shown: Notice, told: Sequence[Notice]) -> tuple[Change, str]:
    if any(says_the_same(notice, now) for notice in told):
        return Change.NONE, "a text that was told before"
    if not printing(now).text:
        return Change.NONE, "the text is missing now"
    if not printing(shown).text:
        return Change.VARIANT, "the text is there now"
    return Change.CORRECTION, "its publisher changed it"


def says_the_same(one: Notice, other: Notice) -> bool:
    """Whether a reader of the one learns nothing from the text of the other."""
    numbers = number_tie(printing(one).number, printing(other).number)
    return printing(one).whole == printing(other).whole and numbers is not Tie.OTHER


_FIELDS = [
    "doc_number",
    "agencies",
    "provinces",
    "regions",
    "category",
    "keywords",
    "written_date",
    "published_date",
    "comment_deadline",
]
