"""Small changes to a rule: a condition taken away, or another in its place that a person may have meant."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from rules import Vocabulary
from rules.conditions import (
    ANY,
    And,
    Condition,
    Everything,
    Near,
    Or,
    Term,
    Value,
    conjunction,
    disjunction,
)
from rules.facets import FACETS, Takes

_LONGEST_PIECE = 10
_LOOKED_AT = 40
"""So many characters of a word are taken to pieces."""


@dataclass(frozen=True, slots=True)
class Change:
    """`new` in the place of `old`; the smaller the `distance`, the more likely it was meant."""

    old: Condition
    new: Condition
    distance: int = 0


def required(condition: Condition) -> Iterator[Condition]:
    """The smallest conditions that can be the reason why nothing matches. Of alternatives none is, but for
    conditions that one of them joins."""
    match condition:
        case And(parts=parts):
            for part in parts:
                yield from required(part)
        case Or(parts=parts) if any(isinstance(part, And) for part in parts):
            for part in parts:
                if isinstance(part, And):
                    yield from required(part)
        case Everything():
            return
        case _:
            yield condition


def replaced(condition: Condition, old: Condition, new: Condition) -> Condition:
    """The condition with `new` for `old`, wherever it is asked for; what is denied stays as it is."""
    if condition == old:
        return new
    match condition:
        case And(parts=parts):
            return conjunction(replaced(part, old, new) for part in parts)
        case Or(parts=parts):
            return disjunction(replaced(part, old, new) for part in parts)
        case Near() if isinstance(new, Term):  # only words stand near each other
            left, right = replaced(condition.left, old, new), replaced(condition.right, old, new)
            return replace(condition, left=left, right=right)
    return condition


def changes(condition: Condition, vocabulary: Vocabulary) -> Iterator[Change]:
    """What could stand in place of the parts of a condition, each change once."""
    match condition:
        case And(parts=parts) | Or(parts=parts):
            for part in parts:
                yield from changes(part, vocabulary)
        case Near(left=left, right=right):
            yield Change(condition, conjunction((left, right)))  # however far apart
            yield from changes(left, vocabulary)
            yield from changes(right, vocabulary)
        case Value():
            yield from (Change(condition, value) for value in _values(condition, vocabulary))
        case Term():
            yield from _words(condition, vocabulary)


def _values(value: Value, vocabulary: Vocabulary) -> Iterator[Value]:
    facet = FACETS[value.facet]
    if facet.takes is Takes.REGION:
        names = ["国家", *(region.short for region in vocabulary.provinces())]
    elif facet.takes is Takes.AGENCY:
        names = list(vocabulary.agency_kinds().values())
    else:
        names = [facet.printed(choice) for choice in facet.choices]
    return (replace(value, value=name) for name in names if name != value.value)


def _words(term: Term, vocabulary: Vocabulary) -> Iterator[Change]:
    """The term itself asked for less strictly; known words that look like it; what it is made of."""
    found = {term: 0}
    for weaker in (
        replace(term, exact=False),
        replace(term, scope=ANY),
        replace(term, exact=False, scope=ANY),
    ):
        found.setdefault(weaker, 0)
    for word in vocabulary.nearest(term.text, "topic"):
        found.setdefault(Term(word, term.scope), 1)
    for piece in _pieces(term.text):
        found.setdefault(Term(piece, term.scope), 2 + _LOOKED_AT - len(piece))
    return (Change(term, word, distance) for word, distance in found.items() if word != term)


def _pieces(text: str) -> Iterator[str]:
    """Parts of two characters or more, without signs at their ends, that cut no Latin word in two."""
    text = text[:_LOOKED_AT]
    cuts = [place for place in range(len(text) + 1) if not _inside_latin(text[max(0, place - 1) : place + 1])]
    for start in cuts:
        for end in cuts:
            piece = text[start:end]
            if 1 < len(piece) <= _LONGEST_PIECE and piece[0].isalnum() and piece[-1].isalnum():
                yield piece


def _inside_latin(pair: str) -> bool:
    return len(pair) == 2 and pair.isascii() and pair.isalnum()
