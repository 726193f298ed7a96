"""Alerts by mail: text and HTML in one, a revision in the thread of the first mail, handed to a relay."""

import datetime as dt
import functools
import hashlib
import re
from dataclasses import replace
from email.header import Header
from email.message import Message as MailHead
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime, formataddr, parseaddr
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import quote

from pydantic import AfterValidator, Field, SecretStr, model_validator

from monitor.compose import Room, compose
from monitor.limits import Limit, Limits, Rate
from monitor.notify._channel import ChannelKind, ChannelSettings, Clock
from monitor.notify._mail_html import render_html
from monitor.notify._relay import Relay
from monitor.notify._text import render_text
from monitor.types import Message, Receipt
from monitor.units import Duration

_WIRE = compat32.clone(linesep="\r\n", max_line_length=990)
_PORTS = {"starttls": 587, "tls": 465, "none": 25}
_LOCAL_PART = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
_DOMAIN = re.compile(r"(?=.{1,255}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*")


def check_address(address: str) -> str:
    """One address, `name@example.org`; the domain in lower case and, if Chinese, in its ASCII form."""
    local, at, domain = address.strip().rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        domain = ""
    if not at or not _LOCAL_PART.fullmatch(local) or not _DOMAIN.fullmatch(domain):
        raise ValueError(f"An e-mail address looks like name@example.org, not {address!r}.")
    return f"{local}@{domain}"


def _sender(value: str) -> str:
    check_address(parseaddr(value)[1])
    return value


class EmailSettings(ChannelSettings):
    """The relay that takes the mails, and how they introduce themselves."""

    host: Annotated[str, Field(description="the mail relay")]
    port: Annotated[
        int | None, Field(ge=1, le=65535, description="587 for starttls, 465 for tls, 25 for none if absent")
    ] = None
    security: Annotated[
        Literal["starttls", "tls", "none"], Field(description="how the connection is encrypted")
    ] = "starttls"
    ca_file: Annotated[
        Path | None, Field(description="certificates to trust, for a relay with its own authority")
    ] = None
    username: Annotated[str | None, Field(description="for relays that want a login")] = None
    password: Annotated[SecretStr | None, Field(description="for relays that want a login")] = None
    sender: Annotated[
        str, AfterValidator(_sender), Field(description="the From of all mails: Name <address>")
    ]
    unsubscribe: Annotated[
        str | None,
        Field(
            pattern=r"^(https|mailto):",
            description="https or mailto address of List-Unsubscribe; {address} becomes the recipient's",
        ),
    ] = None
    connections: Annotated[
        int, Field(ge=1, le=20, description="connections to the relay at the same time, each reused")
    ] = 2
    per_minute: Annotated[
        int | None,
        Field(ge=1, le=10_000, description="most mails a minute that the relay takes; any if absent"),
    ] = None
    timeout: Annotated[Duration, Field(description="longest wait for one of the relay's answers")] = (
        dt.timedelta(seconds=30)
    )

    @model_validator(mode="after")
    def _no_password_in_the_clear(self) -> Self:
        if self.password and self.security == "none":
            raise ValueError("a password needs security: starttls or tls, or anybody on the way can read it")
        return self


def create(settings: EmailSettings, clock: Clock) -> "EmailChannel":
    """The e-mail channel."""
    return EmailChannel(settings, clock)


KIND = ChannelKind("email", EmailSettings, create, check_address, Room(100_000))


class EmailChannel:
    """Sends mails. All tries of a delivery carry the same Message-ID, by which mail servers know a repeat."""

    name = "email"
    repeat_safe = True

    def __init__(self, settings: EmailSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._from = parseaddr(settings.sender)[1]
        secret = settings.password.get_secret_value() if settings.password else ""
        self._relay = Relay(_options(settings, secret), settings.connections, (secret,))
        self.paced = settings.per_minute is not None
        rates = (Rate(settings.per_minute, 61, even=True),) if settings.per_minute else ()
        self._limits = (Limit(f"{self.name}:{self._relay.name}", rates, shared=True),)

    def limits(self, address: str) -> Limits:
        """The relay's, whoever the reader is."""
        return self._limits

    async def send(self, address: str, message: Message) -> Receipt:
        """Hand one mail to the relay. What it takes it may still bounce, which is not seen here."""
        mail = render(message, self._settings, address, self._clock())
        answer = await self._relay.transmit(self._from, address, mail)
        domain = self._from.rpartition("@")[2]
        return Receipt(answer, provider_id=message_id(message.delivery_id, domain))

    async def probe(self) -> str:
        """Whether the relay lets us in."""
        return await self._relay.probe()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._relay.aclose()


def _options(settings: EmailSettings, password: str) -> dict[str, Any]:
    return {
        "hostname": settings.host,
        "port": settings.port or _PORTS[settings.security],
        "use_tls": settings.security == "tls",
        "start_tls": settings.security == "starttls",
        "username": settings.username,
        "password": password or None,
        "cert_bundle": str(settings.ca_file) if settings.ca_file else None,
        "timeout": settings.timeout.total_seconds(),
    }


def render(message: Message, settings: EmailSettings, address: str, now: dt.datetime) -> bytes:
    """The whole mail, ready for the wire: the reader's own head, and what all readers get alike."""
    domain = parseaddr(settings.sender)[1].rpartition("@")[2]
    head = MailHead(policy=_WIRE)
    head["From"] = formataddr(parseaddr(settings.sender))
    head["To"] = address
    head["Date"] = format_datetime(now)
    for name, value in (_thread(message, domain) | _unsubscribing(settings.unsubscribe, address)).items():
        head[name] = value
    head["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday replies
    return head.as_bytes().removesuffix(b"\r\n") + _rest(
        replace(message, delivery_id="", told_first=None), now.date()
    )


@functools.lru_cache(maxsize=32)
def _rest(message: Message, today: dt.date) -> bytes:
    """Subject and both texts, which is most of the work.

    Made of the older classes of `email`: `EmailMessage` takes four times as long and folds long ids and
    addresses in headers so that nobody can read them any more.
    """
    composition = compose(message, today)
    mail = MIMEMultipart("alternative", policy=_WIRE)
    mail["Subject"] = Header(composition.subject, "utf-8", header_name="Subject").encode()
    mail.attach(MIMEText(render_text(composition), "plain", "utf-8"))
    mail.attach(MIMEText(render_html(composition), "html", "utf-8"))
    return mail.as_bytes()


def message_id(delivery_id: str, domain: str) -> str:
    """The Message-ID of a delivery, the same at every try."""
    return f"<{_token(delivery_id)}@{domain}>"


def _thread(message: Message, domain: str) -> dict[str, str]:
    """Message-ID of the delivery; a revision is a reply to the first mail about its notice."""
    headers = {"Message-ID": message_id(message.delivery_id, domain)}
    if message.told_first is not None:
        headers["In-Reply-To"] = headers["References"] = message_id(message.told_first, domain)
    return headers


def _token(text: str) -> str:
    """The text as part of a message id; a hash of it where it holds what may not stand there."""
    return (
        text
        if re.fullmatch(r"[A-Za-z0-9._-]{1,60}", text)
        else hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
    )


def _unsubscribing(template: str | None, address: str) -> dict[str, str]:
    """RFC 2369 and, where a POST can do it, RFC 8058."""
    if template is None:
        return {}
    headers = {"List-Unsubscribe": f"<{template.replace('{address}', quote(address, safe=''))}>"}
    if template.startswith("https:"):
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers
