"""Alerts into Discord channels, as an embed of a webhook.

https://discord.com/developers/docs/resources/webhook#execute-webhook
"""

import datetime as dt
import json

from monitor.compose import Composition, Part, PartKind, Room
from monitor.limits import Rate
from monitor.notify._http import Answer
from monitor.notify._markup import Markup, backslashed, bracket_free
from monitor.notify._robots import Dialect, Payload, Robot, Verdict

_TITLE, _DESCRIPTION = 256, 4096  # characters
_BLUE, _RED = 0x1668DC, 0xD4380D
_GONE = (10015, 50027)  # unknown webhook, invalid webhook token
_MARKUP = Markup(
    escape=backslashed,
    escape_url=bracket_free,
    looks={PartKind.DEADLINE: "**{}**", PartKind.GROUP: "**{}**"},
)


def render(composition: Composition) -> Payload:
    """An embed whose title is the link; nobody can be mentioned by what a notice says."""
    head, url = _head(composition.parts)
    urgent = any(part.kind is PartKind.DEADLINE for part in composition.parts)
    embed = {
        "title": head,
        "description": _MARKUP.render(composition, without=(PartKind.HEAD,)),
        "color": _RED if urgent else _BLUE,
    }
    return {"embeds": [embed | ({"url": url} if url else {})], "allowed_mentions": {"parse": []}}


def _head(parts: tuple[Part, ...]) -> tuple[str, str | None]:
    lines = [line for part in parts if part.kind is PartKind.HEAD for line in part.lines]
    url = next((span.url for line in lines for span in line.spans if span.url), None)
    return " ".join(line.text for line in lines), url


def fits(payload: Payload) -> bool:
    """Title and description within their limits."""
    (embed,) = payload["embeds"]
    return len(embed["title"]) <= _TITLE and len(embed["description"]) <= _DESCRIPTION


def waiting(robot: Robot, payload: Payload, now: dt.datetime) -> tuple[str, Payload]:
    """Ask Discord to answer only when the message is there."""
    url = robot.url.get_secret_value()
    return f"{url}{'&' if '?' in url else '?'}wait=true", payload


def judge(answer: Answer) -> Verdict:
    """The status counts; the body names the reason and how many seconds to wait."""
    try:
        said = json.loads(answer.text)
    except ValueError:
        said = None
    known = said if isinstance(said, dict) else {}
    return Verdict(
        taken=200 <= answer.status < 300,
        gone=answer.status in (401, 404) and known.get("code") in _GONE,
        too_fast=answer.status == 429,
        retry_after=known.get("retry_after") if answer.status == 429 else None,
    )


DIALECT = Dialect(
    name="discord",
    render=render,
    fits=fits,
    judge=judge,
    rates=(Rate(5, 2.1), Rate(30, 61)),
    room=Room(3_500),
    address=waiting,
)
KIND = DIALECT.kind()
