"""From when and until when a notice is in force.

Only what the text says of the notice itself counts: what starts on a day may as well be a price, a tender's
result or another document. Such a day is shown in a warning and never taken.
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from monitor.parsing.lifecycle.ends import End, find_ends
from monitor.parsing.lifecycle.mentions import MarkedText
from monitor.parsing.lifecycle.moments import find_moments
from monitor.parsing.lifecycle.starts import IssueDays, Start, find_starts
from monitor.parsing.lifecycle.subjects import Setting, Subject, in_cover
from monitor.types import Notice

_NEAR = 90  # days; a start without a year that lies further off may be another year's
_SHOWN = 40  # characters of a sentence in a warning
_KEYWORDS = re.compile(r"施行|实施|执行|生效|试行|实行|启用|有效|失效|废止|暂行|终止")
_EXTENDS = re.compile(r"延长|延续|顺延|延期|继续(?:有效|执行|实施|施行|试行)")


@dataclass(frozen=True, slots=True)
class Validity:
    """What a text says of its own force, and a sentence for each thing that was seen and not taken."""

    effective: dt.date | None = None
    expiry: dt.date | None = None
    warnings: tuple[str, ...] = ()


def find_validity(notice: Notice, text: MarkedText, own: frozenset[int], *, forwards: bool) -> Validity:
    """Read when the notice takes and loses force; what is uncertain stays None with a warning.

    `own` are the mentions of what the notice puts out; `forwards`: it passes another document on, whose days
    are not its own. A term of years ends the day before the anniversary of its start.
    """
    setting, days = Setting(notice.title, own, forwards), IssueDays(notice)
    extends = bool(_EXTENDS.search(notice.title))
    starts: list[Start] = []
    ends: list[End] = []
    follows = False
    for sentence, cover in in_cover(text):
        if sentence.in_title or not _KEYWORDS.search(sentence.text):
            follows = False
            continue
        here = replace(setting, cover=cover)
        moments = find_moments(sentence.text, days.base, within=_NEAR)
        found = list(find_starts(sentence.text, moments, here, days))
        ends += find_ends(sentence.text, moments, found, here, follows=follows, extends=extends)
        follows = any(start.subject is not Subject.OTHER for start in found)
        starts += found
    effective, doubts = _effective(starts, days)
    expiry, more_doubts = _expiry(ends, effective)
    return Validity(effective, expiry, tuple(filter(None, (doubts, more_doubts))))


def _effective(starts: Sequence[Start], days: IssueDays) -> tuple[dt.date | None, str]:
    """The day, and what the reader should know about it."""
    named = [start for start in starts if start.subject is Subject.NOTICE]
    own = named or [start for start in starts if start.subject is Subject.UNNAMED]
    known = sorted({start.day for start in own if start.day})
    if len(known) > 1:
        return None, f"正文写有不止一个施行日期（{_listed(known)}），未采用其中任何一个。"
    if known and not days.is_plausible(known[0]):
        return None, f"正文所写施行日期{known[0]}与发文日期{days.base}相差过大，未采用。"
    noted = next((start for start in own if start.note), None)
    if known:
        return known[0], f"施行日期由「{_shown(noted)}」{noted.note}。" if noted and noted.day else ""
    if own:
        return None, f"正文称「{_shown(own[0])}」，但{own[0].note}，施行日期未填。"
    others = [start for start in starts if start.day]
    return None, f"正文称「{_shown(others[0])}」，所指似非本文件自身，未作为施行日期。" if others else ""


def _expiry(ends: Sequence[End], effective: dt.date | None) -> tuple[dt.date | None, str]:
    """The last day, and what the reader should know about it."""
    own = [end for end in ends if end.subject is Subject.NOTICE]
    unsure = next((end for end in ends if end.subject is Subject.UNNAMED), None)
    days = {end.day for end in own if end.day}
    if not days and effective:
        after = [end.span.after(effective) for end in own if end.span]
        days = {day - dt.timedelta(days=1) for day in after if day}
    if len(days) > 1:
        return None, f"正文写有不止一个失效日期（{_listed(sorted(days))}），未采用其中任何一个。"
    if days and effective and min(days) <= effective:
        return None, f"正文所写失效日期{min(days)}不晚于施行日期{effective}，未采用。"
    if days:
        return min(days), ""
    if own:
        return None, f"正文称「{_shown(own[0])}」，但日期无法推定，失效日期未填。"
    return None, f"正文称「{_shown(unsure)}」，未写明所指，失效日期未填。" if unsure else ""


def _listed(days: Sequence[dt.date]) -> str:
    return "、".join(map(str, days))


def _shown(clause: Start | End) -> str:
    """The words of a clause for a warning, without the marks of documents."""
    return "".join(character for character in clause.phrase if character <= "\uffff")[:_SHOWN]
