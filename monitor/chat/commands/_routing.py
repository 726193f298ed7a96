"""What goes from a chat to its further destinations."""

import datetime as dt

from monitor.chat.turn import Turn
from monitor.storage import Destination, Subscription, Transaction


def further(turn: Turn) -> list[Destination]:
    """The destinations that were added to this chat."""
    if turn.destination is None:
        return []
    added = turn.tx.confirmations.of_subscriber(turn.destination.subscriber_id)
    found = (turn.tx.destinations.get(one.destination_id) for one in added)
    return [one for one in found if one is not None]


def forward(turn: Turn, made: Subscription) -> None:
    """A new subscription goes to those destinations, too, that take all."""
    for one in turn.tx.confirmations.of_subscriber(turn.home().subscriber_id):
        if one.confirmed_at is not None and one.takes_all:
            turn.tx.subscriptions.copy(made.id, one.destination_id, turn.now)


def forward_all(tx: Transaction, here: int, there: int, now: dt.datetime) -> None:
    """All that the destination `here` has subscribed to goes `there`, too."""
    for one in tx.subscriptions.of_destination(here):
        tx.subscriptions.copy(one.id, there, now)


def stop(turn: Turn, one: Destination) -> None:
    """Send nothing there any more."""
    for subscription_id in turn.tx.subscriptions.copied(one.id):
        turn.tx.subscriptions.drop_copy(subscription_id, one.id, turn.now)
    turn.tx.destinations.give_up(one.id, "removed by the subscriber", turn.now)
    turn.tx.confirmations.forget(one.id)
