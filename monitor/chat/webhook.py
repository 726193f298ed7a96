"""What people say, pushed by Telegram to the program's own web server."""

import hmac
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from monitor.config.model import ChatWebhookSettings
from monitor.errors import StorageError

_HEADER = "X-Telegram-Bot-Api-Secret-Token"
_MOST = 1 << 20
"""Bytes of an update; Telegram's are a few thousand."""

TakeIn = Callable[[Mapping[int, Any]], Awaitable[bool]]
"""Keeps updates (id → content); False while the bot is not ready for them."""


def webhook_routes(settings: ChatWebhookSettings, take_in: TakeIn) -> list[web.RouteDef]:
    """The webhook's path. 200 says that the update is kept; else Telegram comes again with it."""
    secret = settings.secret.get_secret_value().encode()

    async def pushed(request: web.Request) -> web.Response:
        given = request.headers.get(_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, secret):
            return web.Response(status=403)
        if (request.content_length or 0) > _MOST:
            return web.Response(status=413)
        try:
            update = json.loads(await request.read())
            number = int(update["update_id"])
        except (ValueError, TypeError, KeyError):
            return web.Response(status=400)
        try:
            kept = await take_in({number: update})
        except StorageError:
            kept = False
        return web.Response(status=200 if kept else 503)

    return [web.post(urlsplit(settings.url).path, pushed)]
