"""Words of the trade that mean the same."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Expansion:
    """Another way to say a term. `set` is the canonical term of the synonym set, `why` a line from it."""

    alias: str
    set: str
    why: str
