"""Document numbers (发文字号): found in text, and written in one way.

The one way: no white space, brackets 〔〕 around the year of 代字〔年〕序号. An index code is never a number.
"""

from typing import NamedTuple


class PrintedNumber(NamedTuple):
    """A document number in a text: `text[start:end]` prints it, `value` is its normal form."""

    value: str
    start: int
    end: int


def find_numbers(text: str) -> list[PrintedNumber]:
    """Every document number in running text, in order; debris before the agency's code is cut off."""
    raise NotImplementedError


def find_number(text: str) -> str | None:
    """The first document number in `text`, in its normal form."""
    return next((number.value for number in find_numbers(text)), None)


def normalise_number(text: str) -> str | None:
    """What stands in a 发文字号 field, in its normal form; None for an index code or a placeholder."""
    raise NotImplementedError
