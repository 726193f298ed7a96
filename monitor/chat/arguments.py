"""What a button carries → what its handler takes, as its annotations say.

A button may be pressed years after it was made, and who writes a chat program of their own sends what they
like: what cannot be read is no button of ours any more, and no mistake of ours either.
"""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from inspect import signature
from types import NoneType
from typing import Any, Literal, get_args, get_origin

_LARGEST = 2**31 - 1
"""The largest number of a row."""


class StaleButtonError(Exception):
    """The button is too old, or was never one."""


def arguments(handler: Callable[..., object], given: Sequence[str]) -> tuple[Any, ...]:
    """The arguments after the handler's first one. Raises `StaleButtonError`."""
    taken = signature(handler)
    try:
        bound = taken.bind(None, *given)
    except TypeError:
        raise StaleButtonError from None
    _, *names = bound.arguments
    for name in names:
        wanted, value = taken.parameters[name].annotation, bound.arguments[name]
        several = isinstance(value, tuple)
        bound.arguments[name] = tuple(read(wanted, one) for one in value) if several else read(wanted, value)
    return bound.args[1:]


def read(wanted: Any, text: str) -> Any:
    """A text as what is wanted: text, a number, a day, a time, one of some words, or any one of several of
    these. Raises `StaleButtonError`."""
    if wanted is str:
        return text
    if wanted is int:
        return _number(text)
    if wanted is dt.date or wanted is dt.datetime:
        return _time(wanted, text)
    if get_origin(wanted) is Literal:
        if text in get_args(wanted):
            return text
        raise StaleButtonError
    for kind in get_args(wanted):
        try:
            return read(kind, text)
        except StaleButtonError:
            continue
    assert wanted is NoneType or get_args(wanted), f"a button cannot carry {wanted}"
    raise StaleButtonError


def _number(text: str) -> int:
    if not re.fullmatch("[0-9]{1,10}", text) or int(text) > _LARGEST:
        raise StaleButtonError
    return int(text)


def _time(wanted: type[dt.date], text: str) -> dt.date:
    try:
        found = wanted.fromisoformat(text)
    except ValueError:
        raise StaleButtonError from None
    if isinstance(found, dt.datetime) and found.tzinfo is None:
        raise StaleButtonError
    return found
