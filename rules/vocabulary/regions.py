"""Administrative divisions of China: what a printed place name stands for."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from ahocorasick_rs import AhoCorasick, MatchKind

from rules.text import normalise

NATIONAL_CODE = "100000"


class Level(StrEnum):
    """Level of government; the Xinjiang corps (兵团) is of provincial grade below 新疆."""

    NATIONAL = "national"
    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"


@dataclass(frozen=True, slots=True)
class Region:
    """One division. `code` after GB/T 2260 (`100000` for the country, `660000` for the corps).

    `short` is the name without 省, 市, 区…; `slug` is pinyin down to cities and the code for counties;
    `abbreviation` is the one-character name of a province (晋); `parent` is a code, None for the country.
    """

    code: str
    name: str
    short: str
    slug: str
    abbreviation: str | None
    level: Level
    parent: str | None

    @property
    def key(self) -> str:
        """What ids of agencies start with: the slug of a province, the code below it."""
        return self.slug if self.level in (Level.NATIONAL, Level.PROVINCE) else self.code


@dataclass(frozen=True, slots=True)
class Mention:
    """A region named in a text: `text[start:end]` of the normalised text."""

    region: Region
    start: int
    end: int


class Regions:
    """All regions, by code and by name.

    `names` gives each region's further names; `decoys` are words that contain a name and mean no region
    (黄河南岸); `common_words` are short names that are everyday words and name a place only in full.
    """

    def __init__(
        self,
        regions: Iterable[Region],
        names: Mapping[str, Iterable[str]],
        decoys: Iterable[str] = (),
        common_words: Iterable[str] = (),
    ) -> None:
        self._by_code = {region.code: region for region in regions}
        self._decoys = [normalise(decoy) for decoy in decoys]
        self._common_words = {normalise(word) for word in common_words}
        self._named: dict[str, list[Region]] = {}
        for region in self._by_code.values():
            for name in {*map(normalise, (*self._own_names(region), *names.get(region.code, ())))}:
                self._named.setdefault(name, []).append(region)
        for region, name in self._former_stems(names):
            self._named.setdefault(name, [region])

    def _former_stems(self, names: Mapping[str, Iterable[str]]) -> Iterator[tuple[Region, str]]:
        """襄樊 of 襄樊市, a former name of a city."""
        for code, former in names.items():
            region = self._by_code[code]
            for name in map(normalise, former):
                if region.level is Level.CITY and name.endswith(("市", "地区")):
                    yield region, name.removesuffix("市").removesuffix("地区")

    def __iter__(self) -> Iterator[Region]:
        return iter(self._by_code.values())

    @staticmethod
    def _own_names(region: Region) -> Iterator[str]:
        yield from (region.code, region.name, region.short, region.slug)
        if region.abbreviation:
            yield region.abbreviation
        if region.name.endswith("自治州"):
            yield region.short + "州"  # 海南州 is what 海南藏族自治州 calls itself
        if region.name.endswith(("自治县", "自治旗")):
            yield region.short + region.name[-1]

    def by_code(self, code: str) -> Region | None:
        return self._by_code.get(code)

    @property
    def nation(self) -> Region:
        return self._by_code[NATIONAL_CODE]

    def named(self, name: str, within: Region | None = None) -> tuple[Region, ...]:
        """Every region that bears the name, those at or below `within` only when it is given."""
        found = self._named.get(normalise(name), ())
        return tuple(r for r in found if within is None or self.is_within(r, within))

    def one(self, name: str, within: Region | None = None) -> Region | None:
        """The region of that name. A name that several share is the province's if one is a province (吉林,
        海南), else names none of them (朝阳, 鼓楼区)."""
        found = self.named(name, within)
        provinces = [region for region in found if region.level is Level.PROVINCE]
        candidates = provinces or found
        return candidates[0] if len(candidates) == 1 else None

    def lineage(self, region: Region) -> tuple[Region, ...]:
        """The region, its parent, and so on up to the country."""
        line = [region]
        while (code := line[-1].parent) is not None:
            line.append(self._by_code[code])
        return tuple(line)

    def is_within(self, region: Region, outer: Region) -> bool:
        """Whether `region` is `outer` or lies in it."""
        return outer in self.lineage(region)

    def province_of(self, region: Region) -> Region | None:
        """The provincial-level division that it belongs to (新疆 for the corps); None for the country."""
        line = self.lineage(region)
        return line[-2] if len(line) > 1 else None

    def mentions(self, text: str) -> list[Mention]:
        """Regions named in a normalised text, in order, the longest names first; a region right before says
        which 朝阳区 is meant. Names within that of a hospital, a university or a company are left out."""
        mentions: list[Mention] = []
        for index, start, end in self._automaton.find_matches_as_indexes(text):
            outer = mentions[-1].region if mentions and mentions[-1].end == start else None
            region = self._in_context(self._scanned[index], outer)
            if region:
                mentions.append(Mention(region, start, end))
        return [mention for mention in mentions if not _INSTITUTION.match(text, mention.end)]

    def _in_context(self, name: str, outer: Region | None) -> Region | None:
        inner = self.one(name, outer) if outer else None
        if inner:
            return inner
        alone = self.one(name)
        two_characters = len(name) == 2 and alone is not None and alone.level is Level.COUNTY
        return None if two_characters else alone

    @cached_property
    def _scanned(self) -> list[str]:
        return [*filter(self._is_scanned, self._named), *self._decoys]

    def _is_scanned(self, name: str) -> bool:
        if len(name) < 2 or name.isascii() or name in self._common_words:
            return False
        regions = self._named[name]
        shorts = [region for region in regions if name == normalise(region.short)]
        return any(
            region.level is Level.PROVINCE
            or (region.level is Level.CITY and (region not in shorts or len(regions) == 1))
            or (region.level is Level.COUNTY and region not in shorts)
            for region in regions
        )

    @cached_property
    def _automaton(self) -> AhoCorasick:
        return AhoCorasick(self._scanned, matchkind=MatchKind.LeftmostLongest)


# A place name that goes on to one of these is part of the institution's own name. A word such as 各级 or
# 公立 between them says that institutions of the place are meant.
_INSTITUTION = re.compile(
    r"(?!.{0,4}(?:各|公立|民营|定点|基层|全部|部分|有关|相关|医疗机构))"
    r"[^\W局委厅府的和与及对在]{0,12}?(?:医院|大学|学院|公司|药业|制药|药厂|集团|研究院|研究所|卫生院|学会|协会|商会|基金会|学校|中学)"
)
