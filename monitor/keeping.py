"""Keeping the pages of one check: files at once, rows in the transaction that stores what the pages said."""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from dataclasses import replace

from monitor.archive import Archive
from monitor.fetch import FetchOptions, Request
from monitor.sources import PageFetcher
from monitor.storage import ArchivedPage, PageRole, Transaction
from monitor.types import Page, Validators


class PageKeeper:
    """Keeps what a check fetches. `trouble` is why a page could not be kept; the check goes on without.

    With no archive, as in a rehearsal, nothing is kept.
    """

    def __init__(self, archive: Archive | None, source_id: str, clock: Callable[[], dt.datetime]) -> None:
        self.trouble: OSError | None = None
        self._archive = archive
        self._source_id = source_id
        self._clock = clock
        self._waiting: list[ArchivedPage] = []

    async def keep(self, page: Page, role: PageRole) -> None:
        """Write the page's bytes; its row waits for `store`."""
        if self._archive is None:
            return
        try:
            kept = await asyncio.to_thread(self._archive.put, page, self._source_id, role, self._clock())
        except OSError as error:  # a full disk must not keep a notice from being told
            self.trouble = error
        else:
            self._waiting.append(kept)

    def blame(self, problem: str) -> None:
        """What waits could not be read, and this is why."""
        self._waiting = [replace(page, problem=problem) for page in self._waiting]

    def store(self, tx: Transaction) -> None:
        """Store the rows that wait; they go on waiting until `stored`, for the transaction may fail."""
        for page in self._waiting:
            tx.pages.add(page)

    def stored(self) -> None:
        """The transaction was committed."""
        self._waiting.clear()


class ListKeeper:
    """A fetcher that has each page of a list kept, before anybody tries to read it.

    The page that the list was last read from is there already: `known_hash` is its hash. `on_change` is
    awaited before another one is handed on.
    """

    def __init__(
        self,
        fetcher: PageFetcher,
        keeper: PageKeeper,
        known_hash: str | None,
        on_change: Callable[[], Awaitable[None]],
    ) -> None:
        self._fetcher = fetcher
        self._keeper = keeper
        self._known_hash = known_hash
        self._on_change = on_change

    async def send(
        self,
        request: Request,
        *,
        validators: Validators,
        options: FetchOptions,
    ) -> Page | None:
        """The page, None when it is the same as for `validators`. Raises `FetchError`."""
        page = await self._fetcher.send(request, validators=validators, options=options)
        if page is not None and page.hash != self._known_hash:
            await self._keeper.keep(page, PageRole.LIST)
            await self._on_change()
        return page
