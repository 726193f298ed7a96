"""A thousand list pages on a hundred hosts of loopback, in a process of its own.

Page n is http://127.0.1.(n % 100 + 1):PORT/col/n/index.html: about 30 KB with twenty notices, each with a
page of its own. Without validators the site says nothing that could be asked with; what was published since
stands on top of every page whose number is divisible by ten.

nginx serves them where it is installed. This Python server stands in for it where not, but it takes time from
the programs that are measured, and hides part of their difference.
"""

import asyncio
import datetime as dt
import hashlib
import multiprocessing
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from multiprocessing.connection import Connection
from typing import Protocol, Self
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.servers import sites
from tests.servers.sites import Item

HOSTS, ROWS, EVERY = 100, 20, 10
_NEWEST = dt.date(2026, 9, 20)
_NAMES = "安宁东西南北和平长清"
_STYLE = "<style>" + "div.gray a:hover { border: #A0A0A0 1px solid; background: #FFF; }\n" * 320 + "</style>"
_MENU = "".join(f"<li class='m'><a href='/zwgk/c{n}/index.html'>政务公开{n}</a></li>" for n in range(60))


class Site(Protocol):
    """Where the pages are served, while a `with` lasts."""

    name: str

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def url(self, number: int) -> str:
        """The address of a list page."""

    def set(self, *, validators: bool | None = None, published: int | None = None) -> None:
        """Whether it gives validators, and how many notices have been published since it began."""


def rows_of(number: int, published: int) -> list[Item]:
    """The notices of a page, of a county of its own; those published since stand on top."""
    county = "".join(_NAMES[int(figure)] for figure in str(number))
    more = published if number % EVERY == 0 else 0
    newest = _NEWEST + dt.timedelta(days=2 * more)
    found = sites.items(ROWS + more, 1000 * number - more, newest)
    told = (f"{county}县{row.title.replace('《', f'《{county}县')}（{row.path[-9:-5]}）" for row in found)
    rows = zip(told, found, strict=True)
    return [Item(title, row.date, f"/col/{number}{row.path}") for title, row in rows][:ROWS]


@cache
def list_page(number: int, published: int) -> bytes:
    page = sites.trs(rows_of(number, published))
    return page.replace(
        "<div class='main'>", f"{_STYLE}<ul class='side'>{_MENU}</ul><div class='main'>"
    ).encode()


def pages(count: int, published: int) -> Iterator[tuple[str, bytes]]:
    """The path and the body of every list page, and of each notice published since."""
    for number in range(count):
        yield f"/col/{number}/index.html", list_page(number, published)
        if number % EVERY == 0:
            for row in rows_of(number, published)[:published]:
                yield row.path, sites.notice(row).encode()


@dataclass(slots=True)
class _State:
    """What `/set` changes."""

    count: int
    validators: bool = True
    published: int = -1
    bodies: dict[str, bytes] = field(default_factory=dict)

    def publish(self, published: int) -> None:
        self.published = published
        self.bodies = dict(pages(self.count, published))


class _Server(asyncio.Protocol):
    """Reads requests to their end and answers each."""

    state: _State

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._read = b""

    def data_received(self, data: bytes) -> None:
        *requests, self._read = (self._read + data).split(b"\r\n\r\n")
        for request in requests:
            self._transport.write(self._answer(request))

    def _answer(self, request: bytes) -> bytes:
        target = urlsplit(request.split(b" ", 2)[1].decode())
        if target.path == "/set":
            asked = dict(parse_qsl(target.query))
            self.state.validators = bool(int(asked["validators"]))
            self.state.publish(int(asked["published"]))
            return _reply(b"ok")
        body = self.state.bodies.get(target.path)
        if body is None:
            return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        if not self.state.validators:
            return _reply(body)
        tag = f'"{hashlib.md5(body).hexdigest()}"'.encode()
        if tag in request:
            return b"HTTP/1.1 304 Not Modified\r\nETag: " + tag + b"\r\n\r\n"
        return _reply(body, b"ETag: " + tag + b"\r\n")


def _reply(body: bytes, headers: bytes = b"") -> bytes:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n" % len(body)
    return head + headers + b"\r\n" + body


async def _serve(port: Connection) -> None:
    server = await asyncio.get_running_loop().create_server(_Server, "0.0.0.0", 0)
    port.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


def _run(count: int, port: Connection) -> None:
    _Server.state = _State(count)
    asyncio.run(_serve(port))


class PythonSite:
    """A process of this program."""

    name = "a server in Python"

    def __init__(self, count: int) -> None:
        self._count = count
        self._state = {"validators": 1, "published": 0}

    def __enter__(self) -> Self:
        here, there = multiprocessing.Pipe()
        spawn = multiprocessing.get_context("spawn")
        self._process = spawn.Process(target=_run, args=(self._count, there), daemon=True)
        self._process.start()
        self._port: int = here.recv()
        self.set()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.join()

    def url(self, number: int) -> str:
        return f"http://127.0.1.{number % HOSTS + 1}:{self._port}/col/{number}/index.html"

    def set(self, *, validators: bool | None = None, published: int | None = None) -> None:
        given = {"validators": validators, "published": published}
        self._state |= {name: int(value) for name, value in given.items() if value is not None}
        query = urlencode(self._state)
        urllib.request.urlopen(f"http://127.0.1.1:{self._port}/set?{query}").read()
