"""Run functions on foreign input in a process of their own, so that the worst it can do is one error.

    caller → Sandbox → worker process: a loop of (function, arguments) → (outcome, value)

A worker is a fresh interpreter (never a fork of a process with threads) in a process group of its own. Its
standard input is a pipe on which nothing is ever written: when this process ends, however it ends, the pipe
closes and the kernel kills the whole group, so neither a worker nor a converter it started stays behind.
"""

import asyncio
import contextlib
import os
import pickle
import queue
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection, Pipe
from typing import Any, ParamSpec, TypeVar

from monitor.errors import ParseError
from monitor.sandbox_worker import OUT_OF_MEMORY, RAISED, RETURNED

P = ParamSpec("P")
R = TypeVar("R")

_MIB = 1 << 20
_START_SECONDS = 60.0  # for the interpreter itself on a busy machine; not counted against a call
_CRASHED, _TIMED_OUT = "crashed", "timed out"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one call may use: wall-clock seconds, and bytes of address space of the whole worker."""

    seconds: float = 60.0
    memory_bytes: int = 1 << 30


class Sandbox:
    """Worker processes for reading and parsing what others wrote.

    A worker starts with the first call, serves many calls, and is replaced after a crash, a time-out or a
    breach of memory. At most `workers` calls run at once; others wait. Safe to use from several threads.
    """

    def __init__(self, limits: Limits | None = None, *, workers: int = 2) -> None:
        self.limits = limits or Limits()
        self._workers = [_Worker(self.limits) for _ in range(workers)]
        self._idle: queue.LifoQueue[_Worker] = queue.LifoQueue()  # the one used last is warm: take it first
        for worker in self._workers:
            self._idle.put(worker)
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="sandbox")
        self._closed = False

    async def run(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """`call` without blocking the event loop. Cancelling it kills the worker that is busy with it."""
        task = _Task(pickle.dumps(partial(function, *args, **kwargs), pickle.HIGHEST_PROTOCOL))
        try:
            value = await asyncio.get_running_loop().run_in_executor(self._threads, self._perform, task)
        except asyncio.CancelledError:
            task.give_up()
            raise
        return value  # type: ignore[no-any-return]  # what the worker pickled

    def call(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """`function(*args, **kwargs)` in a worker; function, arguments and result must be picklable.

        Raises what the function raised, with its text; `ParseError` when the worker crashed or needed more
        time or memory than the limits; `RuntimeError` after `close`.
        """
        task = _Task(pickle.dumps(partial(function, *args, **kwargs), pickle.HIGHEST_PROTOCOL))
        return self._perform(task)  # type: ignore[no-any-return]  # what the worker pickled

    def _perform(self, task: "_Task") -> Any:
        worker = self._idle.get()
        try:
            outcome, value = self._outcome(worker, task)
        finally:
            task.worker = None
            self._idle.put(worker)
        if outcome == RETURNED:
            return value
        raise value if outcome == RAISED else ParseError(self._sentence(outcome, value))

    def _outcome(self, worker: "_Worker", task: "_Task") -> tuple[str, Any]:
        task.worker = worker
        if self._closed:
            raise RuntimeError("the sandbox is closed")
        if task.given_up:
            return _CRASHED, "given up"
        used = worker.used
        outcome, value = worker.answer(task.request)
        # What a document gives must not depend on what the worker read before it.
        if used and outcome in (_CRASHED, OUT_OF_MEMORY) and not (task.given_up or self._closed):
            outcome, value = worker.answer(task.request)
        return outcome, value

    def _sentence(self, outcome: str, value: Any) -> str:
        if outcome == _TIMED_OUT:
            return (
                f"Reading took longer than {self.limits.seconds:g} seconds and was stopped; the file is"
                " damaged or very large. A higher limit of seconds may help."
            )
        memory = f"{self.limits.memory_bytes // _MIB} MB of memory"
        if outcome == OUT_OF_MEMORY:
            return (
                f"Reading needed more than {memory} and was stopped; the file is damaged or very large."
                " A higher limit of memory may help."
            )
        return f"Reading crashed ({value}); the file is damaged, or {memory} are too little for it."

    async def aclose(self) -> None:
        """`close` for async code."""
        await asyncio.to_thread(self.close)

    def close(self) -> None:
        """Kill all workers; calls under way fail with `ParseError`, later ones with `RuntimeError`."""
        self._closed = True
        taken = [self._take_killing() for _ in self._workers]
        for worker in taken:
            worker.stop()
            self._idle.put(worker)  # for calls that wait, so that they see the end
        self._threads.shutdown()

    def _take_killing(self) -> "_Worker":
        while True:
            for worker in self._workers:
                worker.kill()
            with contextlib.suppress(queue.Empty):
                return self._idle.get(timeout=0.05)


@dataclass(slots=True)
class _Task:
    """One call on its way: the pickled function and, while it runs, the worker that runs it."""

    request: bytes
    worker: "_Worker | None" = field(default=None)
    given_up: bool = False

    def give_up(self) -> None:
        self.given_up = True
        if worker := self.worker:
            worker.kill()


class _Worker:
    """One worker process, started when it is needed. Used by one thread at a time, but for `kill`."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection | None = None
        self.used = False

    def answer(self, request: bytes) -> tuple[str, Any]:
        """The outcome of a call, with the value or error of it or what ended the worker."""
        connection = self._started()
        self.used = True
        try:
            connection.send_bytes(request)
            if not connection.poll(self._limits.seconds):
                self.stop()
                return _TIMED_OUT, None
            outcome, value = pickle.loads(connection.recv_bytes())
        except (EOFError, OSError):
            return _CRASHED, self.stop()
        if outcome == OUT_OF_MEMORY:
            self.stop()
        return outcome, value

    def _started(self) -> Connection:
        if self._process and self._process.poll() is not None:
            self.stop()
        if self._connection is None:
            self._connection = self._start()
        return self._connection

    def _start(self) -> Connection:
        connection, theirs = Pipe()
        code = (
            f"from monitor.sandbox_worker import serve; serve({theirs.fileno()}, {self._limits.memory_bytes})"
        )
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-c", code],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                env=os.environ | {"PYTHONPATH": os.pathsep.join(path or os.curdir for path in sys.path)},
                pass_fds=[theirs.fileno()],
                process_group=0,
            )
        with contextlib.suppress(EOFError, OSError):
            if connection.poll(_START_SECONDS) and connection.recv_bytes():
                return connection
        connection.close()
        raise RuntimeError(f"a sandbox worker did not start ({self.stop()})")

    def kill(self) -> None:
        """End the process now, whatever it does. May be called from any thread."""
        if (process := self._process) and process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)

    def stop(self) -> str:
        """Kill, reap and forget the process; says how it ended."""
        self.kill()
        status = 0
        if self._process:
            status = self._process.wait()
            if self._process.stdin:
                self._process.stdin.close()
        if self._connection:
            self._connection.close()
        self._process = self._connection = None
        self.used = False
        return signal.Signals(-status).name if status < 0 else f"exit status {status}"
