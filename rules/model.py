"""What a rule is, what it is matched against, and what a match says."""

from dataclasses import dataclass


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
