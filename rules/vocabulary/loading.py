"""From data files to the parts of a vocabulary.

Shipped files and the user's own have the same form. A user's file adds: its lists lengthen those that are
there, its texts replace them, and an entry with `replace: true` starts anew.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz, process

from rules.vocabulary.agencies import Agencies, Kind
from rules.vocabulary.files import Shape, VocabularyError, read_yaml
from rules.vocabulary.numbers import NumberPrefixes
from rules.vocabulary.regions import NATIONAL_CODE, Level, Region, Regions
from rules.vocabulary.synonyms import Synonyms, SynonymSet

Record = dict[str, Any]

_DATA = Path(__file__).parent.parent / "data"
_SHIPPED = [_DATA / name for name in ("regions.yaml", "agencies.yaml", "synonyms.yaml")]
_REGION: Shape = {
    "name": str,
    "short": str,
    "slug": str,
    "abbreviation": str,
    "names": [str],
    "parent": str,
    "replace": bool,
}
_KIND: Shape = {
    "name": str,
    "short": str,
    "names": [str],
    "local": [str],
    "local_name": str,
    "exceptions": {str: str},
    "patterns": [str],
    "parent": str,
    "units": bool,
    "numbers": [str],
    "local_numbers": [str],
    "source": str,
    "replace": bool,
}
_SYNONYMS: Shape = {"aliases": [str], "narrower": [str], "why": str, "source": str, "replace": bool}
_FILE: Shape = {
    "regions": {str: _REGION},
    "decoys": [str],
    "common_words": [str],
    "number_prefixes": {str: {str: [str]}},
    "agencies": {str: _KIND},
    "synonyms": {str: _SYNONYMS},
}


def load_data(*extra: Path) -> tuple[Regions, Agencies, NumberPrefixes, Synonyms]:
    """The parts of a vocabulary from the shipped files and the user's.

    Raises:
        VocabularyError: listing every problem of every file.
    """
    data = _merged([*_SHIPPED, *extra])
    _refuse(extra, _missing(data))
    regions = _regions(data)
    _refuse(extra, _unknown_places(data, regions))
    agencies = Agencies({key: _kind(key, record) for key, record in data["agencies"].items()}, regions)
    return regions, agencies, NumberPrefixes(_letters(data, regions), agencies, regions), _synonyms(data)


def _refuse(extra: Sequence[Path], problems: Iterable[str]) -> None:
    files = ", ".join(map(str, extra)) or "shipped data"
    told = [f"{files}: {problem}" for problem in problems]
    if told:
        raise VocabularyError(told)


def _merged(paths: list[Path]) -> Record:
    data: Record = {"regions": _divisions()}
    problems: list[str] = []
    for path in paths:
        try:
            _merge(data, read_yaml(path, _FILE))
        except VocabularyError as error:
            problems.extend(error.problems)
    if problems:
        raise VocabularyError(problems)
    return data


def _merge(base: Record, addition: Record) -> None:
    if addition.get("replace"):
        base.clear()
    for key, value in addition.items():
        if isinstance(value, dict):
            _merge(base.setdefault(key, {}), value)
        elif isinstance(value, list):
            base[key] = [*base.get(key, ()), *value]
        else:
            base[key] = value


def _divisions() -> dict[str, Record]:
    """Cities and counties; a table, because YAML of three thousand entries takes a second to read."""
    divisions = {}
    for line in (_DATA / "divisions.tsv").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            code, name, short, slug, former, *_ = f"{line}\t\t\t".split("\t")
            divisions[code] = {
                "name": name,
                "short": short or name,
                "slug": slug or code,
                "names": former.split(),
            }
    return divisions


def _missing(data: Record) -> list[str]:
    """What entries of regions and agencies lack."""
    regions, kinds = data["regions"], data["agencies"]
    return [
        *(f"regions.{code}: name is missing" for code, record in regions.items() if "name" not in record),
        *(f"agencies.{key}: short is missing" for key, record in kinds.items() if "short" not in record),
        *(
            f"agencies.{key}.parent: there is no kind {_found(record['parent'], kinds)}"
            for key, record in kinds.items()
            if record.get("parent", key) not in kinds
        ),
        *(
            f"agencies.{key}.patterns[{i}]: {error}"
            for key, record in kinds.items()
            for i, pattern in enumerate(record.get("patterns", ()))
            if (error := _regex_error(pattern))
        ),
        *(
            f"regions.{code}.parent: there is no region {_found(record['parent'], regions)}"
            for code, record in regions.items()
            if record.get("parent", code) not in regions
        ),
    ]


def _regex_error(pattern: str) -> str | None:
    try:
        re.compile(pattern.replace("{region}", "(?P<region>.+)"))
    except re.error as error:
        return f"{pattern!r} is no regular expression: {error}"
    return None


def _unknown_places(data: Record, regions: Regions) -> list[str]:
    known = [region.name for region in regions]
    return [
        f"number_prefixes.{letter}: there is no single region {_found(name, known)}"
        for letter, table in data["number_prefixes"].items()
        for names in table.values()
        for name in names
        if regions.one(name) is None
    ]


def _found(name: str, known: Iterable[str]) -> str:
    near = process.extractOne(name, list(known), scorer=fuzz.ratio, score_cutoff=50)
    return f"{name!r}" + (f"; did you mean {near[0]}?" if near else "")


def _regions(data: Record) -> Regions:
    records = data["regions"]
    regions = [_region(code, record, records) for code, record in records.items()]
    names = {code: record.get("names", ()) for code, record in records.items()}
    return Regions(regions, names, data["decoys"], data["common_words"])


def _region(code: str, record: Record, records: Mapping[str, Record]) -> Region:
    return Region(
        code=code,
        name=record["name"],
        short=record.get("short") or record["name"],
        slug=record.get("slug") or code,
        abbreviation=record.get("abbreviation"),
        level=_level(code),
        parent=record.get("parent") or _parent(code, records),
    )


def _level(code: str) -> Level:
    if code == NATIONAL_CODE:
        return Level.NATIONAL
    if code.endswith("0000"):
        return Level.PROVINCE
    return Level.CITY if code.endswith("00") else Level.COUNTY


def _parent(code: str, records: Mapping[str, Record]) -> str | None:
    """The city of a county, else its province (counties of a municipality, cities under no prefecture)."""
    outer = (code[:4] + "00", code[:2] + "0000", NATIONAL_CODE)
    return next((o for o in outer if o != code and o in records), None) if code != NATIONAL_CODE else None


def _letters(data: Record, regions: Regions) -> dict[str, dict[str, tuple[Region, ...]]]:
    letters: dict[str, dict[str, tuple[Region, ...]]] = {}
    for region in regions:
        if region.abbreviation:
            letters[region.abbreviation] = {"": (region,)}
    for letter, table in data["number_prefixes"].items():
        letters[letter] = {
            rest: tuple(filter(None, map(regions.one, names))) for rest, names in table.items()
        }
    return letters


def _kind(key: str, record: Record) -> Kind:
    fields: Record = {name: tuple(v) if isinstance(v, list) else v for name, v in record.items()}
    return Kind(id=key, **{name: v for name, v in fields.items() if name not in ("source", "replace")})


def _synonyms(data: Record) -> Synonyms:
    return Synonyms(
        SynonymSet(
            term=term,
            aliases=tuple(record.get("aliases", ())),
            narrower=tuple(record.get("narrower", ())),
            why=record.get("why", ""),
        )
        for term, record in data["synonyms"].items()
    )
