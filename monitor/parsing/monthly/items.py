"""What an issue holds, one item for each notice: its entry in the contents, its metadata block, its text."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from monitor.parsing.monthly.align import align
from monitor.parsing.monthly.block import Block
from monitor.parsing.monthly.body import Text, split_text, without_colophon
from monitor.parsing.monthly.contents import Contents, Entry
from monitor.parsing.monthly.gaps import find_texts
from monitor.parsing.text import compact, is_blank, key

_SHORTEST_TEXT = 10  # characters; less is a page number or a mark of the layout


@dataclass
class Item:
    """One notice of an issue. `text` is None where the issue does not print it.

    `whole`: the text begins at its beginning. `stray` are printed lines after the trailer, or before the
    first block, that belong to nothing in the contents.
    """

    entry: Entry | None
    block: Block
    text: Text | None = None
    whole: bool = True
    stray: list[str] = field(default_factory=list)

    @property
    def title(self) -> str:
        """The title as the block prints it, else as the contents do, else the first line of the text."""
        if self.block.title or self.entry:
            return self.block.title or (self.entry.title if self.entry else "")
        return next((line for line in (self.text.body if self.text else ()) if not is_blank(line)), "")


def find_items(lines: Sequence[str], blocks: Sequence[Block], contents: Contents) -> Iterator[Item]:
    """The items in order. Entries without a block are looked for in the text around them."""
    pairs = align(contents.entries, blocks)
    missing = _missing(contents.entries, pairs)
    start = contents.end or (blocks[0].start if blocks else 0)
    before = Item(None, Block(start, start))
    opening = [
        before,
        *(Item(contents.entries[pairs[i]] if i in pairs else None, b) for i, b in enumerate(blocks)),
    ]
    stop = opening[-1].block.end
    stop += len(without_colophon(lines[stop:]))
    for index, (item, following) in enumerate(pairwise([*opening, Item(None, Block(stop, stop))])):
        found = list(_stretch(lines, item, missing.get(index - 1, ()), following.block.start))
        if item is before:
            following.stray += before.stray
            found.remove(before)
        yield from found


def _missing(entries: Sequence[Entry], pairs: Mapping[int, int]) -> dict[int, list[Entry]]:
    """The entries without a block, by the block that they come after (-1: before the first)."""
    blocks = {entry: block for block, entry in pairs.items()}
    missing: dict[int, list[Entry]] = {}
    previous = -1
    for index, entry in enumerate(entries):
        previous = blocks.get(index, previous)
        if index not in blocks:
            missing.setdefault(previous, []).append(entry)
    return missing


def _stretch(lines: Sequence[str], opening: Item, missing: Sequence[Entry], end: int) -> list[Item]:
    """What stands from a block to the next one, the notices whose blocks are missing there included."""
    found = find_texts(lines, opening.block.end, end, missing)
    listed = [Item(entry, found.get(index, Block(end, end))) for index, entry in enumerate(missing)]
    printed = [opening, *(listed[index] for index in found)]
    for item, following in pairwise([*printed, Item(None, Block(end, end))]):
        text = lines[item.block.end : following.block.start]
        is_notice = item.entry or item.block.values
        item.text = split_text(text, item.title) if is_notice else Text((), None, text)
    for item in printed:
        _give_rest(item, listed)
    return [opening, *listed]


def _give_rest(item: Item, listed: Sequence[Item]) -> None:
    """Text after the trailer is what is left of a notice that lost its block, where the contents list one."""
    rest = item.text.rest if item.text else ()
    while len(compact("".join(rest))) >= _SHORTEST_TEXT:
        left = split_text(rest, "")
        waiting = [other for other in listed if other.text is None]
        named = [other for other in waiting if left.trailer and key(left.trailer) == key(other.title)]
        if not waiting:
            item.stray += rest
            return
        owner = (named or waiting)[0]
        owner.text, owner.whole = left, False
        rest = left.rest
