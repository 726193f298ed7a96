"""Titles from a list of contents, found again above their texts, over one line or several."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rapidfuzz import fuzz

from monitor.parsing.markdown import Unmarked
from monitor.parsing.text import is_blank, key

_MOST_LINES = 5
_LONGEST = 300  # characters
_TELLING = 10  # characters; a shorter title can be part of anything
_CONTAINED = 95.0
_MARKS = re.compile(r"\((?:节选|摘编|摘要|全文|[上中下一二三四五])\)$|[\W_]+")

NOT_PRINTED = "目录列有此篇，但文件中没有它的正文。"
NOT_LISTED = "本期目录未列此篇。"
"""Warnings: only the contents of an issue know a notice, or only its text does."""


class Found(NamedTuple):
    """A title at `lines[first:last]`; `number` is its place in the list, `likeness` in per cent."""

    number: int
    first: int
    last: int
    likeness: float


def title_above(
    lines: Sequence[Unmarked], titles: Sequence[str], *, floor: int, end: int, at_least: float
) -> Found | None:
    """The title that the lines just above `end` are most like, if they are `at_least` so alike."""
    best: Found | None = None
    wanted = [_words(title) for title in titles]
    for first, text in _growing(lines, floor, end):
        for number, title in enumerate(wanted):
            likeness = _likeness(_words(text), title, at_least)
            if likeness >= at_least and (best is None or likeness > best.likeness):
                best = Found(number, first, end, likeness)
    return best


def _likeness(text: str, title: str, at_least: float) -> float:
    """In per cent; a title with a subtitle or an author below it is the title, nearly."""
    if len(title) >= _TELLING and title in text and len(text) < 2 * len(title) + _TELLING:
        return max(_CONTAINED, fuzz.ratio(text, title))
    return fuzz.ratio(text, title, score_cutoff=at_least)


def _growing(lines: Sequence[Unmarked], floor: int, end: int) -> Iterator[tuple[int, str]]:
    """The last line above `end`, the last two together, and so on: the index of the first, and the text."""
    text, count = "", 0
    for number in range(end - 1, floor - 1, -1):
        if is_blank(lines[number].text):
            continue
        text, count = lines[number].text + text, count + 1
        yield number, text
        if count == _MOST_LINES or len(text) > _LONGEST:
            return


def _words(text: str) -> str:
    """A title without what two printings of it may differ in: punctuation, dashes, （节选）."""
    return _MARKS.sub("", key(text))


def place_like(
    lines: Sequence[Unmarked], title: str, *, start: int, end: int, at_least: float
) -> tuple[int, int] | None:
    """The lines in `lines[start:end]` that are most like the title, if they are `at_least` so alike."""
    wanted = _words(title)
    best: tuple[float, int, int] | None = None
    for first in range(start, end):
        text = ""
        for last in range(first, min(end, first + _MOST_LINES)):
            text += _words(lines[last].text)
            if not text or len(text) > len(wanted) * 1.2:
                break
            likeness = fuzz.ratio(text, wanted, score_cutoff=best[0] if best else at_least)
            if likeness >= at_least and (best is None or likeness > best[0]):
                best = likeness, first, last + 1
    return best[1:] if best else None


def places_of(lines: Sequence[Unmarked], title: str, *, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where in `lines[start:end]` the title stands word for word: its first line, the one after its last."""
    wanted = key(title)
    for first in range(start, end):
        text = key(lines[first].text)
        if not text or not wanted.startswith(text):
            continue
        last = first + 1
        while len(text) < len(wanted) and last < end and last - first < _MOST_LINES:
            text += key(lines[last].text)
            last += 1
        if text == wanted:
            yield first, last
