"""The examples of the reference are what the program does, in both languages of it."""

import re
from pathlib import Path

import pytest

from rules import RuleError, parse_rule
from rules.facets import FACETS, facet_named

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"
PAGES = ("rules.md", "rules.zh-CN.md")
_ROW = re.compile(r"^\| `(.+?)` \| `(.+?)` \|", re.MULTILINE)


def examples(page: str) -> list[tuple[str, str]]:
    text = (REFERENCE / page).read_text(encoding="utf-8")
    return [(typed.replace("\\|", "|"), printed.replace("\\|", "|")) for typed, printed in _ROW.findall(text)]


@pytest.mark.parametrize(("typed", "printed"), examples(PAGES[0]))
def test_an_example_prints_as_the_reference_says(typed, printed):
    assert str(parse_rule(typed)) == printed


def test_both_languages_of_the_reference_have_the_same_examples():
    assert examples(PAGES[0]) == examples(PAGES[1])


@pytest.mark.parametrize("page", PAGES)
def test_every_facet_is_in_the_reference(page):
    text = (REFERENCE / page).read_text(encoding="utf-8")
    found = (facet_named(re.split("[:=<>]", code)[0]) for code in re.findall(r"`([^`\n]+)`", text))
    assert FACETS.keys() - {facet.key for facet in found if facet} == set()


@pytest.mark.parametrize("page", PAGES)
def test_the_mistake_of_the_reference_is_told_as_it_says(page):
    text = (REFERENCE / page).read_text(encoding="utf-8")
    blocks = re.findall(r"^```(\w*)\n(.*?)\n^```$", text, re.DOTALL | re.MULTILINE)
    (shown,) = [block for language, block in blocks if not language]
    with pytest.raises(RuleError) as caught:
        parse_rule("省:安微 -口腔")
    assert caught.value.render("zh") == shown
