"""Telegram's HTML as its server reads it: what it refuses, and the text that is left.

After https://core.telegram.org/bots/api#html-style and the errors that the server gives.
"""

import re

_TAGS = frozenset(
    (
        "b",
        "strong",
        "i",
        "em",
        "u",
        "ins",
        "s",
        "strike",
        "del",
        "span",
        "tg-spoiler",
        "tg-emoji",
        "a",
        "code",
        "pre",
        "blockquote",
    )
)
_ENTITY = re.compile(r"&(?:(lt|gt|amp|quot);|#(\d+);|#x([0-9a-fA-F]+);)")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_START = re.compile(r"<([^\s<>/]*)((?:\s+[A-Za-z-]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[\w.-]+))?)*)\s*>")
_END = re.compile(r"</([^\s<>]*)\s*>")


class EntityError(ValueError):
    """The server's words on markup that it does not take."""


def visible_text(markup: str) -> str:
    """The text without its entities; `EntityError` for markup that Telegram refuses."""
    out: list[str] = []
    open_tags: list[str] = []
    position = 0
    while position < len(markup):
        step = _tag if markup[position] == "<" else _text
        position = step(markup, position, out, open_tags)
    if open_tags:
        raise EntityError(f'Can\'t find end tag corresponding to start tag "{open_tags[-1]}"')
    return "".join(out)


def _text(markup: str, position: int, out: list[str], open_tags: list[str]) -> int:
    entity = _ENTITY.match(markup, position)
    if entity is None:
        out.append(markup[position])
        return position + 1
    name, decimal, hexadecimal = entity.groups()
    out.append(_NAMED[name] if name else chr(int(decimal) if decimal else int(hexadecimal, 16)))
    return entity.end()


def _tag(markup: str, position: int, out: list[str], open_tags: list[str]) -> int:
    offset = len(markup[:position].encode())
    if markup.startswith("</", position):
        return _close(markup, position, offset, open_tags)
    tag = _START.match(markup, position)
    if tag is None:
        raise EntityError(f"Unclosed start tag at byte offset {offset}")
    name = tag[1].lower()
    if name not in _TAGS or (name == "span" and 'class="tg-spoiler"' not in tag[2]):
        raise EntityError(f'Unsupported start tag "{name}" at byte offset {offset}')
    open_tags.append(name)
    return tag.end()


def _close(markup: str, position: int, offset: int, open_tags: list[str]) -> int:
    tag = _END.match(markup, position)
    if tag is None or not open_tags:
        raise EntityError(f"Unexpected end tag at byte offset {offset}")
    expected = open_tags.pop()
    if tag[1].lower() != expected:
        raise EntityError(
            f'Unmatched end tag at byte offset {offset}, expected "</{expected}>", found "</{tag[1]}>"'
        )
    return tag.end()
