"""What the bot asks of a chat program's adapter, and what the adapter tells the bot."""

from collections.abc import Mapping
from typing import Any, Protocol

from monitor.chat.model import Caller, Incoming
from monitor.chat.rendering import Outgoing
from monitor.limits import Limits


class Heed(Protocol):
    """What a chat program answers to one reply and that matters to others."""

    async def paused(self, caller: Caller, seconds: float) -> None:
        """It asks for a pause there."""

    async def moved(self, caller: Caller, address: str) -> None:
        """The chat has another address."""


class ChatProgram(Protocol):
    """The adapter of one chat program. `name` is that of its channel."""

    name: str

    async def open(self) -> None:
        """Find out who the bot is and make its menus."""

    async def poll(self) -> Mapping[int, Any]:
        """Wait for updates. Returns id → content as JSON; what was returned before counts as arrived."""

    def chat_of(self, content: Any) -> str:
        """The chat that an update came from; one lane for each."""

    async def incoming(self, content: Any) -> Incoming | None:
        """What was said; None where it is nothing for a bot."""

    def limits(self, caller: Caller) -> Limits:
        """Which buckets of the provider a message there falls into."""

    async def send(self, caller: Caller, outgoing: Outgoing, wait: float, heed: Heed) -> None:
        """Do it, with patience; what cannot be sent is logged. A new message waits so many seconds."""

    async def working(self, caller: Caller) -> None:
        """Show that an answer takes a moment."""

    async def aclose(self) -> None:
        """Close the connections of its own."""
