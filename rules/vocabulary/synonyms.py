"""Words of the trade that mean the same."""

from collections.abc import Iterable
from dataclasses import dataclass

from rules.text import normalise


@dataclass(frozen=True, slots=True)
class Expansion:
    """Another way to say a term. `set` is the canonical term of the synonym set, `why` its reason."""

    alias: str
    set: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SynonymSet:
    """Terms that mean the same. A search for one of them also finds the `narrower` ones, not the reverse."""

    term: str
    aliases: tuple[str, ...] = ()
    narrower: tuple[str, ...] = ()
    why: str

    @property
    def members(self) -> tuple[str, ...]:
        return (self.term, *self.aliases)


class Synonyms:
    """All synonym sets, by any of their members."""

    def __init__(self, sets: Iterable[SynonymSet]) -> None:
        self.sets = tuple(sets)
        self._by_member: dict[str, list[SynonymSet]] = {}
        for one in self.sets:
            for member in one.members:
                self._by_member.setdefault(normalise(member), []).append(one)

    def __contains__(self, term: str) -> bool:
        return normalise(term) in self._by_member

    def expand(self, term: str) -> tuple[Expansion, ...]:
        """Other ways to say the term, each once, itself left out."""
        key = normalise(term)
        found: dict[str, Expansion] = {}
        for one in self._by_member.get(key, ()):
            for alias in (*one.members, *one.narrower):
                if normalise(alias) != key:
                    found.setdefault(normalise(alias), Expansion(alias, one.term, one.why))
        return tuple(found.values())
