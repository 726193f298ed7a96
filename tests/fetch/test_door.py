"""The browser's way out, tried without a browser."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from monitor.errors import FetchCause
from monitor.fetch.door import Door
from tests.servers.web import Reply, WebServer


@contextlib.asynccontextmanager
async def door(*, near: bool = True, proxy: str | None = None, limit: int = 1 << 20) -> AsyncIterator[Door]:
    secret = SecretStr(proxy) if proxy else None
    async with Door(near=near, proxy=secret, limit=limit, patience=1) as door:
        yield door


async def through(door: Door, host: str, port: int) -> bytes | None:
    """What the server says to a GET, None where the door stays shut."""
    reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
    with contextlib.closing(writer):
        writer.write(b"\x05\x01\x00")
        assert await reader.readexactly(2) == b"\x05\x00"
        writer.write(b"\x05\x01\x00\x03" + bytes([len(host)]) + host.encode() + port.to_bytes(2))
        if (await reader.readexactly(10))[1] != 0:
            return None
        writer.write(f"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        return await reader.read()


async def test_what_is_allowed_passes(web: WebServer) -> None:
    web.put("/", Reply("hello", announced=False))
    async with door() as out:
        for host in ("localhost", "127.0.0.1", "LOCALHOST"):
            answer = await through(out, host, web.port)
            assert answer is not None
            assert answer.endswith(b"hello")
    assert out.troubles == {}


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1", "0.0.0.0", "127.1", "0x7f000001"])
async def test_a_host_that_leads_to_a_private_address_is_refused(web: WebServer, host: str) -> None:
    async with door(near=False) as out:
        assert await through(out, host, web.port) is None
    assert out.troubles[host].cause is FetchCause.FORBIDDEN_ADDRESS
    assert web.asked == []


async def test_why_a_host_was_not_reached_is_known(unused_tcp_port: int) -> None:
    async with door() as out:
        assert await through(out, "127.0.0.1", unused_tcp_port) is None
        assert await through(out, "nowhere.invalid", 80) is None
        assert await through(out, "." * 200, 80) is None
    causes = {host: trouble.cause for host, trouble in out.troubles.items()}
    assert causes["127.0.0.1"] is FetchCause.CONNECT
    assert causes["nowhere.invalid"] is FetchCause.DNS


async def test_a_proxy_that_refuses_or_talks_nonsense_is_named(web: WebServer) -> None:
    for at, words in ((web.port, "the proxy answers 404 to CONNECT"), (9, "no connection")):
        async with door(near=False, proxy=f"http://127.0.0.1:{at}") as out:
            assert await through(out, "far.example", 80) is None
            assert words in str(out.troubles["far.example"])
            assert await through(out, "10.0.0.1", 80) is None
            assert out.troubles["10.0.0.1"].cause is FetchCause.FORBIDDEN_ADDRESS


async def test_all_connections_together_bring_no_more_than_the_limit(web: WebServer) -> None:
    web.put("/", Reply(b"x" * 600, announced=False))
    async with door(limit=1000) as out:
        assert await through(out, "127.0.0.1", web.port)
        assert not out.too_large
        await through(out, "127.0.0.1", web.port)
        assert out.too_large


@pytest.mark.parametrize("words", [b"", b"GET / HTTP/1.1\r\n\r\n", b"\x05\x00\x05\x02\x00\x01" + bytes(6)])
async def test_who_speaks_otherwise_is_sent_away(words: bytes) -> None:
    async with door() as out:
        reader, writer = await asyncio.open_connection("127.0.0.1", out.port)
        writer.write(words)
        writer.write_eof()
        assert b"\x05\x00\x00" not in await reader.read()
        writer.close()


async def test_it_closes_while_connections_are_open(web: WebServer) -> None:
    web.put("/", Reply("slow", delay=30))
    async with door() as out:
        waiting = asyncio.create_task(through(out, "127.0.0.1", web.port))
        await asyncio.sleep(0.1)
    assert await waiting == b""
