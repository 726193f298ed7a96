"""What trying an address gives."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from monitor.errors import ParseError
from monitor.sources import SourceSettings
from monitor.types import Entry

STALE_AFTER = dt.timedelta(days=400)
"""A list whose newest row is older has missed a whole year's round: its column is likely abandoned."""


class Doubt(StrEnum):
    """Why something that can be read may still be nothing to watch."""

    UNDATED = "undated"  # no row has a date: a menu, or a layout that is not understood
    STALE = "stale"  # its newest row is old: the agency may publish elsewhere by now


class Problem(StrEnum):
    """Why there is no source at an address that answered."""

    ADDRESS = "address"  # it is no web address
    DETAIL = "detail"  # a single notice
    FILE = "file"  # a document
    NO_ROWS = "no_rows"  # a page without a list


class NoSourceError(ParseError):
    """A page came, and there is nothing to watch on it.

    `lists`: (name, address) of columns that the page links to and that may be what was meant.
    """

    def __init__(
        self, problem: Problem, address: str, detail: str = "", lists: tuple[tuple[str, str], ...] = ()
    ) -> None:
        super().__init__(f"{address}: {detail or problem.value}")
        self.problem = problem
        self.address = address
        self.lists = lists


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a source shows.

    `settings` are complete: `settings.id` is proposed where `inspect` made them. `entries` are the rows of
    the first page and of the second, where there is one. `family` names the software (`大汉`), `encoding`
    the character set its pages are read in; None where that is not known. `paging`: a second page came and
    showed other rows; False: it was offered and did not; None: none was offered. `agency` is the name of the
    body that the site belongs to. `feed` is a feed that the page names beside its list.
    """

    settings: SourceSettings
    address: str
    entries: tuple[Entry, ...]
    row_count: int
    family: str | None = None
    encoding: str | None = None
    paging: bool | None = None
    agency: str | None = None
    feed: str | None = None
    warnings: tuple[str, ...] = ()

    @property
    def newest(self) -> dt.date | None:
        """The latest date of its rows."""
        return max((entry.date for entry in self.entries if entry.date), default=None)

    @property
    def oldest(self) -> dt.date | None:
        """The earliest date of its rows."""
        return min((entry.date for entry in self.entries if entry.date), default=None)

    def doubt(self, today: dt.date) -> Doubt | None:
        """What speaks against watching it, None for nothing."""
        if self.settings.kind not in ("html_list", "json_list", "feed"):
            return None
        if self.newest is None:
            return Doubt.UNDATED
        return Doubt.STALE if today - self.newest > STALE_AFTER else None
