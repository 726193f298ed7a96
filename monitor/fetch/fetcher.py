"""The only door to the web: polite, bounded, and honest about what went wrong."""

import datetime as dt
import time
from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from types import TracebackType
from typing import TYPE_CHECKING, Self
from urllib.parse import quote, urljoin

import structlog

from monitor import __version__
from monitor.errors import FetchCause, FetchError
from monitor.fetch.addresses import host_of, redacted, wire_url
from monitor.fetch.answer import Answer, Request
from monitor.fetch.challenge import challenge
from monitor.fetch.robots import PRODUCT, Robots
from monitor.fetch.settings import FetchOptions, FetchSettings
from monitor.fetch.trouble import TroubleError
from monitor.fetch.turns import Turns
from monitor.types import Page, Redirect, Validators

if TYPE_CHECKING:
    from monitor.fetch.browser import Browser
    from monitor.fetch.network import Network

log = structlog.get_logger()

DEFAULT_SETTINGS = FetchSettings()
DEFAULT_OPTIONS = FetchOptions()
NO_VALIDATORS = Validators()

_ASKED_WITH_EVERY_REQUEST = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Encoding": "gzip, deflate, br",
    "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5",
}
_LARGEST_CHALLENGE = 1 << 20
_NO_BROWSER = (
    "a browser is needed, which comes with pip install 'policy-monitor[browser]' (docs/howto/browser.md)"
)


class Fetcher:
    """Fetches pages politely; an async context manager, made once and shared by all sources."""

    def __init__(self, settings: FetchSettings = DEFAULT_SETTINGS) -> None:
        self._settings = settings
        self._turns = Turns(settings)
        self._robots = Robots()
        self._network: Network | None = None
        self._browser: Browser | None = None
        self._passed: dict[str, str] = {}  # host → user agent of the browser that got past its wall
        contact = f" (+{settings.contact})" if settings.contact else ""
        self._headers = {**_ASKED_WITH_EVERY_REQUEST, "User-Agent": f"{PRODUCT}/{__version__}{contact}"}

    async def __aenter__(self) -> Self:
        # importing aiohttp takes longer than most commands, which fetch nothing
        from monitor.fetch.network import Network  # noqa: PLC0415

        self._network = Network(self._settings)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._browser is not None:
            await self._browser.close()
        if self._network is not None:
            await self._network.close()

    async def get(
        self, url: str, *, validators: Validators = NO_VALIDATORS, options: FetchOptions = DEFAULT_OPTIONS
    ) -> Page | None:
        """The page at `url`, or None when the server says that it is the same as for `validators` (304).

        Raises `FetchError` with its cause, and a sentence that holds no secrets of the address.
        """
        return await self.send(Request(url=url), validators=validators, options=options)

    async def send(
        self,
        request: Request,
        *,
        validators: Validators = NO_VALIDATORS,
        options: FetchOptions = DEFAULT_OPTIONS,
    ) -> Page | None:
        """Like `get`, for requests with another method, headers or a body."""
        headers = {**_conditions(validators), **options.headers, **request.headers}
        try:
            answer = await self._obtain(replace(request, headers=headers), options)
            if answer.status == 304 and validators != NO_VALIDATORS:
                return None
            self._judge(answer)
        except TroubleError as trouble:
            url = redacted(request.url)
            raise FetchError(
                f"{url}: {trouble}",
                cause=trouble.cause,
                url=url,
                status=trouble.status,
                retry_after=trouble.retry_after,
            ) from None
        return Page(
            url=request.url,
            body=answer.body,
            final_url=answer.url,
            media_type=answer.media_type,
            charset=answer.charset,
            status=answer.status,
            validators=answer.validators,
            fetched_at=dt.datetime.now(dt.UTC),
            redirects=answer.redirects,
        )

    async def _obtain(self, request: Request, options: FetchOptions) -> Answer:
        """The answer to a plain request, or where the source wants that, what the browser shows."""
        is_page = request.method == "GET" and request.body is None
        if options.browser == "always" and is_page:
            return await self._browse(request.url, options) or await self._ask(request, options)
        try:
            return await self._ask(request, options)
        except TroubleError as trouble:
            if trouble.cause is not FetchCause.BLOCKED or options.browser == "never":
                raise
            wall = trouble
        try:
            shown = await self._browse(request.url, options)
        except TroubleError as trouble:
            raise TroubleError(trouble.cause, f"{wall}; {trouble}", status=wall.status) from None
        try:
            return await self._ask(request, options)
        except TroubleError as trouble:
            if trouble.cause is FetchCause.BLOCKED and is_page and shown is not None:
                return shown
            raise

    async def _ask(self, request: Request, options: FetchOptions) -> Answer:
        answer = await self._follow(request, options, by_the_rules=True)
        self._refuse_challenge(answer)
        return answer

    async def _browse(self, url: str, options: FetchOptions) -> Answer | None:
        """What the browser shows, or None for what is no page; plain requests go on with its cookies."""
        browser, url = self._open_browser(), wire_url(url)
        await self._ask_robots_behind_wall(url, options)
        async with self._turns.turn(host_of(url)):
            visit = await browser.visit(url, options)
        self._open_network().keep_cookies(visit.cookies)
        for address in {url, visit.answer.url if visit.answer else url}:
            self._passed[host_of(address)] = visit.user_agent
            await self._ask_robots_behind_wall(address, options)
        return visit.answer

    async def _ask_robots_behind_wall(self, url: str, options: FetchOptions) -> None:
        """Like `_ask_robots`; rules that cannot be read forbid nothing, and are asked for again later."""
        try:
            await self._ask_robots(url, options)
        except TroubleError as trouble:
            if trouble.cause is not FetchCause.BLOCKED:
                raise

    def _open_browser(self) -> "Browser":
        if self._browser is None:
            try:
                from monitor.fetch.browser import Browser  # noqa: PLC0415 - an extra
            except ModuleNotFoundError:
                raise TroubleError(FetchCause.BLOCKED, _NO_BROWSER) from None
            self._browser = Browser(self._settings, self._headers["User-Agent"])
        return self._browser

    def _headers_for(self, url: str) -> Mapping[str, str]:
        agent = self._passed.get(host_of(url))
        return self._headers | {"User-Agent": agent} if agent else self._headers

    async def _follow(self, request: Request, options: FetchOptions, *, by_the_rules: bool) -> Answer:
        """The answer at the end of the redirects. `by_the_rules`: robots.txt is asked before each request."""
        url = wire_url(request.url)
        hop = replace(request, url=url, headers={**self._headers_for(url), **request.headers})
        seconds = self._settings.timeout.total_seconds()
        redirects: list[Redirect] = []
        for _ in range(self._settings.max_redirects + 1):
            if by_the_rules:
                await self._ask_robots(hop.url, options)
            async with self._turns.turn(host_of(hop.url)):
                start = time.monotonic()
                answer = await self._open_network().ask(hop, options, seconds)
                seconds -= time.monotonic() - start
            if answer.target is None:
                return replace(answer, redirects=tuple(redirects)) if redirects else answer
            hop = self._next_hop(hop, answer, answer.target)
            redirects.append(Redirect(answer.status, hop.url))
            log.info("redirected", url=redacted(url), status=answer.status, to=redacted(hop.url))
        raise TroubleError(
            FetchCause.REDIRECT,
            f"more than {self._settings.max_redirects} redirects, the last one to {redacted(hop.url)}",
        )

    def _next_hop(self, hop: Request, answer: Answer, target: str) -> Request:
        """What a redirect asks for. Headers of the source and of the request stay with their host."""
        location = quote(target.encode("utf-8", "surrogateescape"), safe="".join(map(chr, range(0x20, 0x7F))))
        try:
            url = wire_url(urljoin(hop.url, location))
        except (ValueError, TroubleError):
            sentence = f"it redirects to {redacted(location)}, which is no web address"
            raise TroubleError(FetchCause.REDIRECT, sentence, status=answer.status) from None
        headers = hop.headers if host_of(url) == host_of(hop.url) else self._headers_for(url)
        keeps_method = answer.status in {307, 308} or hop.method in {"GET", "HEAD"}
        if keeps_method:
            return replace(hop, url=url, headers=headers)
        return Request(url=url, headers=headers)

    async def _ask_robots(self, url: str, options: FetchOptions) -> None:
        if options.ignore_robots:
            self._robots.overruled(url)
            return

        async def load(address: str) -> tuple[int, bytes]:
            answer = await self._follow(Request(url=address), options, by_the_rules=False)
            if answer.status >= 500 or options.browser != "never":
                self._refuse_challenge(answer)
            return answer.status, answer.body

        delay = await self._robots.delay(url, load)
        if delay:
            self._turns.slow_down(host_of(url), delay)

    def _judge(self, answer: Answer) -> None:
        """Raise what is wrong with an answer that arrived whole."""
        if 200 <= answer.status < 300 and answer.status not in {204, 205}:
            return
        pause = answer.retry_after if answer.status in {429, 503} else None
        if pause is not None:
            self._turns.pause(host_of(answer.url), pause)
        phrase = HTTPStatus(answer.status).phrase if answer.status in set(HTTPStatus) else ""
        sentence = f"the server answers {answer.status} {phrase}".rstrip()
        raise TroubleError(FetchCause.STATUS, sentence, status=answer.status, retry_after=pause)

    def _refuse_challenge(self, answer: Answer) -> None:
        if answer.status == HTTPStatus.NOT_MODIFIED or not answer.may_be_markup:
            return
        if len(answer.body) > _LARGEST_CHALLENGE:
            return
        wall = challenge(answer.body, answer.status)
        if wall is not None:
            self._open_network().forget_cookies(host_of(answer.url))
            self._passed.pop(host_of(answer.url), None)
            sentence = (
                f"blocked: a script challenge answered instead of the site ({wall}, status {answer.status})"
            )
            raise TroubleError(FetchCause.BLOCKED, sentence, status=answer.status)

    def _open_network(self) -> "Network":
        assert self._network is not None, "a Fetcher is used inside `async with`"
        return self._network


def _conditions(validators: Validators) -> dict[str, str]:
    conditions = {"If-None-Match": validators.etag, "If-Modified-Since": validators.last_modified}
    return {name: value for name, value in conditions.items() if value}
