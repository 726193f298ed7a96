"""What a message says, as ordered parts of one language, before a channel gives it its form. Pure.

The first line decides: province, what kind of thing it is, title. Then who and under which number, the
deadline, dates, why the reader gets it, where it stands, and what to be careful about.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar
from urllib.parse import urlsplit

from monitor.compose.detail import FULL, LEVELS, Detail
from monitor.compose.notes import days_left, last_of_day, lateness, length, repeat
from monitor.compose.parts import Composition, Line, Part, PartKind, Span, clip, cut, line, tidy, web_address
from monitor.compose.reasons import hit_lines
from monitor.compose.summary import compose_summary
from monitor.types import Message, Notice, NoticeKind
from monitor.words import Words

T = TypeVar("T")


def fitting(
    message: Message, today: dt.date, render: Callable[[Composition], T], fits: Callable[[T], bool]
) -> T:
    """The fullest rendering that fits; the shortest one (some 600 characters) where none does.

    Level by level there are fewer reasons (with a count of the rest), shorter snippets, at last no dates and
    files; the link and a reason always stay.
    """
    for level in LEVELS:
        rendered = render(compose(message, today, level))
        if fits(rendered):
            break
    return rendered


def compose(message: Message, today: dt.date, detail: Detail = FULL) -> Composition:
    """Put a message into words; `today` is the reader's calendar day, from which days left are counted."""
    if message.summary is not None:
        return compose_summary(message, message.summary, today, detail)
    if message.notice is None:
        return _announcement(message, detail)
    return _Alert(message, message.notice, today, detail).composition()


def _announcement(message: Message, detail: Detail) -> Composition:
    headline = clip(message.headline, detail.title) or "policy-monitor"
    text = (tidy(row).strip() for row in cut(message.text, detail.text).splitlines())
    parts = (
        Part(PartKind.HEAD, (line(headline),)),
        Part(PartKind.TEXT, tuple(line(row) for row in text if row)),
        Part(PartKind.NOTES, (repeat(_words(message)),) if message.may_repeat else ()),
    )
    return Composition(message.language, headline, tuple(part for part in parts if part.lines))


def _words(message: Message) -> Words:
    return Words("en" if message.language == "en" else "zh")


class _Alert:
    """The parts of one alert, in the order of reading."""

    def __init__(self, message: Message, notice: Notice, today: dt.date, detail: Detail) -> None:
        self.message, self.notice, self.today, self.detail = message, notice, today, detail
        self.say = _words(message)
        self.bracket = self._bracket()

    def composition(self) -> Composition:
        lines = {
            PartKind.HEAD: self._head(),
            PartKind.ISSUER: self._issuer(),
            PartKind.DEADLINE: self._deadline(),
            PartKind.DATES: self._dates() if self.detail.extras else (),
            PartKind.TOPICS: self._topics() if self.detail.extras else (),
            PartKind.REASONS: self._reasons(),
            PartKind.FILES: self._files() if self.detail.extras else (),
            PartKind.SOURCE: self._source(),
            PartKind.NOTES: self._notes(),
        }
        headings = {PartKind.REASONS: self.say("为什么提醒您", "Why you get this")}
        parts = (Part(kind, tuple(found), headings.get(kind, "")) for kind, found in lines.items())
        return Composition(
            self.message.language, self._subject(), tuple(part for part in parts if part.lines)
        )

    def _bracket(self) -> str:
        """Province and what sets this alert apart: `【山西 · 征求意见】`."""
        marks = (
            (True, self._provinces()),
            (self.message.revision > 1, self.say("修订", "Revised")),
            (self.notice.is_consultation, self.say("征求意见", "Consultation")),
            (self.notice.kind is NoticeKind.LISTED, self.say("仅列目录", "Listed only")),
            (self.message.may_repeat, self.say("可能重复", "May be a repeat")),
        )
        inside = " · ".join(mark for given, mark in marks if given and mark)
        return self.say(f"【{inside}】", f"[{inside}] ") if inside else ""

    def _provinces(self) -> str:
        return self._listed([clip(name, 12) for name in self.notice.provinces], 3)

    def _listed(self, names: Sequence[str], limit: int, *, more: bool = False) -> str:
        """The first names, and a word on whether there are more."""
        shown = self.say("、", ", ").join(names[:limit])
        return shown + self.say("等", " and others") if shown and (more or len(names) > limit) else shown

    def _head(self) -> Iterator[Line]:
        title = Span(self._title(self.detail.title), web_address(self.notice.url))
        yield Line((Span(self.bracket), title) if self.bracket else (title,))

    def _title(self, length: int) -> str:
        return clip(self.notice.title, length) or self.say("（无标题）", "(untitled)")

    def _subject(self) -> str:
        due = self.notice.comment_deadline
        subject = self.bracket + self._title(min(self.detail.title, 120))
        return subject + self.say(f"（{due} 截止）", f" (due {due})") if due else subject

    def _issuer(self) -> Iterator[Line]:
        agencies = [clip(agency, 40) for agency in self.notice.agencies]
        issuer = self._listed(agencies, self.detail.items, more=self.notice.agencies_truncated)
        if text := " · ".join(filter(None, (issuer, clip(self.notice.doc_number or "", 60)))):
            yield line(text)

    def _deadline(self) -> Iterator[Line]:
        if due := self.notice.comment_deadline:
            weekday = self.say("一二三四五六日"[due.weekday()], f"{due:%a}")
            left = days_left((due - self.today).days, self.say)
            yield line(
                self.say(f"{due}（周{weekday}，{left}）", f"{due} ({weekday}, {left})"),
                self.say("意见截止", "Comments due"),
            )

    def _dates(self) -> Iterator[Line]:
        dates = (
            (self.notice.written_date, self.say("成文", "Written")),
            (self.notice.published_date, self.say("发布", "Published")),
            (self.notice.effective_date, self.say("施行", "In force")),
            (self.notice.expiry_date, self.say("有效期至", "Valid until")),
        )
        return (line(date.isoformat(), label) for date, label in dates if date)

    def _topics(self) -> Iterator[Line]:
        keywords = self._listed([clip(word, 20) for word in self.notice.keywords], self.detail.items)
        topics = (
            (clip(self.notice.category or "", 40), self.say("类别", "Category")),
            (keywords, self.say("关键字", "Keywords")),
        )
        return (line(text, label) for text, label in topics if text)

    def _reasons(self) -> Iterator[Line]:
        hits = self.message.hits
        for hit in hits[: self.detail.hits]:
            yield from hit_lines(hit, self.detail.reasons, self.detail.context, self.say)
        if left := len(hits) - len(hits[: self.detail.hits]):
            yield line(self.say(f"另有 {left} 项订阅也命中", f"{left} more of your subscriptions matched"))

    def _files(self) -> Iterator[Line]:
        files, spans = self.notice.attachments, list[Span]()
        for file in files[: self.detail.items]:
            spans += [Span(self.say("、", ", "))] if spans else []
            spans.append(Span(clip(file.name, 60), web_address(file.url)))
        if len(files) > self.detail.items:
            spans.append(Span(self.say(f" 等 {len(files)} 个", f" and others, {len(files)} in all")))
        if spans:
            yield Line(tuple(spans), self.say("附件", "Attachments"))

    def _source(self) -> Iterator[Line]:
        notice, link = self.notice, web_address(self.notice.url)
        page = notice.page is not None and self.say(f"第 {notice.page} 页", f"page {notice.page}")
        known = [text for text in (clip(notice.source_name or "", 40), _digest(notice), page) if text]
        if not link and not known:
            known = [text for text in (clip(notice.url or notice.source_id or "", 60),) if text]
        spans = [Span(" · ".join(known))] if known else []
        if link:
            spans += [*([Span(" · ")] if known else []), Span(clip(urlsplit(link).netloc, 60), link)]
        if spans:
            yield Line(tuple(spans), self.say("来源", "Source"))

    def _notes(self) -> Iterator[Line]:
        say, message = self.say, self.message
        if (number := message.revision) > 1:
            yield line(say(f"修订：内容与上次提醒时不同（第 {number} 版）", f"Revised: version {number}"))
        if self.notice.kind is NoticeKind.LISTED:
            yield line(say("仅列目录：文件里没有正文", "Listed only: the file holds no text of it"))
        if message.published_late:
            late = length(message.published_late, say)
            yield line(say(f"迟到：发布后 {late}才首次见到", f"Late: first seen {late} after publication"))
        if message.late:
            yield lateness(message.late, say)
        if message.last_of_day:
            yield last_of_day(message.last_of_day, say)
        if message.may_repeat:
            yield repeat(say)
        for warning in self.notice.warnings[: self.detail.items] if self.detail.extras else ():
            yield line(say("请核对原文：", "Please check the original: ") + clip(warning, 120))


def _digest(notice: Notice) -> str:
    if notice.digest is None:
        return ""
    return clip(" ".join(filter(None, (f"《{notice.digest.title}》", notice.digest.issue))), 60)
