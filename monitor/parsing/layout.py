"""Which layout a document is in, and the steps that every notice goes through, whatever its layout.

A layout is a module with `NAME`, `recognises(document)` and `parse(document)`; a new one is added to
`LAYOUTS`, its name to `LAYOUT_NAMES`, and nothing else is touched.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Protocol

from monitor.errors import ParseError
from monitor.parsing import LAYOUT_NAMES, monthly, reference, single, weekly
from monitor.parsing.consultation import is_consultation
from monitor.parsing.fingerprint import fingerprint
from monitor.parsing.lifecycle import life_cycle
from monitor.parsing.resolve import resolve
from monitor.parsing.text import is_blank
from monitor.types import Document, Notice, with_warning


class Layout(Protocol):
    """What a layout module offers."""

    @property
    def NAME(self) -> str:  # noqa: N802 - a module's constant
        """What settings and the command line call it."""

    def recognises(self, document: Document) -> bool:
        """The text looks like this layout."""

    def parse(self, document: Document) -> list[Notice]:
        """The notices of the document with the fields that the layout carries.

        Raises:
            ParseError: the document is not in this layout; says what was found and what was expected.
        """


LAYOUTS: tuple[Layout, ...] = (monthly, weekly, reference, single)
"""Asked in this order; the first that recognises a document reads it, and the last takes any."""


def parse(document: Document, *, layout: str = "auto", today: dt.date | None = None) -> list[Notice]:
    """The notices of a document, resolved and finished.

    `layout` is one of `LAYOUT_NAMES`, or `auto` to choose by the text. A date after `today` gets a warning.

    Raises:
        ParseError: nothing could be parsed; says what was found and what was expected.
    """
    chosen = _choose(document, layout)
    try:
        notices = [finish(notice, today=today) for notice in chosen.parse(document)]
    except ParseError:
        raise
    except Exception as error:  # a parser's surprise costs one document, never the check
        raise ParseError(f"the {chosen.NAME} layout failed on this document: {error!r}") from error
    if not notices:
        raise ParseError(f"found no notice; the {chosen.NAME} layout expects at least one")
    return [notice if notice.url else replace(notice, url=document.url) for notice in notices]


def _choose(document: Document, name: str) -> Layout:
    if name not in ("auto", *LAYOUT_NAMES):
        raise ParseError(f"{name!r} is not a layout; known are auto, {', '.join(LAYOUT_NAMES)}")
    if all(map(is_blank, document.lines)) and not document.markup:
        raise ParseError("the document has no text; expected a notice or a digest")
    named = (layout for layout in LAYOUTS if name == layout.NAME)
    fitting = (layout for layout in LAYOUTS if layout.recognises(document))
    return next(fitting if name == "auto" else named, LAYOUTS[-1])


def finish(notice: Notice, *, today: dt.date | None = None) -> Notice:
    """The steps that all layouts share: issuer, dates and documents that the text names, fingerprint."""
    notice = life_cycle(resolve(notice))
    notice = replace(notice, is_consultation=is_consultation(notice))
    notice = replace(notice, fingerprint=fingerprint(notice))
    return with_warning(notice, *_future_dates(notice, today))


def _future_dates(notice: Notice, today: dt.date | None) -> Iterator[str]:
    for name, date in (("成文日期", notice.written_date), ("发布日期", notice.published_date)):
        if today and date and date > today:
            yield f"{name}{date}是将来的日期。"
