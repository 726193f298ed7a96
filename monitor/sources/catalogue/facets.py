"""What selects entries: a name, a pattern, a province, an agency, a kind, a grade, a word of the name."""

import difflib
from collections.abc import Callable, Iterable, Iterator, Sequence
from fnmatch import fnmatchcase

from monitor.sources.catalogue.entries import Catalogue, CatalogueEntry
from rules import Vocabulary
from rules.text import normalise
from rules.vocabulary import Level, Region

_EXCEPT = "-"


class UnknownFacetError(ValueError):
    """A facet selects nothing. `facet` is the word that does not, `near` the names that may be meant."""

    def __init__(self, facet: str, near: Sequence[str]) -> None:
        super().__init__(facet)
        self.facet = facet
        self.near = tuple(near)


def select(facets: Iterable[str], entries: Catalogue, vocabulary: Vocabulary) -> tuple[CatalogueEntry, ...]:
    """The entries that any of the facets selects and none with `-` before it, in the catalogue's order.

    A facet of several words selects what all of them do (`山西 医保局`); with exclusions alone it is all but
    those. Raises `UnknownFacetError`.
    """
    wanted: set[str] = set()
    refused: set[str] = set()
    only_exceptions = True
    for facet in facets:
        is_exception = facet.startswith(_EXCEPT)
        only_exceptions &= is_exception
        found = _all_of(facet.removeprefix(_EXCEPT).split(), entries, vocabulary)
        (refused if is_exception else wanted).update(found)
    if only_exceptions and refused:
        wanted = set(entries)
    return tuple(entry for entry in entries.values() if entry.id in wanted - refused)


def _all_of(words: Sequence[str], entries: Catalogue, vocabulary: Vocabulary) -> set[str]:
    found = set(entries)
    for word in words or [""]:
        matching = {entry.id for entry in _matching(word, entries, vocabulary)}
        if not matching:
            raise UnknownFacetError(word, nearest(word, entries, vocabulary))
        found &= matching
    if not found:
        raise UnknownFacetError(" ".join(words), ())
    return found


def _matching(word: str, entries: Catalogue, vocabulary: Vocabulary) -> list[CatalogueEntry]:
    """What one word selects, by the first reading of it that selects anything."""
    tests = (test for test in _readings(word, vocabulary) if test is not None)
    found = ([entry for entry in entries.values() if test(entry)] for test in tests)
    return next(filter(None, found), [])


def _readings(word: str, vocabulary: Vocabulary) -> Iterator[Callable[[CatalogueEntry], bool] | None]:
    """What a word can mean, the narrowest first."""
    yield lambda entry: any(fnmatchcase(name, word) for name in branches(entry.id))
    yield lambda entry: word in (entry.kind, entry.evidence.value)
    region, agency = vocabulary.region(word), vocabulary.agency(word)
    kind = vocabulary.agency_kind(word)
    yield (lambda entry: _is_of_region(entry, region)) if region else None
    yield (lambda entry: (entry.agency or "").partition(".")[2] == kind) if kind else None
    yield (lambda entry: entry.agency == agency.id) if agency else None
    text = normalise(word)
    yield (lambda entry: text in normalise(entry.name)) if text else None


def branches(entry_id: str) -> list[str]:
    """An id and what it begins with: `beijing`, `beijing.nhsa`, `beijing.nhsa.notices`."""
    parts = entry_id.split(".")
    return [".".join(parts[:count]) for count in range(1, len(parts) + 1)]


def _is_of_region(entry: CatalogueEntry, region: Region) -> bool:
    if region.level in (Level.NATIONAL, Level.PROVINCE):
        return entry.province == region.key
    return (entry.agency or "").partition(".")[0] == region.key


def nearest(word: str, entries: Catalogue, vocabulary: Vocabulary) -> list[str]:
    """Names that look like a misspelt one, the likeliest first, at most three."""
    branch_names = {name for entry_id in entries for name in branches(entry_id)}
    likely = difflib.get_close_matches(word, sorted(branch_names), n=3, cutoff=0.75)
    meant = [*vocabulary.nearest(word, "province"), *vocabulary.nearest(word, "agency")]
    return list(dict.fromkeys([*likely, *meant]))[:3]
