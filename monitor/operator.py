"""Messages that are about no notice: what somebody must know or put right."""

import datetime as dt
from collections.abc import Callable, Iterable

import structlog

from monitor.storage import Destination, Transaction
from monitor.words import Words

log = structlog.get_logger()

Say = Callable[[Words], tuple[str, str]]
"""A headline and a text, in the reader's language."""


def announce(tx: Transaction, readers: Iterable[Destination], topic: str, say: Say, now: dt.datetime) -> int:
    """Queue a message to each of these destinations, once per topic. Returns how many were queued."""
    return sum(tx.deliveries.say(d.id, topic, *say(_words(d)), now) for d in readers)


def tell_operators(tx: Transaction, topic: str, headline: str, text: str, now: dt.datetime) -> int:
    """Queue a message to every operator's destination, once per topic. Returns how many were queued.

    Where nobody is set up to hear it, the log does.
    """
    operators = tx.destinations.of_operators()
    if not operators:
        log.warning("no operator to tell", headline=headline, text=text)
    return announce(tx, operators, topic, lambda _: (headline, text), now)


def _words(reader: Destination) -> Words:
    return Words("en" if reader.language == "en" else "zh")
