"""How two printings compare, one respect at a time; `judgement` weighs it."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from rapidfuzz import fuzz

from monitor.identity.printing import Number, Printing, shared_figures, shared_text


class Tie(StrEnum):
    """How two printings compare in one respect."""

    EXACT = "exact"
    SAME = "same"
    ALIKE = "alike"
    OTHER = "other"
    UNKNOWN = "unknown"  # one of the two does not say


_LONGEST_TO_PUBLISH = dt.timedelta(days=62)  # from writing to publishing, and to a source digest's issue
_FEWEST_LETTERS = 80  # a shorter text (“see the attachment”) says nothing about identity
_FEWEST_LETTERS_EXACT = 200
_FEWEST_LETTERS_OF_TITLE = 8
_TITLES_ALIKE = 85  # rapidfuzz's ratio, 0 to 100


@dataclass(frozen=True)
class Evidence:
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
    def telling(self) -> bool:
        """Whether the titles are more than 公告 or 特别提醒, which anybody may print on any day."""
        return min(len(self.one.title), len(self.other.title)) >= _FEWEST_LETTERS_OF_TITLE

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
    if not (one.title and other.title) or one.title_marks != other.title_marks:
        return Tie.OTHER
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
