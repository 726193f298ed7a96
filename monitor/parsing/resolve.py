"""Agencies and provinces of a notice, resolved through the vocabulary and not only copied.

Who issued a notice is told by its agencies (or those that its title begins with) and the place before its
title (山西：关于…); where these say nothing by its number, then by a place that the title names.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from monitor.parsing.signature import title_agencies
from monitor.types import Notice, NoticeKind, with_warning
from rules.vocabulary import Agency, Level, NumberIssuer, Region, Vocabulary, default_vocabulary

_BEFORE_TITLE = re.compile(r"([\u4e00-\u9fff、，,/·\s]{1,40}?)\s?[：:]")
_BETWEEN_PLACES = re.compile(r"[、，,/·\s和与]+")
_GROUPS = {"长三角": "沪苏浙皖", "长江三角洲": "沪苏浙皖", "成渝": "川渝"}
_NATIONWIDE = re.compile(r"国家|国务院|中共中央|中央|中国|中华|全国")


def resolve(notice: Notice) -> Notice:
    """The notice with `agency_ids`, `provinces` and `regions`; what contradicts itself becomes a warning.

    Provinces that the notice has already (its source's) say whose 省医保局 is meant, and stay where nothing
    else is known.
    """
    vocabulary = default_vocabulary()
    preset = [region for name in notice.provinces if (region := vocabulary.region(name))]
    placed = _places_before(notice.title, vocabulary)
    context = next((region.code for region in (*placed, *preset)), None)
    names = notice.agencies or title_agencies(notice.title)[0]
    agencies = vocabulary.resolve_agencies(names, province=context)
    issuer = vocabulary.issuer_of_number(notice.doc_number or "", province=context)
    seats = list(_seats(names, agencies, vocabulary))
    regions = [*seats, *placed] or _otherwise(notice, issuer, vocabulary) or preset
    resolved = replace(
        notice,
        agency_ids=_ids(agencies if any(agencies) else (issuer.agency,)),
        provinces=_provinces(regions, vocabulary),
        regions=_divisions(regions, vocabulary),
    )
    return with_warning(resolved, *_doubts(resolved, seats, placed, issuer, vocabulary))


def _places_before(title: str, vocabulary: Vocabulary) -> list[Region]:
    """The places before a title (山西：关于…, 京津冀：关于…); [] where anything else stands there."""
    match = _BEFORE_TITLE.match(title)
    words = _BETWEEN_PLACES.split(match[1].strip()) if match else []
    places = [place for word in words for place in _places(_GROUPS.get(word, word), vocabulary)]
    return [place for place in places if place] if all(places) else []


def _places(word: str, vocabulary: Vocabulary) -> list[Region | None]:
    """The place of that name, or one place for each character (川渝)."""
    whole = vocabulary.region(word)
    return [whole] if whole or len(word) > 5 else [vocabulary.region(letter) for letter in word]


def _seats(
    names: Sequence[str], agencies: Sequence[Agency | None], vocabulary: Vocabulary
) -> Iterator[Region]:
    """The region of each agency; of one that the vocabulary does not know, the place that its name says."""
    for name, agency in zip(names, agencies, strict=True):
        if agency:
            yield agency.region
        elif places := vocabulary.regions_in(name):
            yield places[0]
        elif _NATIONWIDE.match(name) and (nation := vocabulary.region("国家")):
            yield nation


def _otherwise(notice: Notice, issuer: NumberIssuer, vocabulary: Vocabulary) -> list[Region]:
    """Where neither agencies nor a place before the title say anything: the number, then the title itself."""
    if issuer.region:
        return [issuer.region]
    named = vocabulary.regions_in(notice.title)
    return [named[0]] if len(set(_provinces(named, vocabulary))) == 1 else []


def _ids(agencies: Iterable[Agency | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(agency.id for agency in agencies if agency))


def _provinces(regions: Iterable[Region], vocabulary: Vocabulary) -> tuple[str, ...]:
    provinces = ((vocabulary.province_of(region) or region).short for region in regions)
    return tuple(dict.fromkeys(provinces))


def _divisions(regions: Iterable[Region], vocabulary: Vocabulary) -> tuple[str, ...]:
    """Codes of provinces and cities; a county stands for its city, the country for none."""
    lines = (vocabulary.lineage(region) for region in regions)
    wanted = (next((r for r in line if r.level in (Level.PROVINCE, Level.CITY)), None) for line in lines)
    return tuple(dict.fromkeys(region.code for region in wanted if region))


def _doubts(
    notice: Notice,
    seats: Sequence[Region],
    placed: Sequence[Region],
    issuer: NumberIssuer,
    vocabulary: Vocabulary,
) -> Iterator[str]:
    of_agencies, of_title = _provinces(seats, vocabulary), _provinces(placed, vocabulary)
    of_number = _provinces(issuer.regions, vocabulary)
    if of_agencies and of_title and not set(of_agencies) & set(of_title):
        yield f"标题标明{'、'.join(of_title)}，而发文机关属于{'、'.join(of_agencies)}。"
    if of_number and notice.provinces and not set(of_number) & set(notice.provinces):
        of_notice = "、".join(notice.provinces)
        yield f"文号「{notice.doc_number}」属于{'、'.join(of_number)}，而本文属于{of_notice}。"
    if not notice.provinces and notice.kind in (NoticeKind.NOTICE, NoticeKind.LISTED):
        yield "未能判定所属省份（或国家）。"
