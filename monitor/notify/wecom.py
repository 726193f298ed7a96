"""Alerts into WeCom (企业微信) groups, as Markdown of a group robot.

https://developer.work.weixin.qq.com/document/path/91770
"""

from monitor.compose import Composition, PartKind, Room
from monitor.limits import Rate
from monitor.notify._markup import Markup, backslashed, bracket_free
from monitor.notify._robots import Dialect, Payload, by_code

_LIMIT = 4096  # bytes of the text
_MARKUP = Markup(
    escape=backslashed,
    escape_url=bracket_free,
    looks={
        PartKind.HEAD: "**{}**",
        PartKind.DEADLINE: '<font color="warning">**{}**</font>',
        PartKind.GROUP: "**{}**",
        PartKind.NOTES: '<font color="comment">{}</font>',
    },
)


def render(composition: Composition) -> Payload:
    """Markdown in WeCom's three colours."""
    return {"msgtype": "markdown", "markdown": {"content": _MARKUP.render(composition)}}


def fits(payload: Payload) -> bool:
    """WeCom counts bytes, three to a Chinese character."""
    return len(payload["markdown"]["content"].encode("utf-8", "replace")) <= _LIMIT


DIALECT = Dialect(
    name="wecom",
    render=render,
    fits=fits,
    judge=by_code("errcode", gone=frozenset({93000}), busy={45009: 61.0}),
    rates=(Rate(20, 61),),
    room=Room(2_900, in_bytes=True),
)
KIND = DIALECT.kind()
