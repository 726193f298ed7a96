"""An RSS, Atom or JSON feed, or a web page that names one."""

import asyncio
from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field

from monitor.errors import ParseError
from monitor.fetch import Request
from monitor.fetch.addresses import redacted
from monitor.sources.base import PageFetcher, SourceSettings, SourceState, WebAddress
from monitor.sources.lists.feeds import FeedItem, feed_items, feed_link, is_feed
from monitor.sources.web import WebSource, digest, made_page, moved, unchanged
from monitor.types import Entry, Listing, Page, Validators


class FeedSettings(SourceSettings):
    """A feed."""

    kind: Annotated[Literal["feed"], Field(description="RSS, Atom or JSON Feed")]
    url: Annotated[WebAddress, Field(description="address of the feed, or of a page that names one")]
    content: Annotated[
        Literal["auto", "feed", "page"],
        Field(
            description="where texts come from: the feed, each item's page, or the feed if it has full texts"
        ),
    ] = "auto"


class FeedSource(WebSource):
    """Lists the items of a feed; their text is taken from the feed where it is there in full."""

    kind: ClassVar[str] = "feed"
    settings: ClassVar[type[FeedSettings]] = FeedSettings

    def __init__(self, settings: FeedSettings) -> None:
        super().__init__(settings, settings.url)
        self._settings = settings
        self._named: str | None = None  # the feed that the page at `url` names

    @classmethod
    def create(cls, settings: FeedSettings, home: Path) -> Self:
        """A source of these settings."""
        return cls(settings)

    async def list(self, fetcher: PageFetcher, state: SourceState) -> Listing:
        """The items of the feed. Raises `FetchError` and `ParseError`."""
        page = await self._feed(fetcher, state)
        if page is None or page.hash == state.page_hash:
            return unchanged(state)
        items = await asyncio.to_thread(feed_items, page)
        if not items and not self._settings.may_be_empty:
            raise ParseError(f"{redacted(self._url)}: the feed has no items (may_be_empty allows that)")
        return Listing(
            entries=self._entries(items, page),
            validators=page.validators if self._named is None else Validators(),
            page_hash=page.hash,
            row_count=len(items),
            warnings=moved(page) if self._named is None else (),
        )

    async def _feed(self, fetcher: PageFetcher, state: SourceState) -> Page | None:
        if self._named is not None:
            return await self._page(fetcher, Request(url=self._named))
        page = await self._changed(fetcher, Request(url=self._url), state.validators)
        if page is None or is_feed(page):
            return page
        # the validators of a feed must never be shown to the page that names it, hence none are kept
        self._named = feed_link(page)
        return page if self._named is None else await self._page(fetcher, Request(url=self._named))

    def _entries(self, items: tuple[FeedItem, ...], page: Page) -> tuple[Entry, ...]:
        entries: dict[str, Entry] = {}
        for item in items:
            version = digest(item.title, str(item.date), item.content, item.summary)
            url = item.url or f"{page.base_url.partition('#')[0]}#{digest(item.id or item.title)}"
            entry = Entry(
                url=url, version=version, title=item.title, date=item.date, page=self._own(item, url)
            )
            entries.setdefault(url, entry)
        return tuple(entries.values())

    def _own(self, item: FeedItem, url: str) -> Page | None:
        """The page that the feed itself holds of an item, None where the item's address is to be read."""
        mode = self._settings.content
        if item.url is not None and (mode == "page" or (mode == "auto" and not item.content)):
            return None
        return made_page(url, item.title, item.date, item.content or item.summary)
