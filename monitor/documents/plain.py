"""Plain text and Markdown: lines as they are printed, marks and all."""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from monitor.types import Block, BlockKind, Document

_LINE_END = re.compile(
    r"(?:\r?\n)?\f|\r\n?|[\n\x0b\x85\u2028\u2029]"
)  # a form feed after a line end adds none
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufeff]")


def read_text(text: str, *, url: str | None, media_type: str = "text/plain") -> Document:
    """A block for every run of lines that are not blank; nothing dropped but control characters."""
    lines = _LINE_END.split(_CONTROL.sub("", text))
    return Document(blocks=tuple(_paragraph_blocks(lines)), url=url, media_type=media_type)


def _paragraph_blocks(lines: Iterable[str]) -> Iterator[Block]:
    """Blocks of lines; a blank line ends a block."""
    for blank, run in groupby(lines, key=lambda line: not line.strip()):
        if not blank:
            yield Block(BlockKind.PARAGRAPH, tuple(line.rstrip() for line in run))
