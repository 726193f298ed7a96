"""What the buttons under an alert say when they are pressed.

A chat program keeps a button's data as long as the message stands and gives it back when somebody presses it,
perhaps years later, so the form never changes: an action, a colon, and the message id of the delivery that
the button hangs under (`deliveries.message_id`, 32 hexadecimal digits, which nobody guesses). Telegram allows
64 bytes.
"""

import re
from enum import StrEnum
from typing import NamedTuple

_FORM = re.compile(r"([a-z]{1,16}):([0-9a-f]{32})")


class AlertAction(StrEnum):
    """What a reader can ask of an alert."""

    WHY = "why"  # the reasons in full
    MUTE = "mute"  # no more of this


class AlertButton(NamedTuple):
    """A pressed button: what is asked, and of which delivery."""

    action: AlertAction
    message_id: str


def button_data(action: AlertAction, message_id: str) -> str:
    """What a button carries: `why:0a1b…`."""
    return f"{action}:{message_id}"


def alert_button(data: str) -> AlertButton | None:
    """The button that this data is of; None where it is no alert's."""
    found = _FORM.fullmatch(data)
    if found is None or found[1] not in set(AlertAction):
        return None
    return AlertButton(AlertAction(found[1]), found[2])
