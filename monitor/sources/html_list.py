"""A page that lists notices; each notice has a page of its own."""

import re
from collections.abc import AsyncGenerator, Iterable
from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field

from monitor.errors import SourceError
from monitor.fetch import Request
from monitor.sources.base import PageFetcher, WebAddress
from monitor.sources.lists import ListRows, Row, read_list
from monitor.sources.lists.selectors import Selectors, select_list
from monitor.sources.paging import PagedSettings, PagedSource, require_other_rows
from monitor.sources.web import same_site
from monitor.types import Page

_TRUSTED = (".gov.cn", "mp.weixin.qq.com")
_COUNTED_FROM_ZERO = re.compile(r"_1(\.\w+)$")


class HtmlListSettings(PagedSettings):
    """A list page."""

    kind: Annotated[Literal["html_list"], Field(description="a page that lists notices")]
    url: Annotated[WebAddress, Field(description="address of the list's first page")]
    selectors: Annotated[
        Selectors | None, Field(description="CSS selectors, for a page that is not read rightly without")
    ] = None
    hosts: Annotated[
        tuple[str, ...],
        Field(description="other hosts that rows may lead to; the site's own, .gov.cn and WeChat always may"),
    ] = ()


class HtmlListSource(PagedSource):
    """Lists the rows of a page, and of the next pages while they are new."""

    kind: ClassVar[str] = "html_list"
    settings: ClassVar[type[HtmlListSettings]] = HtmlListSettings

    def __init__(self, settings: HtmlListSettings) -> None:
        super().__init__(settings, settings.url)
        self._settings = settings

    @classmethod
    def create(cls, settings: HtmlListSettings, home: Path) -> Self:
        """A source of these settings."""
        return cls(settings)

    def _request(self) -> Request:
        return Request(url=self._url)

    def rows_of(self, page: Page) -> ListRows:
        selectors = self._settings.selectors
        return read_list(page) if selectors is None else select_list(page, selectors)

    async def _further(self, fetcher: PageFetcher, first: ListRows) -> AsyncGenerator[ListRows, None]:
        current = first
        while current.next_url is not None:
            other = (
                _COUNTED_FROM_ZERO.sub(r"_2\1", current.next_url) if current is first else current.next_url
            )
            try:
                following = await self._load(fetcher, current.next_url)
                require_other_rows(following, current.rows)
            except SourceError:
                if other == current.next_url:
                    raise
                following = await self._load(fetcher, other)  # some sites call page 2 `_2`, not `_1`
            current = following
            yield current

    async def _load(self, fetcher: PageFetcher, url: str) -> ListRows:
        return await self._rows(await self._page(fetcher, Request(url=url)))

    def _kept(self, rows: Iterable[Row]) -> tuple[Iterable[Row], tuple[str, ...]]:
        """The rows that lead where they may, and a warning about the others."""
        kept: list[Row] = []
        left_out: list[Row] = []
        for row in rows:
            (kept if row.url is None or self._is_trusted(_host(row)) else left_out).append(row)
        if not left_out:
            return kept, ()
        hosts = "、".join(sorted({_host(row) for row in left_out}))
        return kept, (f"有{len(left_out)}个条目指向{hosts}，未采用（hosts）。",)

    def _is_trusted(self, host: str) -> bool:
        own = urlsplit(self._url).hostname or ""
        return same_site(host, own) or host.endswith(_TRUSTED) or host in self._settings.hosts


def _host(row: Row) -> str:
    return urlsplit(row.url or "").hostname or ""
