"""Text as it is compared: what printing does to a word never hides it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.text import normalise, normalise_with_offsets

PRINTED = st.text(
    st.sampled_from("集中带量采购医疗保障局藥監東ＤＲＧａ１abcé  \n\t\u3000\xa0\u200b“”（）〔2022〕①㎎⻓—-")
    | st.characters()
)


@pytest.mark.parametrize(
    "printed",
    [
        "集中带\n量采购",
        "集中 带量　采购",
        "集中\u00a0带\u200b量采购",
        "“集中带量”采购",
        "集中帶量採購",
        "「集中带量」\r\n采购",
    ],
)
def test_a_wrapped_spaced_quoted_or_traditional_term_is_the_same(printed):
    assert normalise(printed) == "集中带量采购"


def test_widths_and_letter_case_fold():
    assert normalise("ＤＲＧ／ＤＩＰ　付费") == "drg/dip付费"


def test_one_space_stays_between_latin_words_and_none_beside_chinese():
    assert normalise("Healthcare \n Security  局 2022 年") == "healthcare security局2022年"


def test_a_hyphen_keeps_no_space_around_it():
    assert normalise("CAR -T 与 PD- 1") == normalise("CAR-T与PD-1")


@pytest.mark.parametrize("brackets", ["〔2022〕", "[2022]", "【2022】", "（2022）", "﹝2022﹞", "［2022］"])
def test_every_bracket_of_a_document_number_is_one(brackets):
    assert normalise(f"晋医保发{brackets}14 号") == "晋医保发(2022)14号"


@pytest.mark.parametrize("dash", "-‐‑‒–—―−－")
def test_every_dash_is_one(dash):
    assert normalise(f"新冠{dash}19") == "新冠-19"


def test_radicals_from_pdf_fonts_become_the_characters_they_look_like():
    assert normalise("⻓期护理与⺠政⼈⼝⾷品") == "长期护理与民政人口食品"


def test_accents_do_not_matter_composed_or_not():
    assert normalise("Sjögren") == normalise("Sjo\u0308gren") == "sjogren"


def test_offsets_point_at_the_printed_character():
    printed = "关于 集中\n带量采购（第①批）"
    text, offsets = normalise_with_offsets(printed)
    at = text.index("带量采购")
    assert printed[offsets[at] : offsets[at + 3] + 1] == "带量采购"
    assert [printed[i] for i in offsets] == [c for c in printed if c not in " \n"]


@given(PRINTED)
def test_folding_twice_changes_nothing(text):
    assert normalise(normalise(text)) == normalise(text)


@given(PRINTED)
def test_offsets_belong_to_the_same_text_and_never_run_back(text):
    folded, offsets = normalise_with_offsets(text)
    assert folded == normalise(text)
    assert len(offsets) == len(folded)
    assert offsets == sorted(offsets)
    assert all(0 <= offset < len(text) for offset in offsets)


@given(PRINTED, st.text("集中带量采购医保", min_size=1), PRINTED)
def test_a_chinese_term_is_found_whatever_stands_around_it(before, term, after):
    assert normalise(term) in normalise(before + term + after)
