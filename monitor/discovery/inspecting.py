"""Trying an address by the code that would check it."""

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Any

from monitor.discovery.addresses import host_of, typed_address
from monitor.discovery.families import family_of
from monitor.discovery.finding import Finding
from monitor.discovery.naming import agency_of, proposed_id
from monitor.discovery.recognising import recognise
from monitor.discovery.witness import Witness
from monitor.documents.charset import decode
from monitor.errors import FetchCause, FetchError
from monitor.fetch import Fetcher, FetchOptions
from monitor.sources import SOURCE_KINDS, SourceSettings, SourceState
from monitor.sources.catalogue import catalogue
from monitor.sources.lists.feeds import feed_link
from monitor.sources.paging import PagedSettings
from monitor.sources.web import same_site
from monitor.types import Page
from rules import Vocabulary

_OTHER_SCHEME_HELPS = frozenset({FetchCause.CONNECT, FetchCause.TLS, FetchCause.TIMEOUT})
_DEFAULT_OPTIONS = FetchOptions()


async def inspect(
    fetcher: Fetcher,
    address: str,
    *,
    vocabulary: Vocabulary,
    taken: Collection[str] = (),
    kind: str | None = None,
    options: FetchOptions = _DEFAULT_OPTIONS,
) -> Finding:
    """What a source at this address would be and show. `address` is as somebody typed it.

    `taken` are the ids that there are already; `kind` is set where the reader knows better than the page,
    such as `page` for one that is to be watched as a whole. Raises `FetchError`, and `NoSourceError` or
    another `ParseError` where there is nothing to watch; `advice` has sentences for them.
    """
    witness = Witness(fetcher)
    page = await _load(witness, typed_address(address), options)
    found: dict[str, Any] = {"kind": kind, "url": page.base_url} if kind else recognise(page)
    agency = agency_of(page, catalogue(), vocabulary)
    values = {**found, "id": proposed_id(page, agency, vocabulary, taken)}
    if options != _DEFAULT_OPTIONS:
        values["fetch"] = options
    settings = SOURCE_KINDS[values["kind"]].settings.model_validate(values)
    finding = await _tried(witness, settings, Path())
    feed = feed_link(page) if settings.kind == "html_list" else None
    return replace(finding, agency=agency.name if agency else None, feed=feed)


async def examine(fetcher: Fetcher, settings: SourceSettings, home: Path) -> Finding:
    """What a configured source shows now; relative paths start at `home`. Raises `SourceError`."""
    return await _tried(Witness(fetcher), settings, home)


async def _load(witness: Witness, addresses: tuple[str, ...], options: FetchOptions) -> Page:
    """The page at the first of the addresses that can be connected to."""
    *likelier, last = addresses
    for address in likelier:
        try:
            return await _get(witness, address, options)
        except FetchError as error:
            if error.cause not in _OTHER_SCHEME_HELPS:
                raise
    return await _get(witness, last, options)


async def _get(witness: Witness, address: str, options: FetchOptions) -> Page:
    page = await witness.get(address, options=options)
    assert page is not None, "only a conditional request can be answered with 304"
    return page


async def _tried(witness: Witness, settings: SourceSettings, home: Path) -> Finding:
    paged = isinstance(settings, PagedSettings)
    tried = settings.model_copy(update={"first_pages": 2}) if paged else settings
    asked_for_first = witness.asked if witness.pages else 1
    listing = await SOURCE_KINDS[settings.kind].create(tried, home).list(witness, SourceState(first=True))
    # a listing of which a page did not come has no hash: the next check must read it again
    paging = listing.page_hash is not None if paged and witness.asked > asked_for_first else None
    page = next(iter(witness.pages[-1:] if settings.kind == "feed" else witness.pages), None)
    text, encoding = decode(page.body, page.charset) if page else ("", None)
    return Finding(
        settings=settings,
        address=_final_address(settings, page),
        entries=listing.entries,
        row_count=listing.row_count or 0,
        family=family_of(page.base_url, text) if page else None,
        encoding=encoding,
        paging=paging,
        warnings=listing.warnings,
    )


def _final_address(settings: SourceSettings, page: Page | None) -> str:
    """Where the source's first page came from at last, where that is the same site; else as it is set."""
    address = str(getattr(settings, "url", None) or getattr(settings, "path", ""))
    if page is None or page.url != address or not same_site(host_of(page.base_url), host_of(address)):
        return address
    return page.base_url
