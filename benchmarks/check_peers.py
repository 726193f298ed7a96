"""urlwatch and webchanges from PyPI, each in a virtual environment of its own, doing the same round.

They watch what a user who wants the notices has them watch: the rows of the list, picked by a CSS selector
and turned into text, since a page as a whole also changes where no notice does.
"""

import re
import resource
import subprocess
import sys
import time
import venv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml


@dataclass(frozen=True, slots=True)
class Round:
    """What a round took: wall and CPU seconds, and the most memory of one process in MB."""

    wall: float
    cpu: float
    memory: float


ROWS = "ul.list li"
"""Where the benchmark's pages have their notices."""

_REPORTED = re.compile(r"^\d+\. CHANGED: (\S+)", re.M)


class PeerMissingError(Exception):
    """A peer cannot be had here; the message says why."""


class Peer:
    """One of the two; a round is a command, from its start to its end."""

    def __init__(self, name: str, folder: Path, urls: Sequence[str]) -> None:
        self.name = name
        self._folder = folder / name
        self._folder.mkdir()
        venv.create(self._folder / "venv", with_pip=True)
        install = [self._program("pip"), "install", "--quiet", name]
        done = subprocess.run(install, capture_output=True, text=True, check=False)
        if done.returncode:
            raise PeerMissingError(f"{name}: {(done.stderr.strip().splitlines() or ['pip failed'])[-1]}")
        (self._folder / "hooks.py").write_text("", "utf-8")
        self._config().write_text(yaml.safe_dump(_PRINT_CHANGES), "utf-8")
        self._round = self._command("all", urls)
        self._single = self._command("one", urls[:1])

    @property
    def version(self) -> str:
        code = f"from importlib.metadata import version; print(version({self.name!r}))"
        done = subprocess.run(
            [self._program("python"), "-c", code], capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    def run(self, changed: Sequence[str] = ()) -> Round:
        """One round. Exits unless the pages that it reports are those that changed."""
        used, told = self._measured(self._round)
        if set(_REPORTED.findall(told)) != set(changed):
            sys.exit(f"{self.name} reports other pages than the {len(changed)} that changed: {told[:500]}")
        return used

    def start(self) -> Round:
        """What the command takes for a single page: nearly all of it is its start."""
        self._measured(self._single)
        return self._measured(self._single)[0]

    def _measured(self, command: Sequence[str]) -> tuple[Round, str]:
        """What a command used, by the children's usage before and after, and what it printed."""
        before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode:
            sys.exit(f"{self.name} failed: {done.stderr[-500:]}")
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return Round(wall, cpu, after.ru_maxrss / 1024), done.stdout

    def _command(self, name: str, urls: Sequence[str]) -> list[str]:
        """The command that watches these pages, with a memory of its own."""
        jobs, cache = self._folder / f"{name}.yaml", self._folder / f"{name}.db"
        watch = [{"css": ROWS}, "html2text"]
        jobs.write_text(
            yaml.safe_dump_all({"name": url, "url": url, "filter": watch} for url in urls), "utf-8"
        )
        own = {
            "urlwatch": ["--urls", jobs, "--cache", cache],
            "webchanges": ["--jobs", jobs, "--database", cache],
        }
        shared = ["--config", self._config(), "--hooks", self._folder / "hooks.py"]
        return [self._program(self.name), *map(str, [*own[self.name], *shared])]

    def _config(self) -> Path:
        return self._folder / "config.yaml"

    def _program(self, name: str) -> str:
        return str(self._folder / "venv" / "bin" / name)


_PRINT_CHANGES = {
    "display": {"new": False, "error": True},
    "report": {
        "text": {"line_length": 200, "details": True, "footer": False},
        "stdout": {"enabled": True},
    },
}
