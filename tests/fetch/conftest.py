"""A web on loopback, and a fetcher that may go there and does not wait between requests."""

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import pytest

from monitor.fetch import Fetcher, FetchSettings
from tests.servers.web import WebServer

QUICK = FetchSettings(
    allow_private=True,
    gap=timedelta(0),
    timeout=timedelta(seconds=1),
    connect_timeout=timedelta(seconds=1),
    max_size=1 << 20,
    max_redirects=4,
    patience=timedelta(seconds=1),
)


@pytest.fixture
def web() -> Iterator[WebServer]:
    with WebServer() as server:
        yield server


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    async with Fetcher(QUICK) as fetcher:
        yield fetcher
