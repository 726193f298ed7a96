"""Alerts into DingTalk groups, as Markdown of a custom robot.

https://open.dingtalk.com/document/orgapp/custom-robot-access
"""

import base64
import datetime as dt
import hashlib
import hmac
from urllib.parse import quote

from monitor.compose import Composition, PartKind, Room
from monitor.limits import Rate
from monitor.notify._markup import Markup, backslashed, bracket_free
from monitor.notify._robots import Dialect, Payload, Robot, by_code, smaller_than

_MARKUP = Markup(
    escape=backslashed,
    escape_url=bracket_free,
    looks={PartKind.HEAD: "#### {}", PartKind.DEADLINE: "**{}**", PartKind.GROUP: "**{}**"},
    quote=lambda rows: "  \n".join(f"> {row}" for row in rows),
    line_end="\n\n",
)


def render(composition: Composition) -> Payload:
    """Markdown; the title is what the list of chats shows."""
    return {
        "msgtype": "markdown",
        "markdown": {"title": composition.subject, "text": _MARKUP.render(composition)},
    }


def signed(robot: Robot, payload: Payload, now: dt.datetime) -> tuple[str, Payload]:
    """Time and signature go into the URL."""
    url = robot.url.get_secret_value()
    if robot.secret is None:
        return url, payload
    secret, milliseconds = robot.secret.get_secret_value(), str(int(now.timestamp() * 1000))
    digest = hmac.new(secret.encode(), f"{milliseconds}\n{secret}".encode(), hashlib.sha256).digest()
    signature = quote(base64.b64encode(digest), safe="")
    return f"{url}{'&' if '?' in url else '?'}timestamp={milliseconds}&sign={signature}", payload


DIALECT = Dialect(
    name="dingtalk",
    render=render,
    fits=smaller_than(18_000),
    judge=by_code(
        "errcode",
        gone=frozenset({300001, 400013, 400101, 400102}),
        busy={130101: 600.0, 410100: 600.0},  # too fast: deaf for ten minutes
    ),
    rates=(Rate(20, 61),),
    room=Room(16_500, in_bytes=True),
    address=signed,
)
KIND = DIALECT.kind()
