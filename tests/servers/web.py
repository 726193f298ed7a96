"""A web of many hosts on loopback: every address 127.x.y.z at one port is this server.

It runs in a thread of its own, speaks HTTP/1.1 by hand, and so can be late, drip, break off or lie as real
servers do. `sites` in this folder makes pages of the families of government sites for it.
"""

import asyncio
import contextlib
import ssl
import threading
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from pathlib import Path
from typing import Self
from urllib.parse import parse_qsl, urlsplit

SELF_SIGNED = Path(__file__).with_name("self_signed.pem")


@dataclass(frozen=True)
class Asked:
    """A request as it arrived; header names in lower case. `host` is without the port."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""
    at: float = field(default_factory=time.monotonic)

    @property
    def host(self) -> str:
        return self.headers.get("host", "").partition(":")[0]

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query))


@dataclass(frozen=True)
class Reply:
    """What the server says, and how.

    `delay`: seconds before the first byte. `drip`: the body goes out a byte at a time with so many seconds
    between two. `times`: the body is sent so many times over. `cut`: the connection ends after so many bytes
    of the body. `announced`: whether there is a Content-Length. A request that brings the reply's ETag or
    Last-Modified gets 304.
    """

    body: bytes | str = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    drip: float = 0.0
    times: int = 1
    cut: int | None = None
    announced: bool = True


Answer = Reply | Callable[[Asked], Reply]


class WebServer:
    """Serves what was put at (host, path), between `with` and its end. A host of None is every host.

    With `tls` it has the certificate of that context, or where it is just True, a self-signed one.
    """

    def __init__(self, *, tls: bool | ssl.SSLContext = False) -> None:
        self.asked: list[Asked] = []
        self.busiest = 0
        self.port = 0
        self._answers: dict[tuple[str | None, str], Answer] = {}
        self._under_way = 0
        self._tls = tls
        self._loop = asyncio.new_event_loop()
        self._up = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def put(self, path: str, answer: Answer | str | bytes, host: str | None = None) -> str:
        """Serve an answer at a path, and return its address (on `host`, or 127.0.0.1)."""
        self._answers[host, path] = answer if isinstance(answer, Reply) or callable(answer) else Reply(answer)
        return self.url(path, host or "127.0.0.1")

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"{'https' if self._tls else 'http'}://{host}:{self.port}{path}"

    def paths(self) -> list[str]:
        """What was asked for so far, without robots.txt."""
        return [asked.target for asked in self.asked if asked.path != "/robots.txt"]

    def __enter__(self) -> Self:
        self._thread.start()
        self._up.wait()
        return self

    def __exit__(self, *exc: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(self._listen())
        self.port = server.sockets[0].getsockname()[1]
        self._up.set()
        self._loop.run_forever()
        server.close()
        self._loop.run_until_complete(_cancel_all())
        self._loop.close()

    async def _listen(self) -> asyncio.Server:
        context = self._tls if isinstance(self._tls, ssl.SSLContext) else None
        if self._tls is True:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(SELF_SIGNED)
        return await asyncio.start_server(self._serve, "0.0.0.0", 0, ssl=context)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, EOFError), contextlib.closing(writer):
            async for asked in _requests(reader):
                self.asked.append(asked)
                self._under_way += 1
                self.busiest = max(self.busiest, self._under_way)
                try:
                    if not await _send(writer, self._answer(asked)):
                        break
                finally:
                    self._under_way -= 1

    def _answer(self, asked: Asked) -> Reply:
        missing = Reply("no such page", 404, {"Content-Type": "text/plain"})
        answer = self._answers.get((asked.host, asked.path), self._answers.get((None, asked.path), missing))
        return _unless_unchanged(asked, answer if isinstance(answer, Reply) else answer(asked))


async def _cancel_all() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await asyncio.sleep(0)  # transports close in the next round


def _unless_unchanged(asked: Asked, reply: Reply) -> Reply:
    for question, header in (("if-none-match", "ETag"), ("if-modified-since", "Last-Modified")):
        if question in asked.headers:
            unchanged = asked.headers[question] == reply.headers.get(header)
            return replace(reply, status=304, body=b"", drip=0, delay=0) if unchanged else reply
    return reply


async def _requests(reader: asyncio.StreamReader) -> AsyncIterator[Asked]:
    while (begins := await reader.readexactly(1)).isalpha():  # as every server does that is spoken to in TLS
        head = begins + await reader.readuntil(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").strip().split("\r\n")
        method, target, _ = first.split(" ", 2)
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        yield Asked(method, target, headers, body)


async def _send(writer: asyncio.StreamWriter, reply: Reply) -> bool:
    """Write the reply; False when the connection is not fit for another one."""
    await asyncio.sleep(reply.delay)
    body = reply.body.encode() if isinstance(reply.body, str) else reply.body
    headers = {"Content-Type": "text/html; charset=utf-8", **reply.headers}
    if reply.status != 304 and reply.announced:
        headers.setdefault("Content-Length", str(len(body) * reply.times))
    lines = [f"HTTP/1.1 {reply.status} {HTTPStatus(reply.status).phrase if reply.status < 512 else 'Other'}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    writer.write("\r\n".join([*lines, "", ""]).encode("utf-8"))
    for _ in range(reply.times):
        await _write(writer, body[: reply.cut], reply.drip)
    return reply.cut is None and reply.announced


async def _write(writer: asyncio.StreamWriter, body: bytes, drip: float) -> None:
    if not drip:
        writer.write(body)
    else:
        for index in range(len(body)):
            writer.write(body[index : index + 1])
            await writer.drain()
            await asyncio.sleep(drip)
    await writer.drain()
