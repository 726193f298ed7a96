"""One page that is watched as a whole."""

import asyncio
from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field

from monitor.errors import ParseError
from monitor.fetch import Request
from monitor.fetch.addresses import redacted
from monitor.sources.base import PageFetcher, SourceSettings, SourceState, WebAddress
from monitor.sources.lists.links import seen_text
from monitor.sources.lists.reading import parse_page
from monitor.sources.lists.selectors import CssSelector, find_all
from monitor.sources.web import WebSource, digest, moved, unchanged
from monitor.types import Entry, Listing, Page


class PageSettings(SourceSettings):
    """One page."""

    kind: Annotated[Literal["page"], Field(description="one page, watched as a whole")]
    url: Annotated[WebAddress, Field(description="address of the page")]
    selector: Annotated[
        CssSelector | None,
        Field(description="CSS selector of the part that counts; the whole visible text if absent"),
    ] = None


class PageSource(WebSource):
    """Lists one entry, whose version changes with the text that a reader sees."""

    kind: ClassVar[str] = "page"
    settings: ClassVar[type[PageSettings]] = PageSettings

    def __init__(self, settings: PageSettings) -> None:
        super().__init__(settings, settings.url)
        self._settings = settings

    @classmethod
    def create(cls, settings: PageSettings, home: Path) -> Self:
        """A source of these settings."""
        return cls(settings)

    async def list(self, fetcher: PageFetcher, state: SourceState) -> Listing:
        """The page as one entry. Raises `FetchError` and `ParseError`."""
        page = await self._changed(fetcher, Request(url=self._url), state.validators)
        if page is None or page.hash == state.page_hash:
            return unchanged(state)
        version = await asyncio.to_thread(self._version, page)
        entry = Entry(url=self._url, version=version, page=page)
        return Listing(
            entries=(entry,),
            validators=page.validators,
            page_hash=page.hash,
            row_count=1,
            warnings=moved(page),
        )

    def _version(self, page: Page) -> str:
        """Scripts, styles and markup change without any news; the text that is seen does not."""
        is_markup = "html" in (page.media_type or "html")
        root = parse_page(page)[0] if is_markup else None
        if root is None:
            return page.hash[:16]
        parts = find_all(root, self._settings.selector) if self._settings.selector else [root]
        text = "\n".join(seen_text(part) for part in parts)
        if not text.strip() and not self._settings.may_be_empty:
            what = self._settings.selector or "the page"
            raise ParseError(f"{redacted(self._url)}: there is no text in {what} (may_be_empty allows that)")
        return digest(text)
