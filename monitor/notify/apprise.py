"""Alerts to the many services that Apprise knows and no channel of our own does.

https://appriseit.com/services/

An extra. Apprise says only whether a send succeeded and logs the reason, so its log is read here.
"""

import asyncio
import datetime as dt
import logging
import re
import warnings
from contextvars import ContextVar
from typing import TYPE_CHECKING, Annotated
from urllib.parse import unquote

from pydantic import AfterValidator, Field, SecretStr

from monitor.compose import Composition, Room, fitting
from monitor.errors import DeliveryError, SendOutcome
from monitor.limits import Limits
from monitor.notify._channel import ChannelKind, ChannelSettings, Clock, safe_answer
from monitor.notify._text import render_text
from monitor.types import Message, Receipt

if TYPE_CHECKING:
    from apprise import NotifyBase

_OURS = {
    "dingtalk": "dingtalk",
    "feishu": "feishu",
    "lark": "feishu",
    "mailtos": "email",
    "tgram": "telegram",
    "wecombot": "wecom",
}
_HEARD: ContextVar[list[str]] = ContextVar("heard")  # lines of the send under way, in whatever thread
_REFUSED = re.compile(r"error=(?!50[24])\d{3}\b")  # a gateway's 502 and 504 do not know
_NOT_CONNECTED = re.compile(r"NewConnectionError|NameResolutionError|ConnectTimeout")


def _known(url: SecretStr) -> SecretStr:
    _service(url)
    return url


def check_address(address: str) -> str:
    """The name of a URL in the settings."""
    name = address.strip()
    if not re.fullmatch(r"[^\s/:]{1,64}", name):
        raise ValueError("The address is the name that the Apprise URL has in the settings; it stays there.")
    return name


class AppriseSettings(ChannelSettings):
    """Services by way of Apprise; a destination's address is the name of one."""

    urls: Annotated[
        dict[str, Annotated[SecretStr, AfterValidator(_known)]],
        Field(min_length=1, description="name → Apprise URL of a service, e.g. ntfy://my-topic"),
    ]

    def names(self) -> frozenset[str]:
        return frozenset(self.urls)


def create(settings: AppriseSettings, clock: Clock) -> "AppriseChannel":
    """The Apprise channel."""
    return AppriseChannel(settings, clock)


KIND = ChannelKind("apprise", AppriseSettings, create, check_address, Room(1_800, in_bytes=True))


class AppriseChannel:
    """Sends plain text, to each service one message at a time."""

    name = "apprise"
    repeat_safe = False
    paced = False

    def __init__(self, settings: AppriseSettings, clock: Clock) -> None:
        self._clock = clock
        self._senders = {name: _Sender(name, url) for name, url in settings.urls.items()}

    def limits(self, address: str) -> Limits:
        """None of ours: Apprise itself goes slowly where a service wants that."""
        return ()

    async def send(self, address: str, message: Message) -> Receipt:
        """Sent is what Apprise takes for sent."""
        sender = self._senders.get(address)
        if sender is None:
            sentence = f"No Apprise URL is called {address!r} in the settings."
            raise DeliveryError(sentence, outcome=SendOutcome.RETRY)
        return await sender.send(message, self._clock().date())

    async def probe(self) -> str:
        """Few services understand anything but messages, so none is sent."""
        return f"{len(self._senders)} service(s); none is contacted."

    async def aclose(self) -> None:
        """Apprise keeps no connection open."""


class _Sender:
    """One service with its limits."""

    def __init__(self, name: str, url: SecretStr) -> None:
        self._name = name
        self._service = _service(url)
        self._secrets = _secrets(url.get_secret_value())
        self._turn = asyncio.Lock()

    async def send(self, message: Message, today: dt.date) -> Receipt:
        title, body = fitting(message, today, self._render, self._fits)
        async with self._turn:
            is_sent, heard = await asyncio.to_thread(_notify, self._service, title, body)
        if is_sent:
            return Receipt("sent")
        said = safe_answer(heard, *self._secrets)
        sentence = f"Apprise could not send to {self._name}: {said or 'it does not say why'}"
        raise DeliveryError(sentence, outcome=self._outcome(heard), answer=said)

    def _render(self, composition: Composition) -> tuple[str, str]:
        title = composition.subject[: self._service.title_maxlen]
        return _encodable(title), _encodable(render_text(composition))

    def _fits(self, rendered: tuple[str, str]) -> bool:
        return len(rendered[1]) <= self._service.body_maxlen

    def _outcome(self, heard: str) -> SendOutcome:
        """Of several targets behind one URL, some may have the message."""
        is_certain = len(self._service) == 1 and (_REFUSED.search(heard) or _NOT_CONNECTED.search(heard))
        return SendOutcome.RETRY if is_certain else SendOutcome.AMBIGUOUS


def _service(url: SecretStr) -> "NotifyBase":
    """The service behind an Apprise URL. Raises `ValueError` for one that cannot or should not be used."""
    try:
        from apprise import Apprise, AppriseAsset  # noqa: PLC0415 - an extra, and slow to import
    except ModuleNotFoundError:
        raise ValueError("this channel comes with: pip install 'policy-monitor[apprise]'") from None
    asset = AppriseAsset(app_id="policy-monitor", app_desc="policy-monitor", app_url="")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of modules that its plug-ins import
        service = Apprise.instantiate(url.get_secret_value(), asset=asset)
    if service is None:
        raise ValueError("Apprise knows no such URL; its services: https://appriseit.com/services/")
    ours = _OURS.get(service.secure_protocol or "")
    if ours:
        raise ValueError(f"for this service there is the channel {ours}, which knows better what was sent")
    return service


def _notify(service: "NotifyBase", title: str, body: str) -> tuple[bool, str]:
    """Whether it was sent, and what Apprise said of it."""
    from apprise import Apprise, NotifyFormat  # noqa: PLC0415

    heard: list[str] = []
    _HEARD.set(heard)
    carrier = Apprise()
    carrier.add(service)
    return bool(carrier.notify(body=body, title=title, body_format=NotifyFormat.TEXT)), " ".join(heard)


class _Ear(logging.Filter):
    """Keeps the reasons for whoever sends, and lets no line out: they hold addresses, which are secrets."""

    def filter(self, record: logging.LogRecord) -> bool:
        line = record.getMessage()
        if record.levelno >= logging.WARNING or line.startswith("Socket Exception"):
            _HEARD.get([]).append(line)
        return False


logging.getLogger("apprise").addFilter(_Ear())
logging.getLogger("apprise").setLevel(logging.DEBUG)
logging.getLogger("urllib3").setLevel(logging.ERROR)  # it logs addresses too, and only Apprise uses it


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def _secrets(url: str) -> list[str]:
    """Every word of the URL: which of them are secret depends on the service."""
    words = re.split(r"[/:@?&=,]+", url.partition("://")[2])
    return [word for part in words for word in (part, unquote(part)) if len(word) >= 4]
