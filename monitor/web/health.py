"""`/healthz` and `/readyz`: is the process alive, and does it do its work?"""

import asyncio
import time
from dataclasses import dataclass, field

from aiohttp import web

from monitor.errors import StorageError
from monitor.storage import Storage


@dataclass
class Loops:
    """When each of the program's loops last turned, and how long each may take for a turn (s)."""

    longest: dict[str, float]
    _turned: dict[str, float] = field(default_factory=dict)

    def turned(self, loop: str) -> None:
        """It is alive."""
        self._turned[loop] = time.monotonic()

    def stuck(self) -> dict[str, float]:
        """Loop → for how many seconds it has not turned, of those that take too long; one that never did is
        counted from the start."""
        now = time.monotonic()
        silent = {loop: now - self._turned.get(loop, self._started) for loop in self.longest}
        return {loop: seconds for loop, seconds in silent.items() if seconds > self.longest[loop]}

    def __post_init__(self) -> None:
        self._started = time.monotonic()


def health_routes(storage: Storage, loops: Loops) -> list[web.RouteDef]:
    """`/healthz` answers while the process does; `/readyz` says 503 and why where its work stands still."""

    async def healthz(_: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def readyz(_: web.Request) -> web.Response:
        troubles = [f"{loop}: no turn for {seconds:.0f} s" for loop, seconds in loops.stuck().items()]
        troubles += await asyncio.to_thread(_database_trouble, storage)
        status = 503 if troubles else 200
        return web.Response(text="\n".join(troubles or ["ok"]) + "\n", status=status)

    return [web.get("/healthz", healthz), web.get("/readyz", readyz)]


def _database_trouble(storage: Storage) -> list[str]:
    try:
        storage.version()
    except StorageError as error:
        return [str(error)]
    return []
