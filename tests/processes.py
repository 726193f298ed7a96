"""Real processes for a test to run and to kill; they start fast, since a server has the imports done."""

import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from multiprocessing.process import BaseProcess
from pathlib import Path

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.crash", "tests.pacing", "tests.reliability.warm"])


def start(work: Callable[..., object], *arguments: object, **more: object) -> BaseProcess:
    """A process that does this work."""
    process = _CONTEXT.Process(target=work, args=arguments, kwargs=more)
    process.start()
    return process


class Program:
    """What `policy-monitor ARGUMENTS` starts: the command line in a process and a session of its own.

    `output` and `errors` are the files that it appends to; `environ` adds to the environment.
    """

    def __init__(
        self,
        *arguments: str,
        folder: Path,
        output: Path,
        errors: Path | None = None,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        whole = {**os.environ, **(environ or {})}
        self._process = start(_command_line, arguments, folder, output, errors or output, whole)

    @property
    def runs(self) -> bool:
        return self._process.is_alive()

    def wait(self, timeout: float | None = None) -> int:
        """Its exit status, as `subprocess` gives it."""
        self._process.join(timeout)
        status = self._process.exitcode
        assert status is not None, f"it still runs after {timeout} s"
        return status

    def interrupt(self) -> None:
        """As Ctrl-C does."""
        assert self._process.pid is not None
        os.kill(self._process.pid, signal.SIGINT)

    def kill(self) -> None:
        """As `kill -9` does: no chance to tidy up."""
        self._process.kill()
        self._process.join()


def run_program(folder: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run `policy-monitor ARGUMENTS` in a folder to its end, at most two minutes."""
    with tempfile.TemporaryDirectory() as aside:
        output, errors = Path(aside, "output"), Path(aside, "errors")
        program = Program(*arguments, folder=folder, output=output, errors=errors, environ=environ)
        try:
            status = program.wait(120)
        finally:
            program.kill()
        said, complained = output.read_text("utf-8"), errors.read_text("utf-8")
    return subprocess.CompletedProcess(["policy-monitor", *arguments], status, said, complained)


def _command_line(
    arguments: tuple[str, ...], folder: Path, output: Path, errors: Path, environ: dict[str, str]
) -> None:
    os.setsid()
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environ)
    for number, path in ((1, output), (2, errors)):
        with path.open("ab") as file:
            os.dup2(file.fileno(), number)
    sys.argv = ["policy-monitor", *arguments]
    from monitor.cli import main  # it looks at the arguments and the environment as it is loaded

    main()
