"""Listing page after page: how far is read on, and when a list is not what it was."""

import asyncio
from abc import abstractmethod
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from monitor.errors import LostRowsError, ParseError, SourceError
from monitor.fetch import Request
from monitor.fetch.addresses import redacted
from monitor.sources.base import PageFetcher, SourceSettings, SourceState
from monitor.sources.lists import ListRows, Row
from monitor.sources.web import WebSource, entries_of, moved, unchanged
from monitor.types import Listing, Page, Validators

_ENOUGH_TO_COMPARE = 5
_FEW_LEFT = 1 / 3
_NEW_SIZE_AFTER = 5
_WORTH_A_THREAD = 1 << 18


class PagedSettings(SourceSettings):
    """How many pages of a list are read."""

    first_pages: Annotated[int, Field(ge=1, le=100, description="pages read by the first check")] = 1
    max_pages: Annotated[
        int, Field(ge=1, le=100, description="most pages read by a check, while all rows of a page are new")
    ] = 10


class PagedSource(WebSource):
    """Base of the kinds that read a list page after page; a subclass asks for pages and reads them."""

    def __init__(self, settings: PagedSettings, url: str) -> None:
        super().__init__(settings, url)
        self._paged = settings
        self._guard = SizeGuard()

    async def list(self, fetcher: PageFetcher, state: SourceState) -> Listing:
        """The rows of the list, page after page while they are new. Raises `FetchError` and `ParseError`."""
        page = await self._changed(fetcher, self._request(), state.validators)
        if page is None or page.hash == state.page_hash:
            return unchanged(state)
        first = await self._first(page)
        self._guard.check(self._url, len(first.rows), state.row_count)
        async with aclosing(self._further(fetcher, first)) as further:
            pages = await follow(first, further, state, self._paged)
        rows, warnings = self._kept(pages.rows)
        # where a page did not come, nothing is kept that could make the next check believe that all was seen
        return Listing(
            entries=entries_of(rows, page.base_url),
            validators=page.validators if pages.complete else Validators(),
            page_hash=page.hash if pages.complete else None,
            row_count=len(first.rows),
            layout=first.layout if first.rows else None,
            warnings=(*moved(page), *first.warnings, *pages.warnings, *warnings),
        )

    async def _first(self, page: Page) -> ListRows:
        try:
            return await self._rows(page)
        except ParseError:
            if not self._paged.may_be_empty:
                raise
            return ListRows(rows=())

    async def _rows(self, page: Page) -> ListRows:
        """What `rows_of` gives; a large page is read beside the event loop."""
        if len(page.body) > _WORTH_A_THREAD:
            return await asyncio.to_thread(self.rows_of, page)
        return self.rows_of(page)

    @abstractmethod
    def _request(self) -> Request:
        """What asks for the first page."""

    @abstractmethod
    def rows_of(self, page: Page) -> ListRows:
        """The rows of a page. Raises `ParseError`."""

    @abstractmethod
    def _further(self, fetcher: PageFetcher, first: ListRows) -> AsyncGenerator[ListRows, None]:
        """The pages after the first, as far as they are asked for."""

    def _kept(self, rows: Iterable[Row]) -> tuple[Iterable[Row], tuple[str, ...]]:
        """The rows that become entries, and a warning about others."""
        return rows, ()


@dataclass(frozen=True, slots=True)
class Pages:
    """The rows of all pages that were read; `complete` is False where a page that was wanted did not come."""

    rows: tuple[Row, ...]
    complete: bool = True
    warnings: tuple[str, ...] = ()


async def follow(
    first: ListRows, further: AsyncIterator[ListRows], state: SourceState, settings: PagedSettings
) -> Pages:
    """Read on while every row of a page is new, on a first check for `first_pages` pages.

    A page that cannot be read, or that shows earlier rows again, ends the reading with a warning.
    """
    rows, current = list(first.rows), first
    most = settings.first_pages if state.first else settings.max_pages
    for number in range(2, most + 1):
        if not state.first and not _all_new(current.rows, state):
            return Pages(tuple(rows))
        try:
            following = await anext(further, None)
            if following is None:
                return Pages(tuple(rows))
            require_other_rows(following, rows)
        except SourceError as error:
            return Pages(
                tuple(rows),
                complete=False,
                warnings=(f"列表第{number}页未能读取（{error}），更早的没有读。",),
            )
        current = following
        rows += current.rows
    if not state.first and _all_new(current.rows, state) and most > 1:
        sentence = f"列表前{most}页全是新条目，更早的没有读（max_pages）。"
        return Pages(tuple(rows), warnings=(sentence,))
    return Pages(tuple(rows))


def require_other_rows(found: ListRows, before: Sequence[Row]) -> None:
    """Raise `ParseError` when a page shows only what was there before: its paging does not work."""
    if set(found.rows) <= set(before):
        raise ParseError("it shows rows of an earlier page again, so paging does not work")


def _all_new(rows: Sequence[Row], state: SourceState) -> bool:
    return all(row.url is None or row.url not in state.known for row in rows)


class SizeGuard:
    """Notices when a list loses most of its rows: a changed layout looks like that.

    A site may also really show fewer: the same small number, five checks in a row, is the list's new size.
    """

    def __init__(self) -> None:
        self._count = 0
        self._times = 0

    def check(self, where: str, count: int, before: int | None) -> None:
        """Raise `LostRowsError` when `count` rows are suspiciously few after `before`."""
        if before is None or before < _ENOUGH_TO_COMPARE or count > before * _FEW_LEFT:
            self._times = 0
            return
        self._times = self._times + 1 if count == self._count else 1
        self._count = count
        if self._times <= _NEW_SIZE_AFTER:
            sentence = f"the list lost most of its rows: {before} before, {count} now"
            raise LostRowsError(f"{redacted(where)}: {sentence}; its layout may have changed")
