"""Which HTTP client should carry webhooks? Requests a second over each, to one local sink, in one run.

    python -m benchmarks.http_clients [--senders 50] [--requests 3000]

Fifty senders share one client; the sink is a process of its own that answers 204 and does nothing else.
"""

import argparse
import asyncio
import datetime as dt
import multiprocessing
import time
from collections.abc import Awaitable, Callable
from multiprocessing.connection import Connection

import aiohttp
import httpx

from monitor.notify._http import HttpClient
from monitor.notify.webhook import WebhookChannel, WebhookSettings, render
from tests.notify.samples import ALERT, NOW, real_clock
from tests.servers.webhook import SECRET

BODY = render(ALERT, NOW)
HEADERS = {"content-type": "application/json"}
ANSWER = b"HTTP/1.1 204 No Content\r\ncontent-length: 0\r\n\r\n"


class Sink(asyncio.Protocol):
    """Reads requests to their end and answers each."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._read = b""

    def data_received(self, data: bytes) -> None:
        self._read += data
        while (end := self._read.find(b"\r\n\r\n")) >= 0:
            length = int(self._read[:end].lower().partition(b"content-length:")[2].split(b"\r\n")[0])
            if len(self._read) < end + 4 + length:
                return
            self._read = self._read[end + 4 + length :]
            self._transport.write(ANSWER)


async def serve(port: Connection) -> None:
    """Run the sink and tell its port."""
    server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", 0)
    port.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


def start_sink(port: Connection) -> None:
    """The sink's process."""
    asyncio.run(serve(port))


async def rate(one: Callable[[], Awaitable[object]], senders: int, requests: int) -> float:
    """Requests a second of this many senders, each waiting for its answer before the next."""
    left = iter(range(requests))

    async def sender() -> None:
        for _ in left:
            await one()

    started = time.perf_counter()
    await asyncio.gather(*(sender() for _ in range(senders)))
    return requests / (time.perf_counter() - started)


async def compare(url: str, senders: int, requests: int) -> None:
    """Print the table; the first line is what the others are measured by."""
    floor = 0.0
    ours = HttpClient(dt.timedelta(seconds=15))
    channel = WebhookChannel(WebhookSettings(secrets=[SECRET], allow_private=True), real_clock)
    async with httpx.AsyncClient() as plain, aiohttp.ClientSession() as session:

        async def bare_aiohttp() -> None:
            async with session.post(url, data=BODY, headers=HEADERS) as response:
                await response.read()

        arrangements: dict[str, Callable[[], Awaitable[object]]] = {
            "one shared httpx.AsyncClient": lambda: plain.post(url, content=BODY, headers=HEADERS),
            "monitor.notify's HttpClient": lambda: ours.post(url, BODY, HEADERS),
            "the whole webhook channel": lambda: channel.send(url, ALERT),
            "bare aiohttp": bare_aiohttp,
        }
        for name, one in arrangements.items():
            count = requests // 5 if not floor else requests
            found = await rate(one, senders, count)
            floor = floor or found
            print(f"{name:32} {found:8.0f}/s {found / floor:6.1f}x")
    await ours.aclose()
    await channel.aclose()


def main() -> None:
    """Start the sink and compare."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--senders", type=int, default=50)
    parser.add_argument("--requests", type=int, default=3000)
    options = parser.parse_args()
    here, there = multiprocessing.Pipe()
    sink = multiprocessing.Process(target=start_sink, args=(there,), daemon=True)
    sink.start()
    asyncio.run(compare(f"http://127.0.0.1:{here.recv()}/hook", options.senders, options.requests))
    sink.terminate()


if __name__ == "__main__":
    main()
