"""A source that somebody wants added, on the command line or by chat: is it known, and what is there?"""

from collections.abc import Iterable
from typing import NamedTuple

from monitor.config.exchange import address_of
from monitor.discovery import Finding, inspect
from monitor.fetch import Fetcher, FetchOptions, FetchSettings
from monitor.sources import SourceSettings
from monitor.sources.catalogue import catalogue
from monitor.sources.catalogue.entries import plain_address
from rules import Vocabulary

_DEFAULT_OPTIONS = FetchOptions()


class Known(NamedTuple):
    """An address that needs no new source: `watched` already, or an entry of the catalogue, called `name`."""

    id: str
    name: str
    watched: bool


def known(address: str, sources: Iterable[SourceSettings]) -> Known | None:
    """What stands for this address already; `sources` are those that are configured."""
    plain = plain_address(address)
    found = next((source.id for source in sources if plain_address(address_of(source)) == plain), None)
    if found is not None:
        return Known(found, found, True)
    entry = catalogue().at(address)
    return Known(entry.id, entry.name, False) if entry is not None else None


async def tried(
    address: str,
    sources: Iterable[SourceSettings],
    settings: FetchSettings,
    vocabulary: Vocabulary,
    *,
    kind: str | None = None,
    options: FetchOptions = _DEFAULT_OPTIONS,
) -> Finding:
    """What a source at this address would show, with an id that is free. Raises `SourceError`."""
    # the id of an entry without an address is free: the source that is added stands for it
    usable = (entry.id for entry in catalogue().values() if not entry.unusable)
    taken = {*(source.id for source in sources), *usable}
    async with Fetcher(settings) as fetcher:
        return await inspect(fetcher, address, vocabulary=vocabulary, taken=taken, kind=kind, options=options)
