"""The contents of a digest: page and title of every notice, printed before the first of them.

The page stands before the title or after it, with spaces, dots or a leader in between; a title goes on over
the next line; headings stand between the parts; pages can be missing altogether.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, takewhile

from monitor.parsing.text import GENRE, is_blank, join_lines, squeeze, tidy_title


@dataclass(frozen=True)
class Entry:
    """One notice of the contents. `section` is the heading that it stands under."""

    title: str
    page: int | None
    section: str | None = None


@dataclass(frozen=True)
class Contents:
    """The entries, and the line after the last of them (0 where there are no contents)."""

    entries: tuple[Entry, ...] = ()
    end: int = 0


@dataclass(frozen=True)
class _Line:
    """A printed line: `text` is what it says of a title, its page and bullet taken off."""

    number: int
    printed: str
    text: str
    page: int | None = None
    opens: bool = False  # a bullet says that an entry begins here


_HALF_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")
_HEADING = re.compile(r"[#*\s]*(?:目\s*[录錄次]|contents)[*\s]*", re.IGNORECASE)
_BULLET = re.compile(r"(?:[•·▪■◆●○*>]|-(?=\s|\d{1,3}(?!\d)))\s*")
_COUNTED = "年月日号项个名家种条岁批次部届例%％"
_PAGE_FIRST = re.compile(rf"(?:第|[Pp]\.?)?\s?(\d{{1,3}})(?!\d|\s?[{_COUNTED}])页?[\s.、．·…]*")
_PAGE_LAST = re.compile(
    r"(?:(?:^|[\s.．·•…⋯_—-])(?:第|[Pp]\.?)?\s?(\d{1,3})\s?页?[\s—-]*|[（(]\s?第?\s?(\d{1,3})\s?页?\s?[）)])$"
)
_LEADER = " \t\u3000.．·•…⋯_—-（("
_INDEX = re.compile(r"^\d{1,3}\s?[.、．)）]\s*")
_COMPLETE = re.compile(rf"{GENRE}(?:[（(].{{0,24}}[）)])?$")
_GOES_ON = re.compile(r"[的》）)”、，,（(及和与]|实施|试行|建议")
_OF_A_TITLE = re.compile(rf"关于|印发|发布|{GENRE}|办法|方案|规划|规定")
_LONGEST_LINE = 400
_WIDEST_GAP = 3  # lines without a page between two with one
_MOST_WRAPS = 2  # lines that the last title goes on for
_MOST_LINES = 6  # of one entry


def read_contents(lines: Sequence[str], stop: int) -> Contents:
    """The contents in `lines[:stop]`, the part before the first notice."""
    heading = next((n for n in range(stop) if _HEADING.fullmatch(lines[n])), None)
    printed = [
        _line(number, lines[number])
        for number in range(heading or 0, stop)
        if not is_blank(lines[number]) and not _HEADING.fullmatch(lines[number])
    ]
    lead = 0 if heading is None else _WIDEST_GAP
    first, last = (_stretch([page(line) for line in printed], lead) for page in (_page_first, _page_last))
    page_closes = _pages(last) >= _pages(first)
    paged = last if page_closes else _with_wraps(first, printed)
    if _pages(paged) < (1 if heading is not None and len(printed) <= _WIDEST_GAP else 2):
        paged, page_closes = printed if heading is not None else [], False
    entries = tuple(_entries(paged, page_closes))
    return Contents(entries, paged[-1].number + 1 if entries else 0)


def _line(number: int, printed: str) -> _Line:
    text = printed.strip().translate(_HALF_WIDTH)[:_LONGEST_LINE]
    bullet = _BULLET.match(text)
    text = text[bullet.end() :] if bullet else text
    return _Line(number, text, text, opens=bool(bullet))


def _page_first(line: _Line) -> _Line:
    match = _PAGE_FIRST.match(line.printed)
    return replace(line, page=int(match[1]), text=line.printed[match.end() :]) if match else line


def _page_last(line: _Line) -> _Line:
    match = _PAGE_LAST.search(line.printed)
    if not match:
        return line
    title = line.printed[: match.start()].rstrip(_LEADER)
    return replace(line, page=int(match[1] or match[2]), text=_INDEX.sub("", title))


def _pages(lines: Sequence[_Line]) -> int:
    return sum(line.page is not None for line in lines)


def _stretch(lines: Sequence[_Line], lead: int) -> list[_Line]:
    """The lines where pages stand close together and never go down, and up to `lead` lines before them."""
    paged = [index for index, line in enumerate(lines) if line.page is not None]
    breaks = [at for at in range(1, len(paged)) if paged[at] - paged[at - 1] > _WIDEST_GAP + 1]
    group = max((paged[a:b] for a, b in pairwise([0, *breaks, len(paged)])), key=len)
    if not group:
        return []
    rising = {group[at] for at in _rising([lines[index].page or 0 for index in group])}
    start = max(0, group[0] - lead)
    return [
        line if index in rising else replace(line, page=None, text=line.printed)
        for index, line in enumerate(lines[start : group[-1] + 1], start)
    ]


def _with_wraps(paged: list[_Line], printed: Sequence[_Line]) -> list[_Line]:
    """The same with the lines over which the last title goes on."""
    after = [line for line in printed if paged and line.number > paged[-1].number][:_MOST_WRAPS]
    wraps = takewhile(lambda line: not _COMPLETE.search(paged[-1].text) or _GOES_ON.match(line.text), after)
    return paged + list(wraps)


def _rising(pages: Sequence[int]) -> list[int]:
    """Where the longest run of pages that never goes down stands: other figures are parts of titles."""
    lowest: list[int] = []  # for each length, the lowest page that such a run ends with
    at: list[int] = []
    before: list[int] = []
    for index, page in enumerate(pages):
        length = bisect_right(lowest, page)
        before.append(at[length - 1] if length else -1)
        lowest[length : length + 1] = [page]
        at[length : length + 1] = [index]
    run = [at[-1]] if at else []
    while run and before[run[-1]] >= 0:
        run.append(before[run[-1]])
    return run[::-1]


def _entries(lines: Sequence[_Line], page_closes: bool) -> Iterator[Entry]:
    section: str | None = None
    for group in _groups(lines, page_closes):
        page = next((line.page for line in group if line.page is not None), None)
        if _is_heading(group, page_closes):
            section = squeeze(group[0].text).strip("【】[]《》") or section
        elif title := _title(group):
            yield Entry(title, page, section)


def _groups(lines: Sequence[_Line], page_closes: bool) -> Iterator[list[_Line]]:
    """The lines of one entry each: a page opens it where it stands first, closes it where it stands last."""
    group: list[_Line] = []
    for line in lines:
        if group and (_opens(line, page_closes) or _is_closed(group, page_closes) or _is_next(group, line)):
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _opens(line: _Line, page_closes: bool) -> bool:
    return line.opens or (line.page is not None and not page_closes)


def _is_closed(group: Sequence[_Line], page_closes: bool) -> bool:
    ended = page_closes and group[-1].page is not None
    return ended or len(group) == _MOST_LINES or _is_heading(group, page_closes)


def _title(group: Sequence[_Line]) -> str:
    return tidy_title(join_lines(line.text for line in group))


def _is_next(group: Sequence[_Line], line: _Line) -> bool:
    """The title is complete and the line does not go on with it: a page was lost, or a heading comes."""
    title = _title(group)
    is_open = title.count("《") > title.count("》") or title.count("（") > title.count("）")
    return bool(_COMPLETE.search(title)) and not is_open and not _GOES_ON.match(line.text)


def _is_heading(group: Sequence[_Line], page_closes: bool) -> bool:
    """A few words on a line of their own; with a page only where no title can begin after one."""
    text, page = group[0].text, group[0].page
    longest = 14 if page is None else 8 if page_closes else 0
    return len(group) == 1 and 0 < len(text) <= longest and not _OF_A_TITLE.search(text)
