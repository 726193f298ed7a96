"""Where the items of an issue begin: at a title from the contents, or at a title above the ratings.

The level of a heading says nothing here: titles and inner headings share it, and an expert's interpretation
inside an item has a heading like any title.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from monitor.parsing.markdown import Unmarked
from monitor.parsing.reference.contents import Entry
from monitor.parsing.text import compact, is_blank, join_lines, tidy_title
from monitor.parsing.titles import place_like, places_of, title_above

_RATING = re.compile(
    r"(?P<what>重要性|重要程度|重要度|关注度|关注程度)\s{0,4}[:：]?\s{0,4}(?P<stars>[★☆⭐✩✭]{1,10}|\d(?=[星分级\s]|$))"
)
_LONGEST_TITLE = 120  # characters
_ALIKE = 90  # per cent; the contents and the title above the text may differ in wording


@dataclass(slots=True)
class Item:
    """One item: its title in `lines[start:text]`, its text (ratings included) in `lines[text:end]`."""

    title: str
    start: int
    text: int
    end: int = 0
    entry: Entry | None = None
    rated: bool = False


def ratings(lines: Sequence[Unmarked]) -> tuple[int | None, int | None]:
    """重要性 and 关注度 in stars; an empty star does not count."""
    found: dict[str, int] = {}
    for line in lines:
        for match in _RATING.finditer(line.text):
            stars = match["stars"]
            count = int(stars) if stars.isdigit() else sum(star not in "☆✩" for star in stars)
            found.setdefault(match["what"][:2], count)
    return found.get("重要"), found.get("关注")


def is_rating(line: Unmarked) -> bool:
    """The line holds ratings and nothing else."""
    return bool(_RATING.match(line.text)) and not compact(_RATING.sub("", line.text))


def first_rating(lines: Sequence[Unmarked]) -> int | None:
    """The index of the first rating."""
    return next((number for number, line in enumerate(lines) if is_rating(line)), None)


def find_items(lines: Sequence[Unmarked], entries: Sequence[Entry], start: int, end: int) -> list[Item]:
    """The items in `lines[start:end]`, in order; entries of the contents that are not there are left out."""
    items = list(_rated(lines, entries, start, end))
    found = {id(item.entry) for item in items if item.entry}
    for index, entry in enumerate(entries):
        if id(entry) in found:
            continue
        after, before = _between(items, entries, index, start, end)
        if item := _unrated(lines, entry, after, before):
            items.append(item)
            items.sort(key=lambda item: item.start)
    for item, stop in zip(items, [*(item.start for item in items[1:]), end], strict=False):
        item.end = stop
    return items


def _rated(lines: Sequence[Unmarked], entries: Sequence[Entry], start: int, end: int) -> Iterator[Item]:
    left = list(entries)
    floor = start
    number = start
    while number < end:
        if not is_rating(lines[number]):
            number += 1
            continue
        item = _title_above(lines, left, floor, number)
        if item.entry:
            left.remove(item.entry)
        if item.title:
            yield item
        while number < end and (is_rating(lines[number]) or is_blank(lines[number].text)):
            number += 1
        floor = number


def _title_above(lines: Sequence[Unmarked], entries: Sequence[Entry], floor: int, rating: int) -> Item:
    """The title that ends above the ratings: the one of the contents that it is most like, else its block."""
    titles = [entry.title for entry in entries]
    found = title_above(lines, titles, floor=floor, end=rating, at_least=_ALIKE)
    first = found.first if found else _block_above(lines, floor, rating)
    title = tidy_title(join_lines(line.text for line in lines[first:rating] if not is_blank(line.text)))
    if not title:  # ratings at the top of a fragment: its first line stands for the title
        below = (line.text for line in lines[rating:] if not is_blank(line.text) and not is_rating(line))
        title = tidy_title(next(below, ""))[:_LONGEST_TITLE]
    return Item(title, first, rating, entry=entries[found.number] if found else None, rated=True)


def _block_above(lines: Sequence[Unmarked], floor: int, end: int) -> int:
    """The first line of the block of lines above `end`."""
    number = end - 1
    while number > floor and is_blank(lines[number].text):
        number -= 1
    while number > floor and not is_blank(lines[number - 1].text) and lines[number].level == 0:
        number -= 1
    return max(number, floor)


def _between(
    items: Sequence[Item], entries: Sequence[Entry], index: int, start: int, end: int
) -> tuple[int, int]:
    """The lines where an entry must stand, by those found of the entries before and after it."""
    order = {id(entry): number for number, entry in enumerate(entries)}
    after = [item.text for item in items if item.entry and order[id(item.entry)] < index]
    before = [item.start for item in items if item.entry and order[id(item.entry)] > index]
    first = max(after, default=start)
    return first, min((number for number in before if number >= first), default=end)


def _unrated(lines: Sequence[Unmarked], entry: Entry, start: int, end: int) -> Item | None:
    """The likeliest place of a title without ratings: a heading, or what running text follows."""

    def likely(place: tuple[int, int]) -> int:
        return 2 * (lines[place[0]].level > 0) + _starts_text(lines, place[1], end)

    place = max(places_of(lines, entry.title, start=start, end=end), key=likely, default=None)
    place = place or place_like(lines, entry.title, start=start, end=end, at_least=_ALIKE)
    return Item(entry.title, *place, entry=entry) if place else None


def _starts_text(lines: Sequence[Unmarked], start: int, end: int) -> bool:
    """A sentence or a first chapter comes soon, as after a title and unlike inside a list of annexes."""
    following = [line.text for line in lines[start:end] if not is_blank(line.text)][:3]
    return any("。" in text or text.startswith(("第一章", "第一条", "一、", "为")) for text in following)
