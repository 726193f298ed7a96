"""Sources written as YAML and OPML read back; what is known, wrong or secret is said."""

import pytest

from monitor.config.exchange import take, to_opml, to_yaml
from monitor.errors import ConfigError
from monitor.sources import SOURCE_KINDS, SourceSettings
from monitor.words import Words

EN = Words("en")


def source(**values: object) -> SourceSettings:
    settings: SourceSettings = SOURCE_KINDS[str(values["kind"])].settings.model_validate(values)
    return settings


SOURCES = (
    source(id="digests", kind="folder", path="digests", after="move", layout="monthly", every="5m"),
    source(
        id="list",
        kind="html_list",
        url="https://a.example/list/",
        selectors={"row": "li"},
        hosts=["b.example"],
    ),
    source(id="feed", kind="feed", url="https://a.example/rss.xml?a=1&b=2", enabled=False),
    source(
        id="json",
        kind="json_list",
        url="https://a.example/api",
        method="POST",
        body={"page": 1},
        page_field="page",
    ),
    source(id="page", kind="page", url="https://a.example/page", fetch={"browser": "auto"}),
)


def test_every_kind_round_trips_as_yaml() -> None:
    text, left_out = to_yaml(SOURCES)
    assert left_out == ()
    taken = take(text, (), (), EN)
    assert (taken.skipped, taken.renamed) == ((), {})
    assert tuple(source(**values) for values in taken.sources) == SOURCES


def test_feeds_round_trip_as_opml_and_the_others_are_named() -> None:
    text, others = to_opml(SOURCES)
    assert others == ("digests", "list", "json", "page")
    (feed,) = take(text, (), (), EN).sources
    assert feed == {"id": "feed", "kind": "feed", "url": "https://a.example/rss.xml?a=1&b=2"}


def test_opml_of_other_programs_is_read_with_its_folders_and_names() -> None:
    text = """<?xml version="1.0"?><opml version="1.1"><body><outline text="卫生">
    <outline type="rss" text="医保 新闻" xmlUrl="https://a.example/1"/>
    <outline title="B" xmlUrl="https://a.example/2"/>
    <outline text="医保 新闻" xmlUrl="https://a.example/3"/>
    <outline text="no feed"/></outline></body></opml>"""
    taken = take(text, (), (), EN)
    assert [item["id"] for item in taken.sources] == ["医保_新闻", "B", "医保_新闻_2"]
    assert taken.renamed == {"医保_新闻": "医保_新闻_2"}


def test_the_same_address_is_the_same_source_and_another_with_its_id_gets_a_new_one() -> None:
    text = """
- {id: other, kind: html_list, url: "http://www.a.example/list"}
- {id: list, kind: html_list, url: "https://c.example/"}
"""
    taken = take(text, SOURCES, ("list_2",), EN)
    assert taken.skipped == (("other", "its address is known: list"),)
    assert taken.renamed == {"list": "list_3"}


def test_what_is_wrong_with_a_source_is_said_and_the_rest_is_taken() -> None:
    text = "sources: {own: [{id: a, kind: html_list}, {id: b, kind: feeed}, {id: c, kind: folder, path: c}]}"
    taken = take(text, (), (), EN)
    assert [item["id"] for item in taken.sources] == ["c"]
    (_, missing), (_, kind) = taken.skipped
    assert "url: is missing" in missing
    assert "expected one of" in kind


@pytest.mark.parametrize("text", ["", "just words", "{a: 1}", "<html></html>", "<opml", "[1, 2]", "a: [b"])
def test_what_is_neither_is_refused(text: str) -> None:
    with pytest.raises(ConfigError):
        take(text, (), (), EN)


def test_an_opml_file_reads_nothing_from_elsewhere(tmp_path: object) -> None:
    text = """<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/passwd">]>
    <opml><body><outline text="&x;" xmlUrl="https://a.example/"/></body></opml>"""
    try:
        taken = take(text, (), (), EN)
    except ConfigError:
        return
    assert all("root" not in str(item) for item in taken.sources)


def test_secrets_are_not_written() -> None:
    secret = source(
        id="s",
        kind="feed",
        url="https://a.example/",
        fetch={
            "proxy": "http://me:hidden@proxy:1",
            "headers": {"X-Api-Key": "hidden", "Accept": "text/html"},
        },
    )
    plain = source(id="p", kind="feed", url="https://b.example/", fetch={"proxy": "http://proxy:1"})
    text, left_out = to_yaml([secret, plain])
    assert "hidden" not in text
    assert "text/html" in text
    assert left_out == ("s",)
    assert tuple(source(**values) for values in take(text, (), (), EN).sources)[1] == plain
