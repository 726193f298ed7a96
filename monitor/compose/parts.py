"""The parts a message is made of, in words and without a channel's form."""

import re
from dataclasses import dataclass
from enum import StrEnum


class PartKind(StrEnum):
    """What a part of a message is about, in the order of reading."""

    HEAD = "head"
    ISSUER = "issuer"
    DEADLINE = "deadline"
    DATES = "dates"
    TOPICS = "topics"
    TEXT = "text"  # an operator message's own words, a summary's counts
    GROUP = "group"  # of a summary: whose notices follow
    ITEM = "item"  # of a summary: one notice
    REASONS = "reasons"
    FILES = "files"
    SOURCE = "source"
    NOTES = "notes"  # late, revised, may be a repeat, what the parser did not trust


LONGEST_LINK = 1000
"""Characters; a longer address is left out, and the title leads to nothing."""

ONE_ROW = frozenset({PartKind.DATES, PartKind.TOPICS})
"""Parts whose lines are short enough to stand side by side."""


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text; `hit` is what a rule looked for, to be made to stand out."""

    text: str
    url: str | None = None
    hit: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line; `label` names what it holds (`发布`), empty where it speaks for itself."""

    spans: tuple[Span, ...]
    label: str = ""

    @property
    def text(self) -> str:
        """The line's words without its label."""
        return "".join(span.text for span in self.spans)

    @property
    def prefix(self) -> str:
        """The label with its colon, empty where there is none."""
        return self.label and self.label + (": " if self.label.isascii() else "：")


@dataclass(frozen=True, slots=True)
class Part:
    """Lines that belong together; `heading` introduces them where they need it."""

    kind: PartKind
    lines: tuple[Line, ...]
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Composition:
    """A message in words. `subject` is plain text of one line that stands for the whole."""

    language: str
    subject: str
    parts: tuple[Part, ...]


# White space, control characters, text-direction overrides and lone surrogates: none belongs into a line.
_UNPRINTABLE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]+")


def tidy(text: str) -> str:
    """The text with every run of white space and unprintable characters made one space."""
    return _UNPRINTABLE.sub(" ", text)


def clip(text: str, length: int) -> str:
    """The text on one line of at most `length` characters, an ellipsis in place of what was cut."""
    return cut(tidy(text).strip(), length)


def cut(text: str, length: int) -> str:
    """At most `length` characters, an ellipsis in place of what was cut."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def line(text: str, label: str = "") -> Line:
    """A line of plain words."""
    return Line((Span(text),) if text else (), label)


def web_address(url: str | None) -> str | None:
    """The address if a reader may click it: the name of a file and a script are none, nor is what no message
    has room for."""
    if not url or len(url) > LONGEST_LINK:
        return None
    return url if re.fullmatch(r"https?://[^\s<>\"]+", url, re.IGNORECASE) else None
