"""What each condition of a rule asks of a notice, in terms that can be looked up.

A condition without brackets is met when any of its triggers is true of the notice: a word found in a scope, a
fact (`("province", "山西")` and its like), a number in a range. Two kinds need a look at the text besides,
after their gates are open: words with wildcards and words near each other.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from rules.conditions import Comparison, Condition, Everything, Or, Term, Value, disjunction
from rules.facets import FACETS, Takes
from rules.text import normalise
from rules.values import agency_value, region_value
from rules.vocabulary import Vocabulary

WILDCARD_SPAN = 10
"""How many characters a `*` inside a word stands for at most."""

Fact = tuple[str, str]
"""A facet, or something derived from one, and a value of it."""

ALWAYS: Fact = ("everything", "")
FORWARD = {"deadline", "effective", "expiry"}
"""Dates that are counted from today on: `截止<14d` means at most that many days are left. Others back."""

_FAR = 10**8


@dataclass(frozen=True, slots=True)
class Word:
    """Normalised text that must occur in a scope; `alias` is the known name where it is not the term."""

    text: str
    scope: str
    alias: str | None = None


@dataclass(frozen=True, slots=True)
class Range:
    """A number of the notice from `low` to `high`; `axis` is a facet (dates as ordinals), or `facet.days`."""

    axis: str
    low: int
    high: int


Trigger = Word | Fact | Range


def triggers(leaf: Condition, vocabulary: Vocabulary) -> tuple[Trigger, ...]:
    """The triggers of a condition that needs no look at the text besides.

    Raises:
        LookupError: a value is not of this vocabulary.
    """
    match leaf:
        case Term(wildcards=False):
            return tuple(words(leaf, vocabulary))
        case Value():
            return (_fact(leaf, vocabulary),)
        case Comparison():
            return (_range(leaf),)
        case Everything():
            return (ALWAYS,)
    raise TypeError(f"{leaf!r} has no triggers of its own")


def words(term: Term, vocabulary: Vocabulary) -> Iterator[Word]:
    """The term and the other ways to say it."""
    own = normalise(term.text)
    yield Word(own, term.scope)
    if term.exact:
        return
    for expansion in vocabulary.expand(term.text):
        text = normalise(expansion.alias)
        if own not in text:  # where the term itself hits, no alias is needed
            yield Word(text, term.scope, expansion.alias)


def _fact(value: Value, vocabulary: Vocabulary) -> Fact:
    facet = FACETS[value.facet]
    if facet.takes is Takes.REGION:
        region = region_value(value.value, vocabulary)
        if region:
            return ("own" if region.own else "region"), region.region.code
    elif facet.takes is Takes.AGENCY:
        agency = agency_value(value.value, vocabulary)
        if agency and agency.agency:
            return "agency", agency.agency.id
        if agency and agency.kind:
            return "agency.kind", agency.kind + (f"@{agency.level}" if agency.level else "")
    elif choice := facet.choice(value.value):
        return value.facet, choice
    raise LookupError(f"{value.value!r} is no {facet.key} of this vocabulary")


def _range(comparison: Comparison) -> Range:
    facet, operator, limit = comparison.facet, comparison.operator, comparison.limit
    if not limit.endswith("d"):
        number = (
            int(limit) if FACETS[facet].takes is not Takes.DATE else dt.date.fromisoformat(limit).toordinal()
        )
        return _interval(facet, operator, number, -_FAR)
    # What lies behind us is no longer due: nothing is left of a deadline that has passed.
    return _interval(f"{facet}.days", operator, int(limit[:-1]), 0 if facet in FORWARD else -_FAR)


def _interval(axis: str, operator: str, number: int, lowest: int) -> Range:
    bounds = {
        "<": (lowest, number - 1),
        "<=": (lowest, number),
        ">": (number + 1, _FAR),
        ">=": (number, _FAR),
        "=": (number, number),
    }
    return Range(axis, *bounds[operator])


def pattern(term: Term) -> re.Pattern[str]:
    """What a word with wildcards looks for in normalised text, as group 1; hits may overlap."""
    parts = re.split(r"([*?])", term.text)
    wild = {"*": f".{{0,{WILDCARD_SPAN}}}?", "?": "."}
    return re.compile(f"(?=({''.join(wild.get(part) or re.escape(normalise(part)) for part in parts)}))")


def gate(words: Condition) -> Condition:
    """What needs no look at the text, and holds wherever one of the words does: of a word with wildcards, its
    longest fixed piece."""
    return disjunction(_fixed(term) if term.wildcards else term for term in words_of(words))


def _fixed(term: Term) -> Term:
    pieces = re.split(r"[*?]", term.text)
    return Term(max(pieces, key=lambda piece: len(normalise(piece))), term.scope, exact=True)


def words_of(condition: Condition) -> tuple[Term, ...]:
    """The terms of one side of a nearness."""
    parts = condition.parts if isinstance(condition, Or) else (condition,)
    return tuple(part for part in parts if isinstance(part, Term))
