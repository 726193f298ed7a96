"""The ready-made sources: data that holds together, and what selects from it."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from monitor.sources import SOURCE_KINDS
from monitor.sources.catalogue import CatalogueEntry, Evidence, UnknownFacetError, catalogue, select
from monitor.sources.catalogue.entries import FOLDER
from rules import default_vocabulary

VOCABULARY = default_vocabulary()
FILES = sorted(FOLDER.glob("*.yaml"))
ORDER = [
    "id",
    "name",
    "agency",
    "kind",
    "url",
    "path",
    "method",
    "params",
    "form",
    "page_field",
    "layout",
    "fetch",
    "every",
    "evidence",
    "as_of",
    "note",
    "home",
    "unusable",
]


def content(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return loaded


def test_there_is_a_file_for_each_province_one_for_the_country_and_one_for_publications() -> None:
    names = {path.stem for path in FILES}
    assert names == {"national", "publications", *(province.key for province in VOCABULARY.provinces())}
    assert all(content(path).get("province", "publications") == path.stem for path in FILES)


def test_no_id_and_no_address_stands_twice() -> None:
    entries = [item for path in FILES for item in content(path)["sources"]]
    ids = [item["id"] for item in entries]
    addresses = [item["url"] for item in entries if "url" in item]
    assert len(ids) == len(set(ids)) == len(catalogue()) >= 326
    assert len(addresses) == len(set(addresses)) >= 270


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_keeps_the_order_of_settings_and_of_agencies(path: Path) -> None:
    items = content(path)["sources"]
    for item in items:
        assert list(item) == sorted(item, key=ORDER.index), item["id"]
    agencies = [item.get("agency") for item in items]
    assert [agency for n, agency in enumerate(agencies) if agency not in agencies[:n]] == list(
        dict.fromkeys(agencies)
    )
    blocks = [agency for n, agency in enumerate(agencies) if n == 0 or agency != agencies[n - 1]]
    assert len(blocks) == len(set(blocks)), "the entries of an agency stand together"


@pytest.mark.parametrize("entry", catalogue().values(), ids=lambda entry: entry.id)
def test_an_entry_is_complete(entry: CatalogueEntry) -> None:
    if entry.agency is not None:
        agency = VOCABULARY.agency_by_id(entry.agency)
        assert agency is not None
        head, _, kind = entry.id.partition(".")
        assert kind.split(".")[0] == agency.kind
        assert VOCABULARY.region(head) == agency.region
        province = VOCABULARY.province_of(agency.region)
        assert entry.province == (province.key if province else "national")
    assert entry.as_of is None or re.fullmatch(r"20\d\d(-\d\d){0,2}", entry.as_of)
    assert entry.as_of is not None or entry.evidence is not Evidence.SEEN
    assert (entry.address is None) == (entry.unusable is not None)
    for address in (entry.settings.get("url"), entry.home):
        assert address is None or (urlsplit(address).scheme.startswith("http") and urlsplit(address).hostname)
        assert not re.search(r"[{}<>\s]", address or "")
    if entry.unusable is None:
        settings = SOURCE_KINDS[entry.kind].settings.model_validate({**entry.settings, "id": entry.id})
        assert settings.enabled


def test_the_four_publications_are_folders_with_their_layouts() -> None:
    found = {entry.id: (entry.kind, entry.settings.get("layout")) for entry in chosen("digest")}
    layouts = {"monthly": "monthly", "weekly": "weekly", "reference": "reference", "notices": "notice"}
    assert found == {f"digest.{name}": ("folder", layout) for name, layout in layouts.items()}


def chosen(*facets: str) -> tuple[CatalogueEntry, ...]:
    return select(facets, catalogue(), VOCABULARY)


def ids(*facets: str) -> set[str]:
    return {entry.id for entry in chosen(*facets)}


def test_a_branch_of_ids_selects_all_below_it() -> None:
    assert (
        ids("beijing.nhsa")
        == ids("beijing.nhsa.*")
        == {
            "beijing.nhsa.notices",
            "beijing.nhsa.news",
            "beijing.nhsa.interpretations",
        }
    )
    assert {"shanxi.nhsa", "beijing.nhsa.news", "national.nhsa.policies"} <= ids("*.nhsa")
    assert all(entry.agency and entry.agency.endswith(".nhsa") for entry in chosen("*.nhsa"))


@pytest.mark.parametrize("name", ["山西", "山西省", "晋", "shanxi", "shanxi.*"])
def test_a_province_goes_by_any_of_its_names(name: str) -> None:
    assert ids(name) == {entry.id for entry in catalogue().values() if entry.province == "shanxi"} != set()


def test_an_agency_goes_by_its_kind_or_its_full_name() -> None:
    assert ids("医保局") == ids("nhsa") == ids("*.nhsa")
    assert ids("国家医保局") == ids("national.nhsa")
    assert ids("山西省医疗保障局") == ids("山西 医保局") == {"shanxi.nhsa"}


def test_kinds_grades_and_words_of_the_name_select_too() -> None:
    assert {entry.kind for entry in chosen("json_list")} == {"json_list"}
    assert {entry.evidence for entry in chosen("seen")} == {Evidence.SEEN}
    assert ids("月度汇编") == {"digest.monthly"}
    assert "beijing.nmpa.recalls" in ids("召回")


def test_exceptions_take_away_and_alone_they_leave_the_rest() -> None:
    assert ids("beijing.nhsa", "-*.news") == {"beijing.nhsa.notices", "beijing.nhsa.interpretations"}
    assert ids("-*.news") == set(catalogue()) - ids("*.news")


@pytest.mark.parametrize(
    ("facet", "near"),
    [
        ("山希", "山西"),
        ("shanix", "shanxi"),
        ("national.nshc", "national.nhc"),
        ("医保据", "医保局"),
        ("-山希", "山西"),
    ],
)
def test_a_facet_that_selects_nothing_names_the_nearest(facet: str, near: str) -> None:
    with pytest.raises(UnknownFacetError) as raised:
        chosen("国家", facet)
    assert raised.value.facet == facet.removeprefix("-")
    assert near in raised.value.near


def test_words_that_have_nothing_in_common_are_refused() -> None:
    with pytest.raises(UnknownFacetError) as raised:
        chosen("山西 药审中心")
    assert raised.value.facet == "山西 药审中心"


def test_an_address_is_known_with_either_scheme_and_with_or_without_a_last_slash() -> None:
    known = catalogue()["beijing.nhsa.notices"]
    assert known.address is not None
    assert catalogue().at(known.address.replace("https", "http").rstrip("/")) is known
    assert catalogue().at("https://www.example.org/") is None
