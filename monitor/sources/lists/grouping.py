"""Links of a page → the records that hold them → groups of records of one kind."""

import re
from collections import Counter, defaultdict
from functools import lru_cache
from heapq import nlargest
from itertools import islice

from monitor.sources.lists.links import Element, Link, links_of

_RECORD_TAGS = frozenset({"li", "tr", "dd"})
_FRAME_TAGS = frozenset({"body", "html", "form", "table", "tbody", "ul", "ol"})
_MOST_LINKS_IN_RECORD = 6
_STEPS = 8
_MOST_GROUPS = 200
_FIGURES = re.compile(r"\d+")

Group = list[tuple[Element, list[Link]]]
"""Records of one kind, in order, each with its links."""


def groups_of(root: Element) -> list[Group]:
    """The groups of records on a page, the largest first.

    Records are of one kind when their tags, and the tags and classes of the two elements around them, are.
    """
    links = list(links_of(root))
    structure = _Structure(links)
    records: dict[Element, list[Link]] = defaultdict(list)
    for link in links:
        records[structure.record_of(link.element)].append(link)
    groups: dict[tuple[str, ...], Group] = defaultdict(list)
    paths: dict[tuple[Element, str], tuple[str, ...]] = {}
    for element, inside in records.items():
        like = (element.getparent(), element.tag)
        path = paths.get(like) or paths.setdefault(like, path_of(element))
        groups[path].append((element, inside))
    return nlargest(_MOST_GROUPS, groups.values(), key=len)


class _Structure:
    """How links are spread over a page. What is asked once of an element is kept: pages can be very wide."""

    def __init__(self, links: list[Link]) -> None:
        near = (islice(link.element.iterancestors(), _STEPS + 1) for link in links)
        self._counts = Counter(element for ancestors in near for element in ancestors)
        self._kinds: dict[Element, Counter[str]] = {}
        self._rows: dict[Element, bool] = {}

    def record_of(self, link: Element) -> Element:
        """The element that is one row: the nearest list item or table row, else all with only this link."""
        widest = link
        for step, ancestor in enumerate(link.iterancestors()):
            if step == _STEPS or ancestor.tag in _FRAME_TAGS:
                break
            few = self._counts[ancestor] <= _MOST_LINKS_IN_RECORD
            if ancestor.tag in _RECORD_TAGS and few:
                return self._row_of_cells(ancestor)
            if self._counts[ancestor] > 1:
                # a card with a title and a category stands among its like
                return ancestor if few and self._likes(ancestor) >= 3 else widest
            widest = ancestor
        return widest

    def _row_of_cells(self, item: Element) -> Element:
        """A list item, or the list around it where its items are the cells of a row, most without a link."""
        row = item.getparent()
        if row is None or row.tag not in {"ul", "ol"}:
            return item
        if row not in self._rows:
            linked = self._linked_children(row).total()
            self._rows[row] = 2 * linked <= len(row) and self._likes(row) >= 2
        return row if self._rows[row] else item

    def _likes(self, element: Element) -> int:
        """How many children of its parent are of an element's kind and hold links, itself included."""
        parent = element.getparent()
        return self._linked_children(parent)[kind_of(element)] if parent is not None else 1

    def _linked_children(self, parent: Element) -> Counter[str]:
        if parent not in self._kinds:
            self._kinds[parent] = Counter(kind_of(child) for child in parent if self._counts[child])
        return self._kinds[parent]


def path_of(element: Element) -> tuple[str, ...]:
    """What makes records one kind: the tag, and the tags and classes of the two elements around it."""
    around = (kind_of(ancestor) for ancestor in element.iterancestors() if ancestor.tag != "tbody")
    return (str(element.tag), *islice(around, 2))


def kind_of(element: Element) -> str:
    """Tag and class of an element (its id if it has no class), without figures."""
    name = element.get("class") or element.get("id") or ""
    return f"{element.tag}.{_without_figures(name)}" if name else str(element.tag)


@lru_cache(1024)
def _without_figures(name: str) -> str:
    return _FIGURES.sub("", name)
