"""The entries as they stand in the files."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

FOLDER = Path(__file__).parent


class Evidence(StrEnum):
    """How well an entry is known to work."""

    SEEN = "seen"  # its address and structure, in something that reports working results or a saved page
    REPORTED = "reported"  # by a program that reads it, older or not said to be tested
    UNVERIFIED = "unverified"  # an address, and no more


_ABOUT = ("id", "name", "agency", "evidence", "as_of", "note", "home", "unusable")


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueEntry:
    """One ready-made source.

    `agency` is the vocabulary's id of the body whose notices it lists, `province` its region's key
    (`national`, `shanxi`); both None for publications that carry notices of all places. `settings` are those
    of a configured source, without its id. `as_of` is the date of the evidence, as exactly as it is known.
    `unusable` says why there is nothing that could be checked; `home` is the site where its list may be.
    """

    id: str
    name: str
    province: str | None
    agency: str | None
    evidence: Evidence
    settings: Mapping[str, Any]
    as_of: str | None = None
    note: str | None = None
    home: str | None = None
    unusable: str | None = None

    @property
    def kind(self) -> str:
        """The kind of source."""
        return str(self.settings["kind"])

    @property
    def address(self) -> str | None:
        """Where it looks: a web address or a folder; None for one that is unusable."""
        return self.settings.get("url") or self.settings.get("path")


class Catalogue(Mapping[str, CatalogueEntry]):
    """The entries by id, in the order of the files."""

    def __init__(self, entries: Mapping[str, CatalogueEntry]) -> None:
        self._entries = entries

    def __getitem__(self, entry_id: str) -> CatalogueEntry:
        return self._entries[entry_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def at(self, address: str) -> CatalogueEntry | None:
        """The entry that looks at this address; http and https, and a last slash, make no difference."""
        wanted = plain_address(address)
        return next(
            (e for e in self._entries.values() if e.address and plain_address(e.address) == wanted), None
        )

    def on_host(self, host: str) -> tuple[CatalogueEntry, ...]:
        """The entries of one web site."""
        return tuple(entry for entry in self._entries.values() if host in hosts_of(entry))


def hosts_of(entry: CatalogueEntry) -> set[str]:
    """The hosts that an entry names."""
    addresses = (entry.settings.get("url"), entry.home)
    return {host for address in addresses if address and (host := urlsplit(address).hostname)}


def plain_address(address: str) -> str:
    """An address for comparing: without scheme, `www.` and a last slash."""
    return address.partition("://")[2].removeprefix("www.").rstrip("/") or address


@cache
def catalogue() -> Catalogue:
    """The shipped catalogue, read on first use."""
    entries = {}
    for path in sorted(FOLDER.glob("*.yaml"), key=lambda path: (path.stem != "national", path.stem)):
        content = yaml.load(path.read_text("utf-8"), _Loader)
        for item in content["sources"]:
            entries[item["id"]] = _entry(item, content.get("province"))
    return Catalogue(entries)


def _entry(item: Mapping[str, Any], province: str | None) -> CatalogueEntry:
    about = {name: item[name] for name in _ABOUT if name in item}
    return CatalogueEntry(
        **{
            "agency": None,
            **about,
            "evidence": Evidence(item["evidence"]),
            "as_of": _text(item.get("as_of")),
        },
        province=province,
        settings={name: value for name, value in item.items() if name not in _ABOUT},
    )


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Dates stay text: evidence is often known by the month alone."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - declared so by the base class
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
