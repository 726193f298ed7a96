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

    `family` names how it was read: `html`, `datastore` (大汉), `script`, `json`, `feed`; `path` are the tags
    and classes of a row and of what is around it, where it has any. `warnings` are sentences.
    """

    rows: tuple[Row, ...]
    next_url: str | None = None
    family: str = "html"
    path: str = ""
    warnings: tuple[str, ...] = ()

    @property
    def layout(self) -> str:
        """What stays the same while a site keeps its layout: how the list was read, and if it shows dates."""
        dated = 2 * sum(row.date is not None for row in self.rows) > len(self.rows)
        return " ".join(filter(None, (self.family, self.path, "dated" if dated else "undated")))
