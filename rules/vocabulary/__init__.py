"""The vocabulary of the field: regions, agencies, words of the trade.

default_vocabulary()                 the shipped data, loaded once
Vocabulary.load(Path("mine.yaml"))   the same with a user's names added or overriding
"""

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Literal, Self

from rules.text import normalise
from rules.vocabulary.agencies import Agencies, Agency
from rules.vocabulary.explaining import explain
from rules.vocabulary.files import VocabularyError
from rules.vocabulary.loading import load_data
from rules.vocabulary.nearness import nearest
from rules.vocabulary.numbers import NumberIssuer, NumberPrefixes
from rules.vocabulary.regions import Level, Region, Regions
from rules.vocabulary.splitting import split_agencies
from rules.vocabulary.synonyms import Expansion, Synonyms

__all__ = [
    "Agency",
    "Expansion",
    "Facet",
    "Level",
    "NumberIssuer",
    "Region",
    "Vocabulary",
    "VocabularyError",
    "default_vocabulary",
    "shipped_vocabulary",
]

Facet = Literal["province", "region", "agency", "topic"]


class Vocabulary:
    """Everything by name. Names are compared normalised: width, spaces, traditional forms do not matter."""

    def __init__(
        self, regions: Regions, agencies: Agencies, numbers: NumberPrefixes, synonyms: Synonyms
    ) -> None:
        self._regions = regions
        self._agencies = agencies
        self._numbers = numbers
        self._synonyms = synonyms
        self._misspellable: dict[Facet, dict[str, str]] = {}

    @classmethod
    def load(cls, *extra: Path) -> Self:
        """The shipped data with the user's files on top.

        Raises:
            VocabularyError: listing every problem of every file.
        """
        return cls(*load_data(*extra))

    def region(self, name: str, *, within: Region | None = None) -> Region | None:
        """The region of that name: full, short, one-character, pinyin, former, or code; None if unknown or
        shared by several (see `regions_named`)."""
        return self._regions.one(name, within)

    def regions_named(self, name: str) -> tuple[Region, ...]:
        """Every region that bears the name."""
        return self._regions.named(name)

    def region_by_code(self, code: str) -> Region | None:
        """The region of that GB/T 2260 code."""
        return self._regions.by_code(code)

    def provinces(self) -> tuple[Region, ...]:
        """The 31 provincial-level divisions, by code."""
        nation = self._regions.nation
        return tuple(region for region in self._regions if region.parent == nation.code)

    def regions_in(self, text: str) -> tuple[Region, ...]:
        """Regions that a text names, in order, each once; names inside those of institutions left out."""
        return tuple(dict.fromkeys(m.region for m in self._regions.mentions(normalise(text))))

    def lineage(self, region: Region) -> tuple[Region, ...]:
        """The region, its parent, and so on up to the country."""
        return self._regions.lineage(region)

    def province_of(self, region: Region) -> Region | None:
        """Its provincial-level division (新疆 for the corps); None for the country."""
        return self._regions.province_of(region)

    def full_name(self, region: Region) -> str:
        """The name with those of the regions around it: 辽宁省朝阳市."""
        return "".join(r.name for r in reversed(self.lineage(region)[:-1])) or region.name

    def agency(self, name: str, *, province: str | None = None) -> Agency | None:
        """The agency behind a printed name. `province` (any name or code of a region, 国家 included) says
        whose 省医保局, 医保局 or 市政府 is meant; without it such names resolve to None."""
        return self._agencies.find(name, self._context(province))

    def agency_by_id(self, agency_id: str) -> Agency | None:
        """The agency of that id, None where region or kind is unknown."""
        return self._agencies.by_id(agency_id)

    def agency_lineage(self, agency: Agency) -> tuple[Agency, ...]:
        """The agency and those it belongs to: 药审中心, 国家药监局."""
        return self._agencies.lineage(agency)

    def resolve_agencies(
        self, names: Sequence[str], *, province: str | None = None
    ) -> tuple[Agency | None, ...]:
        """Joint issuers in order, one answer per name; a bare name takes the region of those before it."""
        context, found = self._context(province), []
        for name in names:
            agency = self._agencies.find(name, context)
            found.append(agency)
            context = agency.region if agency else context
        return tuple(found)

    def split_agencies(self, text: str) -> tuple[list[str], bool]:
        """A run of joint issuers as printed → the names as printed, and whether it ended in 等.

        Names that a line end or a page break cut are joined; names printed without anything between them
        are parted.
        """
        return split_agencies(text, self._agencies.is_name)

    def issuer_of_number(self, number: str, *, province: str | None = None) -> NumberIssuer:
        """Who can have issued a document number, from its prefix (晋医保发〔2022〕14号); those of the
        `province` only where one is given."""
        return self._numbers.issuer(number, self._context(province))

    def agency_kind(self, name: str) -> str | None:
        """The kind that a name without a place stands for: 医保局 → `nhsa`."""
        kind = self._agencies.kind_named(name)
        return kind.id if kind else None

    def agency_kinds(self) -> dict[str, str]:
        """Every kind with its usual short name: `{"nhsa": "医保局", ...}`."""
        return {kind.id: kind.short for kind in self._agencies.kinds.values()}

    def expand(self, term: str) -> tuple[Expansion, ...]:
        """Other ways to say the term, itself left out: words of the trade (集采 → 集中带量采购) and names of
        agencies (医保局 → 医疗保障局)."""
        names = self._agencies.other_names(term)
        if names:
            return tuple(Expansion(name, names[0], "同一机构的另一种写法") for name in names)
        return self._synonyms.expand(term)

    def explain(self, term: str, language: str = "zh") -> tuple[str, ...]:
        """Sentences: what the term expands to and why; what place or agency it names."""
        return explain(self, term, language)

    def nearest(self, word: str, facet: Facet) -> list[str]:
        """Known names that look like a misspelt one, best first, at most five."""
        if facet not in self._misspellable:  # bots ask for every word that somebody says
            self._misspellable[facet] = {normalise(name): shown for name, shown in self._names(facet)}
        return nearest(word, self._misspellable[facet])

    def _names(self, facet: Facet) -> Iterator[tuple[str, str]]:
        """Names that a word can be a misspelling of, each with the one to suggest."""
        if facet == "agency":
            for kind in self._agencies.kinds.values():
                yield from ((name, name) for name in (*kind.national_names, *kind.local, kind.short))
        elif facet == "topic":
            yield from ((member, member) for one in self._synonyms.sets for member in one.members)
        else:
            nation = self._regions.nation
            regions = self._regions if facet == "region" else (nation, *self.provinces())
            for region in regions:
                yield from ((name, region.short) for name in (region.slug, region.name, region.short))

    def _context(self, name: str | None) -> Region | None:
        return self._regions.one(name) if name else None


_in_use: tuple[Path, ...] = ()


def default_vocabulary() -> Vocabulary:
    """The shipped vocabulary with what `use_vocabulary` added, loaded on first use."""
    return _loaded(_in_use)


def shipped_vocabulary() -> Vocabulary:
    """The vocabulary without anybody's additions, loaded on first use."""
    return _loaded(())


def use_vocabulary(*extra: Path) -> Vocabulary:
    """From now on, in this process, `default_vocabulary` has what these files add: readers of notices and of
    rules must know the same names. Raises `VocabularyError`."""
    global _in_use  # noqa: PLW0603 - one program, one vocabulary
    vocabulary = _loaded(extra)
    _in_use = extra
    return vocabulary


@cache
def _loaded(extra: tuple[Path, ...]) -> Vocabulary:
    return Vocabulary.load(*extra)
