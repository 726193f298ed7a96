"""What every channel offers."""

import datetime as dt
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict

from monitor.compose import Room
from monitor.limits import Limits
from monitor.types import Message, Receipt

Clock = Callable[[], dt.datetime]
"""The time now: aware, in the zone whose calendar days the readers count in."""

_ANSWER_LENGTH = 200


class Channel(Protocol):
    """Sends messages to one kind of destination; one instance serves all destinations and workers at once.

    `repeat_safe`: the receiver recognises a repeat by its id, so that a second try after an ambiguous one
    needs no word to the reader. `paced`: `limits` have rates, so that every send waits for its slot.
    """

    name: str
    repeat_safe: bool
    paced: bool

    def limits(self, address: str) -> Limits:
        """The buckets that messages to this address are counted by, the narrowest first."""

    async def send(self, address: str, message: Message) -> Receipt:
        """Send once. Raises `DeliveryError`; its outcome says whether another try can help."""

    async def probe(self) -> str:
        """Ask the provider, without sending, whether sending would work: one sentence, or `DeliveryError`."""

    async def aclose(self) -> None:
        """Give back connections. Nothing can be sent afterwards."""


class ChannelSettings(BaseModel):
    """Base of a channel's settings; secrets are `SecretStr`."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    def names(self) -> frozenset[str] | None:
        """The addresses that these settings define, where an address can be nothing else."""
        return None


@dataclass(frozen=True, slots=True)
class ChannelKind:
    """A channel as the configuration sees it.

    `check_address` returns a destination's address in its normal form, or raises `ValueError` with a sentence
    for the person who typed it. `room` is what one message has for the notices of a summary.
    """

    name: str
    settings: type[ChannelSettings]
    create: Callable[[Any, Clock], Channel]
    check_address: Callable[[str], str]
    room: Room = field(default_factory=Room)


def safe_answer(text: str, *secrets: str) -> str:
    """A provider's words on one line, cut to 200 characters, with every secret blotted out."""
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = text.replace(secret, "***")
    return re.sub(r"\s+", " ", text).strip()[:_ANSWER_LENGTH]


def bucket(channel: str, secret: str) -> str:
    """The name of a bucket that is known by a secret: the same everywhere, and giving nothing away."""
    return f"{channel}:{hashlib.sha256(secret.encode('utf-8', 'replace')).hexdigest()[:32]}"
