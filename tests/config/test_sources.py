"""Sources by name or by facet: what is checked, what waits, and what the overlay remembers."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from monitor.config.load import load_config
from monitor.config.model import Config
from monitor.config.overlay import OVERLAY, Failure, Verification, add_sources, change_entry, edited
from monitor.config.selection import Why
from monitor.errors import ConfigError
from monitor.sources.catalogue import Evidence, catalogue

SEEN, REPORTED, UNUSABLE = "national.nhsa.notices", "shanxi.nmpa.inspections", "shanxi.nhsa"
DAY = dt.date(2026, 11, 20)


def load(tmp_path: Path, sources: str, **environ: str) -> Config:
    path = tmp_path / "config.yaml"
    path.write_text(f"language: en\nsources: {sources}\n", "utf-8")
    return load_config(path, environ)


def problems(tmp_path: Path, sources: str) -> str:
    with pytest.raises(ConfigError) as raised:
        load(tmp_path, sources)
    return "\n".join(raised.value.problems)


def checked(config: Config) -> set[str]:
    return {source.id for source in config.sources if source.enabled}


def waiting(config: Config) -> dict[str, Why]:
    return {entry.id: entry.why for entry in config.waiting}


def verify(tmp_path: Path, entry_id: str, **changes: object) -> None:
    address = catalogue()[entry_id].address
    values = {"date": DAY, "address": address, "rows": 20, **changes}
    change_entry(tmp_path, entry_id, verified=Verification.model_validate(values))


def test_what_was_seen_working_is_checked_and_nothing_unverified_is_enabled_silently(tmp_path: Path) -> None:
    config = load(tmp_path, "{catalogue: [national.*, 山西]}")
    evidence = {entry.id: entry.evidence for entry in catalogue().values()}
    assert SEEN in checked(config)
    assert {evidence[name] for name in checked(config)} == {Evidence.SEEN}
    assert waiting(config)[REPORTED] is Why.UNVERIFIED
    assert waiting(config)[UNUSABLE] is Why.UNUSABLE
    assert len(config.sources) + len(config.waiting) == 58 + 9


def test_what_was_verified_here_is_checked_at_the_address_that_it_led_to(tmp_path: Path) -> None:
    verify(tmp_path, REPORTED, url="https://yjj.shanxi.gov.cn/new/")
    config = load(tmp_path, f"{{catalogue: [{REPORTED}]}}")
    assert [source.model_dump()["url"] for source in config.sources] == ["https://yjj.shanxi.gov.cn/new/"]
    assert config.waiting == ()


def test_a_verification_holds_for_the_address_that_was_tried(tmp_path: Path) -> None:
    verify(tmp_path, REPORTED, address="https://yjj.shanxi.gov.cn/before/")
    assert waiting(load(tmp_path, f"{{catalogue: [{REPORTED}]}}")) == {REPORTED: Why.UNVERIFIED}


def test_an_entry_that_was_tried_in_vain_says_so(tmp_path: Path) -> None:
    address = catalogue()[REPORTED].address or ""
    change_entry(tmp_path, REPORTED, failed=Failure(date=DAY, address=address, reason="被拦截"))
    config = load(tmp_path, f"{{catalogue: [{REPORTED}]}}")
    assert waiting(config) == {REPORTED: Why.FAILED}
    assert config.waiting[0].note == "2026-11-20 被拦截"


def test_somebody_who_says_so_has_it_checked_all_the_same(tmp_path: Path) -> None:
    override = f"{{catalogue: [{REPORTED}], overrides: {{{REPORTED}: {{enabled: true}}}}}}"
    assert checked(load(tmp_path, override)) == {REPORTED}
    change_entry(tmp_path, REPORTED, enabled=True)
    assert checked(load(tmp_path, "[]")) == {REPORTED}


def test_the_overlay_switches_off_what_is_selected_and_what_is_ones_own(tmp_path: Path) -> None:
    for name in (SEEN, "mine"):
        change_entry(tmp_path, name, enabled=False)
    config = load(tmp_path, f"{{catalogue: [{SEEN}], own: [{{id: mine, kind: folder, path: .}}]}}")
    assert [source.id for source in config.sources] == ["mine", SEEN]
    assert checked(config) == set()


def test_overrides_change_single_settings_of_an_entry(tmp_path: Path) -> None:
    name = "national.nmpa.drug_announcements"
    (source,) = load(
        tmp_path,
        f"{{catalogue: [{name}], overrides: {{{name}: {{layout: notice, fetch: {{old_tls: true}}}}}}}}",
    ).sources
    assert (source.layout, source.fetch.old_tls, source.fetch.browser) == ("notice", True, "auto")


def test_an_unusable_entry_becomes_usable_by_an_address(tmp_path: Path) -> None:
    override = "{url: https://ybj.shanxi.gov.cn/zwgk/, enabled: true}"
    config = load(tmp_path, f"{{catalogue: [{UNUSABLE}], overrides: {{{UNUSABLE}: {override}}}}}")
    assert checked(config) == {UNUSABLE}


@pytest.mark.parametrize("place", ["file", "overlay"])
def test_ones_own_source_stands_for_the_entry_of_its_id(tmp_path: Path, place: str) -> None:
    own = {"id": UNUSABLE, "kind": "html_list", "url": "https://ybj.shanxi.gov.cn/zwgk/"}
    if place == "overlay":
        add_sources(tmp_path, own)
    listed = [own] if place == "file" else []
    config = load(tmp_path, f"{{catalogue: [山西], own: {listed}}}".replace("'", '"'))
    assert checked(config) == {UNUSABLE}
    assert UNUSABLE not in waiting(config)


def test_a_plain_list_goes_on_working_with_what_the_overlay_adds(tmp_path: Path) -> None:
    add_sources(
        tmp_path, {"id": "b", "kind": "folder", "path": "b"}, {"id": "a", "kind": "folder", "path": "x"}
    )
    config = load(tmp_path, "[{id: a, kind: folder, path: a}]")
    assert [(source.id, str(source.model_dump()["path"])) for source in config.sources] == [
        ("a", "a"),
        ("b", "b"),
    ]


@pytest.mark.parametrize(
    ("sources", "sentence"),
    [
        (
            "{catalogue: [national.*, 山希]}",
            "sources.catalogue.1 (line 2): 山希 selects nothing in the catalogue; did you mean 山西",
        ),
        (
            "{catalogue: [-医保据]}",
            "sources.catalogue.0 (line 2): 医保据 selects nothing in the catalogue; did you mean 医保局",
        ),
        ("{overrides: {national.nhsa.notice: {}}}", "did you mean national.nhsa.notices"),
        (
            "{overrides: {national.nhsa.notices: {evry: 1h}}, catalogue: [国家医保局]}",
            "evry (line 2): is not a setting; did you mean every?",
        ),
        ("{catalog: [national.*]}", "sources.catalog (line 2): is not a setting; did you mean catalogue?"),
        ("{catalogue: national.*}", "sources.catalogue (line 2): expected a list"),
        ("national.*", "sources (line 2): expected a list, or keys such as catalogue and own"),
        ("{own: [{id: a, kind: foldr}]}", "sources.own.0.kind (line 2): expected one of"),
    ],
)
def test_mistakes_are_said_with_their_place_and_the_nearest_name(
    tmp_path: Path, sources: str, sentence: str
) -> None:
    assert sentence in problems(tmp_path, sources)


def test_a_mistake_in_the_overlay_names_the_file_and_the_line(tmp_path: Path) -> None:
    (tmp_path / OVERLAY).write_text(
        "entries: {x: {enabled: perhaps}}\nsources:\n- {id: a, kind: folder}\n", "utf-8"
    )
    found = problems(tmp_path, "[]")
    assert f"{OVERLAY}: entries.x.enabled (line 1): expected true or false" in found
    (tmp_path / OVERLAY).write_text("sources:\n- {id: a, kind: folder}\n", "utf-8")
    assert f"{OVERLAY}: sources.0.path (line 2): is missing" in problems(tmp_path, "[]")


def test_what_was_edited_by_hand_survives_and_secrets_stay_in_the_environment(tmp_path: Path) -> None:
    written = "sources:\n- {id: a, kind: feed, url: 'https://a.example/', fetch: {proxy: '${PROXY}'}}\n"
    (tmp_path / OVERLAY).write_text(written, "utf-8")
    change_entry(tmp_path, SEEN, enabled=True)
    text = (tmp_path / OVERLAY).read_text("utf-8")
    assert "${PROXY}" in text
    (own, _) = load(tmp_path, "[]", PROXY="http://me:secret@proxy.example:1").sources
    assert own.fetch.proxy is not None
    assert "secret" not in text


def test_many_writers_lose_nothing(tmp_path: Path) -> None:
    names = [f"source{number}" for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda name: change_entry(tmp_path, name, enabled=True), names))
    with edited(tmp_path) as content:
        assert sorted(content["entries"]) == sorted(names)
    assert [path.name for path in tmp_path.iterdir()] == [OVERLAY]


def test_where_it_cannot_be_written_the_old_one_stays(tmp_path: Path) -> None:
    change_entry(tmp_path, SEEN, enabled=True)
    before = (tmp_path / OVERLAY).read_text("utf-8")
    with pytest.raises(ZeroDivisionError), edited(tmp_path) as content:
        content.clear()
        raise ZeroDivisionError
    assert (tmp_path / OVERLAY).read_text("utf-8") == before
    with pytest.raises(ConfigError, match="nowhere"):
        change_entry(tmp_path / "nowhere", SEEN, enabled=True)


def test_without_the_catalogue_it_is_not_read(tmp_path: Path) -> None:
    catalogue.cache_clear()
    load(tmp_path, "[{id: a, kind: folder, path: a}]")
    assert catalogue.cache_info().currsize == 0
