"""The values of facets: what a name or a limit in a rule stands for, and the form that it prints in."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

from rules.errors import Problem
from rules.facets import Facet, Takes
from rules.vocabulary import Agency, Level, Region, Vocabulary

_OWN = ("本级", "省本级", "own")
_LEVELS = {"国家级": Level.NATIONAL, "省级": Level.PROVINCE, "市级": Level.CITY, "县级": Level.COUNTY}
_LEVELS |= {"省": Level.PROVINCE, "市": Level.CITY, "县": Level.COUNTY, "区": Level.COUNTY}
_LEVEL_NAMES = {Level.NATIONAL: "国家级", Level.PROVINCE: "省", Level.CITY: "市", Level.COUNTY: "县"}


@dataclass(frozen=True, slots=True)
class RegionValue:
    """A region with all that lies in it, or (`own`) only what its own agencies issue."""

    region: Region
    own: bool = False


@dataclass(frozen=True, slots=True)
class AgencyValue:
    """One agency with its offices, or a kind of agency anywhere, or a kind at one level."""

    agency: Agency | None = None
    kind: str | None = None
    level: Level | None = None


class MisnamedError(ValueError):
    """A facet has no such value; `suggestions` are those that may be meant."""

    def __init__(self, problem: Problem, suggestions: Iterable[str]) -> None:
        super().__init__(problem)
        self.problem = problem
        self.suggestions = tuple(suggestions)


def named_value(facet: Facet, written: str, vocabulary: Vocabulary) -> str:
    """The printed name of the value of a facet that takes known ones.

    Raises:
        MisnamedError: there is none of that name, or it is shared by several.
    """
    if facet.takes is Takes.CHOICE:
        choice = facet.choice(written)
        if choice is None:
            raise MisnamedError(Problem.UNKNOWN_CHOICE, map(facet.printed, facet.choices))
        return facet.printed(choice)
    if facet.takes is Takes.REGION:
        region = region_value(written, vocabulary)
        if region is None:
            raise _unknown_region(written, vocabulary)
        return region_name(region, vocabulary)
    agency = agency_value(written, vocabulary)
    if agency is None:
        raise MisnamedError(Problem.UNKNOWN_AGENCY, vocabulary.nearest(written, "agency"))
    return agency_name(agency, vocabulary)


def _unknown_region(written: str, vocabulary: Vocabulary) -> MisnamedError:
    places = [step for step in written.replace("／", "/").split("/") if step.strip() not in _OWN]
    if shared := vocabulary.regions_named(places[-1]) if places else ():
        names = (region_name(RegionValue(region), vocabulary) for region in shared[:5])
        return MisnamedError(Problem.SHARED_REGION, names)
    nearest = vocabulary.nearest(written, "province") or vocabulary.nearest(written, "region")
    return MisnamedError(Problem.UNKNOWN_REGION, nearest)


def region_value(name: str, vocabulary: Vocabulary) -> RegionValue | None:
    """`山西`, `太原市`, `辽宁/朝阳市`, `山西/本级`; None where the name is unknown or shared by several."""
    *outer, last = name.replace("／", "/").split("/")
    own = bool(outer) and last.strip() in _OWN
    path = outer if own else [*outer, last]
    region = None
    for step in path:
        region = vocabulary.region(step, within=region) or (
            _composed(step, vocabulary) if region is None else None
        )
        if region is None:
            return None
    return RegionValue(region, own) if region else None


def _composed(name: str, vocabulary: Vocabulary) -> Region | None:
    """A place written after the one it lies in: 辽宁省朝阳市."""
    for cut in range(2, len(name) - 1):
        outer = vocabulary.region(name[:cut])
        if outer and (inner := vocabulary.region(name[cut:], within=outer)):
            return inner
    return None


def region_name(value: RegionValue, vocabulary: Vocabulary) -> str:
    """The shortest name that is read as the same value."""
    region = value.region
    province = vocabulary.province_of(region)
    outer = (province, *vocabulary.lineage(region)[1:2])
    names = (region.short, region.name, *(f"{one.short}/{region.name}" for one in outer if one))
    for name in names:
        found = region_value(name, vocabulary)
        if found and found.region == region:
            return name + ("/本级" if value.own else "")
    return region.code + ("/本级" if value.own else "")


def agency_value(name: str, vocabulary: Vocabulary) -> AgencyValue | None:
    """`医保局` (any), `省医保局` (any province's), `山西省医保局`, `national.nhsa`; None where unknown."""
    if kind := vocabulary.agency_kind(name):
        return AgencyValue(kind=kind)
    if agency := vocabulary.agency(name) or vocabulary.agency_by_id(name):
        return AgencyValue(agency=agency)
    for prefix, level in _LEVELS.items():
        if name.startswith(prefix) and (kind := vocabulary.agency_kind(name.removeprefix(prefix))):
            return AgencyValue(kind=kind, level=level)
    return None


def agency_name(value: AgencyValue, vocabulary: Vocabulary) -> str:
    """The usual name that is read as the same value."""
    if value.agency:
        again = agency_value(value.agency.name, vocabulary)
        return value.agency.name if again == value else value.agency.id
    short = vocabulary.agency_kinds()[value.kind or ""]
    return short if value.level is None else _LEVEL_NAMES[value.level] + short


def limit_examples(facet: Facet) -> tuple[str, ...]:
    """Limits as `limit` prints them."""
    return ("14d", "2023-01-31") if facet.takes is Takes.DATE else ("4",)


_DAYS = re.compile(r"(\d{1,4})\s*(d|days?|天|日|w|weeks?|周|星期)内?", re.IGNORECASE)
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


def limit(facet: Facet, written: str) -> str | None:
    """The printed form of what a facet is compared with: `4`, `14d`, `2023-01-31`; None where it is none."""
    if facet.takes is not Takes.DATE:
        return facet.choice(written)
    if days := _DAYS.fullmatch(written):
        return f"{int(days[1]) * (7 if days[2][0].lower() in 'w周星' else 1)}d"
    if date := _DATE.fullmatch(written):
        try:
            return dt.date(int(date[1]), int(date[2]), int(date[3])).isoformat()
        except ValueError:
            return None
    return None
