"""Whether a sentence about force speaks of the notice itself, of a part of it, or of another document."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from monitor.parsing.lifecycle.mentions import MARK, MarkedText, Sentence, index_of

_NOUN = (
    r"(?:办法|规定|细则|通知|公告|通告|通报|意见|决定|方案|规范|标准|指南|指引|目录|规划|规程|制度|准则|基准|措施"
    r"|规则|条例|计划|要点|清单|文件|政策|预案|导则|章程|手册|流程|程序|守则|大纲|纲要|批复|公约|要求|指标|文)"
)
_ONE_NOUN = re.compile(_NOUN)
_NOTICE_ITSELF = ("通知", "公告", "通告", "决定", "文件", "文", "批复")
_REST = (
    r"(?:（[^（）]{0,30}）|\([^()]{0,30}\)|(?:及|和|与)[^，,的]{0,20}(?:的[^，,]{0,20})?|由[^，,]{1,60}|经[^，,]{1,40}"
    r"|原则上|应当?|将|拟|现|定|统一|正式|均|暂|[（(])?的?"
)
_NUMBERING = re.compile(
    r"^\s*(?:第[一二三四五六七八九十百零\d]{1,6}条|[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．]|附则|其他)?\s*"
)
_NOT_OURS = "市省区县州院局委厅部次轮批期年月季周条款项前后外类"  # 本市办法, 本次…方案, 此前文件
_THIS = re.compile(rf"(?:本|此)(?![{_NOT_OURS}])[^，,]{{0,16}}?(?P<noun>{_NOUN}){_REST}")
_THESE = re.compile(rf"(?:上述|以上|前述)[^，,的]{{0,16}}{_NOUN}{_REST}")
_NAMED = re.compile(rf"(?P<mark>{MARK})(?:[、和及与]{MARK})*{_REST}")
_FILLER = r"(?:现?予?以?(?:公布|发布|印发)(?:给?你们)?|并|均|同时|统一|一并|正式|将|定|请|[（(]|有关规定)"
_ELIDED = re.compile(rf"{_FILLER}{{0,3}}(?:由[^，,]{{1,60}}解释)?{_FILLER}{{0,2}}")
_OF_A_PART = re.compile(r"中选|协议|合同|采购周期|挂网|中标")
_INTRODUCED = re.compile(rf"(?:印发|发布|公布|出台|颁布)[^，,]{{0,12}}(?P<mark>{MARK})")
_ANNEX_STARTS = re.compile(r"\s*(?:第[一1][章条]|附\s?件\s?[\d一二三四五六七八九十]{0,3}\s?$)")
_CLAUSE_END = re.compile(r"[，,；;：:]")
_LONGEST = 200  # characters before a day that can say whose it is
_PREPOSITION = re.compile(r"(?:自|从|由|于|定于|将于|拟于)$")


class Subject(Enum):
    """Whom a sentence speaks of."""

    NOTICE = "notice"
    UNNAMED = "unnamed"  # no subject of its own: whatever the words before were about
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Setting:
    """What is known of the notice when one of its sentences is read.

    `own` are the mentions of documents that it puts out; `forwards`: it only passes another document on;
    `cover`: the sentence stands before the first annex.
    """

    title: str
    own: frozenset[int]
    forwards: bool
    cover: bool = True


def subject_of(before: str, setting: Setting) -> Subject:
    """Of whom a sentence speaks that begins with `before`, the words before a day or a verb."""
    clauses = _CLAUSE_END.split(_PREPOSITION.sub("", before[-_LONGEST:].rstrip()))
    clause = _NUMBERING.sub("", clauses[-1], count=1)
    if setting.forwards and not setting.cover:
        return Subject.OTHER
    if _ELIDED.fullmatch(clause):
        return Subject.OTHER if _speaks_of_other(clauses[:-1], setting) else Subject.UNNAMED
    if match := _NAMED.fullmatch(clause):
        return Subject.NOTICE if index_of(match["mark"]) in setting.own else Subject.OTHER
    if match := _THIS.fullmatch(clause):
        return Subject.NOTICE if _names_notice(match["noun"], setting) else Subject.OTHER
    return Subject.NOTICE if _THESE.fullmatch(clause) or _is_titled(clause, setting) else Subject.OTHER


def _speaks_of_other(clauses: list[str], setting: Setting) -> bool:
    previous = clauses[-1] if clauses else ""
    introduced = _INTRODUCED.search(previous)
    other = introduced is not None and index_of(introduced["mark"]) not in setting.own
    return other or bool(_OF_A_PART.search(previous))


def _names_notice(noun: str, setting: Setting) -> bool:
    """本办法 is the notice's where its title has an 办法; an annex of an annex says 本规程 of itself."""
    return noun in _NOTICE_ITSELF or noun in setting.title or setting.cover


def _is_titled(clause: str, setting: Setting) -> bool:
    """The document of the title without quotation marks: 某某实施方案自…起施行."""
    return len(clause) > 5 and clause in setting.title and bool(_ONE_NOUN.search(clause[-2:]))


def in_cover(text: MarkedText) -> Iterator[tuple[Sentence, bool]]:
    """Each sentence, and whether it stands before the first annex."""
    cover = True
    for sentence in text.sentences:
        if sentence.starts_line and _ANNEX_STARTS.match(sentence.text):
            cover = False
        yield sentence, cover
