"""Which layout a document is in, and the steps that every layout shares.

A layout is a module with `NAME`, `recognises(document)` and `parse(document)`; a new one is added to
`LAYOUTS` and nothing else is touched.
"""

import datetime as dt
from typing import Protocol

from monitor.types import Document, Notice


class Layout(Protocol):
    """What a layout module offers."""

    @property
    def NAME(self) -> str:  # noqa: N802 - a module's constant
        """What `--layout` calls it."""

    def recognises(self, document: Document) -> bool:
        """The text looks like this layout; asked in the order of `LAYOUTS`, the first to agree is taken."""

    def parse(self, document: Document) -> list[Notice]:
        """The notices of the document with the fields that the layout carries.

        Raises:
            ParseError: the document is not in this layout; says what was found and what was expected.
        """


def parse(document: Document, *, layout: str = "auto", today: dt.date | None = None) -> list[Notice]:
    """The notices of a document, resolved and finished.

    `layout` is the name of a layout (monthly, reference, weekly, notice) or `auto` to choose by the text.
    `today` lets a date in the future be noticed.

    Raises:
        ParseError: nothing could be parsed; says what was found and what was expected.
    """
    raise NotImplementedError
