"""What the contents list and no metadata block stands for: texts without a block, and titles without a text.

A notice whose block is missing is known by its title, printed on lines of its own; labels left over from the
block stand right above it.
"""

import re
from collections.abc import Mapping, Sequence

from rapidfuzz import fuzz, process

from monitor.parsing.monthly.align import numerals
from monitor.parsing.monthly.block import Block, label_at, read_block, title_below
from monitor.parsing.monthly.body import is_open_trailer
from monitor.parsing.monthly.contents import Entry
from monitor.parsing.text import GENRE, is_blank, key

_ALIKE = 90  # of 100
_MOST_TITLES = 200  # lines between two blocks that are compared with a title
_TITLE_END = re.compile(rf"{GENRE}[\s*]*$")
_MOST_LINES = 8  # that a printed title takes, blank ones included
_LONGEST_LINE = 200
_OPENING = 6  # characters that the first line of a title has in any case
_LONGEST_SUFFIX = 24  # characters after the title on its line, such as a document number
_MOST_LEFT_OVER = 10  # lines of a block that has lost its title
_LONGEST_VALUE = 40


def find_texts(lines: Sequence[str], start: int, end: int, missing: Sequence[Entry]) -> dict[int, Block]:
    """For each missing entry (by index) whose text stands in `lines[start:end]`: what is left of its block.

    The text begins at the block's end, with the title.
    """
    found: dict[int, Block] = {}
    openings, titles = _index(lines, start, end) if missing else ({}, {})
    for index, entry in enumerate(missing):
        title = key(entry.title)
        places = (n for n in openings.get(title[:_OPENING], ()) if n >= start)
        at = next((n for n in places if _prints(lines, n, end, title)), None)
        at = _alike(titles, start, title) if at is None else at
        if at is not None:
            found[index] = _left_over(lines, start, at)
            start = at + 1
    return found


def _index(lines: Sequence[str], start: int, end: int) -> tuple[dict[str, list[int]], dict[int, str]]:
    """The lines by their first characters, and those that may be a title; none that ends a trailer."""
    openings: dict[str, list[int]] = {}
    titles: dict[int, str] = {}
    for number in range(start, end):
        if not _ends_trailer(lines, number):
            printed = key(lines[number][:_LONGEST_LINE])
            openings.setdefault(printed[:_OPENING], []).append(number)
            if _TITLE_END.search(printed) and len(titles) < _MOST_TITLES:
                titles[number] = printed
    return openings, titles


def _ends_trailer(lines: Sequence[str], number: int) -> bool:
    """The line above is a trailer that goes on here."""
    above = (line for line in reversed(lines[max(0, number - 2) : number]) if not is_blank(line))
    return is_open_trailer(next(above, ""))


def _alike(titles: Mapping[int, str], start: int, title: str) -> int | None:
    """The line that prints the title in slightly other words, where the contents were edited."""
    printed = {number: line for number, line in titles.items() if number >= start}
    best = process.extractOne(title, printed, scorer=fuzz.ratio, score_cutoff=_ALIKE)
    return best[2] if best and numerals(best[0]) == numerals(title) else None


def _prints(lines: Sequence[str], start: int, end: int, title: str) -> bool:
    """The title stands on the lines from `start` on, by itself."""
    printed = ""
    for line in lines[start : min(end, start + _MOST_LINES)]:
        printed += key(line[:_LONGEST_LINE])
        if not printed or not title.startswith(printed[: len(title)]):
            return False
        if len(printed) >= len(title):
            return len(printed) <= len(title) + _LONGEST_SUFFIX
    return False


def _left_over(lines: Sequence[str], start: int, title: int) -> Block:
    first = title
    for number in range(title - 1, max(start, title - _MOST_LEFT_OVER) - 1, -1):
        if label_at(lines[number]):
            first = number
        elif not is_blank(lines[number]) and len(lines[number]) > _LONGEST_VALUE:
            break
    block = read_block(lines, first, title)
    block.end = title
    block.title = title_below(lines, title)
    return block
