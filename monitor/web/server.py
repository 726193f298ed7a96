"""The server: an address and routes."""

import asyncio
from collections.abc import Iterable

from aiohttp import web

from monitor.errors import ConfigError


class WebServer:
    """Answers at an address, HOST:PORT, until cancelled."""

    def __init__(self, listen: str, routes: Iterable[web.RouteDef]) -> None:
        host, _, port = listen.rpartition(":")
        self._host, self._port = host.strip("[]"), int(port)
        self._routes = list(routes)

    async def run(self) -> None:
        """Serve. Raises `ConfigError` where the address cannot be had."""
        app = web.Application()
        app.add_routes(self._routes)
        runner = web.AppRunner(app, access_log=None, handle_signals=False)
        await runner.setup()
        try:
            await web.TCPSite(runner, self._host, self._port).start()
            await asyncio.Event().wait()
        except OSError as error:
            where = f"{self._host}:{self._port}"
            raise ConfigError([f"web.listen: {where}: {error.strerror or error}"]) from error
        finally:
            await runner.cleanup()
