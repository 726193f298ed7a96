"""Long replies → pages. Nothing is cut off: a text that does not fit goes on with the next page."""

import re
from collections.abc import Iterator, Sequence

from markupsafe import Markup

from monitor.chat.model import Block

PAGE = 3000
"""Most visible characters of a page, in UTF-16 code units as chat programs count them."""
ROWS = 30
"""Most rows of buttons that the blocks of a page may have."""

_TOKEN = re.compile(r"<(/?)(\w+)[^>]*>|&[^;\s]{1,10};|.", re.DOTALL)
_MARK, _SIGN = re.compile(r"</?\w+[^>]*>"), re.compile(r"&[^;\s]{1,10};")


def pages(blocks: Sequence[Block], room: int = PAGE) -> list[list[Block]]:
    """The blocks in order, as few pages as hold them."""
    found: list[list[Block]] = [[]]
    left, rows = room, ROWS
    for block in (piece for whole in blocks for piece in _pieces(whole, room)):
        size = length(block.text) + 2  # the empty line before it
        if found[-1] and (size > left or len(block.rows) > rows):
            found.append([])
            left, rows = room, ROWS
        found[-1].append(block)
        left, rows = left - size, rows - len(block.rows)
    return found


def length(text: str) -> int:
    """The visible length of a marked-up text."""
    visible = _SIGN.sub("x", _MARK.sub("", text))
    return len(visible.encode("utf-16-le", "surrogatepass")) // 2


def _width(token: re.Match[str]) -> int:
    """Marks take no room, what stands for a sign takes that of one."""
    if token[2]:
        return 0
    return 1 if len(token[0]) > 1 else 1 + (ord(token[0]) > 0xFFFF)


def _pieces(block: Block, room: int) -> Iterator[Block]:
    """A block that does not fit a page in pieces that do; its buttons belong to the last one."""
    if length(block.text) <= room - 2:
        yield block
        return
    texts = list(_split(block.text, room - 2))
    yield from (Block(text) for text in texts[:-1])
    yield Block(texts[-1], block.rows)


def _split(text: str, room: int) -> Iterator[Markup]:
    """Pieces of a marked-up text, each with its marks closed and opened again."""
    piece: list[str] = []
    opened: list[tuple[str, str]] = []  # (name, the mark as it was written)
    left = room
    for token in _TOKEN.finditer(text):
        if left < _width(token):
            yield Markup("".join(piece) + _closing(opened))
            piece, left = [mark for _, mark in opened], room
        piece.append(token[0])
        left -= _width(token)
        if token[2] and token[1]:
            opened.pop()
        elif token[2]:
            opened.append((token[2], token[0]))
        elif token[0] == "\n" and left < room // 10:  # a good place to part
            left = 0
    yield Markup("".join(piece) + _closing(opened))


def _closing(opened: Sequence[tuple[str, str]]) -> str:
    return "".join(f"</{name}>" for name, _ in reversed(opened))
