"""One printing of a notice, folded for comparison. Facts only: what they mean is judged elsewhere."""

import datetime as dt
import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Self

from monitor.types import Notice
from rules.text import normalise

_NOT_LETTERS = re.compile(r"[\W_]+")


def letters(text: str) -> str:
    """The letters and figures of a text: no layout, punctuation, width or variant is left."""
    return _NOT_LETTERS.sub("", normalise(text))


_FORMS = ("", "公告", "通告", "令")
_CODED = re.compile(r"(.+?)\((\d{4})年?\)第?(\d{1,6})号?")
_YEARLY = re.compile(r"(公告|通告|令)?\(?(\d{4})年第?(\d{1,6})号\)?(公告|通告)?")
_ORDER = re.compile(r"(.*令)\(?第?(\d{1,6})号\)?")


@dataclass(frozen=True, slots=True)
class Number:
    """A document number in its parts. Without an agency's code (公告 2022年第61号) many agencies share it."""

    code: str
    year: int | None = None
    serial: int | None = None

    @classmethod
    def parse(cls, printed: str) -> Self:
        text = normalise(printed).replace(" ", "")
        if coded := _CODED.fullmatch(text):
            return cls(coded[1], int(coded[2]), int(coded[3]))
        if yearly := _YEARLY.search(text):
            return cls(yearly[1] or yearly[4] or "", int(yearly[2]), int(yearly[3]))
        if order := _ORDER.fullmatch(text):
            return cls(order[1], None, int(order[2]))
        return cls(_NOT_LETTERS.sub("", text))

    @property
    def names_its_agency(self) -> bool:
        return self.code not in _FORMS

    def __str__(self) -> str:
        return f"{self.code}({self.year or ''}){self.serial or ''}"


# A title begins with its issuers or, in digests, with the province (山西：关于…), or with neither. Everything
# from the first of these words on is the document's own.
_OWN = r"关于|印发|转发|发布|公布|公开|征求"
_ISSUERS = re.compile(
    r"^(?:[\u4e00-\u9fff]{2,8}:)?"
    rf"(?:(?:(?!{_OWN})[\u4e00-\u9fff、,·() ])*?"
    rf"(?:委|局|厅|部|院|办|会|组|室|署|司|中心|部门|单位|政府)(?=(?:联合)?(?:{_OWN})))?"
)
_NUMBER_AT_END = re.compile(r"(?:公告|通告)?\(\d{4}年第?\d{1,6}号\)$")
_REMARK_AT_END = re.compile(r"\((?:节选|摘要|摘编|全文|转载)\)$")
_OPENING_WORDS = re.compile(
    rf"^(?:{_OWN}|征集|修订|再次|组织|开展|做好|进一步|加强|推进|落实|对|就|等|部门|联合)+"
)
# A title with one of these is not that of the document which it names.
_MARKS = re.compile(r"转发|解读|图解|读懂|问答|答记者|废止|失效|修订|修改|更正|勘误|补充|延期|延长|续")
_NUMERALS = re.compile(r"\d+|[〇零一二三四五六七八九十百]+")
_SUBJECT_LENGTH = 10

# Numbers of times a page was read, which grow by themselves, and a character doubled at a page break.
_COUNTER = re.compile(r"(?:浏览|阅读|点击|访问)(?:次数|人数|量|数)?:?\d+次?")
_DOUBLED = re.compile(r"([\u4e00-\u9fff])(?<![〇一二三四五六七八九十百千])\1")

_FIGURES = re.compile(r"\d+|[〇零一二三四五六七八九十百千]+(?=[年月日批号期次条])")
_FULL_DATE = re.compile(
    r"(?:\d{4}|[〇一二三四五六七八九]{4})年(?:\d+|[一二三四五六七八九十]+)月(?:\d+|[一二三四五六七八九十]+)日"
)
_SEQUENCE = 6
_SHORTER_HEAD, _LONGER_HEAD = 4_000, 12_000  # letters; enough to tell, and bounded for a whole book


@dataclass(frozen=True)
class Printing:
    """What one printing says of its document."""

    notice: Notice

    @cached_property
    def number(self) -> Number | None:
        """The document number, from the title's end where it stands nowhere else."""
        if self.notice.doc_number:
            return Number.parse(self.notice.doc_number)
        at_end = _NUMBER_AT_END.search(self._title)
        return Number.parse(at_end[0]) if at_end else None

    @cached_property
    def title(self) -> str:
        """The title's letters without issuers, number and remarks."""
        own = _ISSUERS.sub("", self._title)
        own = _REMARK_AT_END.sub("", re.sub(r"\(\d{4}年第?\d{1,6}号\)$", "", own))
        return _NOT_LETTERS.sub("", own) or _NOT_LETTERS.sub("", self._title)

    @cached_property
    def title_marks(self) -> frozenset[str]:
        """What makes another document of one with a similar title: an interpretation, a correction."""
        return frozenset(_MARKS.findall(self.title))

    @cached_property
    def title_figures(self) -> list[str]:
        return _NUMERALS.findall(self.title)

    @cached_property
    def subject(self) -> str:
        """The beginning of what the title is about, the same where the words around it differ."""
        about = _OPENING_WORDS.sub("", self.title)
        return (about if len(about) >= 4 else self.title)[:_SUBJECT_LENGTH]

    @cached_property
    def text(self) -> str:
        """The letters of the body, or of the summary where there is no body."""
        return _NOT_LETTERS.sub("", self._body)

    @cached_property
    def figures(self) -> Counter[str]:
        """The numbers in the text: what last year's notice and this year's differ by."""
        return Counter(_FIGURES.findall(self._body))

    @cached_property
    def is_dated(self) -> bool:
        """Whether the text itself carries a full date, as a signature does."""
        return _FULL_DATE.search(self._body) is not None

    @cached_property
    def whole(self) -> str:
        """Everything a reader would call the text; equal where nothing of substance differs."""
        notice = self.notice
        parts = [notice.title, self._body]
        parts += [part for reading in notice.interpretations for part in (reading.title, reading.body)]
        parts += sorted(attachment.name for attachment in notice.attachments)
        return _DOUBLED.sub(r"\1", "\n".join(letters(_COUNTER.sub("", normalise(part))) for part in parts))

    @cached_property
    def dates(self) -> frozenset[dt.date]:
        """The days it was written and published on, as far as they are printed."""
        return frozenset(day for day in (self.notice.written_date, self.notice.published_date) if day)

    @cached_property
    def when(self) -> frozenset[dt.date]:
        """Its dates, or a day near them: that of the source digest that carries it."""
        digest = self.notice.digest
        issue = digest and (digest.period_end or digest.date)
        return self.dates or frozenset({issue} if issue else ())

    @cached_property
    def agencies(self) -> frozenset[str]:
        return frozenset(letters(agency) for agency in self.notice.agencies)

    @cached_property
    def _title(self) -> str:
        return normalise(self.notice.title)

    @cached_property
    def _body(self) -> str:
        # Without any space: a line that ends inside a number must not make two of it.
        return normalise(self.notice.body or self.notice.summary or "").replace(" ", "")


@lru_cache(maxsize=64)
def printing(notice: Notice) -> Printing:
    """The notice folded; the last ones are kept, since each is compared several times."""
    return Printing(notice)


def shared_text(one: Printing, other: Printing) -> float:
    """How much of the shorter text stands in the longer one, from 0 to 1, by sequences of letters."""
    shorter, longer = sorted((one.text, other.text), key=len)
    wanted = _sequences(shorter[:_SHORTER_HEAD])
    return len(wanted & _sequences(longer[:_LONGER_HEAD])) / len(wanted) if wanted else 0.0


def shared_figures(one: Printing, other: Printing) -> float:
    """How many of the shorter text's numbers stand in the longer one, from 0 to 1."""
    shorter, longer = sorted((one, other), key=lambda each: len(each.text))
    wanted = shorter.figures
    return (wanted & longer.figures).total() / wanted.total() if wanted else 1.0


def _sequences(text: str) -> set[str]:
    return {text[start : start + _SEQUENCE] for start in range(len(text) - _SEQUENCE + 1)}
