"""The program's own web server: what others may ask it.

    server = WebServer("127.0.0.1:9090", [*health_routes(program.is_ready), *metrics_routes(storage, clock)])
    await server.run()

A route is aiohttp's; whatever else is to answer at this address adds its own.
"""

from monitor.web.health import Loops, health_routes
from monitor.web.metrics import metrics_routes
from monitor.web.server import WebServer

__all__ = ["Loops", "WebServer", "health_routes", "metrics_routes"]
