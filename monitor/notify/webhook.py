"""Alerts as JSON over HTTP, signed as Standard Webhooks; docs/reference/webhook.md is the receiver's side."""

import base64
import binascii
import datetime as dt
import functools
import json
import re
from dataclasses import asdict, replace
from typing import Annotated, Any
from urllib.parse import urlsplit, urlunsplit

from pydantic import AfterValidator, BaseModel, Field, SecretStr
from standardwebhooks import Webhook

from monitor.compose import Room, compose
from monitor.errors import DeliveryError, SendOutcome
from monitor.limits import Limit, Limits
from monitor.notify._channel import ChannelKind, ChannelSettings, Clock, bucket, safe_answer
from monitor.notify._http import Answer, HttpClient, host_of, not_taken, url_secrets
from monitor.notify._text import render_text
from monitor.types import Item, Message, Receipt
from monitor.units import Duration

_GONE = 410
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


def _signing_key(value: SecretStr) -> SecretStr:
    try:
        key = base64.b64decode(value.get_secret_value().removeprefix("whsec_"), validate=True)
    except binascii.Error:
        key = b""
    if not 24 <= len(key) <= 64:
        raise ValueError("a signing key is whsec_ and the base64 of 24 to 64 random bytes")
    return value


SigningKeys = Annotated[tuple[Annotated[SecretStr, AfterValidator(_signing_key)], ...], Field(min_length=1)]


class EndpointSettings(BaseModel):
    """A receiver whose URL is a secret, or that signs with a key of its own."""

    model_config = ChannelSettings.model_config

    url: Annotated[SecretStr, Field(description="where to POST; may be a private address")]
    secrets: Annotated[SigningKeys | None, Field(description="its signing keys; the channel's if absent")] = (
        None
    )


class WebhookSettings(ChannelSettings):
    """How webhooks are signed and sent."""

    secrets: Annotated[
        SigningKeys,
        Field(description="signing keys (whsec_…); all of them sign, so that one can be replaced"),
    ]
    endpoints: dict[str, EndpointSettings] = Field(
        default_factory=dict, description="receivers that an address names instead of giving a URL"
    )
    timeout: Annotated[Duration, Field(description="longest wait for the receiver's answer")] = dt.timedelta(
        seconds=15
    )
    allow_private: Annotated[
        bool, Field(description="allow private and loopback addresses in URLs given by subscribers")
    ] = False


def check_address(address: str) -> str:
    """An http or https URL, or the name of an endpoint in the settings."""
    text = address.strip()
    if _NAME.fullmatch(text):
        return text
    try:
        parts = urlsplit(text)
        valid = parts.scheme.lower() in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        valid = False
    if not valid or re.search(r"[\s\x00-\x1f\x7f]", text):
        raise ValueError("A webhook address is a URL that starts with https:// (or http://).")
    return urlunsplit((parts.scheme.lower(), parts.netloc, parts.path or "/", parts.query, ""))


def create(settings: WebhookSettings, clock: Clock) -> "WebhookChannel":
    """The webhook channel."""
    return WebhookChannel(settings, clock)


KIND = ChannelKind("webhook", WebhookSettings, create, check_address, Room(10_000))


class WebhookChannel:
    """Posts events. The receiver knows a repeat by its `webhook-id`, which is the delivery's."""

    name = "webhook"
    repeat_safe = True
    paced = False

    def __init__(self, settings: WebhookSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._trusted = HttpClient(settings.timeout)
        self._public = HttpClient(settings.timeout, public=not settings.allow_private)

    def limits(self, address: str) -> Limits:
        """As fast as the receiver takes them, until it asks for a pause."""
        endpoint = self._settings.endpoints.get(address)
        return (Limit(bucket(self.name, endpoint.url.get_secret_value() if endpoint else address)),)

    async def send(self, address: str, message: Message) -> Receipt:
        """Sent is what is answered with 2xx; 410 means never again; anything else may yet be mended."""
        url, keys, client = self._receiver(address)
        body = render(message, self._clock())
        answer = await client.post(url, body, signed(message.delivery_id, body, keys, self._clock()))
        if 200 <= answer.status < 300:
            return Receipt(safe_answer(f"{answer.status} {answer.text}", *url_secrets(url)))
        raise _refusal(answer, url)

    async def challenge(self, url: str, word: str) -> bool:
        """Ask who listens at the URL to repeat the word, by itself or as `{"challenge": word}`: it shows that
        who gave the URL has a say there. False for another answer. Raises `DeliveryError` where none came."""
        now = self._clock()
        event = {
            "type": "destination.challenge",
            "timestamp": now.isoformat(timespec="seconds"),
            "data": {"challenge": word},
        }
        body = json.dumps(event).encode()
        answer = await self._public.post(url, body, signed(word, body, self._settings.secrets, now))
        return 200 <= answer.status < 300 and _repeated(answer.text, word)

    def _receiver(self, address: str) -> tuple[str, tuple[SecretStr, ...], HttpClient]:
        endpoint = self._settings.endpoints.get(address)
        if endpoint:
            keys = endpoint.secrets or self._settings.secrets
            return endpoint.url.get_secret_value(), keys, self._trusted
        if _NAME.fullmatch(address):
            raise DeliveryError(
                f"No webhook endpoint is called {address!r} in the settings.", outcome=SendOutcome.RETRY
            )
        return address, self._settings.secrets, self._public

    async def probe(self) -> str:
        """Receivers are asked nothing: an event is all they understand."""
        return f"Signs with {len(self._settings.secrets)} key(s); receivers are not contacted."

    async def aclose(self) -> None:
        """Close the connections."""
        await self._trusted.aclose()
        await self._public.aclose()


def _repeated(answer: str, word: str) -> bool:
    try:
        said = json.loads(answer)
    except ValueError:
        said = answer.strip()
    return said == word or (isinstance(said, dict) and said.get("challenge") == word)


def _refusal(answer: Answer, url: str) -> DeliveryError:
    """Only 410 is for good.

    A receiver that answers 400, 401, 403 or 404 is most often being set up, moved or mended, so the message
    is kept and tried again until the ledger gives up; a redirect is not followed, since it could lead a
    signed message anywhere.
    """
    host, secrets = host_of(url), url_secrets(url)
    error = not_taken(answer, host, *secrets)
    if answer.status == _GONE:
        return DeliveryError(
            f"{host} wants no more messages (410).", outcome=SendOutcome.PERMANENT, answer=error.answer
        )
    if 300 <= answer.status < 400:
        return DeliveryError(
            f"{host} redirects ({answer.status}), which is not followed: give the new address.",
            outcome=SendOutcome.RETRY,
            answer=str(answer.status),
        )
    return error


def signed(delivery_id: str, body: bytes, keys: tuple[SecretStr, ...], now: dt.datetime) -> dict[str, str]:
    """The headers of one try: the id is the same over all tries, time and signatures are of this one."""
    seconds = int(now.timestamp())
    # The library takes the fields of the time it is given for UTC, whatever the zone.
    time = dt.datetime.fromtimestamp(seconds, dt.UTC)
    text = body.decode()
    signatures = (_signer(key.get_secret_value()).sign(delivery_id, time, text) for key in keys)
    return {
        "content-type": "application/json; charset=utf-8",
        "user-agent": "policy-monitor",
        "webhook-id": delivery_id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": " ".join(signatures),
    }


_signer = functools.lru_cache(maxsize=64)(Webhook)


def render(message: Message, now: dt.datetime) -> bytes:
    """The event as docs/reference/webhook.schema.json describes it."""
    head = json.dumps({"type": _type(message), "timestamp": now.isoformat(timespec="seconds")})
    data = _data(replace(message, delivery_id="", told_first=None), now.date())
    return f'{head[:-1]}, "data": {data}}}'.encode("utf-8", "replace")


def _type(message: Message) -> str:
    if message.summary is not None:
        return "notices.summary"
    if message.notice is None:
        return "operator.message"
    return "notice.revised" if message.revision > 1 else "notice.matched"


@functools.lru_cache(maxsize=32)
def _data(message: Message, today: dt.date) -> str:
    """What all receivers of an alert are told alike, which is most of the work."""
    composition = compose(message, today)
    data: dict[str, Any] = {
        "language": message.language,
        "subject": composition.subject,
        "text": render_text(composition),
    }
    if message.notice is not None:
        data |= _told(Item(message.notice, message.hits, message.revision))
        data["published_late_seconds"] = _seconds(message.published_late)
        data["last_of_day"] = message.last_of_day
    if message.summary is not None:
        data |= {field: getattr(message.summary, field) for field in _SUMMARY}
        data["window_end"] = message.summary.window_end.isoformat(timespec="seconds")
        data["items"] = [_told(item) for item in message.summary.items]
    if message.notice is not None or message.summary is not None:
        late = message.late
        data["late"] = late and {"seconds": _seconds(late.by), "cause": late.cause}
        data["may_repeat"] = message.may_repeat
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


_SUMMARY = ("held_by", "notices", "part", "parts", "first", "daily_cap")


def _told(item: Item) -> dict[str, Any]:
    """A notice and why it is told."""
    hits = [asdict(hit) for hit in item.hits]
    return {"notice": item.notice.to_record(), "revision": item.revision, "hits": hits}


def _seconds(time: dt.timedelta | None) -> int | None:
    return None if time is None else int(time.total_seconds())
