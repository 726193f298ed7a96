"""The year of rows that show only month and day: of the heading above them, else from the rows around them.

None where it is not certain.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import pairwise

from monitor.sources.lists.records import Record
from monitor.sources.lists.row_dates import date_of, year_alone


def with_years(records: list[Record]) -> list[Record]:
    """Give rows without a year the one that puts them between their neighbours; the newest must be first."""
    if not any(record.month_and_day and not record.date for record in records):
        return records
    _take_from_headings(records)
    known = [record.date for record in records if record.date]
    if not known or any(later > earlier for earlier, later in pairwise(known)):
        return records
    for steps in (records, records[::-1]):  # downwards from a known row, then upwards
        _fill(steps, downwards=steps is records)
    return records


def _take_from_headings(records: Sequence[Record]) -> None:
    """Give rows the year that stands alone above them. Years in a row are a menu to choose one from."""
    rows = {record.element: record for record in records}
    year: int | None = None
    headings: list[int] = []  # since the last row
    for element in records[0].element.getroottree().iter("*"):
        record = rows.get(element)
        if record is not None:
            if headings:
                year = headings[0] if len(headings) == 1 else None
                headings = []
            if year is not None and record.month_and_day and record.date is None:
                record.date = date_of(year, *record.month_and_day)
            continue
        alone = year_alone(element.text or "") if not len(element) else None
        if alone is not None and rows.keys().isdisjoint(element.iterancestors()):
            headings.append(alone)


def _fill(records: Sequence[Record], *, downwards: bool) -> None:
    near: dt.date | None = None
    for record in records:
        if record.date is None and record.month_and_day and near is not None:
            record.date = _nearest(record.month_and_day, near, downwards=downwards)
        near = record.date or near


def _nearest(short: tuple[int, int], near: dt.date, *, downwards: bool) -> dt.date | None:
    """The last such day up to the one near it, or the first from it on."""
    years = (near.year, near.year - 1) if downwards else (near.year, near.year + 1)
    dates: Iterator[dt.date | None] = (date_of(year, *short) for year in years)
    fits = (date for date in dates if date and (date <= near if downwards else date >= near))
    return next(fits, None)
