"""The settings of the program, one model per section of the file.

Every field's description is the comment that stands beside it in config.example.yaml; a test holds the two
together. Sources and channels bring their own models.
"""

import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator

from monitor.config.selection import Waiting
from monitor.fetch import FetchSettings
from monitor.notify import ChannelSettings
from monitor.preferences import (
    AT_ONCE,
    AFrequency,
    ATimezone,
    PreferenceError,
    SomeCount,
    SomeQuietHours,
)
from monitor.sources import SourceSettings
from monitor.units import Duration, Size
from monitor.words import Language, Words


class Section(BaseModel):
    """Base of all sections: frozen, and no key that nobody reads."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


def _webhook_secret(value: SecretStr) -> SecretStr:
    if not re.fullmatch("[A-Za-z0-9_-]{16,256}", value.get_secret_value()):
        raise ValueError("a webhook's secret is 16 to 256 letters, digits, _ and -")
    return value


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


class ArchiveSettings(Section):
    """Raw pages as they were fetched, kept so that any parse can be repeated."""

    folder: Annotated[Path, Field(description="where the files go; relative to the configuration file")] = (
        Path("pages")
    )
    keep: Annotated[
        Duration, Field(description="how long a page is kept after it was last fetched; 0s keeps none")
    ] = timedelta(days=30)
    max_size: Annotated[
        Size, Field(gt=0, description="most space for all of them, packed; the oldest go first")
    ] = 2 << 30


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
    frequency: Annotated[
        AFrequency | None, Field(description="how often it is told; the subscriber's if absent")
    ] = None
    urgent: Annotated[
        bool, Field(description="tell at once, also in quiet hours and above the daily cap")
    ] = False

    @model_validator(mode="after")
    def _urgent_is_at_once(self) -> Self:
        if self.urgent and self.frequency is not None and not self.frequency.is_at_once:
            raise PreferenceError(
                f"urgent 的订阅总是即时提醒，不能又是“{self.frequency.show(Words())}”",
                f"what is urgent is told at once and cannot be {self.frequency} too",
            )
        return self


class DestinationSettings(Section):
    """One place where a subscriber's alerts go."""

    channel: Annotated[str, Field(description="one of the channels above")]
    address: Annotated[SecretStr, Field(description="chat id, e-mail address or URL")] = SecretStr("")


class SubscriberSettings(Section):
    """One person or team."""

    name: Annotated[str, Field(min_length=1, max_length=100, description="unique")]
    language: Annotated[Language | None, Field(description="zh or en; the program's if absent")] = None
    timezone: Annotated[
        ATimezone | None, Field(description="in which its hours are meant; the program's if absent")
    ] = None
    frequency: Annotated[
        AFrequency, Field(description="at once, hourly, daily 09:00 or weekly mon 09:00; also 每天 9点")
    ] = AT_ONCE
    quiet_hours: Annotated[
        SomeQuietHours, Field(description="alerts wait until these hours are over, e.g. 22:00-08:00; or none")
    ] = None
    daily_cap: Annotated[SomeCount, Field(description="messages a day, the rest in one summary; or none")] = (
        None
    )
    group_from: Annotated[
        SomeCount, Field(description="so many notices of one check come as one message; or none")
    ] = 20
    destinations: Annotated[
        list[DestinationSettings], Field(min_length=1, description="each gets every alert once")
    ]
    saved_rules: Annotated[
        dict[str, str], Field(description="name → rule, for @name in the rules of this subscriber")
    ] = {}
    subscriptions: Annotated[list[SubscriptionSettings], Field(description="the rules")] = []


class OperatorSettings(Section):
    """Who is told what the program does not understand, cannot reach or could not deliver."""

    destinations: Annotated[
        list[DestinationSettings], Field(description="where these messages go; logged only if absent")
    ] = []


class ChatWebhookSettings(Section):
    """Telegram pushes what people say, instead of being asked for it; needs web.listen."""

    url: Annotated[
        str,
        Field(
            pattern=r"^https?://[^/\s]+/[^\s?#]*[^\s?#/]$",
            description="where Telegram reaches web.listen, with a path",
        ),
    ]
    secret: Annotated[
        SecretStr,
        AfterValidator(_webhook_secret),
        Field(description="16 to 256 letters, digits, _ and -; who does not say it is not heard"),
    ]


class ChatSettings(Section):
    """The bot that people subscribe with; it speaks through channels.telegram."""

    enabled: Annotated[bool, Field(description="answer commands, where channels.telegram is set")] = True
    access: Annotated[
        Literal["open", "invite", "allow_list"],
        Field(description="who may use it: open to all, with an invitation, or only those of allow"),
    ] = "open"
    allow: Annotated[list[int], Field(description="ids of chats and users that always may")] = []
    operators: Annotated[
        list[int], Field(description="ids of users with the operators' commands; they always may")
    ] = []
    webhook: ChatWebhookSettings | None = None
    rate: Annotated[
        int, Field(ge=1, description="commands and presses a minute that one user is answered")
    ] = 60


class RulesSettings(Section):
    """What people are told of a rule that they try, by `rules test` and by the bot's /preview."""

    too_many: Annotated[
        int, Field(ge=0, description="more messages on a day than this, and the rule is called too wide")
    ] = 20


class WebSettings(Section):
    """A web server for metrics and health, for those who watch the program itself."""

    listen: Annotated[
        str | None,
        Field(
            pattern=r"^[^/\s]+:\d{1,5}$",
            description="HOST:PORT of /metrics, /healthz, /readyz; off if absent",
        ),
    ] = None


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
    archive: ArchiveSettings = ArchiveSettings()
    delivery: DeliverySettings = DeliverySettings()
    chat: ChatSettings = ChatSettings()
    rules: RulesSettings = RulesSettings()
    web: WebSettings = WebSettings()
    log: LogSettings = LogSettings()
    operator: OperatorSettings = OperatorSettings()
    subscribers: list[SubscriberSettings] = []


class Config(Settings):
    """Everything the program was told, checked: the sections, the sources and the channels."""

    folder: Path
    sources: tuple[SourceSettings, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    overrides: dict[str, Mapping[str, Any]] = {}
    channels: dict[str, ChannelSettings] = {}

    @property
    def vocabulary_files(self) -> tuple[Path, ...]:
        """The files that add to the vocabulary, as they are found from anywhere."""
        return tuple(self.folder / path for path in self.vocabulary)
