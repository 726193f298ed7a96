"""One page of the browser: what it may ask for, and what becomes of its document."""

import asyncio
import contextlib
import re

from playwright.async_api import Error, Page, Request, Response, Route
from playwright.async_api import TimeoutError as LateError

from monitor.errors import FetchCause
from monitor.fetch.addresses import host_of
from monitor.fetch.answer import Answer
from monitor.fetch.challenge import challenge
from monitor.fetch.door import Door
from monitor.fetch.settings import FetchSettings
from monitor.fetch.trouble import TroubleError

_UNWANTED = frozenset({"image", "media", "font"})
_QUIET_WITHIN = 5.0  # seconds that scripts get to load a list, once the document is there
_LOOK_AGAIN = 0.25
_NET_ERROR = re.compile(r"net::(ERR_\w+)")
_MARKUP = """limit => {
    const markup = document.documentElement.outerHTML;
    return markup.length > limit ? null : "<!DOCTYPE html>" + markup;
}"""


class Tab:
    """Opens one address. Scripts may replace the document, as challenges do; the last one counts."""

    def __init__(self, page: Page, door: Door, settings: FetchSettings) -> None:
        self._page = page
        self._door = door
        self._settings = settings
        self._documents = 0
        self._response: Response | None = None
        self._failed: Request | None = None
        self._wall: str | None = None
        self._file = asyncio.Event()
        self._has_crashed = False
        page.on("response", self._note_response)
        page.on("requestfailed", self._note_failure)
        page.on("download", self._note_download)
        page.on("crash", self._note_crash)

    async def open(self, url: str) -> Answer | None:
        """The document behind all walls, or None where it is no HTML. Raises `TroubleError`."""
        seconds = self._settings.browser.timeout.total_seconds()
        try:
            async with asyncio.timeout(seconds):
                await self._page.route("**/*", self._admit)
                return await self._arrive(url)
        except TimeoutError:
            raise self._too_late(f"{seconds:g} s (fetch.browser.timeout)") from None

    async def _arrive(self, url: str) -> Answer | None:
        with contextlib.suppress(Error):  # what failed is noted, and another document may follow
            await self._page.goto(url, wait_until="commit", timeout=0)
        while True:
            self._raise_what_is_wrong()
            if self._file.is_set():
                return None
            answer = await self._look_unless_file()
            if answer is not None:
                return answer
            await asyncio.sleep(_LOOK_AGAIN)

    async def _look_unless_file(self) -> Answer | None:
        """Where a file replaces the wall, the wall's own loading need not come to an end."""
        look, file = asyncio.create_task(self._look()), asyncio.create_task(self._file.wait())
        try:
            await asyncio.wait({look, file}, return_when=asyncio.FIRST_COMPLETED)
            return None if self._file.is_set() else await look
        finally:
            for task in (look, file):
                task.cancel()
            await asyncio.gather(look, file, return_exceptions=True)

    async def _look(self) -> Answer | None:
        """The document as scripts have made it; None while it is a wall, or another one is on its way."""
        documents = self._documents
        try:
            await self._page.wait_for_load_state("domcontentloaded", timeout=0)
            with contextlib.suppress(LateError):
                await self._page.wait_for_load_state("networkidle", timeout=_QUIET_WITHIN * 1000)
            markup = await self._page.evaluate(_MARKUP, self._settings.max_size)
        except Error:
            if self._page.is_closed():
                raise
            return None
        if documents != self._documents or self._response is None:
            return None
        self._raise_what_is_wrong()
        return self._answer(markup, self._response)

    def _answer(self, markup: object, response: Response) -> Answer | None:
        body = markup.encode("utf-8", "replace") if isinstance(markup, str) else b""
        if not body or len(body) > self._settings.max_size:
            raise self._too_large()
        self._wall = challenge(body, response.status)
        if self._wall is not None:
            return None
        headers = {"Content-Type": "text/html; charset=utf-8"}
        if "retry-after" in response.headers:
            headers["Retry-After"] = response.headers["retry-after"]
        url = self._page.url.partition("#")[0]
        return Answer(url=url, status=response.status, headers=headers, body=body)

    def _raise_what_is_wrong(self) -> None:
        if self._has_crashed:
            raise TroubleError(FetchCause.CONNECT, "the page made the browser crash")
        if self._door.too_large:
            raise self._too_large()
        if self._documents > self._settings.max_redirects:
            sentence = f"blocked: {self._settings.max_redirects} documents, each of which led to another one"
            raise TroubleError(FetchCause.BLOCKED, sentence, status=self._status)
        if self._failed is not None:
            known = self._door.troubles.get(host_of(self._failed.url))
            raise known or _trouble_of(self._failed.failure or "")

    def _too_late(self, time: str) -> TroubleError:
        if self._wall is None:
            return TroubleError(FetchCause.TIMEOUT, f"not complete after {time}")
        sentence = f"blocked: the browser did not get past the script challenge ({self._wall}) in {time}"
        return TroubleError(FetchCause.BLOCKED, sentence, status=self._status)

    def _too_large(self) -> TroubleError:
        sentence = f"the page is larger than {self._settings.max_size} bytes; fetch.max_size allows no more"
        return TroubleError(FetchCause.TOO_LARGE, sentence)

    @property
    def _status(self) -> int | None:
        return self._response.status if self._response else None

    async def _admit(self, route: Route) -> None:
        """Let a request out, unless the text can be read without what it brings."""
        self._documents += self._is_document(route.request)
        with contextlib.suppress(Error):  # the page may have gone on meanwhile
            if route.request.resource_type in _UNWANTED or self._documents > self._settings.max_redirects:
                await route.abort()
            else:
                await route.continue_()

    def _is_document(self, request: Request) -> bool:
        return request.is_navigation_request() and request.frame == self._page.main_frame

    def _note_response(self, response: Response) -> None:
        if self._is_document(response.request):
            self._response, self._failed = response, None
            if not _is_html(response):
                self._file.set()

    def _note_failure(self, request: Request) -> None:
        """`ERR_ABORTED` is a document that another one replaced, or a file to be saved."""
        if self._is_document(request) and "ERR_ABORTED" not in (request.failure or ""):
            self._failed = request

    def _note_download(self, _: object) -> None:
        self._file.set()

    def _note_crash(self, _: object) -> None:
        self._has_crashed = True


def _is_html(response: Response) -> bool:
    media_type = response.headers.get("content-type", "text/html").partition(";")[0].strip().lower()
    return media_type in {"", "text/html", "application/xhtml+xml"}


def _trouble_of(failure: str) -> TroubleError:
    """Of what the browser reports, only the code is sure to hold no secret."""
    found = _NET_ERROR.search(failure)
    code = found[1] if found else "an error without a name"
    cause = FetchCause.CONNECT
    if code.startswith(("ERR_CERT", "ERR_SSL")):
        cause = FetchCause.TLS
    elif code == "ERR_TOO_MANY_REDIRECTS":
        cause = FetchCause.REDIRECT
    return TroubleError(cause, f"the browser reports {code}")
