"""Document numbers: whose 代字 stands before the year."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from rules.text import normalise
from rules.vocabulary.agencies import Agencies, Agency, Kind
from rules.vocabulary.regions import Region, Regions

Meaning = TypeVar("Meaning")


@dataclass(frozen=True, slots=True)
class NumberIssuer:
    """Who can have given a document number.

    One agency: certain. Several: the prefix is shared (宁医保发 is 宁夏's and 南京's). None: only the regions
    are known, or nothing. `region` is the one that holds all `regions` (江苏 for 苏医保发, which is 江苏's
    and 苏州's); None where they lie in several provinces.
    """

    agencies: tuple[Agency, ...] = ()
    regions: tuple[Region, ...] = ()
    region: Region | None = None

    @property
    def agency(self) -> Agency | None:
        """The issuer where there is only one."""
        return self.agencies[0] if len(self.agencies) == 1 else None


class NumberPrefixes:
    """Prefixes of document numbers over regions and kinds of agency.

    `letters`: what numbers call a region → {start of what follows, or "": the regions that it can be}.
    """

    def __init__(
        self, letters: Mapping[str, Mapping[str, tuple[Region, ...]]], agencies: Agencies, regions: Regions
    ) -> None:
        self._letters = letters
        self._agencies = agencies
        self._regions = regions
        self._national = _codes((kind, code) for kind in agencies.kinds.values() for code in kind.numbers)
        self._local = _codes((kind, code) for kind in agencies.kinds.values() for code in kind.local_numbers)

    def issuer(self, number: str, within: Region | None = None) -> NumberIssuer:
        """Who can have given the number; of several only those in `within`, where any are."""
        match = _PREFIX.match(normalise(number).replace(" ", ""))
        prefix = match[1] if match else ""
        named = self._agencies.find(prefix.removesuffix("令"))
        if named:
            return self._issuer((named,), (named.region,))
        issuer = self._of_prefix(prefix)
        return self._narrowed(issuer if issuer.regions else self._clipped(prefix), within)

    def _clipped(self, prefix: str) -> NumberIssuer:
        """的通知渝府发: what stands before the prefix is the end of another sentence."""
        debris = _DEBRIS.match(prefix)
        return self._of_prefix(prefix[debris.end() :]) if debris else NumberIssuer()

    def _narrowed(self, issuer: NumberIssuer, within: Region | None) -> NumberIssuer:
        if within is None or within is self._regions.nation:
            return issuer
        regions = tuple(r for r in issuer.regions if self._regions.is_within(r, within))
        agencies = tuple(agency for agency in issuer.agencies if agency.region in regions)
        return self._issuer(agencies, regions) if regions else issuer

    def _issuer(self, agencies: tuple[Agency, ...], regions: tuple[Region, ...]) -> NumberIssuer:
        outermost = [r for r in regions if all(self._regions.is_within(other, r) for other in regions)]
        return NumberIssuer(agencies, regions, outermost[0] if outermost else None)

    def _of_prefix(self, prefix: str) -> NumberIssuer:
        nation, kinds = self._regions.nation, _longest(self._national, prefix)
        if kinds:
            return self._issuer(tuple(self._agencies.at(kind, nation) for kind in kinds), (nation,))
        for length in (2, 1):
            following = self._letters.get(prefix[:length])
            if following:
                rest = prefix[length:]
                regions = _longest(following, rest) or following.get("", ())
                agencies = [self._agencies.at(k, r) for r in regions for k in _longest(self._local, rest)]
                return self._issuer(tuple(agencies), regions)
        return NumberIssuer()


def _codes(pairs: Iterator[tuple[Kind, str]]) -> dict[str, tuple[Kind, ...]]:
    codes: dict[str, tuple[Kind, ...]] = {}
    for kind, code in pairs:
        codes[code] = (*codes.get(code, ()), kind)
    return codes


def _longest(codes: Mapping[str, tuple[Meaning, ...]], text: str) -> tuple[Meaning, ...]:
    """What the longest code that the text starts with stands for."""
    lengths = range(min(len(text), 8), 0, -1)
    return next((codes[text[:length]] for length in lengths if text[:length] in codes), ())


# What stands before 〔2022〕14号, 令第5号 or 公告2026年第3号; normalised, every bracket is a parenthesis.
_PREFIX = re.compile(r"(.*?)(?:\((?:19|20)\d{2}\)|第\d|(?:公告|通告)?\(?(?:19|20)\d{2}年第)")
_DEBRIS = re.compile(
    r".*(?:\W|的|通知|通告|公告|意见|办法|规定|批复|文件|文号|根据|按照|依据|依照|转发|印发)"
)
