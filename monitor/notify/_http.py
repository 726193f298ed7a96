"""HTTP for channels: one pooled client each, and what a broken exchange means for the message.

aiohttp and not httpx: docs/decisions/http-for-channels.md has the figures.
"""

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

from monitor.addresses import PrivateAddressError, public_socket
from monitor.errors import DeliveryError, SendOutcome
from monitor.notify._channel import safe_answer

_ANSWER_SIZE = 4096
_CONNECTIONS = 100
# Failed before anything could be sent. python-telegram-bot brings httpx's errors.
_NOT_CONNECTED = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientHttpProxyError,
    aiohttp.InvalidURL,
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)
_FAILURES = (aiohttp.ClientError, OSError)


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


class HttpClient:
    """POSTs for any number of senders at once; follows no redirects and keeps no cookies.

    With `public` it connects to no private or local address, and by no proxy, behind which the address that
    matters would be out of sight; otherwise `HTTPS_PROXY` and its like count. `timeout` is for the whole
    exchange; connecting may take half of it, so that a slow connection is told from a lost answer.
    """

    def __init__(self, timeout: dt.timedelta, *, public: bool = False) -> None:
        self._timeout = timeout.total_seconds()
        self._public = public
        self._open: aiohttp.ClientSession | None = None

    async def post(self, url: str, content: bytes, headers: dict[str, str]) -> Answer:
        """Send `content` and take the answer. Raises `DeliveryError` where none came."""
        try:
            async with self._session().post(
                url, data=content, headers=headers, allow_redirects=False
            ) as response:
                return Answer(response.status, await _start(response), _retry_after(response))
        except _FAILURES as error:
            raise broken_exchange(error, host_of(url), *url_secrets(url)) from None

    async def aclose(self) -> None:
        """Close the connections."""
        if self._open:
            await self._open.close()

    def _session(self) -> aiohttp.ClientSession:
        """Made on first use, since it belongs to the event loop that runs then."""
        if self._open is None:
            self._open = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=_CONNECTIONS, ssl=tls(), socket_factory=public_socket if self._public else None
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=self._timeout, connect=self._timeout / 2),
                # Looking for proxies costs more than sending, so not on every request where there are none.
                trust_env=not self._public and bool(getproxies()),
            )
        return self._open


async def _start(response: aiohttp.ClientResponse) -> str:
    """The first 4 KB of the answer. The status has come, so a body that breaks off changes nothing."""
    body = b""
    with contextlib.suppress(*_FAILURES):
        async for chunk in response.content.iter_any():
            body += chunk
            if len(body) >= _ANSWER_SIZE:
                break
    return body[:_ANSWER_SIZE].decode("utf-8", "replace")


def _retry_after(response: aiohttp.ClientResponse) -> float | None:
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
    """What a failed exchange means: never sent, or perhaps sent and only the answer lost."""
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
    return DeliveryError(sentence, outcome=outcome, answer=said, retry_after=answer.retry_after)


def host_of(url: str) -> str:
    """The part of an address that may be shown."""
    return urlsplit(url).netloc.rpartition("@")[2]


def url_secrets(url: str) -> tuple[str, ...]:
    """Everything of an address that may open a door: all but scheme and host."""
    parts = urlsplit(url)
    words = [*parts.path.split("/"), *(value for _, value in parse_qsl(parts.query))]
    long_words = (word for word in words if len(word) >= 6)
    return (url, url.partition(parts.netloc)[2], parts.query, parts.netloc.rpartition("@")[0], *long_words)
