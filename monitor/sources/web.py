"""What sources on the web share: fetching with the source's options, unchanged pages, entries from rows."""

import datetime as dt
import hashlib
import html
from collections.abc import Iterable
from urllib.parse import urlsplit

from monitor.fetch import FetchOptions, Request
from monitor.fetch.addresses import redacted
from monitor.sources.base import PageFetcher, SourceSettings, SourceState
from monitor.sources.lists import Row
from monitor.types import Entry, Listing, Page, Validators

_NAMES_OF_REGISTRIES = frozenset({"ac", "com", "edu", "gov", "net", "org"})
_NO_VALIDATORS = Validators()


class WebSource:
    """Base of the kinds that fetch; a subclass lists."""

    def __init__(self, settings: SourceSettings, url: str) -> None:
        self._common = settings
        self._url = url

    @property
    def id(self) -> str:
        """The source's name in the configuration."""
        return self._common.id

    async def read(self, fetcher: PageFetcher, entry: Entry) -> Page:
        """The page of one entry. Raises `FetchError`."""
        return await self._page(fetcher, Request(url=entry.url))

    async def settle(self, entry: Entry, ok: bool) -> None:
        """Nothing to do: what was read stays where it is."""

    async def _page(self, fetcher: PageFetcher, request: Request) -> Page:
        page = await self._changed(fetcher, request, _NO_VALIDATORS)
        assert page is not None, "only a conditional request can be answered with 304"
        return page

    async def _changed(self, fetcher: PageFetcher, request: Request, validators: Validators) -> Page | None:
        return await fetcher.send(request, validators=validators, options=self._options(request.url))

    def _options(self, url: str) -> FetchOptions:
        """The source's fetch options; its headers, which may hold a key, go to its own host only."""
        options = self._common.fetch
        if url == self._url or urlsplit(url).hostname == urlsplit(self._url).hostname:
            return options
        return options.model_copy(update={"headers": {}})


def moved(page: Page) -> tuple[str, ...]:
    """A warning where the address of a list has moved for good: it may not be redirected for ever."""
    if page.moved_to is None:
        return ()
    return (f"{redacted(page.url)} 已永久转到 {redacted(page.moved_to)}，请把来源的 url 改成新地址。",)


def unchanged(state: SourceState) -> Listing:
    """The listing that says: as last time."""
    return Listing(
        unchanged=True,
        validators=state.validators,
        page_hash=state.page_hash,
        row_count=state.row_count,
    )


def digest(*parts: str) -> str:
    """A short name for a content: 16 hexadecimal digits."""
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()[:16]


def entries_of(rows: Iterable[Row], base_url: str) -> tuple[Entry, ...]:
    """An entry for each address, in order. A row without one is all there is of its notice."""
    entries: dict[str, Entry] = {}
    for row in rows:
        version = digest(row.title, str(row.date))
        url = row.url or f"{base_url.partition('#')[0]}#{version}"
        page = None if row.url else made_page(url, row.title, row.date, "")
        entries.setdefault(url, Entry(url=url, version=version, title=row.title, date=row.date, page=page))
    return tuple(entries.values())


def made_page(url: str, title: str, date: dt.date | None, body: str) -> Page:
    """A page made of what a list or a feed says itself; `body` is HTML."""
    published = f'<meta name="PubDate" content="{date}">' if date else ""
    name = html.escape(title)
    markup = (
        f'<html><head><meta charset="utf-8"><meta name="ArticleTitle" content="{name}">{published}'
        f"<title>{name}</title></head><body><h1>{name}</h1>{body}</body></html>"
    )
    return Page(
        url=url,
        body=markup.encode("utf-8", "replace"),
        media_type="text/html",
        charset="utf-8",
        final_url=url,
    )


def same_site(one: str, other: str) -> bool:
    """Whether two hosts belong to one owner, by the registered part of their names."""
    return one == other or (_registered(one) == _registered(other) and not one.replace(".", "").isdecimal())


def _registered(host: str) -> tuple[str, ...]:
    labels = host.lower().split(".")
    longer = len(labels) > 2 and labels[-2] in _NAMES_OF_REGISTRIES
    return tuple(labels[-3:] if longer else labels[-2:])
