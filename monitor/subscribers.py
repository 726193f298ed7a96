"""Subscribers as the configuration names them → the database."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import fields

from monitor.config.model import Config, DestinationSettings, SubscriberSettings
from monitor.notify import CHANNELS
from monitor.preferences import Preferences
from monitor.saved_rules import adopt_saved_rules, drop_saved_rules, read_rule
from monitor.storage import Destination, Origin, Subscriber, Transaction
from rules import Vocabulary

OPERATOR = "operator"
"""The name of the subscriber who is told what only the operator can put right."""

_PREFERENCES = {field.name for field in fields(Preferences)}
_REMOVED = "no longer in the configuration"


def adopt(tx: Transaction, config: Config, vocabulary: Vocabulary, now: dt.datetime) -> None:
    """Make the database's subscribers, destinations and subscriptions those of the configuration.

    Subscriptions that the configuration made before and does not name any more are paused; those made by
    command or by chat are left alone. Doing it again changes nothing.
    """
    kept: set[int] = set()
    kept_rules: list[tuple[int, str]] = []
    for subscriber in config.subscribers:
        person = _subscriber(tx, config, subscriber, now)
        adopt_saved_rules(tx, person.id, subscriber.saved_rules, vocabulary, now)
        kept_rules += [(person.id, name) for name in subscriber.saved_rules]
        for destination in _destinations(tx, person.id, subscriber.destinations, now):
            for wanted in subscriber.subscriptions:
                rule = str(read_rule(tx, person.id, wanted.rule, vocabulary))
                subscription = tx.subscriptions.ensure(
                    destination.id,
                    wanted.name or rule,
                    rule,
                    frequency=wanted.frequency,
                    urgent=wanted.urgent,
                    origin=Origin.CONFIG,
                    now=now,
                )
                kept.add(subscription.id)
    tx.subscriptions.keep_only(Origin.CONFIG, kept)
    drop_saved_rules(tx, kept_rules, now)
    _adopt_operators(tx, config, now)


def _subscriber(tx: Transaction, config: Config, wanted: SubscriberSettings, now: dt.datetime) -> Subscriber:
    """What the configuration says anew of a subscriber holds; what it said before, or leaves open, is as it
    was chosen elsewhere since, and at first the program's."""
    is_new = tx.destinations.named(wanted.name) is None
    said = {name: getattr(wanted, name) for name in wanted.model_fields_set & {*_PREFERENCES, "language"}}
    if is_new:
        said |= {name: getattr(wanted, name) or getattr(config, name) for name in ("language", "timezone")}
    person = tx.destinations.ensure_subscriber(wanted.name, now=now)
    anew = tx.destinations.newly_configured(
        person.id, {name: str(said[name]) for name in said.keys() & wanted.model_fields_set}
    )
    changes = {name: value for name, value in said.items() if is_new or name in anew}
    if language := changes.pop("language", None):
        tx.destinations.speak(person.id, language)
    return tx.destinations.prefer(person.id, **changes)


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
