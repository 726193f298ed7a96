"""What politeness costs: 1,000 conditional requests to 100 hosts, over each client, in one run.

    python -m benchmarks.fetching [--requests 1000] [--at-once 20]

The hosts are 127.0.1.1 to 127.0.1.100 at one port of a process that answers 304 and does nothing else. Ours
does all it always does (robots.txt, turns, address checks) with the gap set to nothing. CPU time of this
process.
"""

import argparse
import asyncio
import multiprocessing
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from multiprocessing.connection import Connection

import aiohttp
import httpx

from monitor.fetch import Fetcher, FetchSettings
from monitor.types import Validators

HEADERS = {"If-None-Match": '"1"'}
UNCHANGED = b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n'
NO_ROBOTS = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
HOSTS = 100


class Site(asyncio.Protocol):
    """Reads requests to their end and answers each."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._read = b""

    def data_received(self, data: bytes) -> None:
        *requests, self._read = (self._read + data).split(b"\r\n\r\n")
        for request in requests:
            self._transport.write(NO_ROBOTS if b"/robots.txt" in request else UNCHANGED)


async def serve(port: Connection) -> None:
    """Run the site and tell its port."""
    server = await asyncio.get_running_loop().create_server(Site, "0.0.0.0", 0)
    port.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


def start_site(port: Connection) -> None:
    """The site's process."""
    asyncio.run(serve(port))


Get = Callable[[str], Awaitable[object]]


async def seconds(get: Get, urls: list[str], at_once: int) -> tuple[float, float]:
    """Wall and CPU time of one round."""
    turn = asyncio.Semaphore(at_once)

    async def one(url: str) -> None:
        async with turn:
            await get(url)

    wall, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*map(one, urls))
    return time.perf_counter() - wall, time.process_time() - cpu


async def compare(port: int, requests: int, at_once: int) -> None:
    """Print the table; bare aiohttp is the floor that the others are measured by."""
    urls = [f"http://127.0.1.{n % HOSTS + 1}:{port}/list?{n}" for n in range(requests)]
    tls = httpx.create_ssl_context()
    settings = FetchSettings(allow_private=True, gap=timedelta(0))
    async with AsyncExitStack() as stack:
        bare = await stack.enter_async_context(aiohttp.ClientSession())
        shared = await stack.enter_async_context(httpx.AsyncClient(verify=tls))
        fetcher = await stack.enter_async_context(Fetcher(settings))
        one_each = {
            f"127.0.1.{n}": await stack.enter_async_context(httpx.AsyncClient(verify=tls))
            for n in range(1, HOSTS + 1)
        }

        async def bare_aiohttp(url: str) -> None:
            async with bare.get(url, headers=HEADERS) as response:
                await response.read()

        clients: dict[str, Get] = {
            "aiohttp, nothing of ours (floor)": bare_aiohttp,
            "Fetcher": lambda url: fetcher.get(url, validators=Validators('"1"')),
            "httpx, a client for each host": lambda url: one_each[url.split(":")[1][2:]].get(
                url, headers=HEADERS
            ),
            "httpx, one client": lambda url: shared.get(url, headers=HEADERS),
        }
        floor = 0.0
        for name, get in clients.items():
            wall, cpu = min([await seconds(get, urls, at_once) for _ in range(3)])
            floor = floor or cpu
            print(f"{name:36} {wall:6.2f} s wall {cpu:6.2f} s CPU {cpu / floor:6.1f} × floor")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--requests", type=int, default=1000)
    parser.add_argument("--at-once", type=int, default=20)
    options = parser.parse_args()
    here, there = multiprocessing.Pipe()
    site = multiprocessing.Process(target=start_site, args=(there,), daemon=True)
    site.start()
    asyncio.run(compare(here.recv(), options.requests, options.at_once))
    site.terminate()


if __name__ == "__main__":
    main()
