"""Which entry of the contents stands for which metadata block."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import accumulate

from rapidfuzz import fuzz

from monitor.parsing.monthly.block import Block
from monitor.parsing.monthly.contents import Entry
from monitor.parsing.text import GENRE, key

_ALIKE = 75  # of 100: the same title in other words
_OTHER_COUNT = 15  # less, where one says 第六批 and the other 第七批
_FARTHEST = 50  # entries
_ONLY_ONE = 50  # enough where one entry and one block are left between two that are paired


def align(entries: Sequence[Entry], blocks: Sequence[Block]) -> dict[int, int]:
    """Block → entry, by index; equal titles first, then like ones between the pairs around them."""
    pairs = _equal(entries, blocks)
    taken = set(pairs.values())
    ceilings = _ceilings(pairs, len(blocks), len(entries))
    floor = -1
    for block in range(len(blocks)):
        if block not in pairs:
            reach = range(floor + 1, min(ceilings[block], floor + _FARTHEST))
            free = [entry for entry in reach if entry not in taken]
            alone = len(free) == 1 and all(
                n in pairs or n in (-1, len(blocks)) for n in (block - 1, block + 1)
            )
            if (entry := _alike(entries, free, blocks[block], alone=alone)) is not None:
                pairs[block] = entry
                taken.add(entry)
        floor = max(floor, pairs.get(block, -1))
    return pairs


def _ceilings(pairs: Mapping[int, int], blocks: int, entries: int) -> list[int]:
    """For each block, the lowest entry of the blocks from it on that are paired."""
    from_the_end = (pairs.get(block, entries) for block in reversed(range(blocks)))
    return list(accumulate(from_the_end, min))[::-1]


def _equal(entries: Sequence[Entry], blocks: Sequence[Block]) -> dict[int, int]:
    titled: dict[str, list[int]] = defaultdict(list)
    for index, entry in enumerate(entries):
        titled[key(entry.title)].append(index)
    pairs: dict[int, int] = {}
    previous = -1
    for index, block in enumerate(blocks):
        if candidates := titled.get(key(block.title)):
            # Of several notices with one title, the next in order.
            previous = next((entry for entry in candidates if entry > previous), candidates[0])
            candidates.remove(previous)
            pairs[index] = previous
    return pairs


def _alike(entries: Sequence[Entry], free: Sequence[int], block: Block, *, alone: bool) -> int | None:
    """The entry whose title is most like the block's, if it is alike enough."""
    title = key(block.title)
    likeness, nearest = max(((_likeness(key(entries[e].title), title), -e) for e in free), default=(0.0, 0))
    enough = likeness >= (_ONLY_ONE if alone else _ALIKE) or (alone and not title)
    return -nearest if enough else None


_TAIL = re.compile(rf"{GENRE}?(?:\([^()]{{1,30}}号\))?$")
_NUMERALS = re.compile(r"[0-9〇一二三四五六七八九十百]+")


def numerals(title: str) -> list[str]:
    """What tells the title of one batch or year from that of another."""
    return _NUMERALS.findall(title)


def _likeness(printed: str, title: str) -> float:
    """Of 100. A title that the contents cut off is like the whole one; one of another batch is not."""
    short = printed.rstrip(".…·")
    if len(short) >= 8 and title.startswith(short):
        return 100.0
    printed, title = _TAIL.sub("", printed), _TAIL.sub("", title)
    return fuzz.ratio(printed, title) - (0 if numerals(printed) == numerals(title) else _OTHER_COUNT)
