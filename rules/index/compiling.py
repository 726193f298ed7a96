"""Rules → literals of the graph, and back to conditions where a match is to be explained."""

import re
from collections.abc import Iterable
from functools import lru_cache

from rules.conditions import And, Condition, Near, Not, Or, Saved, Term, conjunction, disjunction, negation
from rules.errors import RuleError
from rules.index.graph import Graph, denied, is_denial
from rules.index.looks import Looks
from rules.index.triggers import Triggers
from rules.language import parse_rule
from rules.meaning import gate, triggers
from rules.signs import is_plain_word
from rules.vocabulary import Vocabulary

_PIECE = re.compile(r'(?:[^ ()|"]|"[^"]*")+|[()|]')


class Compiler:
    """Turns conditions into literals. A condition without parts is known by its text."""

    def __init__(self, graph: Graph, vocabulary: Vocabulary) -> None:
        self._graph = graph
        self._vocabulary = vocabulary
        self._literals: dict[str, int] = {}
        self._names: list[str | None] = []  # by node: the condition without parts that it stands for
        self.triggers = Triggers(graph)
        self.looks = Looks()

    def compile_text(self, text: str) -> list[int]:
        """The literals that a rule in its canonical form is the conjunction of.

        That form is read piece by piece, in a few microseconds; any other goes through `parse_rule`.

        Raises:
            RuleError: the text is no rule.
        """
        pieces = _PIECE.findall(text)[::-1]
        try:
            literals = self._read_any(pieces)
        except (RuleError, _NotCanonicalError):
            pieces = [text]
        if pieces:
            return self.compile(parse_rule(text, self._vocabulary).condition)
        return literals

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

    def _read_any(self, pieces: list[str]) -> list[int]:
        """Literals of the alternatives at the end of `pieces`, which stand in reverse and are used up."""
        literals = self._read_all(pieces)
        if not pieces or pieces[-1] == ")":
            return literals
        alternatives = [self._graph.all_of(literals)]
        while pieces and pieces[-1] == "|":
            pieces.pop()
            alternatives.append(self._graph.all_of(self._read_all(pieces)))
        return [self._graph.any_of(alternatives)]

    def _read_all(self, pieces: list[str]) -> list[int]:
        literals = []
        while pieces and pieces[-1] not in {"|", ")"}:
            literals.append(self._read_one(pieces))
        if not literals:
            raise _NotCanonicalError
        return literals

    def _read_one(self, pieces: list[str]) -> int:
        piece = pieces.pop()
        if piece == "-":
            return denied(self._read_one(pieces))
        if piece == "(":
            literals = self._read_any(pieces)
            if not pieces or pieces.pop() != ")":
                raise _NotCanonicalError
            return self._graph.all_of(literals)
        if pieces and pieces[-1].startswith("近:"):
            raise _NotCanonicalError
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
            leaf = leaf or _leaf_named(text, self._vocabulary)
            literal = self._literal(leaf) if isinstance(leaf, _COMPOSED) else self._leaf(leaf, text)
            self._literals[text] = literal
        return literal

    def _leaf(self, leaf: Condition, text: str) -> int:
        if isinstance(leaf, Near) or (isinstance(leaf, Term) and leaf.wildcards):
            literal = self._look(leaf)
        else:
            literal = self._graph.any_of(map(self.triggers.literal, triggers(leaf, self._vocabulary)))
        if self._name_of(literal >> 1):  # the same meaning in other words: DRG and drg
            literal = self._graph.synonym(literal)
        node = literal >> 1
        self._names.extend([None] * (node + 1 - len(self._names)))
        self._names[node] = text
        return literal

    def _look(self, leaf: Near | Term) -> int:
        sides = (leaf.left, leaf.right) if isinstance(leaf, Near) else (gate(leaf), gate(leaf))
        gates = self._literal(sides[0]), self._literal(sides[1])
        literal = self._graph.trigger(min(map(self._graph.chance, gates)) / 4)
        self.looks.add(leaf, gates, literal >> 1)
        return literal

    def _name_of(self, node: int) -> str | None:
        return self._names[node] if node < len(self._names) else None


class _NotCanonicalError(Exception):
    """A rule that is not in its canonical form, or is no rule."""


_COMPOSED = And | Or | Not | Saved


@lru_cache(maxsize=100_000)
def _leaf_named(text: str, vocabulary: Vocabulary) -> Condition:
    """The condition that a text without spaces or brackets states."""
    return Term(text) if is_plain_word(text) else parse_rule(text, vocabulary).condition
