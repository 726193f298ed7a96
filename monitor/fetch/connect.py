"""Connections: name resolution, TLS, and sockets that lead to public addresses only."""

import asyncio
import socket
import ssl
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from http.cookies import Morsel

from aiohttp import ClientSession, ClientTimeout, CookieJar, TCPConnector
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from monitor.addresses import public_socket
from monitor.fetch.settings import FetchOptions, FetchSettings

_NAME_THREADS = 32
_KEPT_OPEN = 30.0
_NAMES_KEPT = 60
_OP_LEGACY_SERVER_CONNECT = 0x4  # ssl.OP_LEGACY_SERVER_CONNECT is there from Python 3.12 on


class Connections:
    """Two sessions share cookies, names and TLS settings: one reaches public addresses only, one all.

    aiohttp behind this module rather than httpx: in the same round of 1,000 conditional requests to 100
    hosts it took a tenth of the CPU of an httpx client per host, and it names the cause of a failure.
    """

    def __init__(self, settings: FetchSettings) -> None:
        self._settings = settings
        self._resolver = _Resolver()
        self._cookies = CookieJar(unsafe=True, quote_cookie=False)
        self._timeout = ClientTimeout(total=None, connect=settings.connect_timeout.total_seconds())
        self._public = self._session(public_only=True)
        self._all = self._session(public_only=False)
        self._tls = ssl.create_default_context()
        self._old_tls: ssl.SSLContext | None = None

    def session(self, options: FetchOptions) -> ClientSession:
        """The session for a source. Behind a proxy the socket leads to the proxy, which may be near."""
        near = self._settings.allow_private or options.allow_private or options.proxy is not None
        return self._all if near else self._public

    def tls(self, options: FetchOptions) -> ssl.SSLContext:
        """The TLS settings for a source; built once, because building takes 50 ms."""
        if not options.old_tls:
            return self._tls
        if self._old_tls is None:
            self._old_tls = _old_tls()
        return self._old_tls

    def keep_cookies(self, cookies: Iterable[tuple[str, Morsel[str]]]) -> None:
        """Send these cookies of hosts from now on."""
        for host, cookie in cookies:
            self._cookies.update_cookies({cookie.key: cookie}, URL.build(scheme="https", host=host))

    def forget_cookies(self, host: str) -> None:
        """Cookies that led into a challenge are not sent again."""
        self._cookies.clear_domain(host)

    async def close(self) -> None:
        """Close what is open."""
        await self._public.close()
        await self._all.close()
        await self._resolver.close()

    def _session(self, *, public_only: bool) -> ClientSession:
        connector = TCPConnector(
            limit=0,  # how many sources are checked at once is decided elsewhere
            resolver=self._resolver,
            ttl_dns_cache=_NAMES_KEPT,
            keepalive_timeout=_KEPT_OPEN,
            socket_factory=public_socket if public_only else None,
        )
        return ClientSession(
            connector=connector, cookie_jar=self._cookies, auto_decompress=False, timeout=self._timeout
        )


class _Resolver(AbstractResolver):
    """Names are looked up in threads of their own: a name server that hangs holds up nobody else."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_NAME_THREADS, "names")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        look_up = asyncio.get_running_loop().run_in_executor
        found = await look_up(self._threads, socket.getaddrinfo, host, port, family, socket.SOCK_STREAM)
        return [
            ResolveResult(
                hostname=host,
                host=str(address[0]),
                port=port,
                family=kind,
                proto=protocol,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for kind, _, protocol, _, address in found
        ]

    async def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


def _old_tls() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers("DEFAULT:@SECLEVEL=0")  # level 1 still refuses TLS 1.0 and 1.1
    context.options |= _OP_LEGACY_SERVER_CONNECT
    return context
