"""A message about several notices: how many of what, then each, by province and agency. Pure."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TypeVar

from monitor.compose.detail import LEVELS, Detail
from monitor.compose.notes import days_left, lateness, repeat
from monitor.compose.parts import Composition, Line, Part, PartKind, Span, clip, line, web_address
from monitor.types import Hold, Item, Message, NoticeKind, Summary
from monitor.words import Words

_MARKS = re.compile(r"[!-/:-@\[-`{-~]")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Room:
    """How much of a channel's message there is for the notices of a summary, in characters or bytes, and what
    the channel's markup adds to each."""

    size: int = 2500
    in_bytes: bool = False
    around: int = 40

    def weight(self, item: Item) -> int:
        """What the shortest form of a notice takes at most, marked up and escaped."""
        return max(self._weight(item, Words("zh")), self._weight(item, Words("en")))

    def _weight(self, item: Item, say: Words) -> int:
        lines = [_group_line(item, say), *_item_lines(item, 1000, dt.date.min, LEVELS[-1], say)]
        text = "".join(part.prefix + part.text for part in lines)
        urls = "".join(span.url or "" for part in lines for span in part.spans)
        marks = len(_MARKS.findall(text))
        if self.in_bytes:  # an escaped sign has up to six
            return len((text + urls).encode("utf-8", "replace")) + 5 * marks + self.around
        return len(text + urls) + marks + self.around


def split(items: Iterable[tuple[Item, T]], room: Room) -> list[list[T]]:
    """What stands with each notice, in as few messages as there is room in; none is empty."""
    parts: list[list[T]] = []
    left = 0
    for item, what in items:
        weight = room.weight(item)
        if weight > left:
            parts.append([])
            left = room.size
        parts[-1].append(what)
        left -= weight
    return parts


def order(item: Item) -> tuple[str, str, str]:
    """What puts notices of one province and agency side by side, the latest first to last."""
    notice = item.notice
    return _province(item, Words()), _agency(item), str(notice.published_date or notice.written_date or "")


def compose_summary(message: Message, summary: Summary, today: dt.date, detail: Detail) -> Composition:
    """Put a message about several notices into words."""
    say = Words("en" if message.language == "en" else "zh")
    headline = _headline(summary, say)
    parts = [
        Part(PartKind.HEAD, (line(headline),)),
        Part(PartKind.TEXT, tuple(_counts(summary.items, today, say))),
        *_groups(summary, today, detail, say),
        Part(PartKind.NOTES, tuple(_notes(message, say))),
    ]
    return Composition(message.language, headline, tuple(part for part in parts if part.lines))


def _headline(summary: Summary, say: Words) -> str:
    count, end, cap = summary.notices, summary.window_end, summary.daily_cap
    when_zh, when_en = f"{end.month}月{end.day}日 {end:%H:%M}", f"{end:%b} {end.day}, {end:%H:%M}"
    notices = f"{count} notice{'s' * (count > 1)}"
    text = {
        Hold.HOURLY: say(
            f"每小时汇总（{when_zh}）：{count} 条公文", f"Hourly summary ({when_en}): {notices}"
        ),
        Hold.DAILY: say(f"每日汇总（{when_zh}）：{count} 条公文", f"Daily summary ({when_en}): {notices}"),
        Hold.WEEKLY: say(f"每周汇总（{when_zh}）：{count} 条公文", f"Weekly summary ({when_en}): {notices}"),
        Hold.QUIET_HOURS: say(f"免打扰期间的 {count} 条公文", f"{notices} from your quiet hours"),
        Hold.DAILY_CAP: say(
            f"超过每日 {cap} 条上限的 {count} 条公文", f"{notices} above your daily cap of {cap}"
        ),
        Hold.CHECK: say(f"一次检查发现的 {count} 条公文", f"{notices} found in one check"),
    }[summary.held_by]
    if summary.parts > 1:
        text += say(f"（{summary.part}/{summary.parts}）", f" ({summary.part} of {summary.parts})")
    return text


def _counts(items: Sequence[Item], today: dt.date, say: Words) -> Iterator[Line]:
    """How many of each province, and what wants an answer first."""
    provinces = Counter(_province(item, say) for item in items)
    if len(provinces) > 1:
        yield line(" · ".join(f"{clip(name, 12)} {count}" for name, count in provinces.most_common(12)))
    deadlines = [item.notice.comment_deadline for item in items if item.notice.comment_deadline]
    open_ = sorted(deadline for deadline in deadlines if deadline >= today)
    if open_:
        first = f"{open_[0]}（{days_left((open_[0] - today).days, say)}）"
        yield line(
            say(
                f"征求意见 {len(open_)} 条，最早 {first}",
                f"{len(open_)} open for comments, the first until {open_[0]}"
                f" ({days_left((open_[0] - today).days, say)})",
            )
        )


def _groups(summary: Summary, today: dt.date, detail: Detail, say: Words) -> Iterator[Part]:
    number = summary.first
    for _, group in groupby(summary.items, key=lambda item: _group_line(item, say)):
        items = list(group)
        yield Part(PartKind.GROUP, (_group_line(items[0], say),))
        for item in items:
            yield Part(PartKind.ITEM, tuple(_item_lines(item, number, today, detail, say)))
            number += 1


def _group_line(item: Item, say: Words) -> Line:
    return line(" · ".join(filter(None, (clip(_province(item, say), 12), clip(_agency(item), 30)))))


def _province(item: Item, say: Words) -> str:
    return item.notice.provinces[0] if item.notice.provinces else say("其他", "Other")


def _agency(item: Item) -> str:
    return item.notice.agencies[0] if item.notice.agencies else ""


def _item_lines(item: Item, number: int, today: dt.date, detail: Detail, say: Words) -> Iterator[Line]:
    notice, title = item.notice, min(detail.title, 150)
    url = web_address(notice.url)
    marks = (
        (item.revision > 1, say("修订", "Revised")),
        (notice.is_consultation, say("征求意见", "Consultation")),
        (notice.kind is NoticeKind.LISTED, say("仅列目录", "Listed only")),
    )
    inside = " · ".join(mark for given, mark in marks if given)
    bracket = say(f"【{inside}】", f"[{inside}] ") if inside else ""
    text = clip(notice.title, title) or say("（无标题）", "(untitled)")
    yield Line((Span(f"{number}. {bracket}"), Span(text, url)))
    date, due = notice.published_date or notice.written_date, notice.comment_deadline
    facts = [date.isoformat() if date else "", clip(notice.doc_number or "", 40)]
    if due:
        left = days_left((due - today).days, say)
        facts.append(say(f"意见截止 {due}（{left}）", f"comments due {due} ({left})"))
    if any(facts):
        yield line(" · ".join(filter(None, facts)))
    if names := list(dict.fromkeys(clip(hit.subscription, 20) for hit in item.hits)):
        shown = say("、", ", ").join(names[: detail.hits])
        more = len(names) - detail.hits
        yield line(
            shown + (say(f" 等 {len(names)} 项", f" and {more} more") if more > 0 else ""),
            say("命中", "Matched"),
        )


def _notes(message: Message, say: Words) -> Iterator[Line]:
    if message.late:
        yield lateness(message.late, say)
    if message.may_repeat:
        yield repeat(say)
