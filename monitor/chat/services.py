"""What the commands work with."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from monitor.config.model import ChatSettings, Config
from monitor.notify import Channel
from monitor.sources import SourceSettings
from monitor.storage import Storage
from rules import Vocabulary


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The parts of the program that the chat needs.

    `sources` are those that are checked, by id; `watch` has one more checked from now on. `clock` gives aware
    times.
    """

    storage: Storage
    vocabulary: Vocabulary
    config: Config
    channels: Mapping[str, Channel]
    sources: Mapping[str, SourceSettings]
    watch: Callable[[SourceSettings], None]
    clock: Callable[[], dt.datetime]

    @property
    def settings(self) -> ChatSettings:
        """The bot's own settings."""
        return self.config.chat

    @property
    def language(self) -> str:
        """That of subscribers who did not choose."""
        return self.config.language

    @property
    def timezone(self) -> str:
        """That of subscribers who did not choose."""
        return self.config.timezone
