"""The browser fallback: an ordinary Chromium, driven by Playwright, for what plain requests cannot read.

It runs the site's own scripts as for any reader, says truthfully who it is, and solves nothing itself.
"""

import asyncio
import contextlib
import os
import shutil
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from http.cookies import CookieError, Morsel
from pathlib import Path
from typing import Any

from playwright.async_api import Browser as Chromium
from playwright.async_api import (
    BrowserContext,
    Error,
    Playwright,
    async_playwright,
)

from monitor.errors import FetchCause
from monitor.fetch.answer import Answer
from monitor.fetch.door import Door
from monitor.fetch.settings import FetchOptions, FetchSettings
from monitor.fetch.tab import Tab
from monitor.fetch.trouble import TroubleError

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_ENVIRONMENT = ("PATH", "HOME", "LANG", "TMPDIR", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")
# Names are resolved behind the door, also those of dns-prefetch; WebRTC would go past it.
# https://www.chromium.org/developers/design-documents/network-stack/socks-proxy/
_ARGUMENTS = (
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
)
_NOWHERE = "socks5://127.0.0.1:9"  # the discard port, for whatever does not belong to a page
_CLOSING = 5.0


@dataclass(frozen=True, slots=True)
class Visit:
    """What came of opening an address.

    `answer` is None for what is no HTML, which a plain request can fetch with the `cookies`, each with its
    host. `user_agent` goes with them: walls give them to one browser only.
    """

    answer: Answer | None
    cookies: tuple[tuple[str, Morsel[str]], ...]
    user_agent: str


class Browser:
    """One Chromium, started on first use and again after a crash. `program` is added to its user agent."""

    def __init__(self, settings: FetchSettings, program: str) -> None:
        self._settings = settings
        self._program = program
        self._seconds = settings.browser.timeout.total_seconds()
        self._places = asyncio.Semaphore(settings.browser.pages)
        self._starting = asyncio.Lock()
        self._playwright: Playwright | None = None
        self._chromium: Chromium | None = None
        self._user_agent = ""

    async def visit(self, url: str, options: FetchOptions) -> Visit:
        """Open an address and wait until no wall stands before it. Raises `TroubleError`."""
        async with self._places:
            chromium = await self._running()
            try:
                async with asyncio.timeout(self._seconds + 2 * _CLOSING):
                    return await self._look(chromium, url, options)
            except (Error, TimeoutError):
                await self._discard(chromium)
                sentence = "the browser has crashed or hangs; the next page starts it again"
                raise TroubleError(FetchCause.CONNECT, sentence) from None

    async def close(self) -> None:
        """Close the browser, in whatever state it is."""
        chromium, playwright = self._chromium, self._playwright
        self._chromium = self._playwright = None
        for part in (chromium and chromium.close, playwright and playwright.stop):
            if part:
                with contextlib.suppress(Exception):
                    await asyncio.wait_for(part(), _CLOSING)

    async def _discard(self, chromium: Chromium) -> None:
        if self._chromium is chromium:
            await self.close()

    async def _running(self) -> Chromium:
        async with self._starting:
            if self._chromium is None or not self._chromium.is_connected():
                await self.close()
                try:
                    self._chromium = await self._start()
                except BaseException:
                    await self.close()
                    raise
            return self._chromium

    async def _start(self) -> Chromium:
        self._playwright = await async_playwright().start()
        path = self._executable(Path(self._playwright.chromium.executable_path))
        try:
            chromium = await self._playwright.chromium.launch(
                executable_path=path,
                args=_ARGUMENTS,
                chromium_sandbox=os.geteuid() != 0,  # Chromium refuses to have one as root
                proxy={"server": _NOWHERE},
                env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
                timeout=self._seconds * 1000,
            )
            version = await (await chromium.new_browser_cdp_session()).send("Browser.getVersion")
        except Error as error:
            reason = error.message.partition("\n")[0]
            sentence = f"a browser is needed, and {path} does not start: {reason}"
            raise TroubleError(FetchCause.BLOCKED, sentence) from None
        self._user_agent = f"{version['userAgent']} {self._program}"
        return chromium

    def _executable(self, downloaded: Path) -> Path:
        wanted = self._settings.browser.executable_path
        found = next(filter(None, map(shutil.which, _NAMES)), None)
        path = wanted or (Path(found) if found else downloaded)
        if path.exists():
            return path
        missing = (
            f"{wanted} (fetch.browser.executable_path) is not there" if wanted else "no Chromium is found"
        )
        how = "install one from your system's packages, or with: playwright install chromium"
        raise TroubleError(FetchCause.BLOCKED, f"a browser is needed, and {missing}; {how}")

    async def _look(self, chromium: Chromium, url: str, options: FetchOptions) -> Visit:
        settings = self._settings
        door = Door(
            near=settings.allow_private or options.allow_private,
            proxy=options.proxy,
            limit=settings.max_size,
            patience=settings.connect_timeout.total_seconds(),
        )
        async with door, self._context(chromium, door) as context:
            tab = Tab(await context.new_page(), door, settings)
            answer = await tab.open(url)
            seen = answer.url if answer else url
            cookies = filter(None, map(_kept, await context.cookies([url, seen])))
            return Visit(answer, tuple(cookies), self._user_agent)

    @contextlib.asynccontextmanager
    async def _context(self, chromium: Chromium, door: Door) -> AsyncIterator[BrowserContext]:
        """A browser without a past, whose only way out is the door."""
        context = await chromium.new_context(
            proxy={"server": f"socks5://127.0.0.1:{door.port}"},
            user_agent=self._user_agent,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            service_workers="block",
            accept_downloads=False,
        )
        try:
            yield context
        finally:
            try:
                await asyncio.wait_for(context.close(), _CLOSING)
            except (Error, TimeoutError):  # a browser that cannot close a page is of no more use
                await self._discard(chromium)


def _kept(cookie: Mapping[str, Any]) -> tuple[str, Morsel[str]] | None:
    """The host and the cookie as the standard library writes it; None for a name that it does not allow."""
    morsel: Morsel[str] = Morsel()
    try:
        morsel.set(cookie["name"], cookie["value"], cookie["value"])
    except CookieError:
        return None
    morsel["path"] = cookie["path"]
    morsel["secure"] = cookie["secure"]
    if cookie["domain"].startswith("."):  # others go back to their own host only
        morsel["domain"] = cookie["domain"]
    if cookie["expires"] > 0:
        morsel["max-age"] = str(max(int(cookie["expires"] - time.time()), 0))
    return cookie["domain"].lstrip("."), morsel
