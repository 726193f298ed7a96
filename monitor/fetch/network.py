"""One request over aiohttp and its answer; no redirects, no politeness."""

import asyncio
from collections.abc import Iterable
from http.cookies import Morsel
from ipaddress import ip_address

from aiohttp import ClientResponse
from yarl import URL

from monitor.addresses import is_public
from monitor.errors import FetchCause
from monitor.fetch.addresses import host_of
from monitor.fetch.answer import REDIRECTS, Answer, Request
from monitor.fetch.body import receive
from monitor.fetch.connect import Connections
from monitor.fetch.failures import NETWORK_ERRORS, trouble_of
from monitor.fetch.settings import FetchOptions, FetchSettings
from monitor.fetch.trouble import TroubleError

_ENOUGH_OF_AN_ERROR = 1 << 19
_NO_TEXT = ("image/", "audio/", "video/", "font/")


class Network:
    """Asks servers, within the limits of size and time."""

    def __init__(self, settings: FetchSettings) -> None:
        self._settings = settings
        self._connections = Connections(settings)

    async def ask(self, request: Request, options: FetchOptions, seconds: float) -> Answer:
        """The answer to one request, whole, within so many seconds. Raises `TroubleError`."""
        try:
            async with asyncio.timeout(max(seconds, 0.0)) as limit:
                return await self._ask(request, options)
        except NETWORK_ERRORS as error:
            if limit.expired():
                sentence = f"not complete after {self._settings.timeout.total_seconds():g} s (fetch.timeout)"
                raise TroubleError(FetchCause.TIMEOUT, sentence) from None
            raise trouble_of(error) from None

    def keep_cookies(self, cookies: Iterable[tuple[str, Morsel[str]]]) -> None:
        """Send these cookies of hosts from now on."""
        self._connections.keep_cookies(cookies)

    def forget_cookies(self, host: str) -> None:
        """Cookies that led into a challenge are not sent again."""
        self._connections.forget_cookies(host)

    async def close(self) -> None:
        """Close all connections."""
        await self._connections.close()

    async def _ask(self, request: Request, options: FetchOptions) -> Answer:
        if options.proxy is not None:
            _refuse_private(request.url, options)
        asked = self._connections.session(options).request(
            request.method,
            URL(request.url, encoded=True),
            headers=request.headers,
            data=request.body,
            allow_redirects=False,
            ssl=self._connections.tls(options),
            proxy=options.proxy.get_secret_value() if options.proxy else None,
        )
        async with asked as response:
            body = await _content(response, self._settings.max_size)
            return Answer(url=request.url, status=response.status, headers=response.headers, body=body)


async def _content(response: ClientResponse, limit: int) -> bytes:
    if response.status in REDIRECTS or response.status == 304:
        return b""
    if response.status >= 400:
        try:
            return await receive(response, min(limit, _ENOUGH_OF_AN_ERROR))
        except TroubleError:
            return b""
    if response.content_type.startswith(_NO_TEXT):
        raise TroubleError(FetchCause.WRONG_TYPE, f"{response.content_type} holds no text that can be read")
    return await receive(response, limit)


def _refuse_private(url: str, options: FetchOptions) -> None:
    """A proxy connects for us, so only an address that is written out can be refused."""
    try:
        ip_address(host := host_of(url))
    except ValueError:
        return
    if not options.allow_private and not is_public(host):
        raise TroubleError(FetchCause.FORBIDDEN_ADDRESS, "this is a private or loopback address")
