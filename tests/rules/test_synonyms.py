"""Words of the trade: what a term is widened to, and what not."""

import re
from pathlib import Path

import pytest
import yaml

import rules
from rules.text import normalise
from rules.vocabulary import default_vocabulary
from rules.vocabulary.loading import load_data


@pytest.fixture(scope="module")
def vocabulary():
    return default_vocabulary()


def aliases(vocabulary, term):
    return {normalise(expansion.alias) for expansion in vocabulary.expand(term)}


@pytest.mark.parametrize(
    ("term", "found"),
    [
        ("集采", "集中带量采购"),
        ("带量采购", "集采"),
        ("集中采购", "集采"),
        ("集采", "国采"),
        ("DRG", "疾病诊断相关分组"),
        ("dip", "按病种分值"),
        ("国谈", "谈判药品"),
        ("飞检", "飞行检查"),
        ("MAH", "药品上市许可持有人"),
        ("UDI", "医疗器械唯一标识"),
        ("长护险", "长期护理保险"),
        ("慢特病", "门诊慢性病"),
        ("两病", "高血压、糖尿病"),
        ("医保码", "医保电子凭证"),
        ("住培", "住院医师规范化培训"),
        ("集 采", "集中带量采购"),
        ("飛檢", "飞行检查"),
        ("医保局", "医疗保障局"),
        ("国家卫健委", "国家卫生健康委员会"),
        ("山西省医保局", "山西省医疗保障局"),
        ("省药监局", "省药品监督管理局"),
    ],
)
def test_a_term_is_widened_to_what_means_the_same(vocabulary, term, found):
    assert normalise(found) in aliases(vocabulary, term)


@pytest.mark.parametrize(
    ("term", "never"),
    [
        ("国采", "集采"),  # a narrower word does not find the wider one
        ("跨省直接结算", "异地住院"),
        ("财政厅", "财政局"),
        ("国家卫健委", "卫生部"),  # 卫生部门 would be found
        ("海关", "海关总署"),
        ("口腔", "口腔种植"),
    ],
)
def test_a_term_is_not_widened_to_what_means_something_else(vocabulary, term, never):
    assert normalise(never) not in aliases(vocabulary, term)


def test_a_longer_word_is_said_with_the_other_ways_to_say_its_parts(vocabulary):
    assert {"口腔种植集采", "种植牙集中带量采购"} <= aliases(vocabulary, "种植牙集采")
    assert "按病组付费" in aliases(vocabulary, "DRG付费")
    assert "按病组付费付费" not in aliases(vocabulary, "DRG付费")


@pytest.mark.parametrize("term", ["集采", "种植牙集采", "医保局", "省医保局", "党委", "口腔", "", "a", "采"])
def test_no_term_is_its_own_alias_and_none_comes_twice(vocabulary, term):
    found = [normalise(expansion.alias) for expansion in vocabulary.expand(term)]
    assert len(found) == len(set(found))
    assert normalise(term) not in found
    assert all(len(alias) > 1 for alias in found)


def groups():
    """The heading of each group of sets in the file, and how many sets stand under it."""
    text = (Path(rules.__file__).parent / "data" / "synonyms.yaml").read_text("utf-8")
    headings = re.split(r"^  # --- (.+) ---$", text, flags=re.MULTILINE)[1:]
    return [
        (heading, len(yaml.safe_load(sets)))
        for heading, sets in zip(headings[::2], headings[1::2], strict=True)
    ]


def test_there_are_more_than_150_sets_each_under_a_stated_source_and_with_its_meaning():
    *_, synonyms = load_data()
    assert sum(count for _, count in groups()) == len(synonyms.sets) >= 150
    assert all(re.search(r"\[(DIGEST|TERM|LAW)\]", heading) for heading, _ in groups())
    assert [one.term for one in synonyms.sets if not one.why] == []


def test_at_least_150_sets_are_met_in_real_documents(shared):
    documents = normalise("\n".join(path.read_text("utf-8") for path in (shared / "corpus").glob("*.txt")))
    *_, synonyms = load_data()
    met = [one for one in synonyms.sets if any(normalise(word) in documents for word in one.members)]
    assert len(met) >= 150


def test_an_expansion_says_from_which_set_and_why(vocabulary):
    expansion = next(e for e in vocabulary.expand("集采") if e.alias == "带量采购")
    assert expansion.set == "集中带量采购"
    assert expansion.why


def test_a_term_is_explained_in_two_languages(vocabulary):
    chinese, english = vocabulary.explain("集采"), vocabulary.explain("集采", "en")
    assert "集中带量采购、带量采购" in chinese[0]
    assert "“=集采”" in chinese[1]
    assert "widens to the set “集中带量采购”" in english[0]


def test_places_and_agencies_are_explained_too(vocabulary):
    assert any("辽宁省朝阳市" in sentence for sentence in vocabulary.explain("朝阳"))
    assert any("140100" in sentence for sentence in vocabulary.explain("太原", "en"))
    assert any("各级医保局" in sentence for sentence in vocabulary.explain("医保局"))
    assert any("national.nhsa" in sentence for sentence in vocabulary.explain("国家医保局"))


def test_an_unknown_term_is_said_to_match_only_itself(vocabulary):
    assert vocabulary.explain("口腔") == ("“口腔”不在同义词里，只按这几个字匹配。",)


@pytest.mark.parametrize(
    ("word", "facet", "nearest"),
    [
        ("山夕", "province", "山西"),
        ("shangxi", "province", "山西"),
        ("内蒙古区", "province", "内蒙古"),
        ("太源市", "region", "太原"),
        ("医保具", "agency", "医保局"),
        ("双通到", "topic", "双通道"),
    ],
)
def test_a_misspelt_name_gets_the_nearest_known_one_first(vocabulary, word, facet, nearest):
    assert vocabulary.nearest(word, facet)[0] == nearest


def test_nothing_is_suggested_where_nothing_is_near(vocabulary):
    assert vocabulary.nearest("xyzzy", "province") == []
