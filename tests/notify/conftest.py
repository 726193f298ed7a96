"""Channels and the servers they talk to."""

from collections.abc import AsyncIterator, Iterator

import pytest

from monitor.notify.telegram import TelegramChannel, TelegramSettings
from monitor.notify.webhook import WebhookChannel, WebhookSettings
from tests.notify.samples import clock, real_clock
from tests.servers.telegram import TOKEN, TelegramServer
from tests.servers.webhook import SECRET, WebhookServer


@pytest.fixture
def telegram() -> Iterator[TelegramServer]:
    """A strict Bot API server that knows a reader (42), a group (-7) and a supergroup (-1007, topic 45)."""
    with TelegramServer() as server:
        server.add_chat(42)
        server.add_chat(-7)
        server.add_chat(-1007, topics=frozenset({45}), username="policy_news")
        yield server


@pytest.fixture
async def telegram_channel(telegram: TelegramServer) -> AsyncIterator[TelegramChannel]:
    """The Telegram channel of that server's bot."""
    channel = TelegramChannel(TelegramSettings(token=TOKEN, base_url=telegram.url, timeout="2s"), clock)
    yield channel
    await channel.aclose()


@pytest.fixture
def receiver() -> Iterator[WebhookServer]:
    """A webhook receiver that knows one key."""
    with WebhookServer() as server:
        yield server


@pytest.fixture
async def webhook_channel() -> AsyncIterator[WebhookChannel]:
    """The webhook channel, with that key, and allowed to reach loopback."""
    channel = WebhookChannel(WebhookSettings(secrets=[SECRET], allow_private=True, timeout="1s"), real_clock)
    yield channel
    await channel.aclose()
