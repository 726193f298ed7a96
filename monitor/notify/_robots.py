"""Robots of team chats: a secret URL that takes a card. What all of them share."""

import datetime as dt
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import BaseModel, Field, SecretStr

from monitor.compose import Composition, Room, fitting
from monitor.errors import DeliveryError, SendOutcome
from monitor.limits import Limit, Limits, Rate
from monitor.notify._channel import Channel, ChannelKind, ChannelSettings, Clock, bucket, safe_answer
from monitor.notify._http import Answer, HttpClient, host_of, not_taken, url_secrets
from monitor.types import Message, Receipt
from monitor.units import Duration

Payload = dict[str, Any]
_NAME = re.compile(r"[^\s/]{1,64}")
_HEADERS = {"content-type": "application/json; charset=utf-8", "user-agent": "policy-monitor"}


class Robot(BaseModel):
    """One robot in one group."""

    model_config = ChannelSettings.model_config

    url: Annotated[SecretStr, Field(description="the address that the chat program gave for it")]
    secret: Annotated[SecretStr | None, Field(description="its signing secret, where signing is on")] = None


class RobotSettings(ChannelSettings):
    """The robots that messages may go to; a destination's address is the name of one."""

    robots: Annotated[dict[str, Robot], Field(min_length=1, description="name → url and secret of a robot")]
    timeout: Annotated[Duration, Field(description="longest wait for an answer")] = dt.timedelta(seconds=15)

    def names(self) -> frozenset[str]:
        return frozenset(self.robots)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an answer says of the message: taken, or not, for ever or because a limit was broken, and after
    how many seconds to come back."""

    taken: bool
    gone: bool = False
    too_fast: bool = False
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Dialect:
    """What sets one chat program apart from the others.

    `render` makes a card and `fits` says whether the program takes one of its size; `address` turns a robot,
    a card and the time into the URL and the card with their signature; `judge` reads the answer, or returns
    None for one that it cannot read. `room` is as in `ChannelKind`.
    """

    name: str
    render: Callable[[Composition], Payload]
    fits: Callable[[Payload], bool]
    judge: Callable[[Answer], Verdict | None]
    rates: tuple[Rate, ...]
    room: Room
    address: Callable[[Robot, Payload, dt.datetime], tuple[str, Payload]] = field(
        default=lambda robot, payload, now: (robot.url.get_secret_value(), payload)
    )

    def kind(self) -> ChannelKind:
        """The channel that speaks this dialect."""

        def create(settings: RobotSettings, clock: Clock) -> Channel:
            return RobotChannel(self, settings, clock)

        return ChannelKind(self.name, RobotSettings, create, check_address, self.room)


def check_address(address: str) -> str:
    """The name of a robot in the settings."""
    name = address.strip()
    if not _NAME.fullmatch(name):
        raise ValueError("The address is the name that the robot has in the settings; its URL stays there.")
    return name


class RobotChannel:
    """Sends through the robots of one chat program; none of them knows a repeat."""

    repeat_safe = False
    paced = True

    def __init__(self, dialect: Dialect, settings: RobotSettings, clock: Clock) -> None:
        self.name = dialect.name
        self._dialect = dialect
        self._settings = settings
        self._clock = clock
        self._http = HttpClient(settings.timeout)

    def limits(self, address: str) -> Limits:
        """Each robot is counted by itself, by whatever names it goes."""
        robot = self._settings.robots.get(address)
        if robot is None:
            return ()
        return (Limit(bucket(self.name, robot.url.get_secret_value()), self._dialect.rates),)

    async def send(self, address: str, message: Message) -> Receipt:
        """Sent is what the program's own answer calls taken, whatever the HTTP status."""
        robot = self._settings.robots.get(address)
        if robot is None:
            sentence = f"No {self.name} robot is called {address!r} in the settings."
            raise DeliveryError(sentence, outcome=SendOutcome.RETRY)
        payload = fitting(message, self._clock().date(), self._dialect.render, self._dialect.fits)
        url, payload = self._dialect.address(robot, payload, self._clock())
        return self._receipt(await self._http.post(url, encoded(payload), _HEADERS), url, robot)

    def _receipt(self, answer: Answer, url: str, robot: Robot) -> Receipt:
        secrets = (*url_secrets(url), robot.secret.get_secret_value() if robot.secret else "")
        host, said = host_of(url), safe_answer(f"{answer.status} {answer.text}", *secrets)
        verdict = self._dialect.judge(answer) if answer.status < 500 else Verdict(taken=False)
        if verdict is None:
            sentence = f"{host} answered what {self.name} does not answer ({said}); the message may be there."
            raise DeliveryError(sentence, outcome=SendOutcome.AMBIGUOUS, answer=said)
        if verdict.taken:
            return Receipt(said)
        if verdict.gone:
            sentence = f"{host} knows this robot no more: {said}"
            raise DeliveryError(sentence, outcome=SendOutcome.PERMANENT, answer=said)
        error = not_taken(answer, host, *secrets)
        error.retry_after = verdict.retry_after or error.retry_after
        error.too_fast = error.too_fast or verdict.too_fast
        raise error

    async def probe(self) -> str:
        """Robots understand nothing but messages, so none is sent."""
        return f"{len(self._settings.robots)} robot(s); none is contacted."

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()


def encoded(payload: Payload) -> bytes:
    """The card as it goes out."""
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def smaller_than(size: int) -> Callable[[Payload], bool]:
    """Whether a card has at most `size` bytes."""
    return lambda payload: len(encoded(payload)) <= size


def by_code(
    name: str, *, gone: frozenset[int], busy: Mapping[int, float]
) -> Callable[[Answer], Verdict | None]:
    """For programs that answer 200 also when they refuse: sent is only where the field `name` is 0.

    `gone` are codes of a robot that is no more; `busy` has the seconds to wait for codes of a broken limit.
    """

    def judge(answer: Answer) -> Verdict | None:
        try:
            code = json.loads(answer.text)[name]
        except (ValueError, TypeError, KeyError):
            return None if answer.status < 300 else Verdict(taken=False)
        return Verdict(code == 0, gone=code in gone, too_fast=code in busy, retry_after=busy.get(code))

    return judge


def by_status(gone: Callable[[Answer], bool]) -> Callable[[Answer], Verdict]:
    """For programs whose HTTP status means what it says."""
    return lambda answer: Verdict(
        taken=200 <= answer.status < 300, gone=answer.status >= 400 and gone(answer)
    )
