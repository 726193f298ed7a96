"""Databases that fail as real ones do: a PostgreSQL server of our own to restart, a small disk to fill."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import pytest

OUTAGE = 2.0
"""Seconds a disk stays full, and a server away."""


class Database(Protocol):
    """A database that a test can take away for a while."""

    url: str

    def fail(self) -> None:
        """Be away for a moment, with whatever is under way, and come back."""


class SmallDisk:
    """An SQLite database on a disk of its own."""

    def __init__(self, folder: Path) -> None:
        self._balloon = folder / "balloon"
        self.url = f"sqlite:///{folder / 'monitor.db'}"

    def fail(self) -> None:
        """The disk is full for a while."""
        with self._balloon.open("wb") as file:
            try:
                while True:
                    file.write(bytes(1 << 20))
                    file.flush()
            except OSError:
                pass
            try:
                while True:  # to the last block
                    os.write(file.fileno(), bytes(4096))
            except OSError:
                pass
        time.sleep(OUTAGE)
        self._balloon.unlink()


@contextmanager
def small_disk(folder: Path, megabytes: int = 200) -> Iterator[SmallDisk]:
    """Skips where nothing may be mounted."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    mounted = subprocess.run(mount, capture_output=True, text=True, check=False)
    if mounted.returncode:
        pytest.skip(f"no disk can be mounted here, so none can be filled: {mounted.stderr.strip()}")
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


class PostgresqlServer:
    """A server of our own, so that nobody else notices when it is restarted."""

    def __init__(self, programs: Path, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self._programs, self._data, self._folder = programs, folder / "data", folder
        self.url = f"postgresql://postgres@127.0.0.1:{self._port}/postgres"
        self._do("initdb", "-A", "trust", "-U", "postgres", "--no-sync", "-D", str(self._data))
        self.start()

    def start(self) -> None:
        # Without fsync a commit survives the death of the server, though not of the machine.
        options = f"-p {self._port} -k {self._folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        self._control("start", "-w", "-l", str(self._folder / "log"), "-o", options)

    def stop(self) -> None:
        """As a crash does it."""
        self._control("stop", "-m", "immediate")

    def fail(self) -> None:
        """Crash, and start again."""
        self.stop()
        time.sleep(OUTAGE)
        self.start()

    def _control(self, *words: str) -> None:
        self._do("pg_ctl", "-D", str(self._data), *words)

    def _do(self, program: str, *words: str) -> None:
        # The server refuses to run as root; its output must not be a pipe, which it would keep open.
        other = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        command = [*other, str(self._programs / program), *words]
        with (self._folder / "control.log").open("ab") as log:
            subprocess.run(command, stdout=log, stderr=log, cwd=self._folder, check=True)


@contextmanager
def postgresql_server() -> Iterator[PostgresqlServer]:
    """Skips where the server's programs are not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or [
        Path(path) for path in [shutil.which("initdb")] if path
    ]
    if not found:
        pytest.skip("PostgreSQL's server programs (initdb, pg_ctl) are not installed")
    with tempfile.TemporaryDirectory(prefix="policy-monitor-") as name:
        folder = Path(name)
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        server = PostgresqlServer(found[-1].parent, folder)
        try:
            yield server
        finally:
            server.stop()
