"""A word to whoever can put right what the program cannot."""

import datetime as dt

from monitor.storage import Transaction


def tell_operators(tx: Transaction, topic: str, headline: str, text: str, now: dt.datetime) -> int:
    """Queue a message to every operator's destination, once per topic. Returns how many were queued."""
    destinations = tx.destinations.of_operators()
    return sum(tx.deliveries.say(d.id, topic, headline, text, now) for d in destinations)
