"""Punctuation as the rule language reads it: typed in any width, by a Chinese or an English keyboard."""

import re

from rules.facets import OPERATORS

_SIGNS = {
    **{chr(wide): chr(wide - 0xFEE0) for wide in range(0xFF01, 0xFF5F)},  # full width
    **dict.fromkeys(map(chr, range(32)), " "),
    **dict.fromkeys("　\x7f\u200b\u2060\ufeff", " "),
    **dict.fromkeys("，；;。｡！!…", ","),  # a full stop after a word is no part of it
    "､": "、",
    **dict.fromkeys("“”„‟＂「」『』﹁﹂﹃﹄", '"'),
    **dict.fromkeys("（﹙", "("),
    **dict.fromkeys("）﹚", ")"),
    **dict.fromkeys("‐‑‒–—―−﹣－", "-"),
    **dict.fromkeys("：﹕∶", ":"),
    **dict.fromkeys("｜│", "|"),
}
_FOLDED = str.maketrans(_SIGNS)
_SINGLE_QUOTES = re.compile("‘([^‘’]*)’")
_DENIAL = re.compile(
    r"(?<![^\s(（|｜])[!！](?=[^\s!！])"
)  # !口腔 as programmers write it; after a word it ends one
_SIMPLE_WORD = re.compile("[一-鿿0-9A-Za-z]+")  # has nothing to fold
_PLAIN_WORD = re.compile(r'(?![-=@])[^\s()|,、&":<>=≤≥*?]+')


def fold(text: str) -> str:
    """The text with its signs in half width; every character stays at its place."""
    return _DENIAL.sub("-", _SINGLE_QUOTES.sub(r'"\1"', text)).translate(_FOLDED)


def is_plain_word(text: str) -> bool:
    """Whether a term can be written without quotation marks."""
    folded = text if _SIMPLE_WORD.fullmatch(text) else fold(text)
    return _PLAIN_WORD.fullmatch(folded) is not None and folded.lower() not in OPERATORS
