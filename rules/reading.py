"""The parts of a parsed rule → conditions, each name and number checked."""

import re
from collections.abc import Callable, Collection, Iterable

from lark import Token, Tree

from rules.conditions import (
    ANY,
    Comparison,
    Condition,
    Everything,
    Near,
    Or,
    Saved,
    Term,
    Value,
    conjunction,
    disjunction,
    negation,
)
from rules.errors import Problem, RuleError
from rules.facets import Facet, Takes, facet_named, nearest_facets
from rules.model import Rule
from rules.signs import fold
from rules.text import normalise
from rules.values import MisnamedError, limit, limit_examples, named_value
from rules.vocabulary import Vocabulary
from rules.vocabulary.nearness import nearest

MAX_DISTANCE = 500
MAX_STARS_IN_WORD = 3
MAX_SAVED_DEPTH = 5
_WILDCARD_RUN = re.compile(r"\?*\*[*?]*")


class Reader:
    """Reads the tree of one rule's text. `facet` is the facet before the brackets that a part stands in.

    `resolve` reads a saved rule; `within` are those that are being read already, `saved` the names of all.
    """

    def __init__(
        self,
        text: str,
        vocabulary: Vocabulary,
        resolve: Callable[[str], Rule | None],
        within: tuple[str, ...],
        saved: Collection[str],
    ) -> None:
        self._text = text
        self._vocabulary = vocabulary
        self._resolve = resolve
        self._within = within
        self._saved_names = saved

    def read(self, tree: Tree[Token], facet: Facet | None = None) -> Condition:
        """The condition that the tree states."""
        method: Callable[[Tree[Token], Facet | None], Condition] = getattr(self, f"_{tree.data}")
        return method(tree, facet)

    def _start(self, tree: Tree[Token], facet: Facet | None) -> Condition:
        return self._parts(tree, facet)[0]

    def _disjunction(self, tree: Tree[Token], facet: Facet | None) -> Condition:
        return disjunction(self._parts(tree, facet))

    def _conjunction(self, tree: Tree[Token], facet: Facet | None) -> Condition:
        return conjunction(self._parts(tree, facet))

    def _negation(self, tree: Tree[Token], facet: Facet | None) -> Condition:
        return negation(self._parts(tree, facet)[0])

    def _parts(self, tree: Tree[Token], facet: Facet | None) -> list[Condition]:
        return [self.read(child, facet) for child in tree.children if isinstance(child, Tree)]

    def _word(self, tree: Tree[Token], facet: Facet | None) -> Condition:
        token = _tokens(tree)[0]
        return self._value(facet, token) if facet else self._term(ANY, token)

    def _values(self, tree: Tree[Token], facet: Facet | None) -> Condition:
        self._refuse_inside(facet, tree)
        sign, *values = (token for token in _tokens(tree) if token.type != "LIST")
        named = self._facet(sign)
        if named.takes is Takes.DATE:
            return self._date(named, sign, values[0])
        return disjunction(self._value(named, token) for token in values)

    def _scope(self, tree: Tree[Token], facet: Facet | None) -> Condition:
        self._refuse_inside(facet, tree)
        named = self._facet(_tokens(tree)[0])
        if named.takes is Takes.DATE:
            raise self._error(Problem.NEEDS_COMPARISON, tree, facet=named.name)
        return self._parts(tree, named)[0]

    def _comparison(self, tree: Tree[Token], facet: Facet | None) -> Condition:
        self._refuse_inside(facet, tree)
        sign, value = _tokens(tree)
        named = self._facet(sign)
        if not named.ordered:
            raise self._error(Problem.NOT_ORDERED, sign, suggestions=(f"{named.name}:{self._raw(value)}",))
        return self._compared(named, _operator(sign), value)

    def _compared(self, facet: Facet, operator: str, value: Token) -> Condition:
        bound = limit(facet, fold(self._raw(value)))
        if bound is None:
            right = (f"{facet.name}{operator}{example}" for example in limit_examples(facet))
            raise self._error(Problem.BAD_LIMIT, value, facet=facet.name, suggestions=right)
        return Comparison(facet.key, operator, bound)

    def _near(self, tree: Tree[Token], facet: Facet | None) -> Condition:
        words = [self._near_operand(child, facet) for child in tree.children if isinstance(child, Tree)]
        distances = [self._distance(token) for token in _tokens(tree)]
        pairs = zip(words, words[1:], distances, strict=False)
        return conjunction(Near(left, right, distance) for left, right, distance in pairs)

    def _near_operand(self, tree: Tree[Token], facet: Facet | None) -> Condition:
        words = self.read(tree, facet)
        parts = words.parts if isinstance(words, Or) else (words,)
        if not all(isinstance(part, Term) for part in parts):
            raise self._error(Problem.NEAR_NEEDS_WORDS, tree)
        return words

    def _distance(self, token: Token) -> int:
        distance = int(token.partition(":")[2])
        if not 0 < distance <= MAX_DISTANCE:
            raise self._error(Problem.DISTANCE, token, low=1, high=MAX_DISTANCE)
        return distance

    def _saved(self, tree: Tree[Token], facet: Facet | None) -> Condition:
        self._refuse_inside(facet, tree)
        name = self._raw(_tokens(tree)[0])[1:]
        if name in self._within:
            raise self._error(Problem.SAVED_CYCLE, tree, found=name)
        if len(self._within) == MAX_SAVED_DEPTH:
            raise self._error(Problem.SAVED_TOO_DEEP, tree, limit=MAX_SAVED_DEPTH)
        try:
            rule = self._resolve(name)
        except RuleError as error:
            inner_zh, inner_en = error.message("zh"), error.message("en")
            raise self._error(
                Problem.SAVED_BROKEN, tree, found=name, inner_zh=inner_zh, inner_en=inner_en
            ) from error
        if rule is None:
            known = nearest(name, {normalise(known): f"@{known}" for known in self._saved_names})
            raise self._error(Problem.UNKNOWN_SAVED, tree, found=name, suggestions=known)
        return Saved(name, rule.condition)

    def _everything(self, tree: Tree[Token], facet: Facet | None) -> Condition:
        self._refuse_inside(facet, tree)
        return Everything()

    def _facet(self, sign: Token) -> Facet:
        name = re.split("[:=<>≤≥]", sign)[0].strip()
        facet = facet_named(name)
        if facet is None:
            nearest = nearest_facets(name)
            raise self._error(Problem.UNKNOWN_FACET, sign, length=len(name), suggestions=nearest)
        return facet

    def _value(self, facet: Facet, token: Token) -> Condition:
        if facet.takes is Takes.WORDS:
            return self._term(facet.key, token)
        written = self._raw(token).strip('"“”「」＂')
        try:
            return Value(facet.key, named_value(facet, written, self._vocabulary))
        except MisnamedError as error:
            raise self._error(
                error.problem, token, facet=facet.name, suggestions=error.suggestions
            ) from error

    def _date(self, facet: Facet, sign: Token, value: Token) -> Condition:
        if not sign.endswith("="):
            better = f"{facet.name}<{self._raw(value)}"
            raise self._error(Problem.NEEDS_COMPARISON, sign, suggestions=(better,))
        return self._compared(facet, "=", value)

    def _term(self, scope: str, token: Token) -> Term:
        raw = self._raw(token)
        exact = token.startswith("=")
        written = raw[1:] if exact else raw
        if token.type == "QUOTED":
            term = Term(written[1:-1].strip(), scope, exact)
        else:
            term = _wild(written, scope, exact)
        if term.wildcards and not _is_narrow(term.text):
            raise self._error(Problem.WILDCARD, token, limit=MAX_STARS_IN_WORD)
        if not normalise(term.text):
            raise self._error(Problem.NO_CONTENT, token)
        return term

    def _raw(self, token: Token) -> str:
        """The characters of a token as typed."""
        return self._text[token.start_pos : token.end_pos]

    def _refuse_inside(self, facet: Facet | None, tree: Tree[Token]) -> None:
        if facet is not None:
            raise self._error(Problem.NESTED_PREFIX, tree)

    def _error(
        self,
        problem: Problem,
        place: Tree[Token] | Token,
        *,
        length: int | None = None,
        suggestions: Iterable[str] = (),
        **details: object,
    ) -> RuleError:
        where = place if isinstance(place, Token) else place.meta
        start = where.start_pos or 0
        end = where.end_pos if length is None else start + length
        return RuleError(problem, self._text, start, end, suggestions=suggestions, details=details)


def _tokens(tree: Tree[Token]) -> list[Token]:
    return [child for child in tree.children if isinstance(child, Token)]


def _operator(sign: Token) -> str:
    written = re.sub(r"[^<>=≤≥]", "", sign)
    return {"≤": "<=", "≥": ">="}.get(written, written)


def _wild(written: str, scope: str, exact: bool) -> Term:
    """A word with its wildcards in one form; those at its ends say nothing and are left out."""
    narrow = written.replace("＊", "*").replace("？", "?")
    text = _WILDCARD_RUN.sub("*", narrow).strip("*?")
    wildcards = "*" in text or "?" in text
    return Term(text, scope, exact and not wildcards, wildcards)


def _is_narrow(text: str) -> bool:
    """Whether a word with wildcards stays cheap to look for: enough fixed characters around them."""
    parts = text.split("*")
    fixed = [normalise(piece) for piece in re.split(r"[*?]", text)]
    around_stars = len(parts) == 1 or all(len(normalise(part.replace("?", ""))) > 1 for part in parts)
    return around_stars and len(parts) - 1 <= MAX_STARS_IN_WORD and max(map(len, fixed)) > 1
