"""The parts that a rule is made of, and their one printed form.

    Condition
    ├─ And, Or, Not       built by `conjunction`, `disjunction`, `negation`, which keep them flat
    ├─ Term               a word or phrase in some fields
    ├─ Value              a value of a facet: 省:山西
    ├─ Comparison         重要性>=4, 截止<14d
    ├─ Near               two words close together
    ├─ Saved              a rule by its name
    └─ Everything         *

Equal conditions print alike, and what is printed parses to an equal condition.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rules.facets import FACETS
from rules.signs import is_plain_word

ANY = "any"
"""The scope of a word without a prefix: every field but the source."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase as written. `scope` is the facet it stands behind; an `exact` one has no aliases; in
    one with `wildcards`, `?` is one character and `*` up to `meaning.WILDCARD_SPAN`."""

    text: str
    scope: str = ANY
    exact: bool = False
    wildcards: bool = False

    def __str__(self) -> str:
        return _prefix(self) + self.word

    @property
    def word(self) -> str:
        """The term without its prefix."""
        bare = self.wildcards or is_plain_word(self.text)
        return ("=" if self.exact else "") + (self.text if bare else f'"{self.text}"')


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a facet that takes known values only; `value` is its printed name."""

    facet: str
    value: str

    def __str__(self) -> str:
        return _prefix(self) + self.word

    @property
    def word(self) -> str:
        """The value without its prefix."""
        return self.value


@dataclass(frozen=True, slots=True)
class Comparison:
    """A number or a date against a limit: `4`, `2023-01-31`, or days from the day of matching, `14d`."""

    facet: str
    operator: str
    limit: str

    def __str__(self) -> str:
        return f"{FACETS[self.facet].name}{self.operator}{self.limit}"


@dataclass(frozen=True, slots=True)
class Near:
    """Two words, or alternatives of words, in one field with at most `distance` characters between them."""

    left: "Condition"
    right: "Condition"
    distance: int

    def __str__(self) -> str:
        left, right = (_bracketed(part, _is_group(part)) for part in (self.left, self.right))
        return f"{left} 近:{self.distance} {right}"


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved rule by its name, and what it stood for when the rule was read."""

    name: str
    condition: "Condition"

    def __str__(self) -> str:
        return f"@{self.name}"


@dataclass(frozen=True, slots=True)
class Everything:
    """Every notice there is: what a rule without a condition of its own must say."""

    def __str__(self) -> str:
        return "*"


@dataclass(frozen=True, slots=True)
class Not:
    """Met where its part is not."""

    part: "Condition"

    def __str__(self) -> str:
        return "-" + _bracketed(self.part, _is_group(self.part) or isinstance(self.part, Near))


@dataclass(frozen=True, slots=True)
class And:
    """Met where all its parts are."""

    parts: tuple["Condition", ...]

    def __str__(self) -> str:
        return " ".join(_bracketed(part, _is_group(part)) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Or:
    """Met where any of its parts is."""

    parts: tuple["Condition", ...]

    def __str__(self) -> str:
        if (prefix := common_prefix(self.parts)) is not None:
            return prefix + ",".join(part.word for part in self.parts if isinstance(part, Term | Value))
        return " | ".join(_bracketed(part, _is_group(part)) for part in self.parts)


Condition = Term | Value | Comparison | Near | Saved | Everything | Not | And | Or


def conjunction(parts: Iterable[Condition]) -> Condition:
    """All of the parts; nested conjunctions and repetitions are taken out."""
    flat = tuple(dict.fromkeys(_flat(parts, And)))
    return flat[0] if len(flat) == 1 else And(flat)


def disjunction(parts: Iterable[Condition]) -> Condition:
    """Any of the parts; nested disjunctions and repetitions are taken out."""
    flat = tuple(dict.fromkeys(_flat(parts, Or)))
    return flat[0] if len(flat) == 1 else Or(flat)


def negation(part: Condition) -> Condition:
    """The part denied; two denials cancel out."""
    return part.part if isinstance(part, Not) else Not(part)


def _flat(parts: Iterable[Condition], kind: type[And] | type[Or]) -> Iterator[Condition]:
    for part in parts:
        if isinstance(part, kind):
            yield from part.parts
        else:
            yield part


def expanded(condition: Condition) -> Condition:
    """The condition with what saved rules stand for in place of their names."""
    match condition:
        case Saved(condition=inner):
            return expanded(inner)
        case Not(part=part):
            return negation(expanded(part))
        case And(parts=parts):
            return conjunction(map(expanded, parts))
        case Or(parts=parts):
            return disjunction(map(expanded, parts))
    return condition


def leaves(condition: Condition) -> Iterator[Condition]:
    """The conditions without And, Or, Not and names of saved rules, in order."""
    match condition:
        case Saved(condition=part) | Not(part=part):
            yield from leaves(part)
        case And(parts=parts) | Or(parts=parts):
            for part in parts:
                yield from leaves(part)
        case _:
            yield condition


def default_truth(condition: Condition) -> bool:
    """Whether a notice that has nothing of what the condition names would meet it: `-口腔` yes, `集采` no."""
    match condition:
        case Not(part=part):
            return not default_truth(part)
        case And(parts=parts):
            return all(map(default_truth, parts))
        case Or(parts=parts):
            return any(map(default_truth, parts))
        case Saved(condition=inner):
            return default_truth(inner)
    return isinstance(condition, Everything)


def _prefix(part: Term | Value) -> str:
    key = part.scope if isinstance(part, Term) else part.facet
    return "" if key == ANY else FACETS[key].name + ":"


def common_prefix(parts: tuple[Condition, ...]) -> str | None:
    """The prefix that all parts share, so that they print as one list: `省:山西,国家`."""
    prefixes = {_prefix(part) if isinstance(part, Term | Value) else "" for part in parts}
    return prefixes.pop() or None if len(prefixes) == 1 else None


def _is_group(part: Condition) -> bool:
    return isinstance(part, And) or (isinstance(part, Or) and common_prefix(part.parts) is None)


def _bracketed(part: Condition, when: bool) -> str:
    return f"({part})" if when else str(part)
