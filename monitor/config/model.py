"""The settings of the program, one model per section of the file.

Every field's description is the comment that stands beside it in config.example.yaml; a test holds the two
together. Sources and channels bring their own models.
"""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from monitor.fetch import FetchSettings
from monitor.notify import ChannelSettings
from monitor.sources import SourceSettings
from monitor.units import Duration, Size
from monitor.words import Language


class Section(BaseModel):
    """Base of all sections: frozen, and no key that nobody reads."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class ReadingSettings(Section):
    """Limits for reading and parsing one page or file, in a process of its own."""

    time: Annotated[Duration, Field(description="longest time for one file")] = timedelta(seconds=60)
    memory: Annotated[Size, Field(ge=256 << 20, description="most memory for one file")] = 1 << 30
    max_size: Annotated[Size, Field(gt=0, description="largest file, unpacked")] = 100 << 20
    max_pages: Annotated[int, Field(gt=0, description="most pages of one PDF")] = 2000
    workers: Annotated[int, Field(ge=1, le=64, description="files read at the same time")] = 2


class CheckSettings(Section):
    """How sources are checked."""

    concurrency: Annotated[int, Field(ge=1, le=256, description="sources checked at the same time")] = 8
    alarm_after: Annotated[
        int, Field(ge=1, description="failed checks in a row before the operator is told")
    ] = 3


class DeliverySettings(Section):
    """How alerts are sent."""

    concurrency: Annotated[int, Field(ge=1, le=256, description="messages sent at the same time")] = 8
    timeout: Annotated[
        Duration,
        Field(
            ge=timedelta(seconds=1),
            le=timedelta(seconds=60),
            description="longest time for one send, at most 60s; one without an answer is tried again",
        ),
    ] = timedelta(seconds=60)


class SubscriptionSettings(Section):
    """One rule of a subscriber."""

    rule: Annotated[str, Field(description="what to look for, see docs/reference/rules.md")]
    name: Annotated[str | None, Field(description="how alerts call it; the rule itself if absent")] = None


class DestinationSettings(Section):
    """One place where a subscriber's alerts go."""

    channel: Annotated[str, Field(description="one of the channels above")]
    address: Annotated[SecretStr, Field(description="chat id, e-mail address or URL")] = SecretStr("")


class SubscriberSettings(Section):
    """One person or team."""

    name: Annotated[str, Field(min_length=1, max_length=100, description="unique")]
    language: Annotated[Language | None, Field(description="zh or en; the program's if absent")] = None
    destinations: Annotated[
        list[DestinationSettings], Field(min_length=1, description="each gets every alert once")
    ]
    subscriptions: Annotated[list[SubscriptionSettings], Field(description="the rules")] = []


class OperatorSettings(Section):
    """Who is told what the program does not understand, cannot reach or could not deliver."""

    destinations: Annotated[
        list[DestinationSettings], Field(description="where these messages go; logged only if absent")
    ] = []


class LogSettings(Section):
    """What the program writes about itself, on standard error."""

    level: Annotated[
        Literal["debug", "info", "warning", "error"], Field(description="least level that is written")
    ] = "warning"
    format: Annotated[Literal["text", "json"], Field(description="for people, or for a log collector")] = (
        "text"
    )


class Settings(Section):
    """The sections that do not depend on the kinds of sources and channels."""

    language: Annotated[
        Language, Field(description="zh or en, for messages without a reader of their own")
    ] = "zh"
    timezone: Annotated[str, Field(description="in which times are shown, and cron expressions meant")] = (
        "Asia/Shanghai"
    )
    database: Annotated[
        SecretStr, Field(description="sqlite:///FILE or postgresql+psycopg://USER:PASSWORD@HOST/NAME")
    ] = SecretStr("sqlite:///policy-monitor.db")
    vocabulary: Annotated[list[Path], Field(description="files that add names, aliases and synonyms")] = []
    reading: ReadingSettings = ReadingSettings()
    fetch: FetchSettings = FetchSettings()
    check: CheckSettings = CheckSettings()
    delivery: DeliverySettings = DeliverySettings()
    log: LogSettings = LogSettings()
    operator: OperatorSettings = OperatorSettings()
    subscribers: list[SubscriberSettings] = []


class Config(Settings):
    """Everything the program was told, checked: the sections, the sources and the channels."""

    folder: Path
    sources: tuple[SourceSettings, ...] = ()
    channels: dict[str, ChannelSettings] = {}

    @property
    def vocabulary_files(self) -> tuple[Path, ...]:
        """The files that add to the vocabulary, as they are found from anywhere."""
        return tuple(self.folder / path for path in self.vocabulary)
