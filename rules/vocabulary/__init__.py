"""The vocabulary of the field: regions, agencies, words of the trade.

default_vocabulary()                 the shipped data, loaded once
Vocabulary.load(Path("mine.yaml"))   the same with a user's names added or overriding
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, Self

from rules.vocabulary.agencies import Agency
from rules.vocabulary.loading import VocabularyError
from rules.vocabulary.regions import Level, Region
from rules.vocabulary.synonyms import Expansion

__all__ = [
    "Agency",
    "Expansion",
    "Level",
    "NumberIssuer",
    "Region",
    "Vocabulary",
    "VocabularyError",
    "default_vocabulary",
]

Facet = Literal["region", "province", "agency", "topic"]


@dataclass(frozen=True, slots=True)
class NumberIssuer:
    """Who can have given a document number. One agency: certain; several: the prefix is shared (宁医保发 is
    宁夏's and 南京's); none: only the region is known, or one of several."""

    agencies: tuple[Agency, ...]
    regions: tuple[Region, ...]

    @property
    def agency(self) -> Agency | None:
        """The issuer where there is only one."""
        return self.agencies[0] if len(self.agencies) == 1 else None

    @property
    def region(self) -> Region | None:
        """The issuer's region where there is only one."""
        return self.regions[0] if len(self.regions) == 1 else None


class Vocabulary:
    """Everything by name. Names are compared normalised: width, spaces and traditional forms do not matter."""

    @classmethod
    def load(cls, *extra: Path) -> Self:
        """The shipped data with the user's files on top.

        Raises:
            VocabularyError: listing every problem of every file.
        """
        raise NotImplementedError

    def region(self, name: str, *, within: Region | None = None) -> Region | None:
        """The region of that name: full, short, one-character, pinyin, former, or code; None if unknown or
        shared by several (see `regions_named`)."""
        raise NotImplementedError

    def regions_named(self, name: str) -> tuple[Region, ...]:
        """Every region that bears the name."""
        raise NotImplementedError

    def region_by_code(self, code: str) -> Region | None:
        raise NotImplementedError

    def regions_in(self, text: str) -> tuple[Region, ...]:
        """Regions that a text names, in order, each once; names inside those of institutions left out."""
        raise NotImplementedError

    def lineage(self, region: Region) -> tuple[Region, ...]:
        """The region, its parent, and so on up to the country."""
        raise NotImplementedError

    def province_of(self, region: Region) -> Region | None:
        """Its provincial-level division; None for the country."""
        raise NotImplementedError

    def agency(self, name: str, *, province: str | None = None) -> Agency | None:
        """The agency behind a printed name. `province` (any name or code of a region, 国家 included) says
        whose 省医保局, 医保局 or 市政府 is meant; without it such names resolve to None."""
        raise NotImplementedError

    def agency_by_id(self, agency_id: str) -> Agency | None:
        raise NotImplementedError

    def agency_lineage(self, agency: Agency) -> tuple[Agency, ...]:
        """The agency and those it belongs to: 药审中心, 国家药监局."""
        raise NotImplementedError

    def resolve_agencies(
        self, names: Sequence[str], *, province: str | None = None
    ) -> tuple[Agency | None, ...]:
        """Joint issuers in order, one answer per name; a bare name takes the region of those before it."""
        raise NotImplementedError

    def agencies_in(self, text: str, *, province: str | None = None) -> tuple[Agency, ...]:
        """Agencies that a text names, in order, each once."""
        raise NotImplementedError

    def split_agencies(self, text: str) -> tuple[list[str], bool]:
        """A run of joint issuers as printed → the names as printed, and whether it ended in 等.

        Names that a line end or a page break cut are joined; names printed without anything between them
        are parted.
        """
        raise NotImplementedError

    def issuer_of_number(self, number: str) -> NumberIssuer:
        """Who can have issued a document number, from its prefix (晋医保发〔2022〕14号)."""
        raise NotImplementedError

    def agency_kind(self, name: str) -> str | None:
        """The kind that a name without a place stands for: 医保局 → `nhsa`."""
        raise NotImplementedError

    def agency_kinds(self) -> dict[str, str]:
        """Every kind with its usual short name: `{"nhsa": "医保局", ...}`."""
        raise NotImplementedError

    def expand(self, term: str) -> tuple[Expansion, ...]:
        """Other ways to say the term, itself left out."""
        raise NotImplementedError

    def explain(self, term: str, language: str = "zh") -> tuple[str, ...]:
        """Sentences: what the term expands to and why; what place or agency it names."""
        raise NotImplementedError

    def nearest(self, word: str, facet: Facet) -> list[str]:
        """Known names that look like a misspelt one, best first, at most five."""
        raise NotImplementedError


@cache
def default_vocabulary() -> Vocabulary:
    """The shipped vocabulary, loaded on first use."""
    return Vocabulary.load()
