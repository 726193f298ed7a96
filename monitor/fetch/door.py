"""The door between the browser and the network: a SOCKS5 server (RFC 1928) on loopback, one for each page.

Whatever the page makes the browser connect to, by redirect, script, frame or WebSocket, has its name
resolved and its address judged here, like that of every other request, at the moment of connecting.
"""

import asyncio
import base64
import contextlib
import ipaddress
import socket
from collections.abc import Awaitable
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit

from aiohappyeyeballs import start_connection
from pydantic import SecretStr

from monitor.addresses import PrivateAddressError, is_public, public_socket
from monitor.errors import FetchCause
from monitor.fetch.failures import NETWORK_ERRORS, trouble_of
from monitor.fetch.trouble import TroubleError

_Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]

_NO_PASSWORD = b"\x05\x00"
_OPEN = b"\x05\x00\x00\x01" + bytes(6)
_SHUT = b"\x05\x02\x00\x01" + bytes(6)
_CONNECT = 1
_IPV4, _NAME, _IPV6 = 1, 3, 4
_CHUNK = 1 << 16
_NEXT_ADDRESS_AFTER = 0.25  # RFC 8305, 5


class Door:
    """Open inside `async with`; then `port` is where to knock.

    `near`: private and loopback addresses are let through. `limit`: most bytes that come in, all connections
    together. `troubles` has for each host why it was not reached; `too_large`: the limit was met.
    """

    def __init__(self, *, near: bool, proxy: SecretStr | None, limit: int, patience: float) -> None:
        self.port = 0
        self.troubles: dict[str, TroubleError] = {}
        self.too_large = False
        self._near = near
        self._proxy = proxy
        self._left = limit
        self._patience = patience
        self._visitors: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._welcome, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for visitor in self._visitors:
            visitor.cancel()
        await asyncio.gather(*self._visitors, return_exceptions=True)

    def _welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        visitor = asyncio.create_task(self._serve(reader, writer))
        self._visitors.add(visitor)
        visitor.add_done_callback(self._visitors.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.closing(writer), contextlib.suppress(OSError, EOFError):
            host, port = await _wanted(reader, writer)
            try:
                far_reader, far_writer = await self._connect(host, port)
            except TroubleError as trouble:
                self.troubles[host] = trouble
                writer.write(_SHUT)
                return
            with contextlib.closing(far_writer):
                writer.write(_OPEN)
                await _first(_pass(reader, far_writer), self._pass_within_limit(far_reader, writer))

    async def _connect(self, host: str, port: int) -> _Stream:
        try:
            async with asyncio.timeout(self._patience):
                if self._proxy is not None:
                    return await self._connect_by_proxy(self._proxy.get_secret_value(), host, port)
                found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
                connected = await start_connection(
                    found,
                    happy_eyeballs_delay=_NEXT_ADDRESS_AFTER,
                    socket_factory=None if self._near else public_socket,
                )
                return await asyncio.open_connection(sock=connected)
        except NETWORK_ERRORS as error:
            raise trouble_of(error) from None

    async def _connect_by_proxy(self, proxy: str, host: str, port: int) -> _Stream:
        """The proxy resolves the name, so only an address that is written out can be refused."""
        if not self._near and not _may_be_public(host):
            raise PrivateAddressError
        parts = urlsplit(proxy)
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port or 80)
        try:
            at = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
            writer.write(f"CONNECT {at} HTTP/1.1\r\nHost: {at}\r\n{_login(proxy)}\r\n".encode())
            head = await reader.readuntil(b"\r\n\r\n")
        except (EOFError, asyncio.LimitOverrunError):
            writer.close()
            raise TroubleError(FetchCause.CONNECT, "the proxy gives no answer that can be read") from None
        status = head.split(b" ", 2)[1:2]
        if status != [b"200"]:
            writer.close()
            sentence = f"the proxy answers {b''.join(status).decode('ascii', 'replace')} to CONNECT"
            raise TroubleError(FetchCause.CONNECT, sentence)
        return reader, writer

    async def _pass_within_limit(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while (chunk := await reader.read(_CHUNK)) and not self.too_large:
            self._left -= len(chunk)
            self.too_large = self._left < 0
            writer.write(chunk)
            await writer.drain()


async def _wanted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> tuple[str, int]:
    """The host and port that the browser asks for. Raises `EOFError` for what is not such a request."""
    _, methods = await reader.readexactly(2)
    await reader.readexactly(methods)
    writer.write(_NO_PASSWORD)
    _, command, _, kind = await reader.readexactly(4)
    if command != _CONNECT:
        raise EOFError
    if kind == _NAME:
        (length,) = await reader.readexactly(1)
        host = (await reader.readexactly(length)).decode("ascii", "replace").lower()
    else:
        host = str(ipaddress.ip_address(await reader.readexactly(16 if kind == _IPV6 else 4)))
    return host, int.from_bytes(await reader.readexactly(2))


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while chunk := await reader.read(_CHUNK):
        writer.write(chunk)
        await writer.drain()


async def _first(*directions: Awaitable[None]) -> None:
    """Run both directions until one has ended."""
    tasks = [asyncio.ensure_future(direction) for direction in directions]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _may_be_public(host: str) -> bool:
    try:
        return is_public(host)
    except ValueError:
        return True


def _login(proxy: str) -> str:
    userinfo = urlsplit(proxy).netloc.rpartition("@")[0]
    if not userinfo:
        return ""
    return f"Proxy-Authorization: Basic {base64.b64encode(unquote(userinfo).encode()).decode()}\r\n"
