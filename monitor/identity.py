"""The same notice? And what changed?

Pure: notices in, decisions with their reasons out. One real-world document arrives from many places (its
agency's site, reprints, the contents and the text of source digests, a file dropped twice), with titles cut
or worded differently, numbers missing, written and published dates mixed up; and this year's notice differs
from last year's by one figure. When in doubt two notices are two: telling twice is a nuisance, not telling
is a loss.

The keys are stored. Whoever changes what `keys` returns writes a migration that computes them anew, or what
was told before is told again.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from rapidfuzz import fuzz

from monitor.printing import Number, Printing, printing, shared_figures, shared_text
from monitor.types import Notice


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether two printings are of one document, and the reason in a few words. `sure` where the evidence
    would stand against anything that speaks otherwise."""

    same: bool
    reason: str
    sure: bool = False


class Change(StrEnum):
    """What a text of a known notice brings."""

    NONE = "none"
    VARIANT = "variant"  # other words or further fields, nothing that a reader must hear of again
    CORRECTION = "correction"  # the publisher changed what it says


def keys(notice: Notice) -> frozenset[str]:
    """Under these keys the notice is looked up: two printings of one document share at least one."""
    folded = printing(notice)
    found = {f"title:{folded.title}", f"subject:{folded.subject}"}
    if folded.number is not None:
        found.add(f"number:{folded.number}")
    return frozenset(found)


def compare(one: Notice, other: Notice, *, same_address: bool = False) -> Verdict:
    """Are these two printings of one document?

    `same_address`: both were read at an address that carries one notice at a time.
    """
    evidence = _Evidence(printing(one), printing(other))
    rules = (*_AT_ONE_ADDRESS, *_RULES) if same_address else _RULES
    return next(verdict for applies, verdict in rules if applies(evidence))


def belongs(notice: Notice, texts: Sequence[Notice], *, same_address: bool = False) -> Verdict:
    """Is this a printing of the document that these are printings of?

    One of them may fit only because it says so little (a line of a table of contents): then none of the
    others may speak against it.
    """
    verdicts = [compare(notice, text, same_address=same_address) for text in texts]
    against = next((verdict for verdict in verdicts if not verdict.same), verdicts[0])
    return next((verdict for verdict in verdicts if verdict.sure), against)


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


class Tie(StrEnum):
    """How two printings compare in one respect."""

    EXACT = "exact"
    SAME = "same"
    ALIKE = "alike"
    OTHER = "other"
    UNKNOWN = "unknown"  # one of the two does not say


_LONGEST_TO_PUBLISH = dt.timedelta(
    days=62
)  # between writing and publishing, and around the issue of a source digest
_FEWEST_LETTERS = 80  # a shorter text (“see the attachment”) says nothing about identity
_FEWEST_LETTERS_EXACT = 200
_FEWEST_LETTERS_OF_TITLE = 8
_TITLES_ALIKE = 85  # rapidfuzz's ratio, 0 to 100


@dataclass(frozen=True)
class _Evidence:
    """How two printings compare in each respect; the text, which costs most, only when it is asked for."""

    one: Printing
    other: Printing

    @cached_property
    def number(self) -> Tie:
        return number_tie(self.one.number, self.other.number)

    @cached_property
    def title(self) -> Tie:
        return _title_tie(self.one, self.other)

    @cached_property
    def issuer(self) -> Tie:
        return _issuer_tie(self.one, self.other)

    @cached_property
    def dates(self) -> Tie:
        return _date_tie(self.one, self.other)

    @cached_property
    def text(self) -> Tie:
        return _text_tie(self.one, self.other)

    @property
    def dated(self) -> bool:
        """Whether both texts carry a date of their own, so that the same words are of the same day."""
        return self.one.is_dated and self.other.is_dated


def number_tie(one: Number | None, other: Number | None) -> Tie:
    """SAME for the number of one agency, ALIKE for one that many agencies may have given."""
    if one is None or other is None or one.names_its_agency != other.names_its_agency:
        return Tie.UNKNOWN
    if (one.year, one.serial) != (other.year, other.serial):
        return Tie.OTHER
    if not one.names_its_agency:
        forms_differ = one.code and other.code and one.code != other.code
        return Tie.OTHER if forms_differ else Tie.ALIKE
    ends_alike = one.code.endswith(other.code) or other.code.endswith(one.code)  # words ran into a code
    return Tie.SAME if ends_alike else Tie.OTHER


def _title_tie(one: Printing, other: Printing) -> Tie:
    if one.title == other.title:
        return Tie.SAME
    shorter, longer = sorted((one.title, other.title), key=len)
    if len(shorter) >= _FEWEST_LETTERS_OF_TITLE and shorter in longer:
        return Tie.ALIKE
    same_figures = one.title_figures == other.title_figures
    return Tie.ALIKE if same_figures and fuzz.ratio(shorter, longer) >= _TITLES_ALIKE else Tie.OTHER


def _issuer_tie(one: Printing, other: Printing) -> Tie:
    a, b = one.notice, other.notice
    if set(a.agency_ids) & set(b.agency_ids) or one.agencies & other.agencies:
        return Tie.SAME
    if a.agency_ids and b.agency_ids:
        return Tie.OTHER
    if a.provinces and b.provinces and not set(a.provinces) & set(b.provinces):
        return Tie.OTHER
    return Tie.UNKNOWN


def _date_tie(one: Printing, other: Printing) -> Tie:
    if one.dates & other.dates:
        return Tie.SAME
    a, b = one.notice, other.notice
    if (a.written_date and b.written_date) or (a.published_date and b.published_date):
        return Tie.OTHER
    if not (one.when and other.when):
        return Tie.UNKNOWN
    gap = min(abs(a_day - b_day) for a_day in one.when for b_day in other.when)
    return Tie.ALIKE if gap <= _LONGEST_TO_PUBLISH else Tie.OTHER


def _text_tie(one: Printing, other: Printing) -> Tie:
    shorter = min(len(one.text), len(other.text))
    if shorter < _FEWEST_LETTERS:
        return Tie.UNKNOWN
    text, figures = shared_text(one, other), shared_figures(one, other)
    telling = shorter >= _FEWEST_LETTERS_EXACT or (one.is_dated and other.is_dated)
    if text >= 0.95 and figures == 1 and telling:
        return Tie.EXACT
    if text >= 0.9 and figures >= 0.95:
        return Tie.SAME
    return Tie.ALIKE if text >= 0.5 and figures >= 0.7 else Tie.OTHER


_AGREE = (Tie.EXACT, Tie.SAME, Tie.ALIKE)

_Rule = tuple[Callable[[_Evidence], bool], Verdict]


def _same(reason: str) -> Verdict:
    return Verdict(True, reason)


def _surely(reason: str) -> Verdict:
    return Verdict(True, reason, sure=True)


def _other(reason: str) -> Verdict:
    return Verdict(False, reason)


# The first that applies decides; each asks only for what those before it left open.
_RULES: tuple[_Rule, ...] = (
    (lambda e: e.number is Tie.OTHER, _other("another number")),
    (lambda e: e.number is Tie.SAME and e.title in _AGREE, _surely("the same number and a fitting title")),
    (lambda e: e.number is Tie.SAME and e.text in _AGREE, _surely("the same number and a fitting text")),
    (lambda e: e.title is Tie.OTHER, _other("another title")),
    (lambda e: e.issuer is Tie.OTHER, _other("another issuer")),
    (lambda e: e.number is Tie.ALIKE and e.title is Tie.SAME, _surely("the same number and title")),
    (lambda e: e.text is Tie.OTHER, _other("a similar title over another text")),
    (
        lambda e: e.text is Tie.EXACT and (e.dated or e.dates is not Tie.OTHER),
        _surely("the same text word for word"),
    ),
    (lambda e: e.dates is Tie.OTHER, _other("other dates")),
    (lambda e: e.dates is Tie.UNKNOWN, _other("a fitting title and too little else to tell")),
    (lambda e: e.text is Tie.SAME, _surely("a fitting title and the same text")),
    (lambda e: e.number is Tie.ALIKE, _same("the same number and a fitting title")),
    (lambda e: e.title is Tie.ALIKE, _other("a similar title and too little else to tell")),
    (lambda e: e.dates is Tie.SAME, _same("the same title and date")),
    (lambda e: e.text is Tie.UNKNOWN or e.issuer is Tie.SAME, _same("the same title and fitting dates")),
    (lambda e: True, _other("the same title and too little else to tell")),
)

_AT_ONE_ADDRESS: tuple[_Rule, ...] = (
    (lambda e: e.title in _AGREE, _surely("the same address and a fitting title")),
    (lambda e: e.text in _AGREE, _surely("the same address and a fitting text")),
)
