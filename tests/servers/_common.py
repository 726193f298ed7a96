# ruff: noqa: N815 - http.server finds its methods by such names
"""What the local servers share: a durable log, faults to order, HTTP, and life as a process of their own.

A server takes a message by writing it to its log (and fsync) before it answers, so that the log is the truth
about what arrived, whatever became of the sender and of the server.
"""

import argparse
import json
import os
import random
import socket
import struct
import sys
import threading
import time
from abc import abstractmethod
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Literal, Protocol, Self

FaultKind = Literal["refuse", "drop", "accept_and_drop", "slow"]


_MEETING: ContextVar["Fault | None"] = ContextVar("meeting", default=None)


@contextmanager
def meeting(fault: "Fault") -> Iterator[None]:
    """What is taken meanwhile is logged with this fault, which its sender is about to meet."""
    before = _MEETING.set(fault)
    try:
        yield
    finally:
        _MEETING.reset(before)


class DurableLog:
    """What a server took, in order: in memory, and as JSON lines in a file that survives a crash."""

    def __init__(self, path: Path | None = None) -> None:
        self.records: list[dict[str, Any]] = []
        self._lock = threading.Lock()
        self._file = path.open("ab") if path else None

    def append(self, record: dict[str, Any]) -> None:
        if fault := _MEETING.get():
            record = record | {"fault": fault.kind, "seconds": fault.seconds}
        with self._lock:
            self.records.append(record | {"at": time.time()})
            if self._file:
                self._file.write(json.dumps(self.records[-1], ensure_ascii=False).encode() + b"\n")
                self._file.flush()
                os.fsync(self._file.fileno())

    def close(self) -> None:
        if self._file:
            self._file.close()


def read_log(path: Path) -> list[dict[str, Any]]:
    """The records of a server's log; a line cut short by a crash was never acknowledged."""
    lines = path.read_bytes().split(b"\n") if path.exists() else []
    return [json.loads(line) for line in lines[:-1]]


@dataclass(frozen=True)
class Fault:
    """One misbehaviour.

    `refuse` answers `status` and `drop` breaks the connection, and nothing was taken; `accept_and_drop` takes
    the message and breaks the connection; `slow` takes it and answers after `seconds`.
    """

    kind: FaultKind
    status: int = 503
    seconds: float = 0.0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""


class Faults:
    """Faults for the coming requests: ordered ones first, then by chance with a seed."""

    def __init__(self, rate: float = 0.0, seed: int = 0) -> None:
        self._ordered: deque[Fault] = deque()
        self._rate = rate
        self._random = random.Random(seed)
        self._lock = threading.Lock()

    def order(self, *faults: Fault) -> None:
        """Let the next requests meet these faults, one each."""
        self._ordered.extend(faults)

    def next(self) -> Fault | None:
        with self._lock:
            if self._ordered:
                return self._ordered.popleft()
            if self._random.random() >= self._rate:
                return None
            kind: FaultKind = self._random.choice(["refuse", "drop", "accept_and_drop", "slow"])
            seconds = self._random.uniform(0.01, 0.5) if kind == "slow" else 0.0
            return Fault(kind, status=self._random.choice([500, 503]), seconds=seconds)


@dataclass(frozen=True)
class Call:
    """A request as it arrived; header names in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Reply:
    """An answer, or with `drop` a broken connection instead."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    drop: bool = False


class LocalServer(Protocol):
    """A server that runs in a thread between `with` and its end."""

    port: int
    log: DurableLog

    def __enter__(self) -> Self: ...

    def __exit__(self, *exc: object) -> None: ...


class HttpServer:
    """A real HTTP/1.1 server on loopback; subclasses say what they answer."""

    def __init__(self, log: Path | None = None, port: int = 0, faults: Faults | None = None) -> None:
        self.log = DurableLog(log)
        self.faults = faults or Faults()
        self._server = _Listener(("127.0.0.1", port), _handler(self.answer))
        self.port: int = self._server.server_port
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    @abstractmethod
    def answer(self, call: Call) -> Reply: ...

    def misbehaving(self, take: Callable[[], Reply]) -> Reply:
        """Let the next fault happen around `take`, which logs and makes the good answer."""
        fault = self.faults.next()
        if fault is None:
            return take()
        if fault.kind == "refuse":
            return Reply(fault.status, fault.body.encode(), fault.headers)
        if fault.kind == "drop":
            return Reply(drop=True)
        with meeting(fault):
            reply = take()
        time.sleep(fault.seconds)
        return Reply(drop=True) if fault.kind == "accept_and_drop" else reply

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self.log.close()


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news here."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


def _handler(answer: Callable[[Call], Reply]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        timeout = 60

        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = answer(Call(self.command, self.path, headers, body))
            self.close_connection = self.close_connection or reply.drop
            if reply.drop:
                reset(self.connection)
                return
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        do_POST = do_GET = _serve

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base's name
            pass

    return Handler


def free_port() -> int:
    """A port of loopback that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def reset(connection: socket.socket) -> None:
    """Break a connection with a reset, as a dying peer does."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def json_reply(value: object, status: int = 200) -> Reply:
    """A JSON answer."""
    return Reply(status, json.dumps(value, ensure_ascii=False).encode(), {"content-type": "application/json"})


def run(make: Callable[[Path, int, Faults], LocalServer]) -> None:
    """Serve as a process: print the port, then live as long as the parent does."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--fault-rate", type=float, default=0.0)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    parent = os.getppid()
    with make(options.log, options.port, Faults(options.fault_rate, options.seed)) as server:
        print(server.port, flush=True)
        while os.getppid() == parent:
            time.sleep(0.2)
