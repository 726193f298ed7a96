"""Small helpers for printed lines of Chinese text."""

import re
import unicodedata

_SPACE = r"[\s\u200b-\u200d\u2060\ufeff]"
_SPACES = re.compile(_SPACE + "+")


def compact(text: str) -> str:
    """`text` without any white space, zero-width characters included."""
    return _SPACES.sub("", text)


def key(text: str) -> str:
    """What two printings of the same words have in common: width folded (NFKC), no white space.

    For comparing only: NFKC turns ① into 1 and （一） into (一), which nobody should be shown.
    """
    return compact(unicodedata.normalize("NFKC", text))


def is_blank(line: str) -> bool:
    """Nothing to be seen on the line."""
    return not compact(line)


def join(first: str, second: str) -> str:
    """Two parts of one printed line, put together: a space only between two Latin words or figures."""
    raise NotImplementedError


def join_lines(lines: list[str]) -> str:
    """Several printed lines that are one sentence, put together as by `join`."""
    raise NotImplementedError


def join_paragraphs(lines: list[str]) -> str:
    """A body: paragraphs separated by `\\n`, those that a page break cut in mid-sentence put together again."""
    raise NotImplementedError
