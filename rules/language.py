"""Text → Rule. The grammar is in grammar.lark, the meaning of its parts in `rules.reading`."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import islice
from pathlib import Path
from types import MappingProxyType

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedToken

from rules.conditions import Everything, default_truth, leaves
from rules.errors import Problem, RuleError
from rules.model import Rule
from rules.reading import Reader
from rules.signs import fold
from rules.vocabulary import Vocabulary, default_vocabulary

MAX_CHARACTERS = 4000
MAX_DEPTH = 20
MAX_CONDITIONS = 1000  # with those of saved rules, which could double at every level
MAX_NAME = 40
_VALUES = {"WORD", "QUOTED"}


def parse_rule(
    text: str,
    vocabulary: Vocabulary | None = None,
    saved: Mapping[str, str] = MappingProxyType({}),
    *,
    name: str | None = None,
) -> Rule:
    """The rule that a text states; `saved` are the texts of saved rules by name; `name` is the one under
    which this text is to be saved.

    Raises:
        RuleError: the text is no rule; it says where, what was found and what would be right.
    """
    if name is not None and not _is_saved_name(name):
        raise RuleError(Problem.SAVED_NAME, name, details={"limit": MAX_NAME})
    return _parse(text, vocabulary or default_vocabulary(), saved, () if name is None else (name,))


def saved_names(text: str) -> frozenset[str]:
    """The names of saved rules that a text refers to, whether or not it is a rule otherwise."""
    if "@" not in fold(text):
        return frozenset()
    try:
        signs = list(_grammar().lex(fold(text)))
    except UnexpectedCharacters:
        return frozenset()
    return frozenset(text[_start(sign) + 1 : sign.end_pos] for sign in signs if sign.type == "SAVED")


def _is_saved_name(name: str) -> bool:
    return len(name) <= MAX_NAME and not name.startswith("@") and saved_names(f"@{name}") == {name}


def _parse(text: str, vocabulary: Vocabulary, saved: Mapping[str, str], within: tuple[str, ...]) -> Rule:
    if len(text) > MAX_CHARACTERS:
        raise _too_long(text, len(text))

    @cache
    def resolve(name: str) -> Rule | None:
        inner = saved.get(name)
        return None if inner is None else _parse(inner, vocabulary, saved, (*within, name))

    condition = Reader(text, vocabulary, resolve, within, saved).read(_tree(text))
    if len(list(islice(leaves(condition), MAX_CONDITIONS + 1))) > MAX_CONDITIONS:
        raise RuleError(Problem.TOO_MANY, text, details={"limit": MAX_CONDITIONS})
    if default_truth(condition) and not any(isinstance(leaf, Everything) for leaf in leaves(condition)):
        raise RuleError(Problem.MATCHES_EVERYTHING, text)
    rule = Rule(condition)
    if (length := len(str(rule))) > MAX_CHARACTERS:  # what is printed and stored must be read again
        raise _too_long(text, length)
    return rule


def _too_long(text: str, length: int) -> RuleError:
    sizes = {"found": length, "limit": MAX_CHARACTERS}
    return RuleError(Problem.TOO_LONG, text, min(len(text), MAX_CHARACTERS), details=sizes)


def _tree(text: str) -> Tree[Token]:
    folded = fold(text)
    if not folded.strip(" ,"):
        raise RuleError(Problem.EMPTY, text)
    _check_pairs(text, folded)
    try:
        return _grammar().parse(folded)
    except UnexpectedToken as error:
        raise _unexpected_token(text, folded, error.token) from error
    except UnexpectedCharacters as error:
        start = error.pos_in_stream or 0
        raise RuleError(Problem.UNEXPECTED, text, start, start + 1) from error


def _check_pairs(text: str, folded: str) -> None:
    """Quotation marks come in pairs, and so do brackets outside them, not nested too deep."""
    opened: list[int] = []
    quote: int | None = None
    for sign in re.finditer('["()]', folded):
        place = sign.start()
        if sign[0] == '"':
            quote = place if quote is None else None
        elif quote is None:
            _open_or_close(text, sign[0], place, opened)
    if quote is not None:
        raise RuleError(Problem.UNCLOSED_QUOTE, text, quote, quote + 1)
    if opened:
        raise RuleError(Problem.UNCLOSED_BRACKET, text, opened[-1], opened[-1] + 1)


def _open_or_close(text: str, bracket: str, place: int, opened: list[int]) -> None:
    if bracket == "(":
        opened.append(place)
        if len(opened) > MAX_DEPTH:
            raise RuleError(Problem.TOO_DEEP, text, place, place + 1, details={"limit": MAX_DEPTH})
    elif opened:
        opened.pop()
    else:
        raise RuleError(Problem.UNOPENED_BRACKET, text, place, place + 1)


def _unexpected_token(text: str, folded: str, token: Token) -> RuleError:
    before = [known for known in _grammar().lex(folded) if _start(known) < _start(token)]
    if token.type == "$END":
        return RuleError(Problem.UNFINISHED, text, _start(token), token.end_pos)
    if token.type == "RPAR" and before[-1].type != "LPAR":
        return RuleError(Problem.UNFINISHED, text, _start(before[-1]), before[-1].end_pos)
    return RuleError(Problem.UNEXPECTED, text, _start(token), token.end_pos)


def _start(token: Token) -> int:
    return token.start_pos or 0


class _Commas:
    """Tells the comma between values of one facet from the comma that is only a space: in 省:山西、国家，集采
    the lesser one joins, the greater one parts. Drops repeated denials, too."""

    always_accept = ("COMMA",)

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        tokens = list(stream)
        kept: list[Token] = []
        listing = ""  # the commas that go on with the values, after `省:山西` and its like
        for place, token in enumerate(tokens):
            if token.type == "COMMA":
                following = tokens[place + 1].type if place + 1 < len(tokens) else ""
                if token in listing and following in _VALUES:
                    kept.append(Token("LIST", token, token.start_pos, end_pos=token.end_pos))
            elif token.type == "NOT" and kept and kept[-1].type == "NOT":
                kept.pop()
            else:
                listing = _continuing(kept[-1]) if kept and token.type in _VALUES else ""
                kept.append(token)
        yield from kept


def _continuing(before: Token) -> str:
    """The commas that go on with the values after the next one, by what stands before that."""
    if before.type == "LIST" and before == "、":
        return "、"
    return ",、" if before.type in {"FACET", "LIST"} else ""


@cache
def _grammar() -> Lark:
    grammar = Path(__file__).with_name("grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", lexer="basic", postlex=_Commas(), propagate_positions=True)
