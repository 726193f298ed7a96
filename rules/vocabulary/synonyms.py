"""Words of the trade that mean the same."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from ahocorasick_rs import AhoCorasick, MatchKind

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
        """Other ways to say the term, each once, itself left out.

        A term that is in no set but contains words that are (种植牙集采) is said with the other ways to say
        each of these words: 口腔种植集采, 种植牙集中带量采购.
        """
        key = normalise(term)
        spans = [(0, len(key))] if key in self._by_member else self._members_within(key)
        found: dict[str, Expansion] = {}
        for start, end in spans:
            for expansion in self._replacing(key, start, end):
                found.setdefault(normalise(expansion.alias), expansion)
        found.pop(key, None)
        return tuple(found.values())

    def _replacing(self, key: str, start: int, end: int) -> Iterator[Expansion]:
        before, member, after = key[:start], key[start:end], key[end:]
        for one in self._by_member[member]:
            if before or after:
                aliases = [alias for alias in one.members if not alias.isascii()]
            else:
                aliases = [*one.members, *one.narrower]
            for alias in aliases:
                kept = "" if alias.endswith(after) else after  # 按病组付费, not 按病组付费付费
                yield Expansion(f"{before}{alias}{kept}", one.term, one.why)

    def _members_within(self, key: str) -> list[tuple[int, int]]:
        """Where members of sets stand in a longer word, from the left, the longest first."""
        return [(start, end) for _, start, end in self._automaton.find_matches_as_indexes(key)]

    @cached_property
    def _automaton(self) -> AhoCorasick:
        return AhoCorasick([*self._by_member], matchkind=MatchKind.LeftmostLongest)
