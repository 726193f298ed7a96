"""Alerts into Feishu (Lark) groups, as a card of a custom bot.

https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot
"""

import base64
import datetime as dt
import hashlib
import hmac
import re

from monitor.compose import Composition, PartKind, Room
from monitor.limits import Rate
from monitor.notify._markup import Markup, bracket_free
from monitor.notify._robots import Dialect, Payload, Robot, by_code, smaller_than

# Feishu's Markdown wants entities, not backslashes.
_SPECIAL = re.compile(r"[*~<>\[\]()#_`\\$&]")
_MARKUP = Markup(
    escape=lambda text: _SPECIAL.sub(lambda match: f"&#{ord(match[0])};", text),
    escape_url=bracket_free,
    looks={
        PartKind.HEAD: "**{}**",
        PartKind.DEADLINE: "**<font color='red'>{}</font>**",
        PartKind.GROUP: "**{}**",
        PartKind.NOTES: "<font color='grey'>{}</font>",
    },
    quote="\n".join,
)


def render(composition: Composition) -> Payload:
    """A card: the subject as its title, red where a deadline runs, and below it all the rest."""
    urgent = any(part.kind is PartKind.DEADLINE for part in composition.parts)
    return {
        "msg_type": "interactive",
        "card": {
            "config": {"wide_screen_mode": True},
            "header": {
                "template": "red" if urgent else "blue",
                "title": {"tag": "plain_text", "content": composition.subject},
            },
            "elements": [{"tag": "markdown", "content": _MARKUP.render(composition)}],
        },
    }


def signed(robot: Robot, payload: Payload, now: dt.datetime) -> tuple[str, Payload]:
    """Time and signature go into the body; what Feishu calls the key is the text that others would sign."""
    url = robot.url.get_secret_value()
    if robot.secret is None:
        return url, payload
    seconds = str(int(now.timestamp()))
    key = f"{seconds}\n{robot.secret.get_secret_value()}".encode()
    signature = base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode()
    return url, {"timestamp": seconds, "sign": signature, **payload}


DIALECT = Dialect(
    name="feishu",
    render=render,
    fits=smaller_than(19_000),  # 20 KB with the signature
    judge=by_code("code", gone=frozenset({19001}), busy={11232: 60.0, 9499: 60.0}),
    rates=(Rate(5, 1.05), Rate(100, 61)),
    room=Room(17_500, in_bytes=True),
    address=signed,
)
KIND = DIALECT.kind()
