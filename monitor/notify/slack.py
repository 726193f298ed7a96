"""Alerts into Slack channels, as a rich-text block of an incoming webhook.

https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks

Rich text and not mrkdwn, which makes nothing bold between two Chinese characters.
"""

import re

from monitor.compose import ONE_ROW, Composition, Line, Part, PartKind, Room, Span
from monitor.limits import Rate
from monitor.notify._http import Answer
from monitor.notify._robots import Dialect, Payload, by_status

_LIMIT = 3000  # characters of a block
_GONE = re.compile(r"no_service|no_active_hooks|channel_not_found|channel_is_archived|invalid_token|no_team")
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_BOLD = {PartKind.HEAD, PartKind.DEADLINE, PartKind.GROUP}


def render(composition: Composition) -> Payload:
    """One block; `text` is what notifications show."""
    elements = [_element(part) for part in composition.parts]
    return {
        "text": composition.subject.translate(_ENTITIES),
        "blocks": [{"type": "rich_text", "elements": elements}],
    }


def _element(part: Part) -> Payload:
    between = " · " if part.kind in ONE_ROW else "\n"
    rows = [_row(part.kind, line) for line in part.lines]
    runs = [_run(Span(part.heading), bold=True)] if part.heading else []
    for row in rows:
        runs += [_run(Span(between)), *row] if runs else row
    if part.kind is PartKind.REASONS:
        return {"type": "rich_text_quote", "elements": runs}
    return {"type": "rich_text_section", "elements": [*runs, _run(Span("\n"))]}


def _row(kind: PartKind, line: Line) -> list[Payload]:
    if kind is PartKind.REASONS:
        lead = Span(f"{line.label} ", hit=True) if line.label else Span("• ")
    else:
        lead = Span(line.prefix)
    return [_run(span, bold=kind in _BOLD) for span in (lead, *line.spans) if span.text]


def _run(span: Span, *, bold: bool = False) -> Payload:
    run: Payload = {"type": "text", "text": span.text}
    if span.url:
        run = {"type": "link", "text": span.text, "url": span.url}
    return run | ({"style": {"bold": True}} if bold or span.hit else {})


def fits(payload: Payload) -> bool:
    """All text together within the limit of a block."""
    (block,) = payload["blocks"]
    return sum(len(run["text"]) for element in block["elements"] for run in element["elements"]) <= _LIMIT


def _gone(answer: Answer) -> bool:
    return bool(_GONE.search(answer.text))


DIALECT = Dialect(
    name="slack",
    render=render,
    fits=fits,
    judge=by_status(_gone),
    rates=(Rate(1, 1.05),),
    room=Room(2_400),
)
KIND = DIALECT.kind()
