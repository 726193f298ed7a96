"""What a message says, as ordered parts of one language, before a channel gives it its form. Pure.

The first line decides: province, what kind of thing it is, title. Then who and under which number, the
deadline, dates, why the reader gets it, where it stands, and what to be careful about.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlsplit

from monitor.composition import Composition, Line, Part, PartKind, Span, clip, cut, tidy
from monitor.types import Hit, Message, Notice, NoticeKind
from monitor.wording import facet_name, field_name, words
from rules.model import Reason


@dataclass(frozen=True, slots=True)
class Detail:
    """How much is said: characters of `title`, `text` and `context` around a hit, the number of the rest."""

    title: int
    hits: int
    reasons: int
    context: int
    items: int
    text: int
    extras: bool = True  # dates, topics, files, notes


FULL = Detail(title=300, hits=5, reasons=6, context=30, items=6, text=3000)
LEVELS = (
    FULL,
    Detail(title=200, hits=3, reasons=3, context=20, items=3, text=1500),
    Detail(title=120, hits=2, reasons=2, context=14, items=1, text=700),
    Detail(title=80, hits=1, reasons=1, context=8, items=1, text=300, extras=False),
)

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
    if message.notice is None:
        return _announcement(message, detail)
    task = _Task(message, message.notice, today, detail, words(message.language))
    builders = (_head, _issuer, _deadline, _dates, _topics, _reasons, _files, _source, _notes)
    parts = tuple(part for part in (build(task) for build in builders) if part.lines)
    return Composition(message.language, _subject(task), parts)


@dataclass(frozen=True, slots=True)
class _Task:
    message: Message
    notice: Notice
    today: dt.date
    detail: Detail
    words: Mapping[str, str]


def _announcement(message: Message, detail: Detail) -> Composition:
    headline = clip(message.headline, detail.title)
    lines = tuple(_plain(tidy(line)) for line in cut(message.text, detail.text).splitlines() if line.strip())
    parts = (Part(PartKind.HEAD, (_plain(headline),)), Part(PartKind.TEXT, lines))
    return Composition(message.language, headline, tuple(part for part in parts if part.lines))


def _head(task: _Task) -> Part:
    bracket = _bracket(task)
    title = Span(clip(task.notice.title, task.detail.title), _web(task.notice.url))
    return Part(PartKind.HEAD, (Line((Span(bracket), title) if bracket else (title,)),))


def _subject(task: _Task) -> str:
    subject = _bracket(task) + clip(task.notice.title, min(task.detail.title, 120))
    if task.notice.comment_deadline:
        subject += task.words["deadline_short"].format(task.notice.comment_deadline.isoformat())
    return subject


def _bracket(task: _Task) -> str:
    message, notice, say = task.message, task.notice, task.words
    marks = (
        (message.revision > 1, "mark_revised"),
        (notice.is_consultation, "mark_consultation"),
        (notice.kind is NoticeKind.LISTED, "mark_listed"),
        (message.may_repeat, "mark_repeat"),
    )
    inside = [_provinces(notice, say), *(say[mark] for given, mark in marks if given)]
    text = " · ".join(filter(None, inside))
    return say["bracket"].format(text) if text else ""


def _provinces(notice: Notice, say: Mapping[str, str]) -> str:
    shown = say["list"].join(clip(name, 12) for name in notice.provinces[:3])
    return shown + (say["others"] if len(notice.provinces) > 3 else "")


def _issuer(task: _Task) -> Part:
    notice, say = task.notice, task.words
    agencies = say["list"].join(clip(agency, 40) for agency in notice.agencies[: task.detail.items])
    if agencies and (notice.agencies_truncated or len(notice.agencies) > task.detail.items):
        agencies += say["others"]
    text = " · ".join(filter(None, (agencies, clip(notice.doc_number or "", 60))))
    return Part(PartKind.ISSUER, (_plain(text),) if text else ())


def _deadline(task: _Task) -> Part:
    due, say = task.notice.comment_deadline, task.words
    if due is None:
        return Part(PartKind.DEADLINE, ())
    weekday = say["weekdays"].split()[due.weekday()]
    left = say["comma"].join((weekday, _days_left((due - task.today).days, say)))
    return Part(PartKind.DEADLINE, (_plain(due.isoformat() + say["aside"].format(left), say["deadline"]),))


def _days_left(days: int, say: Mapping[str, str]) -> str:
    known = {0: "today", 1: "tomorrow"}
    if days in known:
        return say[known[days]]
    return say["days_left"].format(n=days) if days > 0 else say["days_over"].format(n=-days)


def _dates(task: _Task) -> Part:
    names = ("written_date", "published_date", "effective_date", "expiry_date")
    dates = ((name, getattr(task.notice, name)) for name in names if task.detail.extras)
    return Part(
        PartKind.DATES, tuple(_plain(date.isoformat(), task.words[name]) for name, date in dates if date)
    )


def _topics(task: _Task) -> Part:
    if not task.detail.extras:
        return Part(PartKind.TOPICS, ())
    keywords = task.words["list"].join(clip(word, 20) for word in task.notice.keywords[: task.detail.items])
    found = (("category", clip(task.notice.category or "", 40)), ("keywords", keywords))
    return Part(PartKind.TOPICS, tuple(_plain(text, task.words[name]) for name, text in found if text))


def _reasons(task: _Task) -> Part:
    hits, say = task.message.hits, task.words
    lines = [line for hit in hits[: task.detail.hits] for line in _why(task, hit)]
    if len(hits) > task.detail.hits:
        lines.append(_plain(say["more_hits"].format(n=len(hits) - task.detail.hits)))
    return Part(PartKind.REASONS, tuple(lines), say["why"])


def _why(task: _Task, hit: Hit) -> Iterator[Line]:
    """The subscription as a labelled line, then a line for each of its reasons."""
    name, rule = clip(hit.subscription, 40), clip(hit.rule, min(task.detail.title, 120))
    yield _plain(rule, task.words["quoted"].format(name)) if name != rule else _plain("", name)
    words_first = sorted(hit.reasons, key=lambda reason: reason.facet != "text")
    for reason in words_first[: task.detail.reasons]:
        yield Line(tuple(_reason(task, reason)))
    if (left := len(hit.reasons) - task.detail.reasons) > 0:
        yield _plain(task.words["more_reasons"].format(n=left))


def _reason(task: _Task, reason: Reason) -> Iterator[Span]:
    """`集采 · 正文：…全省集中带量采购工作…`, the hit standing out; `省份 山西` where that is all."""
    language, say = task.message.language, task.words
    before, hit, after = _excerpt(reason, task.detail.context)
    term = clip(reason.term, 40)
    if reason.alias and reason.alias not in (reason.term, hit):
        term += say["aside"].format(say["alias"].format(clip(reason.alias, 40)))
    facet = facet_name(reason.facet, language)
    if facet and (before + hit + after) in ("", reason.term):
        yield from (Span(f"{facet} "), Span(term, hit=True))
        return
    yield Span(f"{facet} {term} · " if facet else f"{term} · {_field(reason, task)}")
    yield from (span for span in (Span(before), Span(hit, hit=True), Span(after)) if span.text)


def _field(reason: Reason, task: _Task) -> str:
    return task.words["label"].format(field_name(reason.field, task.message.language))


def _excerpt(reason: Reason, around: int) -> tuple[str, str, str]:
    before = tidy(reason.snippet[: reason.start]).lstrip()
    hit = clip(reason.snippet[reason.start : reason.end], 60)
    after = tidy(reason.snippet[reason.end :]).rstrip()
    if len(before) > around:
        before = "…" + before[-around:].lstrip()
    return before, hit, after[:around].rstrip() + "…" if len(after) > around else after


def _files(task: _Task) -> Part:
    files, limit, say = task.notice.attachments, task.detail.items, task.words
    if not files or not task.detail.extras:
        return Part(PartKind.FILES, ())
    spans: list[Span] = []
    for file in files[:limit]:
        spans += [Span(say["list"])] if spans else []
        spans.append(Span(clip(file.name, 60), _web(file.url)))
    if len(files) > limit:
        spans.append(Span(say["aside"].format(say["and_more"].format(n=len(files)))))
    return Part(PartKind.FILES, (Line(tuple(spans), say["attachments"]),))


def _source(task: _Task) -> Part:
    notice, link = task.notice, _web(task.notice.url)
    known = [clip(notice.source_name or "", 40), _digest(notice)]
    if notice.page is not None:
        known.append(task.words["page"].format(notice.page))
    if not link and not any(known):
        known.append(clip(notice.url or notice.source_id or "", 60))
    text = " · ".join(filter(None, known))
    spans = [Span(text)] if text else []
    if link:
        spans += [*([Span(" · ")] if text else []), Span(clip(urlsplit(link).netloc, 60), link)]
    return Part(PartKind.SOURCE, (Line(tuple(spans), task.words["source"]),) if spans else ())


def _digest(notice: Notice) -> str:
    if notice.digest is None:
        return ""
    return clip(" ".join(filter(None, (f"《{notice.digest.title}》", notice.digest.issue))), 60)


def _notes(task: _Task) -> Part:
    say, message, notice = task.words, task.message, task.notice
    notes = []
    if message.revision > 1:
        notes.append(say["note_revised"].format(n=message.revision))
    if notice.kind is NoticeKind.LISTED:
        notes.append(say["note_listed"])
    if message.published_late:
        notes.append(say["note_late"].format(span=_span(message.published_late, say)))
    if message.may_repeat:
        notes.append(say["note_repeat"])
    if task.detail.extras:
        warnings = notice.warnings[: task.detail.items]
        notes += [say["note_check"].format(clip(warning, 120)) for warning in warnings]
    return Part(PartKind.NOTES, tuple(_plain(note) for note in notes))


def _span(late: dt.timedelta, say: Mapping[str, str]) -> str:
    amount, unit = (late.days, "day") if late.days else (max(1, late.seconds // 3600), "hour")
    return say[unit] if amount == 1 else say[unit + "s"].format(n=amount)


def _plain(text: str, label: str = "") -> Line:
    return Line((Span(text),) if text else (), label)


def _web(url: str | None) -> str | None:
    """The address if a reader may click it: a file's name or a script is none."""
    if url is None or not re.match(r"https?://[^\s<>\"]+$", url, re.IGNORECASE):
        return None
    return url
