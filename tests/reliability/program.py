"""The program, `policy-monitor run`, in processes of its own that a test kills, stops and starts again."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
import yaml

from tests.processes import start
from tests.reliability.looking import states

_FAKETIME = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1")


def main(config: Path, log: Path) -> None:
    """What the process does: the command, as a shell would start it."""
    output = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.dup2(output, 1)
    os.dup2(output, 2)
    sys.argv = ["policy-monitor", "run", "--config", str(config)]
    from monitor.cli import main as command_line  # it looks at the arguments as it is loaded

    command_line()


@dataclass(frozen=True, slots=True)
class End:
    """How and when a process ended: killed by the test, or by itself with an exit status."""

    pid: int
    at: float
    killed: bool


@dataclass
class Crew:
    """Some processes of the program with one configuration. `ends` is every end so far."""

    config: Path
    size: int = 1
    ends: list[End] = field(default_factory=list)
    _running: list[BaseProcess] = field(default_factory=list)

    @property
    def log(self) -> Path:
        return self.config.with_suffix(".log")

    def fill(self) -> None:
        """Start as many as are missing; one that gave up since (its database was away) is one of them."""
        for process in [process for process in self._running if process.exitcode is not None]:
            self._end(process, killed=False)
        while len(self._running) < self.size:
            self._running.append(start(main, self.config, self.log))

    def kill(self) -> bool:
        """End the oldest as `kill -9` does. False where it had given up by itself."""
        process = self._running[0]
        process.kill()
        process.join()
        killed = process.exitcode == -signal.SIGKILL
        self._end(process, killed=killed)
        return killed

    def freeze(self) -> None:
        """As Ctrl-Z does, to all of them."""
        for process in self._running:
            os.kill(process.pid or 0, signal.SIGSTOP)

    def resume(self) -> None:
        """After `freeze`."""
        for process in self._running:
            os.kill(process.pid or 0, signal.SIGCONT)

    def stop(self) -> None:
        """As an operator does; what is under way is finished."""
        for process in list(self._running):
            process.terminate()
            process.join(30)
            # 1: the database was away; -15: it had only just begun
            assert process.exitcode in (0, 1, -signal.SIGTERM), self.said()
            self._end(process, killed=False)

    def end(self) -> None:
        """Whatever it takes."""
        for process in self._running:
            process.kill()
            process.join()

    def said(self) -> str:
        return self.log.read_text("utf-8") if self.log.exists() else ""

    def _end(self, process: BaseProcess, *, killed: bool) -> None:
        process.join()
        assert "Traceback" not in self.said(), self.said()
        self._running.remove(process)
        self.ends.append(End(process.pid or 0, time.time(), killed))


@contextmanager
def crew(config: Path, size: int = 1) -> Iterator[Crew]:
    """Leaves nobody behind."""
    crew = Crew(config, size)
    try:
        yield crew
    finally:
        crew.end()


class Timed:
    """One process of the program whose wall clock the test sets; skips where there is no libfaketime.

    Clocks that only count on, by which the program paces itself and times out, go as they do.
    """

    def __init__(self, config: Path) -> None:
        if not _FAKETIME.exists():
            pytest.skip("libfaketime (Debian: faketime) is not installed, so no clock can be set")
        self._clock = config.with_suffix(".clock")
        self._database: str = yaml.safe_load(config.read_text("utf-8"))["database"]
        self._log = config.with_suffix(".log")
        self._ahead = 0.0
        self.jump(0)
        command = [sys.executable, "-m", "monitor", "run", "--config", str(config)]
        wanted = {
            "LD_PRELOAD": str(_FAKETIME),
            "FAKETIME_TIMESTAMP_FILE": str(self._clock),
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",  # or no compiled module seems to fit its source
        }
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, env=os.environ | wanted)

    def jump(self, seconds: float) -> None:
        """Set the clock so much ahead of where it is, or back."""
        self._ahead += seconds
        part = self._clock.with_suffix(".part")
        part.write_text(f"{self._ahead:+.0f}s\n")
        part.rename(self._clock)

    def said(self) -> str:
        return f"{states(self._database)}\n{self._log.read_text('utf-8')}"

    def end(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        self.process.wait()


def until(reached: Callable[[], bool], seconds: float, said: Callable[[], str] = str) -> None:
    """Wait; fails with what was said where it takes too long."""
    end = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < end, f"not within {seconds:.0f} s:\n{said()[-4000:]}"
        time.sleep(0.1)
