"""Notices in a list, with buttons to open one and to turn the page."""

import datetime as dt
from collections.abc import Sequence

from markupsafe import Markup

from monitor.chat.arguments import read
from monitor.chat.model import Block, Button, Reply, button, reply
from monitor.chat.texts import Texts, bold
from monitor.compose.parts import clip
from monitor.storage import Found, StoredNotice

SHOWN = 8
"""Notices on a page."""

Place = tuple[dt.date, int]


def place_of(cursor: str) -> Place:
    """The place that a button names. Raises `StaleButtonError`."""
    day, _, number = cursor.partition("/")
    return read(dt.date, day), read(int, number)


def cursor(place: Place) -> str:
    return f"{place[0]}/{place[1]}"


def listed(
    texts: Texts,
    head: Markup,
    found: Sequence[Found],
    *,
    turning: tuple[str, str],
    before: Sequence[str],
    more: Place | None,
) -> Reply:
    """A page of notices. `turning` is the action that shows another page and its first argument, `before`
    the cursors of this page and those before it, `more` where the next one begins."""
    first = len(before) * SHOWN
    blocks = [
        Block(
            entry(texts, first + number, one.notice, one.day), ((opened(one.notice.id, one.notice.title),),)
        )
        for number, one in enumerate(found, 1)
    ]
    back = [button(texts.label("‹ Newer"), *turning, *before[:-1])] if before else []
    forward = [button(texts.label("Older ›"), *turning, *before, cursor(more))] if more else []
    return reply(head, *blocks, rows=[[*back, *forward]])


def entry(texts: Texts, number: int, notice: StoredNotice, day: dt.date | str) -> Markup:
    """One notice: its number in the list and its title; below them day, place and number."""
    facts = " · ".join(filter(None, (str(day), texts.listed(notice.provinces), notice.doc_number or "")))
    return Markup("{}. {}\n{}").format(number, bold(clip(notice.title, 200)), facts)


def opened(notice_id: int, title: str) -> Button:
    """The button that shows a notice, beside the list that it stands in."""
    return button(f"{notice_id} {clip(title, 40)}", "notice", notice_id)
