"""Small helpers for printed lines of Chinese text."""

import re
from collections.abc import Iterable

from rules.text import normalise

GENRE = r"(?:通知|公告|通告|通报|意见|复函|批复|决定|函|令)"
"""What the title of a notice ends with (a pattern)."""

_SPACES = re.compile(r"[\s\u200b-\u200d\u2060\ufeff]+")
_INVISIBLE = re.compile(r"[\u200b-\u200d\u2060\ufeff]")
_CHINESE = r"[\u2018-\u201d\u2026\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]"
_SPACE_BY_CHINESE = re.compile(rf"(?<={_CHINESE})\s+|\s+(?={_CHINESE})")


def compact(text: str) -> str:
    """`text` without any white space, zero-width characters included."""
    return _SPACES.sub("", text)


def key(text: str) -> str:
    """What two printings of the same words have in common: folded as rules fold text, and without spaces.

    For comparing only, never for showing: widths, traditional forms, quotation marks and brackets are gone.
    """
    return compact(normalise(text))


def is_blank(line: str) -> bool:
    """Nothing to be seen on the line."""
    return not compact(line)


def squeeze(text: str) -> str:
    """One line: white space next to a Chinese character removed, other runs of it a single space."""
    return _SPACE_BY_CHINESE.sub("", " ".join(_INVISIBLE.sub("", text).split()))


_ISSUERS = re.compile(r".{0,200}?(?=关于|印发|转发|发布|公布|征求|征集)")
_AGENCY = re.compile(r"(?:[委局厅部署院司处会组办行]|办公室|中心|政府)$")
_OFFICE = re.compile(r"办公[厅室]|[\u4e00-\u9fff]{1,6}[司处]")


def tidy_title(text: str) -> str:
    """A title as printed without the spaces of its layout; the one between two agencies stays.

    国家药监局 海关总署关于进口 药品的公告 → 国家药监局 海关总署关于进口药品的公告
    """
    printed = " ".join(text.split())
    issuers = _ISSUERS.match(printed)
    head = issuers[0] if issuers else ""
    names, cut = [""], False  # a name that a line end has cut goes on with the next piece
    for piece in head.split():
        if names[-1] and not cut and _AGENCY.search(piece) and not _OFFICE.fullmatch(piece):
            names.append(piece)
        else:
            names[-1] += piece
        cut = not _AGENCY.search(piece)
    return " ".join(names) + squeeze(printed[len(head) :])


def join(first: str, second: str) -> str:
    """Two parts of one printed line put together: with a space only between two Latin letters."""
    first, second = first.rstrip(), second.lstrip()
    return f"{first} {second}" if _are_words(first, second) else first + second


def _are_words(first: str, second: str) -> bool:
    ends = first[-1:] + second[:1]
    return len(ends) == 2 and ends.isascii() and ends.isalpha()


def join_lines(lines: Iterable[str]) -> str:
    """Several printed lines that are one sentence, put together as by `join`."""
    joined: list[str] = []
    for line in lines:
        if text := line.strip():
            joined.append(" " + text if joined and _are_words(joined[-1], text) else text)
    return "".join(joined)
