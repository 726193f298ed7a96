"""A message in Telegram's HTML: https://core.telegram.org/bots/api#html-style."""

import html
import re

from monitor.composition import Composition, Line, Part, PartKind, Span

LIMIT = 4096  # what `length` may be

_LONG = 5  # lines of reasons from which they are folded up
_ONE_ROW = {PartKind.DATES, PartKind.TOPICS}
_LOOKS = {
    PartKind.HEAD: "<b>{}</b>",
    PartKind.DEADLINE: "⏳ <b>{}</b>",
    PartKind.FILES: "📎 {}",
    PartKind.NOTES: "ℹ️ {}",
}


def render(composition: Composition) -> str:
    """One text; what is not ours in it is escaped."""
    return "\n".join(_part(part) for part in composition.parts)


def length(text: str) -> int:
    """How long Telegram finds a text: what is left without tags, in UTF-16 code units."""
    visible = html.unescape(re.sub(r"<[^>]*>", "", text))
    return len(visible.encode("utf-16-le", "replace")) // 2


def _part(part: Part) -> str:
    if part.kind is PartKind.REASONS:
        return _quote(part)
    look = _LOOKS.get(part.kind, "{}")
    rows = (look.format(_escape(line.prefix) + _spans(line)) for line in part.lines)
    return (" · " if part.kind in _ONE_ROW else "\n").join(rows)


def _quote(part: Part) -> str:
    """The reasons in a quotation, which unfolds where there are many."""
    tag = "<blockquote expandable>" if len(part.lines) > _LONG else "<blockquote>"
    rows = (f"<b>{_escape(part.heading)}</b>", *(_reason(line) for line in part.lines))
    return tag + "\n".join(rows) + "</blockquote>"


def _reason(line: Line) -> str:
    return f"<b>{_escape(line.label)}</b> {_spans(line)}".rstrip() if line.label else f"• {_spans(line)}"


def _spans(line: Line) -> str:
    return "".join(_span(span) for span in line.spans)


def _span(span: Span) -> str:
    if span.url:
        return f'<a href="{html.escape(span.url)}">{_escape(span.text)}</a>'
    return f"<b>{_escape(span.text)}</b>" if span.hit else _escape(span.text)


def _escape(text: str) -> str:
    return html.escape(text, quote=False)
