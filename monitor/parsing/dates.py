"""Dates as Chinese government sites print them.

Our own expressions: general date libraries go wrong on several of these forms and are a thousand times
slower. Impossible dates (30 February) are not dates.
"""

import datetime as dt
from typing import NamedTuple


class PrintedDate(NamedTuple):
    """A full date in a text: `text[start:end]` prints it."""

    value: dt.date
    start: int
    end: int


def find_dates(text: str) -> list[PrintedDate]:
    """Every full date (year, month, day) printed in running text, in order.

    2022年12月1日, 2022 年 12 月 1 日, ２０２２年…, 二〇二二年十二月一日, 2022-12-01, 2022/12/1, 2022.12.1. Index codes such
    as 2026-02-00018 are no dates.
    """
    raise NotImplementedError


def parse_date(text: str, *, today: dt.date | None = None) -> dt.date | None:
    """The first date in a short text that should be one (a cell, a label's value), or None.

    Beyond `find_dates`: 20221201, epoch seconds and milliseconds, /Date(1700000000000)/, RFC 822, split day and month
    boxes (`06 2026.06`) and, where `today` is given, 今天 and 昨天. Days are those of Asia/Shanghai.
    """
    raise NotImplementedError
