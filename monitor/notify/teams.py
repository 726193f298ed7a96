"""Alerts into Microsoft Teams, as an Adaptive Card for a workflow that waits for webhook requests.

https://adaptivecards.io/explorer/ and
https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook
"""

from typing import Any

from monitor.compose import Composition, Line, Part, PartKind, Room, Span
from monitor.limits import Rate
from monitor.notify._robots import Dialect, Payload, by_status, smaller_than

_GONE = 410
_LOOKS: dict[PartKind, Payload] = {
    PartKind.HEAD: {"size": "Medium", "weight": "Bolder"},
    PartKind.DEADLINE: {"color": "Attention"},
    PartKind.GROUP: {"weight": "Bolder"},
}
_SMALL = (PartKind.SOURCE, PartKind.FILES, PartKind.NOTES)


def render(composition: Composition) -> Payload:
    """A card of text runs, in which nothing a publisher wrote is taken for markup."""
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.5",
        "msteams": {"width": "Full"},
        "body": [element for part in composition.parts for element in _part(part)],
    }
    content_type = "application/vnd.microsoft.card.adaptive"
    return {
        "type": "message",
        "summary": composition.subject,
        "attachments": [{"contentType": content_type, "contentUrl": None, "content": card}],
    }


def _part(part: Part) -> list[Payload]:
    if part.kind in (PartKind.DATES, PartKind.TOPICS):
        facts = [{"title": line.label, "value": line.text} for line in part.lines]
        return [{"type": "FactSet", "facts": facts, "spacing": "Small"}]
    rows = [_text(part.kind, line) for line in part.lines]
    if part.kind is not PartKind.REASONS:
        return rows
    heading = {"type": "TextBlock", "text": part.heading, "weight": "Bolder"}
    return [{"type": "Container", "style": "emphasis", "items": [heading, *rows]}]


def _text(kind: PartKind, line: Line) -> Payload:
    label = [_run(Span(line.prefix), weight="Bolder")] if line.label else []
    looks = _LOOKS.get(kind, {"isSubtle": True, "size": "Small"} if kind in _SMALL else {})
    runs = label + [_run(span, **looks) for span in line.spans]
    return {"type": "RichTextBlock", "inlines": runs, "spacing": "Small"}


def _run(span: Span, **looks: Any) -> Payload:
    run = {"type": "TextRun", "text": span.text, **looks}
    if span.hit:
        run |= {"highlight": True, "weight": "Bolder"}
    if span.url:
        run |= {"selectAction": {"type": "Action.OpenUrl", "url": span.url}}
    return run


DIALECT = Dialect(
    name="teams",
    render=render,
    fits=smaller_than(27_000),  # of about 28 KB
    judge=by_status(lambda answer: answer.status == _GONE),
    rates=(Rate(4, 1.05),),
    room=Room(24_000, in_bytes=True, around=900),
)
KIND = DIALECT.kind()
