"""On the way from notices: what a reader is told, why, and when."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from monitor.types.notices import Notice
from rules.model import Reason


class Hold(StrEnum):
    """Why what a notice met is not told at once."""

    HOURLY = "hourly"
    DAILY = "daily"
    WEEKLY = "weekly"
    QUIET_HOURS = "quiet hours"
    DAILY_CAP = "daily cap"
    CHECK = "check"  # until the check ends: it may find more for the same message


@dataclass(frozen=True, slots=True)
class Hit:
    """One subscription that a notice met, and why. `rule` is the rule in its canonical form."""

    subscription: str
    rule: str
    reasons: tuple[Reason, ...] = ()


class Cause(StrEnum):
    """Why a message comes later than its notice was found."""

    QUIET_HOURS = "quiet hours"  # the reader's own
    DAILY_CAP = "daily cap"  # the reader's own
    NOT_SENT = "not sent"  # the program stood still, or the destination was switched off
    NOT_TAKEN = "not taken"  # the channel was tried again and again
    NOT_READ = "not read"  # the notice was there before, but its source was not checked


@dataclass(frozen=True, slots=True)
class Lateness:
    """How late a message is, and why."""

    by: dt.timedelta
    cause: Cause


@dataclass(frozen=True, slots=True)
class Item:
    """One notice of a message about several. `revision` above 1: told before, and changed since."""

    notice: Notice
    hits: tuple[Hit, ...] = ()
    revision: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a message about several notices says of them: why they come together, and of how many `parts`
    (messages) this is which, `notices` being the number in all parts and `first` the one it goes on from.

    `window_end` is when the reader wanted it, in the reader's zone. `daily_cap` is the cap that held them.
    """

    held_by: Hold
    window_end: dt.datetime
    notices: int
    items: tuple[Item, ...]
    part: int = 1
    parts: int = 1
    first: int = 1
    daily_cap: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What one delivery says, before a channel gives it its form.

    An alert has a `notice` and the `hits`; a message about several notices has a `summary` instead, and one
    to the operator a `headline` and `text`. `delivery_id` stays the same over retries. `revision` above 1
    says that a notice told before was changed, and `told_first` is the `delivery_id` of the first message
    about it that this reader got. `published_late` is the time between publication and our first
    sight where that deserves a word, and `late` what came later; `last_of_day` is the reader's daily cap
    where this message reaches it; `may_repeat` marks a try after one that may have arrived.
    """

    delivery_id: str
    language: str = "zh"
    notice: Notice | None = None
    hits: tuple[Hit, ...] = ()
    summary: Summary | None = None
    headline: str = ""
    text: str = ""
    revision: int = 1
    told_first: str | None = None
    published_late: dt.timedelta | None = None
    late: Lateness | None = None
    last_of_day: int | None = None
    may_repeat: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """A provider's word that it took a message: its status and code, trimmed and free of secrets."""

    answer: str
    provider_id: str | None = None
