"""What belongs to the pages of a print and not to its text: running heads and feet, page numbers.

Found by place and repetition, not by wording: at the edge of many pages, at one distance from it, the same
words or a number that counts with the pages; where hardly anything else ever stands; set off from the text
by white or by smaller type.
What fails one of these tests stays: a head left in a text is a blemish, a lost line can be a lost notice.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace
from itertools import pairwise, takewhile
from statistics import median

from monitor.documents.columns import usual_size
from monitor.documents.printed import PrintedLine, PrintedPage

_DEPTH = 3  # rows from the edge that may be furniture
_LONGEST = 120  # characters in a row of furniture
_EDGE = 0.2  # of the page's height
_FEWEST = 3  # pages that repeat it; both in a document of two
_FEWEST_WITH_WORDS = 5  # for a number among words: 附件1, 附件2, 附件3 may happen to count with the pages
_SAME_PLACE = 3.0  # points
_ALMOST_ALWAYS = 0.8
_SET_OFF = 1.3  # times the usual distance of rows
_SMALL = 0.9  # times the usual size of type

_NUMBER = re.compile(r"\d+")
_MARKS_OF_A_NUMBER = re.compile(r"[\W\d_第页共]|page|of", re.IGNORECASE)


@dataclass(frozen=True, slots=True, eq=False)
class _Row:
    """The lines that stand side by side on a page; `distance` is that from the edge in points."""

    page: int
    distance: float
    lines: tuple[PrintedLine, ...]

    @property
    def text(self) -> str:
        in_order = sorted(self.lines, key=lambda line: line.left)
        return "".join("".join(line.text for line in in_order).split())


def without_furniture(pages: Sequence[PrintedPage]) -> list[PrintedPage]:
    """The pages with the lines of their text only."""
    furniture: set[int] = set()
    for at_top in (True, False):
        rows = [_rows(page, number, at_top) for number, page in enumerate(pages)]
        furniture.update(id(line) for row in _furniture(rows, pages) for line in row.lines)
    return [
        replace(page, lines=tuple(line for line in page.lines if id(line) not in furniture)) for page in pages
    ]


def _rows(page: PrintedPage, number: int, at_top: bool) -> list[_Row]:
    """The rows of a page from its edge inwards."""
    rows: list[list[PrintedLine]] = []
    for line in sorted(page.lines, key=lambda line: line.baseline, reverse=not at_top):
        if rows and abs(rows[-1][0].baseline - line.baseline) < 0.3 * line.size:
            rows[-1].append(line)
        else:
            rows.append([line])
    distances = [lines[0].baseline if at_top else page.height - lines[0].baseline for lines in rows]
    return [_Row(number, distance, tuple(lines)) for distance, lines in zip(distances, rows, strict=True)]


def _furniture(rows: Sequence[Sequence[_Row]], pages: Sequence[PrintedPage]) -> Iterable[_Row]:
    outer = [
        row
        for page, found in zip(pages, rows, strict=True)
        for row in found[:_DEPTH]
        if row.distance <= _EDGE * page.height and len(row.text) <= _LONGEST
    ]
    groups = _groups(outer, len(pages))
    repeated = {row for group in groups for row in group}
    groups = [group for group in groups if _keeps_its_place(group, outer, repeated)]
    repeated = {row for group in groups for row in group}
    set_off = {row for found in rows for row in _set_off(found, repeated)}
    usually = {
        row for group in groups if sum(map(set_off.__contains__, group)) >= len(group) / 2 for row in group
    }
    return [row for found in rows for row in takewhile(usually.__contains__, found)]


def _groups(rows: Iterable[_Row], pages: int) -> list[list[_Row]]:
    """Rows that say the same, or count with the pages, in the same place."""
    alike: dict[tuple[str, int | None], list[_Row]] = defaultdict(list)
    for row in rows:
        text = row.text
        alike[text, None].append(row)
        for number in _NUMBER.finditer(text):
            around = f"{text[: number.start()]}#{text[number.end() :]}"
            alike[around, int(number[0]) - row.page].append(row)
    groups = []
    for (text, offset), group in alike.items():
        place = median(row.distance for row in group)
        there = [row for row in group if abs(row.distance - place) <= _SAME_PLACE]
        if len({row.page for row in there}) >= _fewest(text, offset, pages):
            groups.append(there)
    return groups


def _fewest(text: str, offset: int | None, pages: int) -> int:
    """How many pages must agree. A single page may have its number, which is 1."""
    is_number = offset is not None and not _MARKS_OF_A_NUMBER.sub("", text)
    if is_number and pages == 1 and offset == 1:
        return 1
    return min(_FEWEST, max(pages, 2)) if is_number or offset is None else _FEWEST_WITH_WORDS


def _keeps_its_place(group: Sequence[_Row], outer: Sequence[_Row], repeated: Set[_Row]) -> bool:
    """Hardly a row of the text ever stands where these rows do."""
    place, size = group[0].distance, group[0].lines[0].size
    there = [row for row in outer if abs(row.distance - place) <= max(_SAME_PLACE, size / 2)]
    return sum(row in repeated for row in there) >= _ALMOST_ALWAYS * len(there)


def _set_off(page: Sequence[_Row], repeated: Set[_Row]) -> Sequence[_Row]:
    """The repeated rows from the edge to where more white, or larger type, tells that the text begins."""
    for end in range(len(list(takewhile(repeated.__contains__, page))), 0, -1):
        head, text = page[:end], page[end:]
        if not text or _has_white(head[-1], text) or _is_small(head, text):
            return head
    return []


def _has_white(row: _Row, text: Sequence[_Row]) -> bool:
    steps = [after.distance - before.distance for before, after in pairwise(text)]
    return not steps or text[0].distance - row.distance >= _SET_OFF * median(steps)


def _is_small(head: Sequence[_Row], text: Sequence[_Row]) -> bool:
    usual = usual_size([line for row in text for line in row.lines])
    return all(line.size < _SMALL * usual for row in head for line in row.lines)
