"""HTTP for channels: httpx's requests and answers over aiohttp's connections, and what it means for a message
when an exchange breaks.

Why so: docs/decisions/0005-http-for-channels.md, with the figures.
"""

import asyncio
import contextlib
import datetime as dt
import functools
import ssl
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import parse_qsl, urlsplit
from urllib.request import getproxies

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from monitor.addresses import PrivateAddressError, public_socket
from monitor.errors import DeliveryError, SendOutcome
from monitor.notify._channel import safe_answer

_ANSWER_SIZE = 4096
_CONNECTIONS = 100
# Failed before anything could be sent.
_NOT_CONNECTED = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientHttpProxyError,
    aiohttp.InvalidURL,
    httpx.InvalidURL,
    httpx.UnsupportedProtocol,
)
FAILURES = (httpx.RequestError, httpx.InvalidURL, aiohttp.ClientError, OSError)
"""What an exchange can fail with."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A receiver's answer: status, the first 4 KB of its text, seconds that it asks to be left alone."""

    status: int
    text: str
    retry_after: float | None = None


@functools.cache
def tls() -> ssl.SSLContext:
    """One context for all clients: building it is most of what a client costs."""
    return httpx.create_ssl_context()


_parsed = functools.lru_cache(maxsize=1024)(httpx.URL)


class HttpClient:
    """Requests by any number of senders at once; follows no redirects and keeps no cookies.

    With `public` it connects to no private or local address, and by no proxy, behind which the address that
    matters would be out of sight; otherwise `proxy`, or else `HTTPS_PROXY` and its like count. `timeout` is
    for the whole exchange; connecting may take half of it, so that a slow connection is told from a lost
    answer.
    """

    def __init__(self, timeout: dt.timedelta, *, public: bool = False, proxy: str | None = None) -> None:
        self._timeout = timeout.total_seconds()
        self._extensions = {"timeout": {"connect": self._timeout / 2, "pool": self._timeout / 2}}
        self._public = public
        self._proxy = proxy
        self._open: httpx.AsyncBaseTransport | None = None

    async def post(self, url: str, content: bytes, headers: dict[str, str]) -> Answer:
        """Send `content` and take the answer. Raises `DeliveryError` where none came."""
        response, body = None, bytearray()
        try:
            request = httpx.Request("POST", _parsed(url), headers=headers, content=content)
            async with asyncio.timeout(self._timeout):
                response = await self._send(request)
                await _read_start(response, body)
        except FAILURES as error:
            if response is None:
                raise broken_exchange(error, host_of(url), *url_secrets(url)) from None
            # The status has come, so a body that breaks off changes nothing.
        finally:
            if response is not None:
                await response.aclose()
        text = body[:_ANSWER_SIZE].decode("utf-8", "replace")
        return Answer(response.status_code, text, _retry_after(response))

    async def exchange(self, request: httpx.Request) -> httpx.Response:
        """The whole answer. Raises `FAILURES` as they are."""
        await request.aread()
        async with asyncio.timeout(self._timeout):
            async with contextlib.aclosing(await self._send(request)) as response:
                await response.aread()
                return response

    async def aclose(self) -> None:
        """Close the connections."""
        if self._open:
            await self._open.aclose()

    async def _send(self, request: httpx.Request) -> httpx.Response:
        request.extensions = self._extensions
        return await self._transport().handle_async_request(request)

    def _transport(self) -> httpx.AsyncBaseTransport:
        """Made on first use, since it belongs to the event loop that runs then."""
        if self._open is None:
            session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=_CONNECTIONS, ssl=tls(), socket_factory=public_socket if self._public else None
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                # Looking for proxies costs more than sending, so not on every request where there are none.
                trust_env=not self._public and self._proxy is None and bool(getproxies()),
                proxy=self._proxy,
            )
            self._open = AiohttpTransport(verify=tls(), client=session)
        return self._open


async def _read_start(response: httpx.Response, into: bytearray) -> None:
    """The first 4 KB of the answer, or more."""
    async for chunk in response.aiter_bytes():
        into += chunk
        if len(into) >= _ANSWER_SIZE:
            break


def _retry_after(response: httpx.Response) -> float | None:
    """`Retry-After` in seconds, written as such or as a date."""
    value = response.headers.get("retry-after")
    if value is None:
        return None
    if value.strip().replace(".", "", 1).isdigit():
        return float(value)
    try:
        until = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (until - dt.datetime.now(until.tzinfo)).total_seconds())


def broken_exchange(error: BaseException, host: str, *secrets: str) -> DeliveryError:
    """What a failed exchange means: never sent, or perhaps sent and only the answer lost.

    The transport calls also a connection that was reset while the answer was waited for a `ConnectTimeout`;
    the cause is exact.
    """
    if isinstance(error, httpx.RequestError) and error.__cause__ is not None:
        error = error.__cause__
    reason = safe_answer(f"{type(error).__name__}: {error}", *secrets)
    if isinstance(error, aiohttp.ClientConnectorError) and isinstance(error.os_error, PrivateAddressError):
        sentence = f"{host} is a private or local address; the operator can allow such with allow_private."
        return DeliveryError(sentence, outcome=SendOutcome.PERMANENT, answer="private address")
    if isinstance(error, _NOT_CONNECTED):
        sentence = f"{host} could not be reached ({reason})."
        return DeliveryError(sentence, outcome=SendOutcome.RETRY, answer=reason)
    sentence = f"The connection to {host} broke before an answer came ({reason}); it may have arrived."
    return DeliveryError(sentence, outcome=SendOutcome.AMBIGUOUS, answer=reason)


def not_taken(answer: Answer, host: str, *secrets: str) -> DeliveryError:
    """An answer that is not a success: another try can help.

    A gateway's 502 and 504 say only that it did not hear from the one behind it, who may have the message.
    """
    said = safe_answer(f"{answer.status} {answer.text}", *secrets)
    outcome = SendOutcome.AMBIGUOUS if answer.status in (502, 504) else SendOutcome.RETRY
    sentence = f"{host} did not take the message: {said}"
    too_fast = answer.status == 429
    return DeliveryError(
        sentence, outcome=outcome, answer=said, retry_after=answer.retry_after, too_fast=too_fast
    )


def host_of(url: str) -> str:
    """The part of an address that may be shown."""
    return urlsplit(url).netloc.rpartition("@")[2]


@functools.lru_cache(maxsize=1024)
def url_secrets(url: str) -> tuple[str, ...]:
    """Everything of an address that may open a door: all but scheme and host, and words so short that they
    open none."""
    parts = urlsplit(url)
    words = [*parts.path.split("/"), parts.query, *(value for _, value in parse_qsl(parts.query))]
    long_words = (word for word in words if len(word) >= 6)
    return (url, url.partition(parts.netloc)[2], parts.netloc.rpartition("@")[0], *long_words)
