"""A message in Telegram's HTML: https://core.telegram.org/bots/api#html-style."""

import html
import re
from collections.abc import Sequence

from monitor.compose import PartKind
from monitor.notify._markup import Markup

LIMIT = 4096  # what `length` may be

_LONG = 6  # lines of a quotation from which it is folded up


def _quote(rows: Sequence[str]) -> str:
    tag = "<blockquote expandable>" if len(rows) > _LONG else "<blockquote>"
    return tag + "\n".join(rows) + "</blockquote>"


def _escape(text: str) -> str:
    return html.escape(text, quote=False)


MARKUP = Markup(
    escape=_escape,
    escape_url=html.escape,
    bold="<b>{}</b>",
    link='<a href="{url}">{text}</a>',
    looks={
        PartKind.HEAD: "<b>{}</b>",
        PartKind.DEADLINE: "⏳ <b>{}</b>",
        PartKind.GROUP: "\n<b>{}</b>",
        PartKind.FILES: "📎 {}",
        PartKind.NOTES: "ℹ️ {}",
    },
    quote=_quote,
)
render = MARKUP.render


def length(text: str) -> int:
    """How long Telegram finds a text: what is left without tags, in UTF-16 code units."""
    visible = html.unescape(re.sub(r"<[^>]*>", "", text))
    return len(visible.encode("utf-16-le", "replace")) // 2
