"""Subscribers as the configuration names them → the database."""

import datetime as dt
from collections.abc import Iterable

from monitor.config.model import Config, DestinationSettings
from monitor.notify import CHANNELS
from monitor.storage import Destination, Origin, Transaction
from rules import Vocabulary, parse_rule

OPERATOR = "operator"
"""The name of the subscriber who is told what only the operator can put right."""

_REMOVED = "no longer in the configuration"


def adopt(tx: Transaction, config: Config, vocabulary: Vocabulary, now: dt.datetime) -> None:
    """Make the database's subscribers, destinations and subscriptions those of the configuration.

    Subscriptions that the configuration made before and does not name any more are paused; those made by
    command or by chat are left alone. Doing it again changes nothing.
    """
    kept: set[int] = set()
    for subscriber in config.subscribers:
        language = subscriber.language or config.language
        person = tx.destinations.ensure_subscriber(
            subscriber.name, language=language, timezone=config.timezone, now=now
        )
        for destination in _destinations(tx, person.id, subscriber.destinations, now):
            for wanted in subscriber.subscriptions:
                rule = str(parse_rule(wanted.rule, vocabulary=vocabulary))
                subscription = tx.subscriptions.ensure(
                    destination.id, wanted.name or rule, rule, origin=Origin.CONFIG, now=now
                )
                kept.add(subscription.id)
    tx.subscriptions.keep_only(Origin.CONFIG, kept)
    _adopt_operators(tx, config, now)


def _adopt_operators(tx: Transaction, config: Config, now: dt.datetime) -> None:
    operator = tx.destinations.ensure_subscriber(
        OPERATOR, language=config.language, timezone=config.timezone, operator=True, now=now
    )
    wanted = {d.id for d in _destinations(tx, operator.id, config.operator.destinations, now)}
    for destination in tx.destinations.active_of(operator.id):
        if destination.id not in wanted:
            tx.destinations.deactivate(destination.id, _REMOVED, now)


def _destinations(
    tx: Transaction, subscriber_id: int, settings: Iterable[DestinationSettings], now: dt.datetime
) -> list[Destination]:
    """The destinations, made where they were missing.

    One that was refused stays inactive until somebody activates it; one that only the configuration had
    dropped is back.
    """
    found = []
    for wanted in settings:
        address = CHANNELS[wanted.channel].check_address(wanted.address.get_secret_value())
        destination = tx.destinations.ensure(subscriber_id, wanted.channel, address, now)
        if destination.reason == _REMOVED:
            tx.destinations.activate(destination.id, now)
        found.append(destination)
    return found
