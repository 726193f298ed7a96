"""What one item says: its text, signature, annexes, links and the interpretations nested in it."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from monitor.parsing.markdown import Unmarked
from monitor.parsing.paragraphs import join_paragraphs
from monitor.parsing.text import compact, is_blank, squeeze
from monitor.types import Interpretation

_RELATED = re.compile(r"^(?:相关链接|相关解读|延伸阅读|政策链接)\s{0,4}[:：]\s{0,4}(?P<title>.{0,200})$")
_READING = re.compile(
    r"^[【\[]?(?:专家|政策|权威|官方|图文|一图|文件)?(?:解读|点评|问答)(?:[一二三四五六七八九十]{1,2}|\d{1,2})?[】\]]?[:：]?\s{0,4}(?P<title>.{0,100})$"
)
_AUTHOR = re.compile(
    r"^(?P<place>\S{4,40}(?:医院|大学|学院|中心|研究院|研究所|学会|协会|委员会|委|局|部|公司|会|司|院)\S{0,20})\s{1,8}(?P<name>[\u4e00-\u9fff]{1,2}\s?[\u4e00-\u9fff]{1,3})$"
)
_TITLE_LENGTH = 45
_TITLE_LINES = 3


class Parts(NamedTuple):
    """An item taken apart: the notice proper and the interpretations after it."""

    own: list[Unmarked]
    interpretations: list[Interpretation]


def take_apart(lines: Sequence[Unmarked]) -> Parts:
    """The notice ends where the first interpretation begins."""
    starts = [number for number, line in enumerate(lines) if _opens_interpretation(line.text)]
    if not starts:
        return Parts(list(lines), [])
    pieces = zip(starts, [*starts[1:], len(lines)], strict=True)
    return Parts(list(lines[: starts[0]]), [_interpretation(lines[a:b]) for a, b in pieces])


def _opens_interpretation(text: str) -> bool:
    related = _RELATED.match(text)
    if related:
        return not related["title"].startswith(("http://", "https://"))
    return len(compact(text)) <= 12 and bool(_READING.match(text))


def _interpretation(lines: Sequence[Unmarked]) -> Interpretation:
    """Its title is that of the link, or the short lines between 专家解读一 and the author's name."""
    opening = _RELATED.match(lines[0].text) or _READING.match(lines[0].text)
    title = opening["title"].strip() if opening else ""
    rest = [line.text for line in lines[1:]]
    if not title:
        title, rest = _own_title(rest)
    return Interpretation(title or squeeze(lines[0].text), join_paragraphs(rest).text)


def _own_title(lines: list[str]) -> tuple[str, list[str]]:
    parts: list[str] = []
    for number, text in enumerate(lines):
        if is_blank(text):
            continue
        if (
            len(text) > _TITLE_LENGTH
            or text.endswith("。")
            or _AUTHOR.match(text)
            or len(parts) == _TITLE_LINES
        ):
            return " ".join(parts), lines[number:]
        parts.append(text)
    return " ".join(parts), []
