"""One request and its answer; no redirects, no politeness."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address

from aiohttp import ClientResponse
from yarl import URL

from monitor.addresses import is_public
from monitor.errors import FetchCause
from monitor.fetch.addresses import host_of
from monitor.fetch.body import receive
from monitor.fetch.connect import Connections
from monitor.fetch.settings import FetchOptions
from monitor.fetch.trouble import TroubleError
from monitor.types import Validators

REDIRECTS = frozenset({301, 302, 303, 307, 308})

_ENOUGH_OF_AN_ERROR = 1 << 19
_NO_TEXT = ("image/", "audio/", "video/", "font/")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.I)
_PRINTABLE = re.compile(r"[\x20-\x7e]{1,1000}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a server said. `url` is the address asked; `body` is empty for a redirect and for 304."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def media_type(self) -> str | None:
        """The declared type in lower case, without parameters."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower() or None

    @property
    def charset(self) -> str | None:
        """The declared character set."""
        match = _CHARSET.search(self.headers.get("Content-Type", ""))
        return match[1] if match else None

    @property
    def validators(self) -> Validators:
        """ETag and Last-Modified, word for word."""
        etag, modified = self.headers.get("ETag", ""), self.headers.get("Last-Modified", "")
        return Validators(_sendable(etag), _sendable(modified))


async def exchange(
    connections: Connections,
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    body: bytes | None,
    options: FetchOptions,
    limit: int,
) -> Answer:
    """Ask once.

    Raises `TroubleError` for what the answer's headers or size rule out, errors of `failures.NETWORK_ERRORS`
    for what goes wrong on the way.
    """
    if options.proxy is not None:
        _refuse_private(url, options)
    request = connections.session(options).request(
        method,
        URL(url, encoded=True),
        headers=headers,
        data=body,
        allow_redirects=False,
        ssl=connections.tls(options),
        proxy=options.proxy.get_secret_value() if options.proxy else None,
    )
    async with request as response:
        content = await _content(response, limit)
        return Answer(url=url, status=response.status, headers=response.headers, body=content)


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


def _sendable(value: str) -> str | None:
    return value if _PRINTABLE.fullmatch(value) else None
