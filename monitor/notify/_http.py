"""HTTP for channels: one pooled client each, and what a broken exchange means for the message.

httpx keeps the interface, aiohttp carries it: httpx's own pool slows down as more senders share it. The
transport of httpx-aiohttp names a connection that was reset *while waiting for the answer* a
`ConnectTimeout`, so what decides is always the aiohttp error underneath.
"""

import asyncio
import contextlib
import datetime as dt
import functools
import logging
import ssl
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import parse_qsl, urlsplit

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from monitor.errors import DeliveryError, SendOutcome
from monitor.notify._addresses import PrivateAddressError, public_socket
from monitor.notify._channel import safe_answer

_ANSWER_SIZE = 4096
_BODY_TIMEOUT = 5.0
_CONNECTIONS = 100
_NOT_CONNECTED = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientHttpProxyError,
    aiohttp.InvalidURL,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
)
_FAILURES = (httpx.HTTPError, httpx.InvalidURL, aiohttp.ClientError, OSError)


@dataclass(frozen=True, slots=True)
class Answer:
    """A receiver's answer: status, the first 4 KB of its text, seconds that it asks to be left alone."""

    status: int
    text: str
    retry_after: float | None = None


class _OriginsOnly(logging.Filter):
    """Cuts addresses in httpx's log lines to their origin: paths and queries hold tokens."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(
                f"{arg.scheme}://{arg.netloc.decode()}/…" if isinstance(arg, httpx.URL) else arg
                for arg in record.args
            )
        return True


logging.getLogger("httpx").addFilter(_OriginsOnly())


@functools.cache
def _tls() -> ssl.SSLContext:
    """One context for all clients: building it is most of what a client costs."""
    return httpx.create_ssl_context()


def transport(*, proxy: str | None = None, public: bool = False) -> AiohttpTransport:
    """What carries a client's requests. With `public` it connects to no private or local address.

    `HTTPS_PROXY` and its like count, but not where `public` is asked for: then the address that matters would
    be behind the proxy.
    """

    def session() -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            limit=_CONNECTIONS, ssl=_tls(), socket_factory=public_socket if public else None
        )
        return aiohttp.ClientSession(
            connector=connector, cookie_jar=aiohttp.DummyCookieJar(), trust_env=not public
        )

    return AiohttpTransport(
        verify=_tls(), client=session, proxy=httpx.Proxy(proxy) if proxy is not None else None
    )


def http_client(
    timeout: dt.timedelta, *, proxy: str | None = None, public: bool = False
) -> httpx.AsyncClient:
    """A client for any number of senders; redirects are not followed."""
    seconds = timeout.total_seconds()
    limits = httpx.Timeout(seconds, connect=seconds / 2, pool=seconds / 2)
    return httpx.AsyncClient(transport=transport(proxy=proxy, public=public), timeout=limits)


async def post(client: httpx.AsyncClient, url: str, content: bytes, headers: dict[str, str]) -> Answer:
    """Send `content` and take the answer. Raises `DeliveryError` where none came.

    A user name and password in the address become basic authentication.
    """
    bare, auth = _credentials(httpx.URL(url))
    try:
        async with (
            asyncio.timeout(client.timeout.read) as deadline,
            client.stream("POST", bare, content=content, headers=headers, auth=auth) as response,
        ):
            deadline.reschedule(None)
            return Answer(response.status_code, await _start(response), _retry_after(response))
    except _FAILURES as error:
        raise broken_exchange(error, host_of(url), *url_secrets(url)) from None


def _credentials(url: httpx.URL) -> tuple[httpx.URL, tuple[str, str] | None]:
    """Taken out of the address, since httpx and aiohttp would both want to send them."""
    return url.copy_with(userinfo=b""), (url.username, url.password) if url.userinfo else None


async def _start(response: httpx.Response) -> str:
    """The first 4 KB of the answer. The status has come, so a body that breaks off changes nothing."""
    body = b""
    with contextlib.suppress(*_FAILURES):
        async with asyncio.timeout(_BODY_TIMEOUT):
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) >= _ANSWER_SIZE:
                    break
    return body[:_ANSWER_SIZE].decode("utf-8", "replace")


def _retry_after(response: httpx.Response) -> float | None:
    """`Retry-After` in seconds, written as such or as a date."""
    value = response.headers.get("retry-after", "").strip()
    if value.replace(".", "", 1).isdigit():
        return float(value)
    try:
        until = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (until - dt.datetime.now(until.tzinfo)).total_seconds())


def broken_exchange(error: BaseException, host: str, *secrets: str) -> DeliveryError:
    """What a failed exchange means: never sent, or perhaps sent and only the answer lost."""
    chain = _chain(error)
    reason = safe_answer(f"{type(error).__name__}: {error}", *secrets)
    if any(isinstance(link, PrivateAddressError) for link in chain):
        sentence = f"{host} is a private or local address; the operator can allow such with allow_private."
        return DeliveryError(sentence, outcome=SendOutcome.PERMANENT, answer="private address")
    if any(isinstance(link, _NOT_CONNECTED) for link in chain):
        sentence = f"{host} could not be reached ({reason})."
        return DeliveryError(sentence, outcome=SendOutcome.RETRY, answer=reason)
    sentence = f"The connection to {host} broke before an answer came ({reason}); it may have arrived."
    return DeliveryError(sentence, outcome=SendOutcome.AMBIGUOUS, answer=reason)


def _chain(error: BaseException) -> list[BaseException]:
    chain: list[BaseException] = []
    link: BaseException | None = error
    while link is not None:
        chain.append(link)
        link = link.__cause__
    return chain


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
