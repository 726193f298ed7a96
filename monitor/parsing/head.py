"""The head of a government document: issuer, number and title, in whatever order they stand.

某省人民政府办公厅文件        国家某某局              关于印发某某的通知
某政办发〔2022〕1号           公告                    某医保发〔2022〕1号
某省人民政府办公厅            2025年第47号            各有关单位：
关于印发某某的通知            关于发布某某的公告      为……
各市、县人民政府：            为……
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from monitor.parsing.dates import find_dates
from monitor.parsing.labels import label_of
from monitor.parsing.numbers import PrintedNumber, find_numbers
from monitor.parsing.signature import is_agency, only_date, split_agencies, title_agencies
from monitor.parsing.text import compact, join, tidy_title

_LINES = 40  # a head is over long before
_FORM = re.compile(r"(?:文件|公告|通告|公报|令|函|通知|决定|意见|批复|会议纪要|白头文件|明电|发电)$")
_FORM_WORDS = frozenset(
    ("文件", "公告", "通告", "公报", "令", "函", "通知", "决定", "意见", "批复", "纪要", "明电")
)
_MARGINAL = re.compile(
    r"^(?:\d{4,8}|特急|加急|平急|急件|特提|(?:绝密|机密|秘密|内部)[★☆*]?.{0,8}|签发人[:：].{0,20}|份号[:：].{0,12}"
    r"|[（(]?此件(?:公开|主动公开|依申请公开|不公开).{0,6}|信息公开.{0,12}|公开方式.{0,12})$"
)
_SIGNED_BY = re.compile(r"\s*签发人\s*[:：].{0,20}$")
_ORDER_NUMBER = re.compile(r"^[（(]?第\s?(?P<serial>\d{1,4})\s?号[）)]?$")
_SENTENCE = re.compile(r"[。；;]|，.{0,60}，")
_HEADING = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十]{1,3}[章条]|[（(][一二三四五六七八九十]{1,3}[）)]"
    r"|\d{1,2}[.、．])"
)
_TITLE_END = re.compile(
    r"(?:通知|公告|通告|通报|意见|决定|办法|规定|细则|方案|规划|计划|要点|函|批复|答复|公示|公报|请示|报告|目录|指南"
    r"|规范|标准|说明|清单|要求|措施|条例|规程|解读|令|名单|结果|草案|征求意见稿|试行)[）)》】\"”]{0,3}$"
)
_TITLE_STARTS = re.compile(r"^(?:关于|關於|印[发發]|[转轉][发發]|[发發]布|公布|《|[对對])")
_OPEN_BRACKETS, _CLOSE_BRACKETS = "（(《〈“【〔[", "）)》〉”】〕]"


@dataclass(slots=True)
class Head:
    """What the head says. `body_start` is the index of the first line after it; names are as printed."""

    issuers: tuple[str, ...] = ()
    truncated: bool = False
    doc_number: str | None = None
    title: str = ""
    body_start: int = 0


def read_head(lines: Sequence[str]) -> Head:
    """The head of a document from its first lines (blank ones may be among them)."""
    return _HeadReader(lines).read()


def looks_like_title(text: str) -> bool:
    """Begins or ends like the title of a government document."""
    return "关于" in text or "關於" in text or bool(_TITLE_END.search(compact(text)))


class _HeadReader:
    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._head = Head()
        self._title: list[str] = []
        self._names: list[str] = []  # lines of agencies that may be the issuers' or the title's
        self._red = 0  # how many of them the red header holds for certain
        self._form = ""
        self._order = ""

    def read(self) -> Head:
        for number, line in enumerate(self._lines[:_LINES]):
            text = line.strip()
            if text and self._ends_before(text):
                break
            if text:
                self._take(text)
            self._head.body_start = number + 1
        return self._finished()

    def _ends_before(self, text: str) -> bool:
        """The text is no longer the head's: addressees, a sentence, a heading, what follows a full title."""
        if (
            text.endswith("。")
            or (text.endswith(("：", ":")) and label_of(text) is None)
            or _HEADING.match(text)
            or (len(text) > 30 and _SENTENCE.search(text))
            or len(text) > 160
        ):
            return True
        return self._title_is_full() and not self._belongs_after_title(text)

    def _title_is_full(self) -> bool:
        title = "".join(self._title)
        return bool(_TITLE_END.search(compact(title))) and _balanced(title)

    def _belongs_after_title(self, text: str) -> bool:
        small = compact(text)
        return (
            self._number_in(text) is not None
            or bool(_ORDER_NUMBER.match(small))
            or self._is_red_line(text)
            or only_date(text) is not None
            or bool(_MARGINAL.match(small))
            or (small[:1] in "（(" and small[-1:] in "）)")
            or (
                len(small) <= 16
                and bool(_TITLE_END.search(small))
                and len(self._title) < 4
                and not text.endswith("。")
            )
        )

    def _take(self, text: str) -> None:
        text = _SIGNED_BY.sub("", text)
        small = compact(text)
        if _MARGINAL.match(small) or only_date(text):
            return
        if number := self._number_in(text):
            self._take_number(text, number)
        elif order := _ORDER_NUMBER.match(small):
            self._order = order["serial"]
        elif (not self._title and small in _FORM_WORDS) or self._is_red_line(text):
            self._take_red_line(text)
        elif not self._title and split_agencies(text)[0]:
            self._names.append(text)
        elif self._title and small[:1] in "（(" and small[-1:] in "）)" and find_dates(text):
            return  # （2022年1月1日某会议通过）
        else:
            self._take_title(text)

    def _number_in(self, text: str) -> PrintedNumber | None:
        """The number of a line that holds a number and perhaps issuer or form, but no more."""
        numbers = find_numbers(text)
        if len(numbers) != 1 or len(text) > 80:
            return None
        around = compact(text[: numbers[0].start] + text[numbers[0].end :]).strip("（()）【】")
        around = _FORM.sub("", around)
        return numbers[0] if not around or split_agencies(around)[0] else None

    def _take_number(self, text: str, number: PrintedNumber) -> None:
        if self._head.doc_number is None:
            self._head.doc_number = number.value
        before = text[: number.start].strip("（( ")
        if not self._title and before and not self._names:
            self._take_red_line(before)
        self._promote_names()

    def _is_red_line(self, text: str) -> bool:
        small = compact(text)
        stem = _FORM.sub("", small)
        return stem != small and bool(split_agencies(_FORM.sub("", text.rstrip()))[0] or is_agency(stem))

    def _take_red_line(self, text: str) -> None:
        """某省人民政府办公厅文件; the form alone below or beside the names of joint issuers."""
        small = compact(text)
        form = _FORM.search(small)
        self._form = form[0] if form else self._form
        stem = _FORM.sub("", text.rstrip()).strip() if form else text
        if stem:
            self._names.append(stem if split_agencies(stem)[0] else compact(stem))
        self._red = len(self._names)

    def _promote_names(self, count: int | None = None) -> None:
        """What stood above a number or in the red header are issuers, not the beginning of the title."""
        names, self._names = self._names[:count], self._names[len(self._names[:count]) :]
        self._red = 0
        if names and not self._head.issuers:
            self._head.issuers, self._head.truncated = split_agencies(" ".join(names))

    def _take_title(self, text: str) -> None:
        if self._names and not self._title:
            self._promote_names(self._red if _TITLE_STARTS.match(compact(text)) else None)
            self._title, self._names = self._names, []
        self._title.append(text)

    def _finished(self) -> Head:
        self._promote_names()
        head = self._head
        head.title = tidy_title(_joined_title(self._title))
        if self._order and head.issuers:
            head.doc_number = head.doc_number or f"{''.join(head.issuers)}{self._form}第{self._order}号"
        if not head.title and head.issuers and self._form:
            head.title = (
                head.doc_number if self._order and head.doc_number else "".join(head.issuers) + self._form
            )
        return head


def _joined_title(lines: list[str]) -> str:
    """Lines of a title in one; a space stays between two lines that both end or begin with an agency."""
    title = ""
    for line in lines:
        apart = title and split_agencies(title)[0] and title_agencies(line)[0]
        title = f"{title} {line.strip()}" if apart else join(title, line)
    return title


def _balanced(text: str) -> bool:
    return sum(text.count(c) for c in _OPEN_BRACKETS) <= sum(text.count(c) for c in _CLOSE_BRACKETS)
