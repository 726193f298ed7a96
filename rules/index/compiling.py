"""Rules → literals of the graph, and back to conditions where a match is to be explained."""

import re
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache

from rules.conditions import And, Condition, Near, Not, Or, Saved, Term, conjunction, disjunction, negation
from rules.errors import RuleError
from rules.index.graph import Graph, denied, is_denial
from rules.index.looks import Looks
from rules.index.triggers import Triggers
from rules.language import parse_rule
from rules.meaning import gate, triggers
from rules.signs import fold, is_plain_word
from rules.vocabulary import Vocabulary

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

    def compile_text(self, text: str) -> list[int]:
        """The literals that a rule in its canonical form is the conjunction of.

        That form is read piece by piece, in a few microseconds; any other goes through `parse_rule`.

        Raises:
            RuleError: the text is no rule.
        """
        if "近:" not in text and "、" not in text and fold(text) == text:
            with suppress(RuleError, _NotCanonicalError):
                literals = self._read(_PIECE.findall(text)[::-1])
                if not all(map(is_denial, literals)):  # else it may be one that must say `*`
                    return literals
        return self.compile(parse_rule(text, self._vocabulary).condition)

    def compile(self, condition: Condition) -> list[int]:
        """The literals that a condition is the conjunction of."""
        parts = condition.parts if isinstance(condition, And) else (condition,)
        return [self._literal(part) for part in parts]

    def condition(self, literals: Iterable[int]) -> Condition:
        """A condition with the meaning of the conjunction of literals."""
        return conjunction(map(self._condition, literals))

    def _condition(self, literal: int) -> Condition:
        node = literal >> 1
        if is_denial(literal):
            return negation(self._condition(denied(literal)))
        if name := self._name_of(node):
            return _leaf_named(name, self._vocabulary)
        if members := self._graph.members(node):
            return disjunction(self._condition(2 * member) for member in members)
        return self.condition(self._graph.literals(node))

    def _read(self, pieces: list[str], bracketed: bool = False) -> list[int]:
        """The literals of what stands at the end of `pieces`, up to a closing bracket; uses the pieces up."""
        alternatives: list[list[int]] = []
        literals: list[int] = []
        closed = False
        while pieces and not closed:
            piece = pieces.pop()
            if piece in {"|", ")"}:
                alternatives.append(literals)
                literals = []
                closed = piece == ")"
            else:
                literals.append(self._read_one(piece, pieces))
        if not closed:
            alternatives.append(literals)
        if closed != bracketed or not all(alternatives):
            raise _NotCanonicalError
        if len(alternatives) == 1:
            return alternatives[0]
        return [self._graph.any_of([self._graph.all_of(one) for one in alternatives])]

    def _read_one(self, piece: str, pieces: list[str]) -> int:
        literal = self._literals.get(piece)
        if literal is not None:
            return literal
        if piece == "(":
            return self._graph.all_of(self._read(pieces, bracketed=True))
        if piece == "-" and pieces:
            return denied(self._read_one(pieces.pop(), pieces))
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
        if node >= len(self._named_nodes) or not self._named_nodes[node]:
            return None
        return self._names.get(node) or str(self.triggers.term_at(node))

    def _set_name(self, node: int, text: str | None) -> None:
        self._named_nodes.extend(bytes(max(0, node + 1 - len(self._named_nodes))))
        self._named_nodes[node] = 1
        if text is not None:
            self._names[node] = text


class _NotCanonicalError(Exception):
    """A rule that is not in its canonical form, or is no rule."""


_REMEMBERED = 200_000


@lru_cache(maxsize=10_000)  # the same few are told of every notice
def _leaf_named(name: str, vocabulary: Vocabulary) -> Condition:
    return Term(name) if is_plain_word(name) else parse_rule(name, vocabulary).condition
