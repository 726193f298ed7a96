"""The inside of a sandbox: the loop of a worker process. Imports little, so that a worker starts quickly."""

import contextlib
import fcntl
import os
import pickle
import resource
import signal
import sys
import traceback
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from monitor.errors import MonitorError, ParseError

RETURNED, RAISED, OUT_OF_MEMORY = "returned", "raised", "out of memory"


def serve(requests: int, memory_bytes: int) -> None:
    """Answer the calls that arrive on the file descriptor `requests` until it closes."""
    _die_with_the_parent()
    _limit(memory_bytes)
    with Connection(requests) as connection:
        connection.send_bytes(b"ready")
        while True:
            try:
                request = connection.recv_bytes()
            except EOFError:
                return
            connection.send_bytes(_answer(request))
            if _resident_bytes() > memory_bytes / 2:
                return  # what a heap has once grown to it keeps; the next call gets a fresh one


def _die_with_the_parent() -> None:
    """Let the kernel kill this process group when the other end of standard input closes.

    Works in the middle of C code and for converters started from here; PR_SET_PDEATHSIG would do neither,
    and would fire when the *thread* that started this process ends.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent to handle
    lifeline = sys.stdin.fileno()
    fcntl.fcntl(lifeline, fcntl.F_SETOWN, -os.getpgrp())
    if hasattr(fcntl, "F_SETSIG"):  # elsewhere the default, SIGIO, ends a process that does not handle it
        fcntl.fcntl(lifeline, fcntl.F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(lifeline, fcntl.F_SETFL, fcntl.fcntl(lifeline, fcntl.F_GETFL) | os.O_ASYNC)


def _limit(memory_bytes: int) -> None:
    """Soft limits only: a trusted converter started from here may be given more."""
    for limit, wanted in ((resource.RLIMIT_AS, memory_bytes), (resource.RLIMIT_CORE, 0)):
        hard = resource.getrlimit(limit)[1]
        if hard == resource.RLIM_INFINITY or wanted < hard:
            with contextlib.suppress(ValueError):  # a system without this limit
                resource.setrlimit(limit, (wanted, hard))


def _resident_bytes() -> int:
    """Memory in use now; 0 where the system does not tell.

    Not the peak of `getrusage`: that begins with the size of the process that started this one.
    """
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
    except FileNotFoundError:
        return 0


def _answer(request: bytes) -> bytes:
    try:
        return pickle.dumps((RETURNED, pickle.loads(request)()), pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        return pickle.dumps((OUT_OF_MEMORY, None))
    except Exception as error:
        if not isinstance(error, MonitorError):
            error.add_note(f"In the sandbox:\n{traceback.format_exc()}")
        return pickle.dumps((RAISED, _portable(error)))


def _portable(error: Exception) -> Exception:
    """The error itself if it survives pickling, else one that says the same."""
    try:
        copy: Any = pickle.loads(pickle.dumps(error))
    except Exception:
        kind = ParseError if isinstance(error, MonitorError) else RuntimeError
        return kind(f"{type(error).__name__}: {error}")
    return error if isinstance(copy, Exception) else RuntimeError(str(error))
