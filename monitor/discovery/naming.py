"""Whose site is it, and what should the source be called?"""

import re
from collections import Counter
from collections.abc import Collection, Iterator
from urllib.parse import urlsplit

from monitor.discovery.addresses import host_of
from monitor.sources.catalogue import Catalogue
from monitor.sources.lists.links import seen_text
from monitor.sources.lists.reading import parse_page
from monitor.types import Page
from rules import Vocabulary
from rules.vocabulary import Agency, Region

_PARTS = re.compile(r"[-_|—–>·:：\s]+")
_NOT_TELLING = re.compile(r"^(?:index\w*|list\w*|default|main|home|[a-z]?\d{0,3}|www|html?|col)$", re.I)
_SUFFIXES = frozenset({"cn", "com", "net", "org", "gov", "edu", "ac", "www", "io"})
_NOT_IN_ID = re.compile(r"[^a-z0-9]+")
_LONGEST = 80


def agency_of(page: Page, entries: Catalogue, vocabulary: Vocabulary) -> Agency | None:
    """The body that a page belongs to: by what the page says, by its host, by hosts that are named alike."""
    host = host_of(page.base_url)
    region = _region(host, entries, vocabulary)
    for name in _names(page):
        agency = vocabulary.agency(name, province=region.code if region else None)
        if agency is not None:
            return agency
    known = Counter(entry.agency for entry in entries.on_host(host) if entry.agency)
    if known:
        return vocabulary.agency_by_id(known.most_common(1)[0][0])
    kind = _kind(host, entries)
    return vocabulary.agency_by_id(f"{region.key}.{kind}") if kind and region else None


def proposed_id(page: Page, agency: Agency | None, vocabulary: Vocabulary, taken: Collection[str]) -> str:
    """An id that nothing bears yet: `shanxi.nhsa`, else with the column's name, else with a number."""
    address = page.base_url
    base = _agency_id(agency, vocabulary) if agency else _host_id(host_of(address))
    column = _column(address)
    names = [base, *([f"{base}.{column}"] if column else [])]
    numbered = (f"{names[-1]}_{number}" for number in range(2, len(taken) + 3))
    return next(name for name in (*names, *numbered) if name not in taken)


def _agency_id(agency: Agency, vocabulary: Vocabulary) -> str:
    """The vocabulary's id; a city by its name where no other region bears it."""
    region = agency.region
    head = region.slug if vocabulary.region(region.slug) == region else region.key
    return f"{head}.{agency.kind}"


def _host_id(host: str) -> str:
    labels = [label for label in host.split(".") if label not in _SUFFIXES]
    if not labels or host.replace(".", "").isdecimal():
        labels = [host]
    return (
        ".".join(filter(None, (_NOT_IN_ID.sub("_", label).strip("_") for label in labels)))[:_LONGEST]
        or "source"
    )


def _column(address: str) -> str:
    """The last telling part of a path: `tzgg`."""
    for part in reversed(urlsplit(address).path.lower().split("/")):
        name = _NOT_IN_ID.sub("_", part.partition(".")[0]).strip("_")
        if name and not _NOT_TELLING.match(name) and len(name) <= 30:
            return name
    return ""


def _names(page: Page) -> Iterator[str]:
    """Whose it says to be: in its mandated meta tag, then in the parts of its title, the last first."""
    root, _ = parse_page(page)
    if root is None:
        return
    for meta in root.iter("meta"):
        if (meta.get("name") or "").lower() == "sitename":
            yield (meta.get("content") or "").strip().removesuffix("网站").removesuffix("门户")
    for title in root.iter("title"):
        yield from (part for part in reversed(_PARTS.split(seen_text(title))) if len(part) > 2)


def _region(host: str, entries: Catalogue, vocabulary: Vocabulary) -> Region | None:
    """The region of a host: a label that is its name, else that of the hosts beside it in the catalogue."""
    for label in host.split("."):
        if len(label) > 3 and (region := vocabulary.region(label)) is not None:
            return region
    domain = ".".join(host.split(".")[-3:])
    beside = Counter(
        entry.province
        for entry in entries.values()
        for address in (entry.address, entry.home)
        if address and entry.province and host_of(address).endswith(f".{domain}") and domain.count(".") == 2
    )
    return vocabulary.region(beside.most_common(1)[0][0]) if beside else None


def _kind(host: str, entries: Catalogue) -> str | None:
    """The kind of agency whose sites have names that begin alike: `ybj` is 医保局 nearly everywhere."""
    first = host.partition(".")[0]
    alike = Counter(
        entry.agency.partition(".")[2]
        for entry in entries.values()
        for address in (entry.address, entry.home)
        if entry.agency and address and host_of(address).partition(".")[0] == first
    )
    return alike.most_common(1)[0][0] if alike and first != "www" else None
