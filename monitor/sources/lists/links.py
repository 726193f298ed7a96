"""The links of a page that may lead to a notice."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any, TypeAlias, cast
from urllib.parse import urljoin, urlsplit

from monitor.sources.lists.titles import SHORTEST

Element: TypeAlias = Any  # lxml has no types of its own

_NO_ADDRESS = re.compile(r"\s*(?:#|mailto:|tel:|data:|file:|about:|javascript\s*:|$)", re.I)
_SCRIPT = re.compile(r"\s*javascript\s*:", re.I)
_ARGUMENT = re.compile(r"""['"]([^'"<>]{1,500})['"]""")
_CALL = re.compile(r"\b(?!return\b|void\b)[A-Za-z_$][\w$]*\s*\(\s*['\"]?([\w-]{1,80})")
_ADDRESS_LIKE = re.compile(
    r"^(?:https?:)?/|^\.{1,2}/|\.(?:s?html?|jsp|aspx?|do|php|pdf|docx?|xlsx?)\b|\?\w+=", re.I
)
_MACHINERY = re.compile(r"/module/(?!.*(?:download|downfile))", re.I)
_FILE = re.compile(r"\.(?:pdf|docx?|wps|et|ofd|xlsx?|zip|rar|7z|pptx?|jpe?g|png|txt)(?:[?#]|$)", re.I)

_ANCHORS = frozenset({"a", "area"})
_CLICKABLE = ("li", "div", "tr", "td", "p", "span", "dd")
_LOOK = frozenset(
    {"查看", "详情", "详细", "阅读", "浏览", "全文", "打开"}
)  # the title is elsewhere in the row
_LONGEST = 2_000  # a link around a card with a summary is long; one around half a page is none
_MOST_SPACE = 5_000


@dataclass(slots=True)
class Link:
    """An element that leads somewhere. `target` is the address as written, None for a call with an id."""

    element: Element
    target: str | None
    text: str

    @property
    def is_file(self) -> bool:
        """Whether the address names a document rather than a page."""
        return self.target is not None and _FILE.search(self.target) is not None


def links_of(root: Element) -> Iterator[Link]:
    """Links in order of the document whose text or title is long enough to be a notice's."""
    last: Link | None = None
    for element in root.iter("a", "area", *_CLICKABLE):
        if element.tag not in _ANCHORS and element.get("onclick") is None:
            continue
        target = _target(element)
        if target is _NOWHERE:
            continue
        text = short_text(element, _LONGEST)
        if text is None:
            continue
        if max(len(text), len(element.get("title") or "")) < SHORTEST and text not in _LOOK:
            continue
        if last is not None and target is not None and last.target == target and _near(last.element, element):
            continue  # a picture or a summary beside the title leads to the same place
        last = Link(element, target if isinstance(target, str) else None, text)
        yield last


class _Nowhere:
    """Marks an element that leads to no notice."""


_NOWHERE = _Nowhere()


def _target(element: Element) -> str | _Nowhere | None:
    href = (element.get("href") or element.get("data-href") or element.get("data-url") or "").strip()
    if href and not _NO_ADDRESS.match(href):
        return _NOWHERE if _MACHINERY.search(href) else href
    return _called(element.get("onclick") or (href if _SCRIPT.match(href) else ""))


def _called(script: str) -> str | _Nowhere | None:
    """The address in a call such as `openUrl('/a.html')`; None for an id, as in `queryXwnr('17')`."""
    for argument in _ARGUMENT.finditer(script):
        if _ADDRESS_LIKE.search(argument[1]):
            return argument[1]
    return None if _CALL.search(script) and _ARGUMENT.search(script) else _NOWHERE


def _near(one: Element, other: Element) -> bool:
    """Whether two elements are within three steps of a common ancestor."""
    above = {one, *islice(one.iterancestors(), 3)}
    return any(element in above for element in islice(other.iterancestors(), 3))


def seen_text(element: Element) -> str:
    """The text that a reader sees in an element, in one line."""
    text = "".join(texts(element)) if len(element) else element.text or ""
    return " ".join(text.split())


def short_text(element: Element, longest: int) -> str | None:
    """The same, None where it is longer: for looking at many elements of which most hold whole columns."""
    if not len(element):
        text = element.text or ""
        return " ".join(text.split()) if len(text) <= longest or len(text.strip()) <= longest else None
    found = ""
    for piece in texts(element):
        if len(piece) > _MOST_SPACE or len(found := found + piece.strip()) > longest:
            return None
    return " ".join(found.split())


def texts(element: Element, without: Element | None = None) -> Iterator[str]:
    """The pieces of text in an element, in order, without what `without` holds."""
    if without is None:
        return cast("Iterator[str]", element.itertext())
    return _around(element, without, {*without.iterancestors()})


def _around(element: Element, without: Element, above: set[Element]) -> Iterator[str]:
    """The pieces of text in an element but for those of `without`, which the ones `above` hold."""
    if element.text:
        yield element.text
    for child in element:
        if child in above:
            yield from _around(child, without, above)
        elif child is not without:
            yield from child.itertext()
        if child.tail:
            yield child.tail


@lru_cache(1024)
def absolute(base: str, target: str) -> str | None:
    """The absolute form of an address on a page; None unless it is a web address."""
    try:
        url = urljoin(base, target.strip().replace("\\", "/"))
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.hostname else None
