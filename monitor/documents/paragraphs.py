"""Sentences put together again that a line or a page end has cut.

A print has no paragraphs, only lines at places. A line goes on in the next one if the first word of that one
would not have fitted behind it: then the margin has ended the line, and not its writer.
"""

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from enum import Enum, auto
from itertools import pairwise

from monitor.documents.columns import Column, in_columns, usual_size
from monitor.documents.printed import HYPHEN, PrintedLine, PrintedPage
from monitor.types import Block, BlockKind, Link

WIDE = r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]"  # Chinese and its punctuation

_IS_WIDE = re.compile(WIDE)
_LABEL = re.compile(r"\s*[\u4e00-\u9fff](?:\s*[\u4e00-\u9fff]){1,5}\s*[：:]")
_BULLET = re.compile(r"\s*(?:#{1,6}\s|[•·●■◆▶►▣◇□➢▪★]|[-*–]\s)")
_ORDINAL = re.compile(
    r"\s*(?:[（(]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})[)）、.．]|第[一二三四五六七八九十百\d]{1,4}[章节条])"
)
_DOCUMENT_NUMBER = re.compile(r"\s*[\u4e00-\u9fff]{1,16}[〔\[（(﹝]\s*\d{4}\s*[〕\]）)﹞]\s*\d+\s*号\s*")
_SENTENCE_END = re.compile(r"[。！？；：;:!?][”’）》」』】)]*$")
_LEADER = re.compile(r"[.．·…]{3}\s*$")
_LED_TO = re.compile(r"[.．·…]{3}\s*\d+\s*$")
_ADDRESS = re.compile(r"(?:https?://|www\.)[\x21-\x7e]*$")

_GAP = 1.3  # times the usual distance of lines
_SAME_PLACE = 0.6  # ems
_SHORT = 5  # ems that a line must stay short of the margin to be short
_LABELS_APART = 3  # lines from one label of a block to the next
_FEWEST_LABELS = 3  # in such a block
_FEWEST_INDENTS = 3  # paragraphs whose first line is indented, for a document to be set that way


def join(first: str, second: str) -> str:
    """Two parts of a sentence that a line end has cut: without a gap in Chinese, with one between words."""
    if not first or not second:
        return first + second
    if first[-1] in (HYPHEN, "\xad"):
        inside_word = first[-2:-1].isascii() and first[-2:-1].isalpha() and second[0].islower()
        return first[:-1] + ("" if inside_word else "-") + second
    glued = _IS_WIDE.match(first[-1]) or _IS_WIDE.match(second) or first[-1] in "-/—“‘"
    return first + second if glued or _ADDRESS.search(first) else f"{first} {second}"


def blocks(pages: Sequence[PrintedPage]) -> list[Block]:
    """The blocks of a print whose running heads and feet have been taken out."""
    body = usual_size([line for page in pages for line in page.lines])
    return [_block(group, body) for group in _groups(_paragraphs(in_columns(pages)))]


class _Step(Enum):
    """What lies between two printed lines."""

    NOTHING = auto()  # the sentence goes on
    LINE_END = auto()
    GAP = auto()


class _Place(Enum):
    """Where a line stands in its column."""

    MARGIN = auto()
    OPENING = auto()  # where the first line of a paragraph begins
    CENTRE = auto()
    ELSEWHERE = auto()


@dataclass(slots=True)
class _Paragraph:
    """Printed lines put together to one."""

    text: str
    first: PrintedLine
    last: PrintedLine
    column: Column
    links: list[Link]
    gap_before: bool


def _paragraphs(lines: Sequence[tuple[PrintedLine, Column]]) -> Iterator[_Paragraph]:
    habits = _Habits(_indents_paragraphs(lines), _labelled([line for line, _ in lines]))
    current: _Paragraph | None = None
    for line, column in lines:
        step = _step(current, line, column, habits) if current else _Step.GAP
        if current and step is _Step.NOTHING:
            current.text = join(current.text, line.text)
            current.last, current.column = line, column
            current.links += line.links
            continue
        if current:
            yield current
        current = _Paragraph(line.text, line, line, column, list(line.links), step is _Step.GAP)
    if current:
        yield current


@dataclass(frozen=True, slots=True)
class _Habits:
    """How a document is set: does it indent paragraphs, and which lines (by id) are of blocks of labels."""

    indents: bool
    labelled: Set[int]


def _indents_paragraphs(lines: Sequence[tuple[PrintedLine, Column]]) -> bool:
    """The first lines of paragraphs are indented by two characters, as is usual in Chinese."""
    opening = sum(
        column is same and _opens(column.indent(line)) and abs(column.indent(following)) < _SAME_PLACE
        for (line, column), (following, same) in pairwise(lines)
        if column.ends(line, following)
    )
    return opening >= _FEWEST_INDENTS


def _labelled(lines: Sequence[PrintedLine]) -> Set[int]:
    """The lines that begin with a label and have others near them: one alone may be a sentence's."""
    runs: list[list[int]] = []
    for number, line in enumerate(lines):
        if _LABEL.match(line.text):
            if not runs or number - runs[-1][-1] > _LABELS_APART:
                runs.append([])
            runs[-1].append(number)
    return {id(lines[number]) for run in runs if len(run) >= _FEWEST_LABELS for number in run}


def _step(before: _Paragraph, line: PrintedLine, column: Column, habits: _Habits) -> _Step:
    last = before.last
    together = column is before.column
    if together and not 0 < line.baseline - last.baseline <= _GAP * _pitch(last, line, column):
        return _Step.GAP
    if abs(line.size - last.size) > 0.12 * last.size:
        return _Step.GAP
    if _goes_on(before, line, column, habits):
        return _Step.NOTHING
    if {id(before.first), id(line)} <= habits.labelled:
        return _Step.LINE_END
    stands = _place(line, column, habits)
    alike = stands is not _Place.OPENING and stands is _place(before.first, before.column, habits)
    return _Step.LINE_END if together and alike else _Step.GAP


def _place(line: PrintedLine, column: Column, habits: _Habits) -> _Place:
    indent = column.indent(line)
    if indent < _SAME_PLACE:
        return _Place.MARGIN
    if habits.indents and _opens(indent):
        return _Place.OPENING
    return _Place.CENTRE if column.centres(line) else _Place.ELSEWHERE


def _opens(indent: float) -> bool:
    return 1.5 <= indent <= 2.6


def _pitch(line: PrintedLine, following: PrintedLine, column: Column) -> float:
    """The distance to expect: lines of larger type than the column's stand farther apart."""
    size = min(line.size, following.size)
    return column.pitch * max(1.0, size / (column.size or size or 1.0))


def _goes_on(before: _Paragraph, line: PrintedLine, column: Column, habits: _Habits) -> bool:
    if before.text.endswith(HYPHEN) or (_LEADER.search(before.text) and line.text.strip().isdigit()):
        return True
    return (
        before.column.ends(before.last, line)
        and not _starts_anew(before, line, column, habits)
        and _is_in_place(before, line, column, habits)
    )


def _starts_anew(before: _Paragraph, line: PrintedLine, column: Column, habits: _Habits) -> bool:
    """The line reads like the beginning of something, whatever its place."""
    if id(line) in habits.labelled or _BULLET.match(line.text) or _LED_TO.search(before.text):
        return True
    if _ADDRESS.search(before.text) and _IS_WIDE.match(line.text):
        return True
    if before.last.page != line.page and before.text.endswith("：") and not habits.indents:
        return True
    if _DOCUMENT_NUMBER.fullmatch(line.text):
        return True
    ends = _SENTENCE_END.search(line.text)
    if _LABEL.match(line.text) and not ends and column.right - line.right > _SHORT * line.size:
        return True
    opens = _ORDINAL.match(line.text) or _LABEL.match(line.text)
    return bool(opens and _SENTENCE_END.search(before.text))


def _is_in_place(before: _Paragraph, line: PrintedLine, column: Column, habits: _Habits) -> bool:
    """The line stands where a paragraph's next line would: at the margin, or below the line before."""
    if column.centres(line):
        return before.column.balances(before.last) and not _SENTENCE_END.search(before.text)
    was, now = before.column.indent(before.last), column.indent(line)
    if abs(now - was) <= _SAME_PLACE:
        return not (habits.indents and before.first is before.last and _opens(was))
    if before.first is not before.last:
        return False
    if now < was:
        return was - now <= 4.5
    hangs = id(before.first) in habits.labelled or _BULLET.match(before.text) or _ORDINAL.match(before.text)
    return bool(hangs) and now - was <= 8


def _groups(paragraphs: Iterable[_Paragraph]) -> Iterator[list[_Paragraph]]:
    group: list[_Paragraph] = []
    for paragraph in paragraphs:
        if paragraph.gap_before and group:
            yield group
            group = []
        group.append(paragraph)
    if group:
        yield group


def _block(group: Sequence[_Paragraph], body_size: float) -> Block:
    lines = tuple(paragraph.text.replace(HYPHEN, "-") for paragraph in group)
    links = tuple(link for paragraph in group for link in paragraph.links)
    if min(paragraph.first.size for paragraph in group) > 1.15 * body_size:
        return Block(BlockKind.HEADING, lines, level=1, links=links)
    return Block(BlockKind.PARAGRAPH, lines, links=links)
