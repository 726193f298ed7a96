"""What a rule is, what it is matched against, and what a match says."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from rules.conditions import Condition, expanded

RuleId = str | int


@dataclass(frozen=True, slots=True)
class Rule:
    """What a subscriber wants. `str(rule)` is its one canonical form, which parses to the same rule."""

    condition: Condition

    def __str__(self) -> str:
        return str(self.condition)

    @property
    def expanded(self) -> "Rule":
        """The rule with every saved rule (`@name`) replaced by what it stands for."""
        return Rule(expanded(self.condition))


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one condition of a rule was met.

    `facet` names the condition (`province`, `agency`, ..., `text` for a word); `term` is as written in the
    rule; `alias` is the known name through which it hit, None where the term itself did; `field` is the field
    of the notice; `snippet[start:end]` is the hit in its sentence as printed.
    """

    facet: str
    term: str
    alias: str | None
    field: str
    snippet: str
    start: int
    end: int


class Match:
    """A rule that a notice met. `explain(key)` is called when the reasons are asked for."""

    __slots__ = ("_explain", "_key", "rule_id")

    def __init__(self, rule_id: RuleId, key: int, explain: Callable[[int], tuple[Reason, ...]]) -> None:
        self.rule_id = rule_id
        self._key = key
        self._explain = explain

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """One for each condition that was met, facets before words; none if the rule is gone by now."""
        return self._explain(self._key)

    def __repr__(self) -> str:
        return f"Match({self.rule_id!r})"


class _Attachment(Protocol):
    @property
    def name(self) -> str: ...


class _Interpretation(Protocol):
    @property
    def title(self) -> str: ...
    @property
    def body(self) -> str: ...


class NoticeLike(Protocol):
    """What rules look at. Text is as printed; `provinces` are short names or 国家; `regions` are codes of
    GB/T 2260; `agency_ids` are ids of the vocabulary."""

    @property
    def kind(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def agencies(self) -> Sequence[str]: ...
    @property
    def agency_ids(self) -> Sequence[str]: ...
    @property
    def provinces(self) -> Sequence[str]: ...
    @property
    def regions(self) -> Sequence[str]: ...
    @property
    def doc_number(self) -> str | None: ...
    @property
    def category(self) -> str | None: ...
    @property
    def keywords(self) -> Sequence[str]: ...
    @property
    def importance(self) -> int | None: ...
    @property
    def attention(self) -> int | None: ...
    @property
    def section(self) -> str | None: ...
    @property
    def source_name(self) -> str | None: ...
    @property
    def source_id(self) -> str | None: ...
    @property
    def summary(self) -> str | None: ...
    @property
    def body(self) -> str: ...
    @property
    def attachments(self) -> Sequence[_Attachment]: ...
    @property
    def interpretations(self) -> Sequence[_Interpretation]: ...
    @property
    def is_consultation(self) -> bool: ...
    @property
    def published_date(self) -> dt.date | None: ...
    @property
    def comment_deadline(self) -> dt.date | None: ...
    @property
    def effective_date(self) -> dt.date | None: ...
    @property
    def expiry_date(self) -> dt.date | None: ...
