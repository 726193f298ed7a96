"""Agencies: what a printed issuer stands for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from rules.text import normalise
from rules.vocabulary.regions import Level, Region, Regions


@dataclass(frozen=True, slots=True)
class Agency:
    """One issuing body, offices and internal departments counted as the body itself.

    `id` is `<region key>.<kind>`: `national.nhsa`, `shanxi.nmpa`, `140100.nhsa` (region codes below the
    province). `kind` is the same at every level: `nhsa` is 医保局 of any place. `parent` is the id of the
    agency that it belongs to (药审中心 → 国家药监局), None for most.
    """

    id: str
    name: str
    kind: str
    region: Region
    parent: str | None = None

    @property
    def level(self) -> Level:
        """The level of its region."""
        return self.region.level


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What rules/data/agencies.yaml says of one kind of agency; the fields are explained there."""

    id: str
    short: str
    name: str | None = None
    names: tuple[str, ...] = ()
    local: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    local_name: str | None = None
    exceptions: Mapping[str, str] = field(default_factory=dict)
    parent: str | None = None
    units: bool = True
    numbers: tuple[str, ...] = ()
    local_numbers: tuple[str, ...] = ()

    @property
    def national_names(self) -> tuple[str, ...]:
        return (self.name, *self.names) if self.name else self.names

    def name_in(self, region: Region) -> str:
        """The name of the agency of this kind there."""
        if region.level is Level.NATIONAL:
            return self.name or self.short
        if region.name in self.exceptions:
            return self.exceptions[region.name]
        if self.local_name:
            return self.local_name.replace("{region}", region.name).replace("{short}", region.short)
        provincial = region.level is Level.PROVINCE and not region.name.endswith("市")
        usual = (name for name in self.local if provincial or not name.endswith("厅"))
        return region.name + next(usual, self.short)


class Agencies:
    """All agencies there can be: the kinds over the regions."""

    def __init__(self, kinds: Mapping[str, Kind], regions: Regions) -> None:
        self.kinds = kinds
        self._regions = regions
        self._national = {normalise(n): k for k in kinds.values() for n in k.national_names}
        self._local = {normalise(n): k for k in reversed([*kinds.values()]) for n in k.local}
        self._shorts = {normalise(k.short): k for k in kinds.values()}
        self._patterns = [(kind, _Pattern(text)) for kind in kinds.values() for text in kind.patterns]

    def at(self, kind: Kind, region: Region) -> Agency:
        """The agency of that kind there."""
        parent = f"{region.key}.{kind.parent}" if kind.parent else None
        return Agency(f"{region.key}.{kind.id}", kind.name_in(region), kind.id, region, parent)

    def by_id(self, agency_id: str) -> Agency | None:
        key, _, kind_id = agency_id.partition(".")
        kind, region = self.kinds.get(kind_id), self._regions.one(key)
        return self.at(kind, region) if kind and region and region.key == key else None

    def lineage(self, agency: Agency) -> tuple[Agency, ...]:
        """The agency and those it belongs to."""
        parent = self.by_id(agency.parent) if agency.parent else None
        return (agency, *self.lineage(parent)) if parent else (agency,)

    def kind_named(self, name: str) -> Kind | None:
        """The kind that a name without a place stands for."""
        key = normalise(name)
        return self.kinds.get(key) or self._shorts.get(key) or self._local.get(key)

    def other_names(self, name: str) -> tuple[str, ...]:
        """Other ways to write an agency's name, as a word in a text: 卫健委 → 卫生健康委员会.

        A local name stands for those alone that end alike: 财政厅 is never called 财政局.
        """
        key = normalise(name)
        if kind := self._national.get(key):
            others = (n for n in kind.national_names if normalise(n) != key)
            return tuple(n for n in others if len(n) > 2 and not n.endswith("部"))  # 卫生部 is in 卫生部门
        for start in range(len(key) - 1):
            kind = self._local.get(key[start:])
            if kind and self._says_where(key[:start], key, kind):
                alike = (n for n in kind.local if _ending(n) == _ending(key) and n != key[start:])
                return tuple(key[:start] + n for n in alike if start or len(n) > 1)  # 委 is in 委员
        return ()

    def _says_where(self, place: str, key: str, kind: Kind) -> bool:
        if not place or _HEAD.fullmatch(place):
            return True
        agency = self.find(key)
        return agency is not None and agency.kind == kind.id

    def find(self, name: str, context: Region | None = None) -> Agency | None:
        """The agency behind a printed name; `context` says whose 省医保局 or 医保局 is meant."""
        key = _ORNAMENT.sub("", normalise(name).replace(" ", ""))
        if len(key) > _LONGEST:
            return None
        if context and context.level is not Level.NATIONAL and key in self._local:
            return self.at(self._local[key], context)
        if key not in self._national and (branch := self._embedded(key)):
            return branch
        if kind := self._national_kind(key):
            return self.at(kind, self._regions.nation)
        return self._located(key, None, context) or self._bare(key, context)

    def _national_kind(self, key: str) -> Kind | None:
        exact = self._national.get(key)
        if exact:
            return exact
        fitting = (k for k, pattern in self._patterns if pattern.national and pattern.after.fullmatch(key))
        return self._unit_of(key, self._national) or next(fitting, None)

    def _local_kind(self, key: str) -> Kind | None:
        exact = self._local.get(key)
        if exact:
            return exact
        fitting = (k for k, pattern in self._patterns if pattern.leading and pattern.after.fullmatch(key))
        return self._unit_of(key, self._local) or next(fitting, None)

    def _unit_of(self, key: str, names: Mapping[str, Kind]) -> Kind | None:
        """The kind of 财政部社会保障司: the longest name it starts with, if the rest can be an office; of
        国家食药监总局药审中心 the rest, which is a body of its own and belongs to that kind."""
        for length in range(len(key) - 2, 1, -1):
            kind, body = names.get(key[:length]), names.get(key[length:])
            if kind and body and body.parent == kind.id:
                return body
            if kind and kind.units and _UNIT.fullmatch(key, length) and not self._names_one(key[length:]):
                return kind
        return None

    def _names_one(self, text: str) -> bool:
        return any(name in text for name in self._national if len(name) > 2)

    def _located(self, key: str, region: Region | None, context: Region | None) -> Agency | None:
        """江苏省南京市卫生健康委员会: places from the outside in, then a local name."""
        if region and (kind := self._local_kind(key)):
            return self.at(kind, region)
        for length in range(min(len(key), 16), 1, -1):
            inner = self._regions.one(key[:length], region) or (
                self._regions.one(key[:length], context) if context and not region else None
            )
            if inner and inner.level is not Level.NATIONAL:
                found = self._located(key[length:], inner, context)
                if found:
                    return found
        return None

    def _embedded(self, key: str) -> Agency | None:
        """中国银保监会山西监管局: the place stands inside the name."""
        for kind, pattern in self._patterns:
            match = pattern.embedded.fullmatch(key) if pattern.embedded else None
            region = self._regions.one(match["region"]) if match else None
            if region:
                return self.at(kind, region)
        return None

    def _bare(self, key: str, context: Region | None) -> Agency | None:
        """省医保局, 医保局: the place is the context's."""
        if context is None:
            return None
        head = _HEAD.match(key)
        if head and (kind := self._local_kind(key[head.end() :])):
            region = self._meant_by(head[1], context)
            return self.at(kind, region) if region else None
        kind = None if _NATIONAL_HEAD.match(key) else self._local_kind(key)
        return self.at(kind, context) if kind else None

    def _meant_by(self, word: str, context: Region) -> Region | None:
        line = self._regions.lineage(context)
        return next((region for region in line if region.name.endswith(word)), None)

    def is_name(self, text: str) -> bool:
        """Whether a printed text is the name of an agency, the place being told or not."""
        nation = self._regions.nation
        key = normalise(text)
        head = _HEAD.match(key)
        return self.find(key, nation) is not None or bool(head and self._local_kind(key[head.end() :]))


def _ending(name: str) -> str:
    return "委" if name.endswith("委员会") else name[-1:]


class _Pattern:
    """A name as a regular expression, parted at the place of the region."""

    def __init__(self, text: str) -> None:
        before, found, after = text.partition("{region}")
        self.national = not found
        self.leading = bool(found) and not before
        self.after = re.compile(after if found else before)
        self.embedded = re.compile(f"{before}(?P<region>.+?){after}") if found and before else None


# 原国家食品药品监督管理总局, 中华人民共和国财政部, 某某局（代章）.
_ORNAMENT = re.compile(r"^原|^中华人民共和国(?=.)|^中国共产党|(?<=.)\([^()]*\)$")
_LONGEST = 60  # characters; no agency's name is longer

# What may follow an agency's name and still be the agency: 办公厅, 综合司, 统计信息中心, 安庆分局.
_UNIT = re.compile(r"办公厅|办公室|[一-龥]{1,14}(?:司|处|中心|分局|组|稽查局|研究所|研究院)")
_NATIONAL_HEAD = re.compile(r"国|中央|中国|全国")
_HEAD = re.compile(r"本?(省|自治区|市|自治州|州|盟|地区|县|区|旗|兵团)")
