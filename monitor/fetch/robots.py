"""robots.txt (RFC 9309): who may fetch what."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

import structlog
from protego import Protego

from monitor.errors import FetchCause
from monitor.fetch.addresses import redacted
from monitor.fetch.trouble import TroubleError

PRODUCT = "policy-monitor"

_LOG = structlog.get_logger(__name__)
_KEPT = 86_400.0  # RFC 9309, 2.4
_KEPT_AFTER_FAILURE = 600.0
_SLOWEST = 60.0  # a longer Crawl-delay would keep a source from ever being read
_READ = 500 << 10  # RFC 9309, 2.5: at least 500 KiB are read
_MANY_SITES = 1_000
_OVERRULE = "fetch.ignore_robots of the source overrules that"


Load = Callable[[str], Awaitable[tuple[int, bytes]]]


@dataclass(slots=True)
class _Rules:
    until: float
    parsed: Protego | None  # None: everything is allowed
    status: int


class Robots:
    """The rules of each site, kept for a day."""

    def __init__(self) -> None:
        self._rules: dict[str, _Rules] = {}
        self._loading: dict[str, asyncio.Lock] = {}
        self._overruled: set[str] = set()

    async def delay(self, url: str, load: Load) -> float:
        """The Crawl-delay of the site in seconds, 0 without one.

        `load(url)` returns the status and the body of a robots.txt.

        Raises `TroubleError` when the site forbids `url`, or when its rules cannot be read because the server
        fails.
        """
        rules = await self._rules_of(url, load)
        if rules.status >= 500:
            sentence = (
                f"robots.txt cannot be read (status {rules.status}), so nothing may be fetched; {_OVERRULE}"
            )
            raise TroubleError(FetchCause.ROBOTS, sentence, status=rules.status)
        if rules.parsed is None:
            return 0.0
        if not rules.parsed.can_fetch(url, PRODUCT):
            raise TroubleError(FetchCause.ROBOTS, f"robots.txt forbids this address; {_OVERRULE}")
        return min(rules.parsed.crawl_delay(PRODUCT) or 0.0, _SLOWEST)

    def overruled(self, url: str) -> None:
        """Take down, once for each site, that an operator's setting overrules it."""
        site = _site(url)
        if site not in self._overruled:
            self._overruled.add(site)
            _LOG.warning("robots.txt is overruled by fetch.ignore_robots", site=redacted(site))

    async def _rules_of(self, url: str, load: Load) -> _Rules:
        site = _site(url)
        rules = self._rules.get(site)
        if rules is not None and rules.until >= time.monotonic():
            return rules
        async with self._loading.setdefault(site, asyncio.Lock()):
            rules = self._rules.get(site)
            now = time.monotonic()
            if rules is None or rules.until < now:
                self._make_room()
                rules = self._rules[site] = _read(now, *await load(f"{site}/robots.txt"))
            return rules

    def _make_room(self) -> None:
        if len(self._rules) >= _MANY_SITES:
            for site in list(self._rules)[: _MANY_SITES // 2]:
                del self._rules[site]
                self._loading.pop(site, None)


def _read(now: float, status: int, body: bytes) -> _Rules:
    if status >= 500:
        return _Rules(now + _KEPT_AFTER_FAILURE, None, status)
    if status >= 400:
        return _Rules(now + _KEPT, None, status)
    return _Rules(now + _KEPT, Protego.parse(body[:_READ].decode("utf-8", "replace")), status)


@lru_cache(_MANY_SITES)
def _site(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
