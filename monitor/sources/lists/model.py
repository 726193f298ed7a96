"""What reading a list gives."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list; `url` is absolute, None where the row has no link of its own."""

    title: str
    date: dt.date | None
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRows:
    """What a list page holds.

    `family` names how it was read: `html`, `datastore` (大汉), `script`, `json`, `feed`. `warnings` are
    sentences.
    """

    rows: tuple[Row, ...]
    next_url: str | None = None
    family: str = "html"
    warnings: tuple[str, ...] = ()
