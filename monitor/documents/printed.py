"""Printed pages and their lines, as a PDF gives them. Lengths are in points; baselines grow down the page."""

from dataclasses import dataclass

from monitor.types import Link

HYPHEN = "\x02"  # pdfium's mark for a hyphen at the end of a line


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """One printed line. `page` counts from 0; `size` is that of the type.

    `first_word` is the width of what stands before the first place where the line could be broken.
    """

    text: str
    page: int
    left: float
    right: float
    baseline: float
    size: float
    first_word: float
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """A page and its lines in reading order; `has_objects`: something is drawn on it, be it no text."""

    width: float
    height: float
    lines: tuple[PrintedLine, ...] = ()
    has_objects: bool = False
