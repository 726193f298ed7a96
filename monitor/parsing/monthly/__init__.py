"""The monthly digest (全国医药政策月度汇编): a cover, the contents, then notice after notice.

    lines → metadata blocks and contents → which belongs to which → the text of each → Notices

A notice is a metadata block, its text, and often an invitation to download its annexes (the trailer).
"""

from monitor.errors import ParseError
from monitor.parsing.monthly.block import find_blocks
from monitor.parsing.monthly.contents import read_contents
from monitor.parsing.monthly.cover import read_cover
from monitor.parsing.monthly.items import find_items
from monitor.parsing.monthly.notice import make_notice
from monitor.parsing.text import key
from monitor.types import Document, Notice

NAME = "monthly"


def recognises(document: Document) -> bool:
    """Blocks of several titles, or one below a cover; a web page prints one block, if it prints it twice."""
    titles = {key(block.title) for block in find_blocks(document.lines)}
    return len(titles) > 1 or (bool(titles) and read_cover(document.lines) is not None)


def parse(document: Document) -> list[Notice]:
    """The notices of an issue in the order of the contents; those without a text are of kind `listed`.

    Raises:
        ParseError: no metadata block and no contents.
    """
    lines = document.lines
    blocks = find_blocks(lines)
    contents = read_contents(lines, blocks[0].start if blocks else len(lines))
    if not blocks and not contents.entries:
        raise ParseError(
            "found neither contents nor metadata blocks (发文机关：… 标题：…) of a monthly digest"
        )
    digest = read_cover(lines)
    return [make_notice(item, digest) for item in find_items(lines, blocks, contents)]
