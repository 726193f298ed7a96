"""What is true of a notice besides its text: where it comes from, what it is, its numbers and dates."""

import datetime as dt
from collections.abc import Iterator
from functools import lru_cache

from rules.meaning import ALWAYS, FORWARD, Fact
from rules.model import NoticeLike
from rules.vocabulary import Agency, Region, Vocabulary

DATES = {
    "deadline": "comment_deadline",
    "published": "published_date",
    "effective": "effective_date",
    "expiry": "expiry_date",
}
"""Each facet that takes a date, and the field of the notice."""


def facts(notice: NoticeLike, vocabulary: Vocabulary) -> Iterator[Fact]:
    """Everything that a value of a facet can ask for."""
    yield ALWAYS
    yield "kind", str(notice.kind)
    yield "consultation", "yes" if notice.is_consultation else "no"
    for facet in ("importance", "attention"):
        if (stars := getattr(notice, facet)) is not None:
            yield facet, str(stars)
    for agency_id in notice.agency_ids:
        yield "agency", agency_id
        for agency in lineage_of(vocabulary, agency_id):
            yield from agency_facts(agency)
    places, issuers = places_of(notice, vocabulary), _issuing_regions(notice, vocabulary)
    for region in places:
        for code in codes_of(vocabulary, region):
            yield "region", code
    own = {*issuers, *_innermost((*places, *issuers), vocabulary)}
    for region in own:
        yield "own", region.code
    for region in issuers or own:
        yield "agency.level", region.level.value


def agency_facts(agency: Agency) -> tuple[Fact, ...]:
    """What a rule can name an agency by: itself, its kind, its kind at its level."""
    kind = agency.kind
    return ("agency", agency.id), ("agency.kind", kind), ("agency.kind", f"{kind}@{agency.level}")


def numbers(notice: NoticeLike, today: dt.date) -> Iterator[tuple[str, int]]:
    """What comparisons look at: stars, dates as ordinals, and days from or until `today`."""
    for facet in ("importance", "attention"):
        if (stars := getattr(notice, facet)) is not None:
            yield facet, stars
    for facet, field in DATES.items():
        if (date := getattr(notice, field)) is not None:
            yield facet, date.toordinal()
            days = (date - today).days
            yield f"{facet}.days", days if facet in FORWARD else -days


def places_of(notice: NoticeLike, vocabulary: Vocabulary) -> tuple[Region, ...]:
    """The regions that a notice is filed under; where it says none, those of its issuers."""
    named = [_region_named(vocabulary, name) for name in notice.provinces]
    coded = [vocabulary.region_by_code(code) for code in notice.regions]
    places = tuple(dict.fromkeys(region for region in (*named, *coded) if region))
    return places or _issuing_regions(notice, vocabulary)


def _issuing_regions(notice: NoticeLike, vocabulary: Vocabulary) -> tuple[Region, ...]:
    lines = [lineage_of(vocabulary, agency_id) for agency_id in notice.agency_ids]
    return tuple(dict.fromkeys(line[0].region for line in lines if line))


def _innermost(regions: tuple[Region, ...], vocabulary: Vocabulary) -> Iterator[Region]:
    """Those that none of the others lies in: of 山西 and 太原, 太原."""
    outer = {code for region in regions for code in codes_of(vocabulary, region)[1:]}
    return (region for region in regions if region.code not in outer)


# A vocabulary is loaded once and asked for the same few names by every notice.


@lru_cache(maxsize=1024)
def _region_named(vocabulary: Vocabulary, name: str) -> Region | None:
    return vocabulary.region(name)


@lru_cache(maxsize=8192)
def codes_of(vocabulary: Vocabulary, region: Region) -> tuple[str, ...]:
    """The region's code and those of the regions that it lies in, the country left out."""
    line = [place.code for place in vocabulary.lineage(region)]
    return tuple(line[:1] if len(line) == 1 else line[:-1])


@lru_cache(maxsize=8192)
def lineage_of(vocabulary: Vocabulary, agency_id: str) -> tuple[Agency, ...]:
    """The agency and those it belongs to; nothing where the vocabulary does not know the id."""
    agency = vocabulary.agency_by_id(agency_id)
    return vocabulary.agency_lineage(agency) if agency else ()
