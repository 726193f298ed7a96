"""Run functions on foreign input in a process of their own, so that the worst it can do is one error."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one call may use: wall-clock seconds, and bytes of address space of the whole worker."""

    seconds: float = 60.0
    memory_bytes: int = 1 << 30


class Sandbox:
    """Worker processes for reading and parsing what others wrote.

    A worker starts with the first call, serves many calls, and is replaced after a crash, a time-out or a
    breach of memory. `workers` calls run at once at most. Workers never outlive the process that made them.
    """

    def __init__(self, limits: Limits | None = None, *, workers: int = 2) -> None:
        raise NotImplementedError

    async def run(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """`call` without blocking the event loop. Cancelling it kills the worker that was busy with it."""
        raise NotImplementedError

    def call(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """`function(*args, **kwargs)` in a worker; function, arguments and result must be picklable.

        Raises what the function raised, with its text; `ParseError` when the worker crashed or used more
        time or memory than the limits.
        """
        raise NotImplementedError

    async def aclose(self) -> None:
        """`close` for use in async code."""
        raise NotImplementedError

    def close(self) -> None:
        """Kill all workers; calls under way fail. Further calls raise RuntimeError."""
        raise NotImplementedError
