"""Which entry of the contents stands for which metadata block."""

from collections import defaultdict
from collections.abc import Sequence

from rapidfuzz import fuzz

from monitor.parsing.monthly.block import Block, Label
from monitor.parsing.monthly.contents import Entry
from monitor.parsing.text import key

_ALIKE = 75  # of 100: the same title in other words
_ONLY_ONE = 50  # enough where one entry and one block are left between two that are paired


def align(entries: Sequence[Entry], blocks: Sequence[Block]) -> dict[int, int]:
    """Block → entry, by index; equal titles first, then like ones between the pairs around them."""
    pairs = _equal(entries, blocks)
    for block in range(len(blocks)):
        if block not in pairs and (entry := _alike(entries, blocks, block, pairs)) is not None:
            pairs[block] = entry
    return pairs


def _equal(entries: Sequence[Entry], blocks: Sequence[Block]) -> dict[int, int]:
    titled: dict[str, list[int]] = defaultdict(list)
    for index, entry in enumerate(entries):
        titled[key(entry.title)].append(index)
    pairs: dict[int, int] = {}
    previous = -1
    for index, block in enumerate(blocks):
        if candidates := titled.get(key(block.text(Label.TITLE))):
            # Of several notices with one title, the next in order.
            previous = next((entry for entry in candidates if entry > previous), candidates[0])
            candidates.remove(previous)
            pairs[index] = previous
    return pairs


def _alike(
    entries: Sequence[Entry], blocks: Sequence[Block], block: int, pairs: dict[int, int]
) -> int | None:
    low = max((entry for other, entry in pairs.items() if other < block), default=-1)
    high = min((entry for other, entry in pairs.items() if other > block), default=len(entries))
    free = [entry for entry in range(low + 1, high) if entry not in pairs.values()]
    if not free:
        return None
    title = key(blocks[block].text(Label.TITLE))
    likeness, best = max((_likeness(key(entries[entry].title), title), -entry) for entry in free)
    alone = len(free) == 1 and block - 1 in (*pairs, -1) and block + 1 in (*pairs, len(blocks))
    return -best if likeness >= (_ONLY_ONE if alone else _ALIKE) or (alone and not title) else None


def _likeness(printed: str, title: str) -> float:
    """Of 100; a title that the contents cut off is like the whole one."""
    short = printed.rstrip(".…·")
    return 100.0 if len(short) >= 8 and title.startswith(short) else fuzz.ratio(printed, title)
