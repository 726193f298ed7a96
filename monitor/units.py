"""Durations and sizes as people write them: `90s`, `15m`, `2h`, `7d`, `512KB`, `100MB`; and intervals."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_BYTES = {"": 1, "B": 1, "KB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30}


def _duration(value: Any) -> Any:
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise ValueError(f"a duration needs a unit: {value:g}s, {value:g}m, {value:g}h or {value:g}d?")
    if not isinstance(value, str):
        return value
    parts = re.findall(r"(\d+(?:\.\d+)?)\s*([smhdw])", value)
    if not parts or re.sub(r"\d+(?:\.\d+)?\s*[smhdw]|\s", "", value):
        raise ValueError(f"{value!r} is not a duration; write for example 90s, 15m, 2h or 7d")
    return dt.timedelta(seconds=sum(float(number) * _SECONDS[unit] for number, unit in parts))


def _size(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(B|KB|MB|GB)?", value.strip(), re.IGNORECASE)
    if match is None:
        raise ValueError(f"{value!r} is not a size; write for example 512KB or 100MB")
    return int(float(match[1]) * _BYTES[(match[2] or "").upper()])


def describe_duration(value: dt.timedelta) -> str:
    """The shortest way to write a duration that `Duration` reads back."""
    seconds = value.total_seconds()
    for unit in ("w", "d", "h", "m"):
        if seconds and seconds % _SECONDS[unit] == 0:
            return f"{seconds / _SECONDS[unit]:.0f}{unit}"
    return f"{seconds:g}s"


Duration = Annotated[dt.timedelta, BeforeValidator(_duration), PlainSerializer(describe_duration)]
Size = Annotated[int, BeforeValidator(_size)]


@dataclass(frozen=True, slots=True)
class Interval:
    """How long from one check to the next: between `least` and `most`, the same for a fixed interval."""

    least: dt.timedelta
    most: dt.timedelta


AUTO = Interval(dt.timedelta(minutes=10), dt.timedelta(minutes=40))
"""A source that breaks is found within `most`; three tries of it later the hour is not over."""
_SHORTEST = dt.timedelta(seconds=1)


def _interval(value: Any) -> Any:
    if isinstance(value, Interval):
        return value
    if value == "auto":
        return AUTO
    if isinstance(value, dict) and set(value) != {"min", "max"}:
        raise ValueError("expected auto, a duration such as 1h, or {min: 10m, max: 6h}")
    least, most = (value["min"], value["max"]) if isinstance(value, dict) else (value, value)
    interval = Interval(_duration(least), _duration(most))
    if not (isinstance(interval.least, dt.timedelta) and isinstance(interval.most, dt.timedelta)):
        raise ValueError("expected auto, a duration such as 1h, or {min: 10m, max: 6h}")
    if interval.least < _SHORTEST:
        raise ValueError("expected at least 1s")
    if interval.least > interval.most:
        raise ValueError("min is longer than max")
    return interval


def describe_interval(value: Interval) -> str:
    """The shortest way to write an interval that `every` reads back."""
    if value == AUTO:
        return "auto"
    least, most = describe_duration(value.least), describe_duration(value.most)
    return least if least == most else f"{{min: {least}, max: {most}}}"


Every = Annotated[Interval, BeforeValidator(_interval), PlainSerializer(describe_interval)]
