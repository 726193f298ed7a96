"""A list page → its rows and the address of the next page."""

import datetime as dt
from dataclasses import dataclass

from monitor.types import Document, Page


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list; `url` is absolute, None where the row has no link."""

    title: str
    date: dt.date | None
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRows:
    """What a list page holds. `family` names how it was read (`list`, `datastore`, `script`, `json`, …)."""

    rows: tuple[Row, ...]
    next_url: str | None = None
    family: str = "list"
    warnings: tuple[str, ...] = ()


def read_list(source: Page | Document | str, base_url: str | None = None) -> ListRows:
    """The rows of a list page or a JSON list, and the address of its next page.

    Raises `ParseError` when it holds no rows, `FetchError` (blocked) when it is a script challenge.
    """
    raise NotImplementedError
