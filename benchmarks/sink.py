"""What benchmarks send to: an HTTP server in a process of its own that answers 204 and does nothing else."""

import asyncio
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection

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


async def _serve(port: Connection) -> None:
    server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", 0)
    port.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


def _start(port: Connection) -> None:
    asyncio.run(_serve(port))


@contextmanager
def sink() -> Iterator[int]:
    """The port of a running sink."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.Process(target=_start, args=(there,), daemon=True)
    process.start()
    yield here.recv()
    process.terminate()
