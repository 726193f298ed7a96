"""What others send webhooks with, and the floor under all of them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import aiohttp
import httpx
import requests
from apprise import Apprise
from httpx_aiohttp import AiohttpTransport

from benchmarks.timing import Cost, cost, threaded_cost

HTTPX, APPRISE = "one shared httpx.AsyncClient", "apprise, a thread each"
_HEADERS = {"content-type": "application/json"}

Arrangement = Callable[[], Awaitable[Cost]]


@asynccontextmanager
async def peers(port: int, body: bytes, senders: int, count: int) -> AsyncIterator[dict[str, Arrangement]]:
    """Each sends this body to the sink at the port; the slow ones less often."""
    url = f"http://127.0.0.1:{port}/hook"
    session = requests.Session()
    session.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=senders))
    peer = Apprise()
    peer.add(f"json://127.0.0.1:{port}/hook")
    limits = httpx.Limits(max_connections=100)
    async with (
        httpx.AsyncClient() as plain,
        httpx.AsyncClient(transport=AiohttpTransport(limits=limits)) as bridged,
        aiohttp.ClientSession() as bare,
    ):

        def by_httpx(client: httpx.AsyncClient) -> Callable[[int], Awaitable[object]]:
            return lambda _: client.post(url, content=body, headers=_HEADERS)

        def in_threads(one: Callable[[], object]) -> Awaitable[Cost]:
            return asyncio.to_thread(threaded_cost, one, senders, count // 4)

        async def by_aiohttp(_: int) -> None:
            async with bare.post(url, data=body, headers=_HEADERS) as response:
                await response.read()

        yield {
            HTTPX: lambda: cost(by_httpx(plain), senders, count // 4),
            APPRISE: lambda: in_threads(lambda: peer.notify(body="d-1")),
            "requests, a thread each": lambda: in_threads(lambda: session.post(url, body, headers=_HEADERS)),
            "httpx over httpx-aiohttp": lambda: cost(by_httpx(bridged), senders, count),
            "bare aiohttp": lambda: cost(by_aiohttp, senders, count),
            "raw sockets": lambda: _raw_cost(port, body, senders, count),
        }


async def _raw_cost(port: int, body: bytes, senders: int, count: int) -> Cost:
    """The floor: the same bytes written to kept connections, and answers read."""
    head = f"POST /hook HTTP/1.1\r\nhost: x\r\ncontent-length: {len(body)}\r\n\r\n".encode()
    free: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
    for _ in range(senders):
        free.put_nowait(await asyncio.open_connection("127.0.0.1", port))

    async def one(_: int) -> None:
        reader, writer = await free.get()
        writer.write(head + body)
        await reader.readuntil(b"\r\n\r\n")
        free.put_nowait((reader, writer))

    found = await cost(one, senders, count)
    while not free.empty():
        free.get_nowait()[1].close()
    return found
