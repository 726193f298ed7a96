"""How often, when and how much somebody wants to be told, as people write it. Pure.

    at once | hourly | daily 09:00 | weekly mon 09:00          即时 | 每小时 | 每天 9点 | 每周一 09:00
    22:00-08:00                                                晚上10点到早上8点

`str()` of each is the one canonical form, which is also what is stored; `show` is for readers.
"""

import datetime as dt
import functools
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BeforeValidator, PlainSerializer

from monitor.words import Words

DEFAULT_TIME = dt.time(9)
"""Of a daily or weekly summary for which no time is named."""
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class PreferenceError(ValueError):
    """Something a person wrote is not understood; the sentence says what may be written instead."""

    def __init__(self, chinese: str, english: str) -> None:
        super().__init__(english)
        self._chinese, self._english = chinese, english

    def render(self, words: Words) -> str:
        """The sentence, in the reader's language."""
        return words(self._chinese, self._english)


class Pace(StrEnum):
    """How many windows there are."""

    AT_ONCE = "at once"
    HOURLY = "hourly"
    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class Frequency:
    """How often what was met is told. Of a summary: `at` is the time of day and `weekday` (0 is Monday) the
    day on which its window ends."""

    pace: Pace = Pace.AT_ONCE
    at: dt.time | None = None
    weekday: int | None = None

    def __str__(self) -> str:
        day = None if self.weekday is None else WEEKDAYS[self.weekday]
        at = None if self.at is None else f"{self.at:%H:%M}"
        return " ".join(part for part in (self.pace.value, day, at) if part)

    def show(self, words: Words) -> str:
        """For a reader: `每周一 09:00`."""
        if words.language == "en":
            return str(self)
        names = {Pace.AT_ONCE: "即时", Pace.HOURLY: "每小时", Pace.DAILY: "每天", Pace.WEEKLY: "每周"}
        day = "" if self.weekday is None else "一二三四五六日"[self.weekday]
        return names[self.pace] + day + ("" if self.at is None else f" {self.at:%H:%M}")

    @property
    def is_at_once(self) -> bool:
        return self.pace is Pace.AT_ONCE


AT_ONCE = Frequency()
HOURLY = Frequency(Pace.HOURLY)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `start` to `end` by the reader's clock, over midnight where `end` is the earlier one."""

    start: dt.time
    end: dt.time

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"

    def covers(self, time: dt.time) -> bool:
        """Whether the time lies in them."""
        if self.start <= self.end:
            return self.start <= time < self.end
        return time >= self.start or time < self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """What a subscriber wants, for all subscriptions that do not say otherwise.

    `daily_cap`: so many messages a day, and the rest in one summary. `group_from`: so many notices of one
    check are one message.
    """

    timezone: str = "Asia/Shanghai"
    frequency: Frequency = AT_ONCE
    quiet_hours: QuietHours | None = None
    daily_cap: int | None = None
    group_from: int | None = 20


@functools.lru_cache(maxsize=1024)
def parse_frequency(text: str) -> Frequency:
    """`daily 09:00`, `每周一 9点`; `09:00` where a summary names no time. Raises `PreferenceError`."""
    given = _plain(text)
    if given in _AT_ONCE_WORDS:
        return AT_ONCE
    if given in _HOURLY_WORDS:
        return HOURLY
    for pattern, pace in ((_WEEKLY, Pace.WEEKLY), (_DAILY, Pace.DAILY)):
        if found := pattern.fullmatch(given):
            parts = found.groupdict()
            at = _time(parts["time"]) if parts["time"] else DEFAULT_TIME
            day = _weekday(parts.get("day") or "mon") if pace is Pace.WEEKLY else None
            if at is not None:
                return Frequency(pace, at, day)
    raise PreferenceError(
        f"看不懂频率“{text}”；可以写：即时、每小时、每天 09:00、每周一 09:00",
        f"{text!r} is not a frequency; write: at once, hourly, daily 09:00 or weekly mon 09:00",
    )


@functools.lru_cache(maxsize=1024)
def parse_quiet_hours(text: str) -> QuietHours | None:
    """`22:00-08:00`, `晚上10点到早上8点`; None for `none`, `无`. Raises `PreferenceError`."""
    given = _plain(text)
    if given in _NONE_WORDS:
        return None
    sides = [_time(side.strip()) for side in _BETWEEN.split(given)]
    match sides:
        case [dt.time() as start, dt.time() as end] if start != end:
            return QuietHours(start, end)
    raise PreferenceError(
        f"看不懂免打扰时间“{text}”；可以写：22:00-08:00，或 无",
        f"{text!r} are no quiet hours; write for example 22:00-08:00, or none",
    )


def parse_count(text: str | int) -> int | None:
    """A number above 0, or None for `none`, `无`. Raises `PreferenceError`."""
    given = _plain(str(text))
    if given in _NONE_WORDS:
        return None
    if re.fullmatch("[0-9]{1,6}", given) and int(given) > 0:
        return int(given)
    raise PreferenceError(
        f"应为大于 0 的整数，或 无，却是“{text}”", f"expected a whole number above 0, or none, found {text!r}"
    )


def parse_timezone(text: str) -> str:
    """The name of a zone of the IANA database, with a few that people write instead. Raises
    `PreferenceError`."""
    given = text.strip()
    name = _ZONES.get(_plain(given), given)
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise PreferenceError(
            f"没有时区“{text}”；写法如 Asia/Shanghai、Europe/Berlin",
            f"there is no time zone {text!r}; write for example Asia/Shanghai or Europe/Berlin",
        ) from None


_AT_ONCE_WORDS = {"at once", "at_once", "now", "immediately", "instant", "instantly", "即时", "立即", "立刻"}
_AT_ONCE_WORDS |= {"实时", "马上", "随时"}
_HOURLY_WORDS = {"hourly", "every hour", "每小时", "每个小时", "每 小时"}
_NONE_WORDS = {"none", "off", "no", "never", "无", "没有", "关", "关闭", "不限", "不要"}
_ZONES = {
    "北京": "Asia/Shanghai",
    "北京时间": "Asia/Shanghai",
    "上海": "Asia/Shanghai",
    "beijing": "Asia/Shanghai",
}
_ZONES |= {"香港": "Asia/Hong_Kong", "台北": "Asia/Taipei", "乌鲁木齐": "Asia/Urumqi", "utc": "UTC"}
_BETWEEN = re.compile(r"\s*(?:-|–|—|~|到|至|\bto\b)\s*(?:次日|第二天)?\s*")
_DAILY = re.compile(r"(?:daily|every day|每天|每日|天天)\s*(?:at\b|的)?\s*(?P<time>.*)")
_WEEKLY = re.compile(
    r"(?:weekly|every week|every|每周|每星期|每个?礼拜|周|星期)\s*(?:on\b)?\s*"
    r"(?P<day>(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*|[一二三四五六日天1-7](?![0-9:点时]))?,?\s*(?:at\b|的)?\s*(?P<time>.*)"
)
_TIME = re.compile(
    r"(?P<part>凌晨|早上|早晨|早|上午|中午|下午|傍晚|晚上|晚|夜里)?\s*"
    r"(?P<hour>\d{1,2})\s*(?:[:点时]\s*(?P<minute>\d{1,2}|半|一刻|三刻|整)?\s*分?)?\s*(?P<half>[ap]\.?m\.?)?"
)
_MINUTES = {None: 0, "整": 0, "一刻": 15, "半": 30, "三刻": 45}
_NUMERAL = re.compile("[零一二两三四五六七八九十]{1,3}(?=[点时分])")
_DIGITS = {name: digit for digit, name in enumerate("零一二三四五六七八九")} | {"两": 2}
_AFTERNOON, _NIGHT = ("下午", "傍晚", "晚上", "晚", "夜里"), ("晚上", "晚", "夜里", "凌晨")


def _plain(text: str) -> str:
    """Full-width forms narrow, lower case, single spaces."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip().lower()


def _time(text: str) -> dt.time | None:
    found = _TIME.fullmatch(_NUMERAL.sub(lambda numeral: str(_number(numeral[0])), text))
    if found is None:
        return None
    hour, minute = _hour(int(found["hour"]), found["part"], found["half"]), found["minute"]
    minutes = _MINUTES[minute] if minute in _MINUTES else int(minute)
    return dt.time(hour % 24, minutes) if 60 * hour + minutes <= 24 * 60 and minutes < 60 else None


def _hour(hour: int, part: str | None, half: str | None) -> int:
    """The hour of the day, of 1 to 12 with the part or half of the day that it is in; 99 for none."""
    if half:
        return hour % 12 + 12 * half.startswith("p") if 1 <= hour <= 12 else 99
    if part in _NIGHT and hour == 12:
        return 0
    afternoon = part in _AFTERNOON and hour < 12
    return hour + 12 * (afternoon or (part == "中午" and hour < 4))


def _number(numeral: str) -> int:
    """Of `九`, `十`, `十一`, `三十` or `二十五`."""
    tens, ten, ones = numeral.rpartition("十")
    return 10 * bool(ten) * _DIGITS.get(tens, 1) + _DIGITS.get(ones[-1:], 0)


def _weekday(text: str) -> int:
    if text[:3] in WEEKDAYS:
        return WEEKDAYS.index(text[:3])
    return min(("1234567" if text.isascii() else "一二三四五六日天").index(text), 6)


def _read_frequency(value: object) -> object:
    return parse_frequency(value) if isinstance(value, str) else value


def _read_quiet_hours(value: object) -> object:
    return parse_quiet_hours(value) if isinstance(value, str) else value


def _read_count(value: object) -> object:
    return parse_count(value) if isinstance(value, str | int) and not isinstance(value, bool) else value


def _read_timezone(value: object) -> object:
    return parse_timezone(value) if isinstance(value, str) else value


AFrequency = Annotated[Frequency, BeforeValidator(_read_frequency), PlainSerializer(str)]
SomeQuietHours = Annotated[QuietHours | None, BeforeValidator(_read_quiet_hours), PlainSerializer(str)]
SomeCount = Annotated[int | None, BeforeValidator(_read_count)]
ATimezone = Annotated[str, BeforeValidator(_read_timezone)]
