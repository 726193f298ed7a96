"""The vocabulary as a whole: the shipped data, a user's own, and what is said when it is wrong."""

from pathlib import Path

import pytest
import yaml

import rules
from rules.text import normalise
from rules.vocabulary import Vocabulary, VocabularyError, default_vocabulary
from rules.vocabulary.loading import load_data

DATA = Path(rules.__file__).parent / "data"


@pytest.fixture
def own(tmp_path):
    """Loads the vocabulary with a user's file of that content."""

    def load(content):
        path = tmp_path / "mine.yaml"
        path.write_text(content, "utf-8")
        return Vocabulary.load(path)

    return load


def problems(own, content):
    with pytest.raises(VocabularyError) as caught:
        own(content)
    return "\n".join(caught.value.problems)


def test_the_shipped_vocabulary_is_loaded_once():
    assert default_vocabulary() is default_vocabulary()


def test_every_shipped_set_says_why_and_no_word_stands_in_two():
    *_, synonyms = load_data()
    members = [normalise(member) for one in synonyms.sets for member in one.members]
    assert len(synonyms.sets) >= 150
    assert all(one.why for one in synonyms.sets)
    assert len(members) == len(set(members))
    assert all(len(member) > 1 for member in members)


def test_every_shipped_agency_states_its_source():
    content = yaml.safe_load((DATA / "agencies.yaml").read_text("utf-8"))
    assert [kind for kind, record in content["agencies"].items() if not record.get("source")] == []


def test_no_name_of_an_agency_belongs_to_two_kinds():
    _, agencies, *_ = load_data()
    for names in (lambda kind: kind.national_names, lambda kind: kind.local):
        everything = [normalise(name) for kind in agencies.kinds.values() for name in names(kind)]
        assert sorted(everything) == sorted(set(everything))


def test_a_user_adds_a_synonym_set_and_lengthens_another(own):
    vocabulary = own(
        "synonyms:\n  穿刺针: {aliases: [穿刺器], why: 本院叫法}\n  双通道: {aliases: [两条通道]}\n"
    )
    assert [e.alias for e in vocabulary.expand("穿刺器")] == ["穿刺针"]
    assert "两条通道" in {e.alias for e in vocabulary.expand("双通道")}
    assert "双通道药店" in {e.alias for e in vocabulary.expand("双通道")}


def test_a_user_replaces_a_set(own):
    vocabulary = own("synonyms:\n  双通道: {replace: true, aliases: [两条通道], why: 只要这个}\n")
    assert [e.alias for e in vocabulary.expand("双通道")] == ["两条通道"]


def test_a_user_adds_a_kind_of_agency_and_names_of_known_ones(own):
    vocabulary = own(
        "agencies:\n"
        "  museum: {short: 博物馆, local: [医史博物馆], local_numbers: [博]}\n"
        "  nhsa: {names: [医保总局]}\n"
        "regions:\n"
        '  "140100": {names: [并州]}\n'
    )
    assert vocabulary.agency("山西省医史博物馆").id == "shanxi.museum"
    assert vocabulary.agency("医保总局").id == "national.nhsa"
    assert vocabulary.agency("并州医保局").id == "140100.nhsa"
    assert vocabulary.issuer_of_number("晋博〔2022〕1号").agency.id == "shanxi.museum"


def test_a_user_adds_a_region(own):
    vocabulary = own('regions:\n  "139900": {name: 某某新区, short: 某某}\n')
    region = vocabulary.region("某某新区")
    assert vocabulary.province_of(region).short == "河北"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("synonims: {}", "mine.yaml: synonims: unknown; did you mean synonyms?"),
        ("synonyms: {集采: {alias: [a]}}", "synonyms.集采.alias: unknown; did you mean aliases?"),
        ("synonyms: {集采: {aliases: 带量}}", "synonyms.集采.aliases: expected a list, found '带量'"),
        ("synonyms: {集采: {aliases: [带量, 12:30]}}", "synonyms.集采.aliases[1]: expected text"),
        ("synonyms: {集采: {aliases: [no]}}", "aliases[0]: expected text (in quotes"),
        ("regions: {140100: {names: [并州]}}", "the name 140100 is not text; put it in quotes"),
        ('regions: {"999900": {short: 无}}', "regions.999900: name is missing"),
        ("agencies: {museum: {local: [博物馆]}}", "agencies.museum: short is missing"),
        ("agencies: {museum: {short: 馆, parent: nhs}}", "there is no kind 'nhs'; did you mean nhsa?"),
        ('number_prefixes: {冀: {"": [河北某]}}', "there is no single region '河北某'; did you mean 河北"),
        (
            'regions: {"139900": {name: 新区, parent: "1300"}}',
            "regions.139900.parent: there is no region '1300'",
        ),
        ("synonyms: [", "cannot be used as YAML"),
        ("synonyms: {集采: {}, 集采: {}}", "the name '集采' stands twice"),
        ('agencies: {nhsa: {patterns: ["{region}("]}}', "is no regular expression"),
        ("- a", "the file: expected a table"),
    ],
)
def test_a_wrong_file_is_refused_with_the_place_and_what_was_expected(own, content, said):
    assert said in problems(own, content)


def test_all_problems_are_told_at_once(own):
    told = problems(own, "synonims: {}\nsynonyms: {集采: {aliases: 1, why: 2}}")
    assert told.count("mine.yaml") == 3


def test_a_missing_file_is_said_to_be_missing(tmp_path):
    with pytest.raises(VocabularyError, match=r"nowhere\.yaml: cannot be read"):
        Vocabulary.load(tmp_path / "nowhere.yaml")
