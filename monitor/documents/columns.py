"""The columns that text is set in: their margins and the distance of their lines, measured from the lines."""

import math
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from monitor.documents.printed import PrintedLine, PrintedPage

_HANGING = "，。、；：？！”’）》」』】〕"  # may stand in the right margin
_AGREE = 0.6  # ems within which edges of lines are one margin
_FEWEST = 3  # lines that make a margin
_SLACK = 0.5  # ems that stay free where Latin and Chinese meet, or punctuation may not begin a line
_FEWEST_STEPS = 6  # steps that tell the distance of lines on one page
_FEWEST_SIDE_BY_SIDE = 8  # lines in each of two columns


@dataclass(slots=True, eq=False)
class Column:
    """Where the lines of a page begin and end, and how far apart they are; `size` is that of most type."""

    left: float
    right: float
    size: float
    pitch: float = 0.0

    def ends(self, line: PrintedLine, following: PrintedLine) -> bool:
        """The margin has ended the line: the first word of the following one would not have fitted."""
        return following.first_word > self.right - line.right - _SLACK * line.size

    def balances(self, line: PrintedLine) -> bool:
        """There is as much white to the left of the line as to the right."""
        return abs((line.left - self.left) - (self.right - line.right)) < _AGREE * line.size

    def centres(self, line: PrintedLine) -> bool:
        """The line stands in the middle of the column and is clearly shorter than it."""
        return self.balances(line) and line.left - self.left > line.size

    def indent(self, line: PrintedLine) -> float:
        """How far the line begins from the left margin, in ems."""
        return (line.left - self.left) / (line.size or 1.0)


def in_columns(pages: Sequence[PrintedPage]) -> list[tuple[PrintedLine, Column]]:
    """All lines in reading order, each with the column that it is set in."""
    parts = [(page, part) for page in pages for part in _side_by_side(page.lines)]
    edges = [(_left_edge(lines), _right_edge(lines)) for _, lines in parts]
    width = _median(right - left for left, right in edges if left is not None and right is not None)
    margin = _median(left for left, _ in edges if left is not None)
    column_of: dict[int, Column] = {}
    for (page, lines), (left_edge, right_edge) in zip(parts, edges, strict=True):
        left = margin if left_edge is None else left_edge
        right = right_edge or (left + width if width else page.width - left)
        column_of |= dict.fromkeys(map(id, lines), Column(left, right, usual_size(lines)))
    placed = [(line, column_of[id(line)]) for page in pages for line in page.lines]
    _measure_pitch(placed)
    return placed


def usual_size(lines: Sequence[PrintedLine]) -> float:
    """The size that most characters are printed in."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _measure_pitch(lines: Sequence[tuple[PrintedLine, Column]]) -> None:
    """The usual step is that after lines which the margin has ended: hardly a gap is among those."""
    inside: dict[Column, list[float]] = {}
    others: list[float] = []
    for (line, column), (following, same) in pairwise(lines):
        step = following.baseline - line.baseline
        if column is same and 0.8 * line.size < step < 4 * line.size:
            (inside.setdefault(column, []) if column.ends(line, following) else others).append(step)
    usual = _median(step for steps in inside.values() for step in steps) or min(others, default=0.0)
    for _, column in lines:
        steps = inside.get(column, [])
        column.pitch = _median(steps) if len(steps) >= _FEWEST_STEPS else usual


def _side_by_side(lines: Sequence[PrintedLine]) -> list[Sequence[PrintedLine]]:
    """The lines of a page in one part, or in two where an upright white strip divides most of them."""
    for middle in sorted({math.floor(line.left) for line in lines}):
        before = sum(line.right <= middle for line in lines)
        after = sum(line.left >= middle for line in lines)
        across = len(lines) - before - after
        if min(before, after) >= _FEWEST_SIDE_BY_SIDE and across <= 0.15 * len(lines):
            return [
                [line for line in lines if line.left < middle],
                [line for line in lines if line.left >= middle],
            ]
    return [lines] if lines else []


def _left_edge(lines: Sequence[PrintedLine]) -> float | None:
    """The edge that lines begin at; None where too few agree on one."""
    lefts = sorted(line.left for line in lines)
    reach, fewest = _AGREE * usual_size(lines), max(_FEWEST, 0.15 * len(lines))
    edges = (edge for n, edge in enumerate(lefts) if bisect_right(lefts, edge + reach) - n >= fewest)
    return next(edges, None)


def _right_edge(lines: Sequence[PrintedLine]) -> float | None:
    """The edge that running text reaches; None where too few lines agree on one."""
    rights = sorted(_unhung(line) for line in lines)
    reach, fewest = _AGREE * usual_size(lines), max(_FEWEST, 0.25 * len(lines))
    edges = (
        edge
        for n, edge in reversed(list(enumerate(rights, 1)))
        if n - bisect_left(rights, edge - reach) >= fewest
    )
    return next(edges, None)


def _unhung(line: PrintedLine) -> float:
    """Where the line ends, without a last punctuation mark that may hang in the margin."""
    return line.right - line.size if line.text[-1] in _HANGING else line.right


def _median(values: Iterable[float]) -> float:
    """The median; 0 of nothing."""
    values = list(values)
    return median(values) if values else 0.0
