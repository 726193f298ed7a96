"""The sandbox: whatever a function does in it costs one error, and no worker outlives its parent."""

import asyncio
import contextlib
import os
import re
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from monitor.errors import FetchCause, FetchError, ParseError
from monitor.sandbox import Limits, Sandbox

MIB = 1 << 20
ENDLESS = (r"(a+)+$", "a" * 64 + "b")  # keeps re.match busy for ages, and no signal handler of Python's runs


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with contextlib.closing(Sandbox(Limits(seconds=20, memory_bytes=400 * MIB), workers=1)) as sandbox:
        yield sandbox


@pytest.fixture
def hasty() -> Iterator[Sandbox]:
    with contextlib.closing(Sandbox(Limits(seconds=0.5, memory_bytes=400 * MIB), workers=1)) as sandbox:
        yield sandbox


def add(one: int, other: int = 0) -> int:
    return one + other


def meet(own: Path, other: Path) -> bool:
    """Whether another call comes along while this one is at work."""
    own.touch()
    return wait_until(other.exists)


def refuse(sentence: str) -> None:
    raise ParseError(sentence)


def refuse_to_fetch() -> None:
    raise FetchError("no such host", cause=FetchCause.DNS, url="http://a.example")


class UnpicklableError(Exception):
    def __init__(self, lock: object) -> None:
        super().__init__("holds a lock")
        self.lock = lock


def fail_with_a_lock() -> None:
    raise UnpicklableError(threading.Lock())


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def crash() -> None:
    os.abort()


def take(size: int) -> int:
    return len(bytearray(size))


def take_twice(size: int) -> int:
    """Fits once; again only in a process that has not kept what was taken before."""
    kept.append(bytearray(size))
    return os.getpid()


kept: list[bytearray] = []


def start_a_child_and_wait(file: str) -> None:
    child = subprocess.Popen(["sleep", "600"])
    Path(file).write_text(str(child.pid))
    child.wait()


def is_alive(pid: int) -> bool:
    """Running; a process that has ended and waits for its parent to notice is not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state not in "ZX"


def wait_until(condition: Callable[[], bool], seconds: float = 10.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False


def test_a_function_gives_its_result(sandbox: Sandbox) -> None:
    assert sandbox.call(add, 1, other=2) == 3


def test_calls_share_one_process_that_is_not_ours(sandbox: Sandbox) -> None:
    worker = sandbox.call(os.getpid)
    assert worker == sandbox.call(os.getpid)
    assert worker != os.getpid()


def test_an_expected_error_is_raised_again_with_its_text(sandbox: Sandbox) -> None:
    with pytest.raises(ParseError, match="nothing to read"):
        sandbox.call(refuse, "nothing to read")


def test_an_error_keeps_its_fields(sandbox: Sandbox) -> None:
    with pytest.raises(FetchError) as caught:
        sandbox.call(refuse_to_fetch)
    assert (caught.value.cause, caught.value.url) == (FetchCause.DNS, "http://a.example")


def test_a_bug_is_raised_as_it_is_and_tells_where(sandbox: Sandbox) -> None:
    with pytest.raises(TypeError) as caught:
        sandbox.call(add, "one", 2)
    assert "in add" in caught.value.__notes__[0]


def test_an_error_that_cannot_travel_is_told_in_words(sandbox: Sandbox) -> None:
    with pytest.raises(RuntimeError, match="UnpicklableError: holds a lock"):
        sandbox.call(fail_with_a_lock)


def test_a_function_that_hangs_is_stopped_and_the_next_one_runs(hasty: Sandbox) -> None:
    began = time.monotonic()
    with pytest.raises(ParseError, match=r"took longer than 0\.5 seconds"):
        hasty.call(re.match, *ENDLESS)
    assert time.monotonic() - began < 5
    assert hasty.call(max, 1, 2) == 2


def test_too_much_memory_is_refused_and_the_next_call_runs(sandbox: Sandbox) -> None:
    with pytest.raises(ParseError, match="needed more than 400 MB of memory"):
        sandbox.call(take, 500 * MIB)
    assert sandbox.call(take, 50 * MIB) == 50 * MIB


@pytest.mark.parametrize(("function", "name"), [(die, "SIGKILL"), (crash, "SIGABRT")])
def test_a_crash_is_an_error_and_the_next_call_runs(
    sandbox: Sandbox, function: Callable[[], None], name: str
) -> None:
    with pytest.raises(ParseError, match=rf"Reading crashed \({name}\)"):
        sandbox.call(function)
    assert sandbox.call(add, 2) == 2


def test_what_an_earlier_call_left_behind_does_not_fail_a_later_one(sandbox: Sandbox) -> None:
    first = sandbox.call(take_twice, 150 * MIB)
    second = sandbox.call(take_twice, 150 * MIB)
    third = sandbox.call(take_twice, 150 * MIB)
    assert len({first, second, third}) > 1


def test_a_large_parent_leaves_its_workers_their_memory(sandbox: Sandbox) -> None:
    ballast = b"x" * (500 * MIB)
    assert sandbox.call(os.getpid) == sandbox.call(os.getpid)
    assert len(ballast) == 500 * MIB


def test_a_worker_killed_from_outside_between_calls_is_replaced(sandbox: Sandbox) -> None:
    os.kill(sandbox.call(os.getpid), signal.SIGKILL)
    assert sandbox.call(add, 3) == 3


def test_calls_run_side_by_side_up_to_the_number_of_workers(tmp_path: Path) -> None:
    async def together(sandbox: Sandbox) -> list[bool]:
        one, other = tmp_path / "one", tmp_path / "other"
        return await asyncio.gather(sandbox.run(meet, one, other), sandbox.run(meet, other, one))

    with contextlib.closing(Sandbox(workers=2)) as sandbox:
        assert asyncio.run(together(sandbox)) == [True, True]


async def test_the_event_loop_goes_on_meanwhile(sandbox: Sandbox) -> None:
    reading = asyncio.create_task(sandbox.run(time.sleep, 0.3))
    beats = 0
    while not reading.done():
        await asyncio.sleep(0.01)
        beats += 1
    assert beats > 5


async def test_cancelling_kills_the_worker_and_leaves_the_sandbox_usable(sandbox: Sandbox) -> None:
    worker = await sandbox.run(os.getpid)
    reading = asyncio.create_task(sandbox.run(re.match, *ENDLESS))
    await asyncio.sleep(0.1)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert wait_until(lambda: not is_alive(worker))
    assert await sandbox.run(add, 4) == 4


async def test_closing_ends_a_call_under_way() -> None:
    sandbox = Sandbox(workers=1)
    worker = await sandbox.run(os.getpid)
    reading = asyncio.create_task(sandbox.run(re.match, *ENDLESS))
    await asyncio.sleep(0.1)
    await sandbox.aclose()
    with pytest.raises(ParseError, match="SIGKILL"):
        await reading
    assert not is_alive(worker)


def test_a_closed_sandbox_says_so() -> None:
    sandbox = Sandbox()
    sandbox.close()
    with pytest.raises(RuntimeError, match="the sandbox is closed"):
        sandbox.call(add, 1)


def test_control_c_does_not_reach_a_worker(sandbox: Sandbox) -> None:
    worker = sandbox.call(os.getpid)
    os.kill(worker, signal.SIGINT)
    assert sandbox.call(os.getpid) == worker
    assert os.getpgid(worker) != os.getpgid(os.getpid())


def test_killing_the_parent_kills_a_busy_worker_and_its_children(tmp_path: Path) -> None:
    note = tmp_path / "child"
    program = textwrap.dedent(
        f"""
        import os, re, threading
        from monitor.sandbox import Sandbox
        from tests.test_sandbox import ENDLESS, start_a_child_and_wait
        sandbox = Sandbox(workers=2)
        threading.Thread(target=sandbox.call, args=(start_a_child_and_wait, {str(note)!r})).start()
        print(sandbox.call(os.getpid), flush=True)
        sandbox.call(re.match, *ENDLESS)
        """
    )
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    with parent, contextlib.closing(parent.stdout):
        worker = int(parent.stdout.readline())
        assert wait_until(lambda: note.exists() and note.read_text() != "")
        child = int(note.read_text())
        assert is_alive(worker)
        assert is_alive(child)
        parent.kill()
    assert wait_until(lambda: not is_alive(worker) and not is_alive(child))
