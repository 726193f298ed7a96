"""Polite HTTP: conditional requests, limits, robots.txt, and an honest word on what went wrong."""

from monitor.fetch.answer import Request
from monitor.fetch.challenge import challenge
from monitor.fetch.fetcher import Fetcher
from monitor.fetch.settings import FetchOptions, FetchSettings

__all__ = ["FetchOptions", "FetchSettings", "Fetcher", "Request", "challenge"]
