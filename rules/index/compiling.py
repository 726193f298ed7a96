"""Rules → conjunctions of literals of the graph, and back to conditions where a match is to be explained.

A rule is met where all literals of one of its conjunctions are true. Most have one; alternatives of words
become several, since looking up each is cheaper than a node of the graph that few rules share.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from typing import TypeAlias

from rules.conditions import (
    And,
    Condition,
    Near,
    Not,
    Or,
    Saved,
    Term,
    common_prefix,
    conjunction,
    disjunction,
    negation,
)
from rules.errors import RuleError
from rules.index.graph import Graph, denied, is_denial, only_denials
from rules.index.looks import Looks
from rules.index.triggers import Triggers
from rules.language import parse_rule
from rules.meaning import gate, triggers
from rules.signs import fold, is_plain_word
from rules.vocabulary import Vocabulary

_Item: TypeAlias = "int | _Alternatives"
_Alternatives: TypeAlias = list[list[_Item]]
"""Conditions in brackets, not made into a literal yet: any of these, each being all of its items."""

_PIECE = re.compile(r'(?:[^ ()|"]|"[^"]*")+|[()|"]')


class Compiler:
    """Turns conditions into literals. A condition without parts is known by its text."""

    def __init__(self, graph: Graph, vocabulary: Vocabulary) -> None:
        self._graph = graph
        self._vocabulary = vocabulary
        self._literals: dict[str, int] = {}  # those met lately
        self._named_nodes = bytearray()  # by node: whether it stands for a condition without parts
        self._names: dict[int, str] = {}  # its text, where that is not the word that the node is found by
        self.triggers = Triggers(graph)
        self.looks = Looks()

    def compile_text(self, text: str) -> list[list[int]]:
        """The conjunctions that a rule in its canonical form is any of.

        That form is read piece by piece, in a few microseconds; any other goes through `parse_rule`.

        Raises:
            RuleError: the text is no rule.
        """
        with suppress(RuleError, _NotCanonicalError):
            conjunctions = self._conjunctions(self._read(iter(_PIECE.findall(text))))
            if not any(map(only_denials, conjunctions)):
                return conjunctions  # else it may be one that must say `*`
        return self.compile(parse_rule(text, self._vocabulary).condition)

    def compile(self, condition: Condition) -> list[list[int]]:
        """The conjunctions that a condition is any of. One that is only denials may be among them."""
        return self._conjunctions([[self._item(part) for part in _parts(condition)]])

    def _item(self, condition: Condition) -> "_Item":
        match condition:
            case Or(parts=parts) if common_prefix(parts) is None:
                return [[self._item(inner) for inner in _parts(part)] for part in parts]
            case Saved(condition=inner):
                return [[self._item(part) for part in _parts(inner)]]
        return self._literal(condition)

    def _conjunctions(self, alternatives: "_Alternatives") -> list[list[int]]:
        """Alternatives, or those among conditions that stand beside them, multiplied out where they are few
        and each can be looked up by itself."""
        common: list[int] = []
        if len(alternatives) == 1:
            (items,) = alternatives
            groups = [item for item in items if not isinstance(item, int)]
            if not groups:
                return [self._as_literals(items)]
            alternatives = groups[0]
            common = self._as_literals(item for item in items if item is not alternatives)
        found = [common + self._as_literals(items) for items in alternatives]
        if len(found) > _MOST_CONJUNCTIONS or any(map(only_denials, found)):
            return [[*common, self._as_literal(alternatives)]]
        return found

    def _as_literals(self, items: "Iterable[_Item]") -> list[int]:
        return [item if isinstance(item, int) else self._as_literal(item) for item in items]

    def _as_literal(self, item: "_Item") -> int:
        if isinstance(item, int):
            return item
        return self._graph.any_of([self._graph.all_of(self._as_literals(items)) for items in item])

    def condition(self, conjunctions: Iterable[Iterable[int]]) -> Condition:
        """A condition with the meaning of any of the conjunctions."""
        return disjunction(map(self._all_of, conjunctions))

    def _all_of(self, literals: Iterable[int]) -> Condition:
        return conjunction(map(self._condition, literals))

    def _condition(self, literal: int) -> Condition:
        node = literal >> 1
        if is_denial(literal):
            return negation(self._condition(denied(literal)))
        if self._is_named(node):
            name = self._names.get(node)
            return _leaf_named(name, self._vocabulary) if name else self.triggers.term_at(node)
        if members := self._graph.members(node):
            return disjunction(self._condition(2 * member) for member in members)
        return self._all_of(self._graph.literals(node))

    def _read(self, pieces: Iterator[str], bracketed: bool = False) -> "_Alternatives":
        """What the pieces up to a closing bracket say; uses them up."""
        known = self._literals.get
        alternatives: _Alternatives = []
        items: list[_Item] = []
        closed = False
        for piece in pieces:
            literal = known(piece)
            if literal is not None:
                items.append(literal)
            elif piece == "|":
                alternatives.append(items)
                items = []
            elif piece == ")":
                closed = True
                break
            else:
                item = self._read_one(piece, pieces)
                items += item[0] if isinstance(item, list) and len(item) == 1 else [item]
        alternatives.append(items)
        if closed != bracketed or not all(alternatives):
            raise _NotCanonicalError
        return alternatives

    def _read_one(self, piece: str, pieces: Iterator[str]) -> "_Item":
        if piece == "(":
            return self._read(pieces, bracketed=True)
        if piece == "-":
            if next(pieces, None) != "(":
                raise _NotCanonicalError
            return denied(self._as_literal(self._read(pieces, bracketed=True)))
        if piece.startswith("-"):
            return denied(self._named(piece[1:]))
        return self._named(piece)

    def _literal(self, condition: Condition) -> int:
        match condition:
            case And(parts=parts):
                return self._graph.all_of(map(self._literal, parts))
            case Or(parts=parts):
                return self._graph.any_of(map(self._literal, parts))
            case Not(part=part):
                return denied(self._literal(part))
            case Saved(condition=inner):
                return self._literal(inner)
        return self._named(str(condition), condition)

    def _named(self, text: str, leaf: Condition | None = None) -> int:
        """The literal of a condition without brackets, known by its text."""
        literal = self._literals.get(text)
        if literal is None:
            literal = self._leaf(leaf, text) if leaf else self._read_leaf(text)
            if len(self._literals) >= _REMEMBERED:
                self._literals.clear()
            self._literals[text] = literal
        return literal

    def _read_leaf(self, text: str) -> int:
        if is_plain_word(text):
            return self._leaf(Term(text), text)
        prefix, _, values = text.partition(":")
        if prefix == "近" or "," in prefix or "、" in text or fold(text) != text:
            raise _NotCanonicalError
        if "," in values and '"' not in values:  # 省:山西,国家
            return self._graph.any_of([self._named(f"{prefix}:{value}") for value in values.split(",")])
        return self._literal(parse_rule(text, self._vocabulary).condition)

    def _leaf(self, leaf: Condition, text: str) -> int:
        if isinstance(leaf, Near) or (isinstance(leaf, Term) and leaf.wildcards):
            literal, plain = self._look(leaf), False
        else:
            found = triggers(leaf, self._vocabulary)
            literal = self._graph.any_of(map(self.triggers.literal, found))
            plain = len(found) == 1 and self.triggers.term(found[0]) == leaf
        if self._name_of(literal >> 1) not in {None, text}:  # the same meaning in other words: DRG and drg
            literal = self._graph.synonym(literal)
            plain = False
        self._set_name(literal >> 1, None if plain else text)
        return literal

    def _look(self, leaf: Near | Term) -> int:
        left, right = (leaf.left, leaf.right) if isinstance(leaf, Near) else (leaf, leaf)
        gates = self._literal(gate(left)), self._literal(gate(right))
        literal = self._graph.trigger(min(map(self._graph.chance, gates)) / 4)
        self.looks.add(leaf, gates, literal >> 1)
        return literal

    def _name_of(self, node: int) -> str | None:
        """The text of the condition without brackets that a node stands for."""
        return self._names.get(node) or str(self.triggers.term_at(node)) if self._is_named(node) else None

    def _is_named(self, node: int) -> bool:
        return node < len(self._named_nodes) and bool(self._named_nodes[node])

    def _set_name(self, node: int, text: str | None) -> None:
        self._named_nodes.extend(bytes(max(0, node + 1 - len(self._named_nodes))))
        self._named_nodes[node] = 1
        if text is not None:
            self._names[node] = text


def _parts(condition: Condition) -> tuple[Condition, ...]:
    return condition.parts if isinstance(condition, And) else (condition,)


class _NotCanonicalError(Exception):
    """A rule that is not in its canonical form, or is no rule."""


_REMEMBERED = 200_000
_MOST_CONJUNCTIONS = 4


@lru_cache(maxsize=10_000)  # the same few are told of every notice
def _leaf_named(name: str, vocabulary: Vocabulary) -> Condition:
    return Term(name) if is_plain_word(name) else parse_rule(name, vocabulary).condition
