"""Getting and reading what one entry of a list leads to."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace

from monitor.errors import PASSING, FetchError, ParseError
from monitor.explain import explain
from monitor.fetch import Fetcher
from monitor.keeping import PageKeeper
from monitor.parsing.attached import attachments_to_read, is_readable_file, without_text_of
from monitor.reading import Reading, ReadingOptions, read_into, read_notices
from monitor.sandbox import Sandbox
from monitor.sources import Source
from monitor.storage import PageRole
from monitor.types import Attachment, Entry, Notice, Page
from monitor.words import Words


@dataclass(frozen=True, slots=True)
class EntryReader:
    """Reads the entries of one source in the sandbox; every page is kept before."""

    source: Source
    layout: str
    fetcher: Fetcher
    keeper: PageKeeper
    sandbox: Sandbox
    options: ReadingOptions
    words: Words
    clock: Callable[[], dt.datetime]

    async def read(self, entry: Entry) -> Reading:
        """The notices of an entry; the text of one that only points to its attachment is the attachment's.

        Raises `FetchError` and `ParseError`.
        """
        page = entry.page or await self.source.read(self.fetcher, entry)
        await self.keeper.keep(page, PageRole.NOTICE)
        run, options = self.sandbox.run, self.options
        try:
            reading = await run(read_notices, page, self.layout, self.clock().date(), options)
        except ParseError:
            if not entry.title or not is_readable_file(page.base_url):
                raise
            return Reading((await run(read_into, listed(entry, self.source.id), (page,), options),))
        if len(reading.notices) != 1 or not entry.url.startswith("http"):
            return reading
        return await self._with_attachments(entry, reading)

    async def _with_attachments(self, entry: Entry, reading: Reading) -> Reading:
        notice = reading.notices[0]
        attached = attachments_to_read(notice)
        try:
            pages = tuple([await self._attachment(entry, attachment) for attachment in attached])
            if pages:
                notice = await self.sandbox.run(read_into, notice, pages, self.options)
        except (FetchError, ParseError) as error:
            if isinstance(error, FetchError) and error.cause in PASSING:
                raise  # the entry is read again later
            told = without_text_of(notice, attached[0], explain(error, Words("zh")))
            return Reading((told,), (*reading.problems, explain(error, self.words)))
        return replace(reading, notices=(notice,))

    async def _attachment(self, entry: Entry, attachment: Attachment) -> Page:
        page = await self.source.read(self.fetcher, replace(entry, url=attachment.url or "", page=None))
        await self.keeper.keep(page, PageRole.NOTICE)
        return page


def listed(entry: Entry, source_id: str) -> Notice:
    """What the list alone says of a notice."""
    return Notice(title=entry.title or "", published_date=entry.date, url=entry.url, source_id=source_id)
