"""The web on loopback and the fetcher of the tests of fetching."""

from tests.fetch.conftest import fetcher, web

__all__ = ["fetcher", "web"]
