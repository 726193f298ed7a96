"""Paragraphs of printed lines: what a page end or a line end has cut is put together again."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from monitor.parsing.signature import only_date
from monitor.parsing.text import GENRE, is_blank, join_lines

_ENDS = "。！？；：”》）】!?;:)…"
_OPEN_END = "，、,（(《“"  # nothing ends with these
_RUNNING = re.compile(
    r"[，。；,;]|.{4}、|第[一二三四五六七八九十百\d]{1,5}条"
)  # text, where a heading has none
_TITLE = re.compile(rf"[^，。；]{{1,200}}{GENRE}(?:[（(].{{0,24}}[）)])?$")
_SHORTEST = 30  # characters; a paragraph that reaches a page's end fills its last line
_OPENING = re.compile(
    r"\s*(?:[-•·▶►▣*#>|—]|[（(]?[一二三四五六七八九十百\d]{1,4}[、）)．.]|[①-⑳]|[一二三四五六七八九十]{1,2}是"
    r"|第[一二三四五六七八九十百\d]{1,5}[章节条部分]|附[件录表])"
)
_LABELLED = re.compile(r"\s*[^，。；,;]{1,10}[:：]")
# Words that say a character twice, so that a page can end between the two.
_TWICE = frozenset("人天层一家户个种处时事往常刚日年月大渐逐多代仅点面项")


class Body(NamedTuple):
    """The text of a notice; `doubled` shows the cuts where a character is printed on both sides."""

    text: str
    doubled: tuple[str, ...] = ()


def join_paragraphs(lines: Sequence[str]) -> Body:
    """Printed lines as a text of one line per paragraph; each line is a paragraph unless it was cut.

    A character printed both before and after the cut is kept once (经办机 / 机构 → 经办机构), for a word that
    it tears apart would hide from a search.
    """
    paragraphs: list[list[str]] = []  # the lines of each
    doubled: list[str] = []
    for line in (line.strip() for line in lines if not is_blank(line)):
        last = paragraphs[-1][-1] if paragraphs else ""
        if not last or not _is_cut(last, line):
            paragraphs.append([line])
        elif _is_doubled(last, line):
            doubled.append(last[-4:] + "/" + line[:4])
            paragraphs[-1].append(line[1:])
        else:
            paragraphs[-1].append(line)
    return Body("\n".join(" ".join(join_lines(parts).split()) for parts in paragraphs), tuple(doubled))


def _is_cut(line: str, following: str) -> bool:
    """Whether a page end or a line end stands between two lines in the middle of a sentence."""
    if line.endswith(tuple(_ENDS)) or _OPENING.match(following) or only_date(following):
        return False
    if line.endswith(tuple(_OPEN_END)):
        return True
    is_text = len(line) >= _SHORTEST and _RUNNING.search(line) and not _TITLE.match(line)
    return bool(is_text) and not _LABELLED.match(following)


def _is_doubled(line: str, following: str) -> bool:
    last = line[-1]
    return last == following[0] and "\u4e00" <= last <= "\u9fff" and last not in _TWICE
