"""Polite HTTP: conditional requests, limits, robots.txt, and an honest word on what went wrong."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from monitor.fetch.answer import Request
    from monitor.fetch.fetcher import Fetcher
    from monitor.fetch.settings import FetchOptions, FetchSettings

__all__ = ["FetchOptions", "FetchSettings", "Fetcher", "Request"]

_HOMES = {
    "FetchOptions": "monitor.fetch.settings",
    "FetchSettings": "monitor.fetch.settings",
    "Fetcher": "monitor.fetch.fetcher",
    "Request": "monitor.fetch.answer",
}


def __getattr__(name: str) -> Any:
    """Import on first use: who reads a file does not wait for what fetches pages."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
