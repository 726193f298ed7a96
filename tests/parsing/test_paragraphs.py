"""Paragraphs put together again over page ends."""

import pytest

from monitor.parsing.paragraphs import join_paragraphs


def test_a_sentence_that_a_page_end_cut_is_whole_again() -> None:
    lines = [
        "各统筹地区要按时完成系统改造，定点机构应当如实上传进销存数据，不得限",
        "",
        "制群众购药。",
        "",
        "附则",
    ]
    assert join_paragraphs(lines).text.split("\n") == [
        "各统筹地区要按时完成系统改造，定点机构应当如实上传进销存数据，不得限制群众购药。",
        "附则",
    ]


def test_a_line_that_ends_with_a_comma_goes_on_however_short_it_is() -> None:
    assert join_paragraphs(["各市卫生健康局，", "各直属单位："]).text == "各市卫生健康局，各直属单位："


def test_english_words_keep_the_space_between_them() -> None:
    cut = [
        "有关要求按照本办法执行，具体标准另行制定并向社会公布，可参考 Good Clinical",
        "",
        "Practice 的要求。",
    ]
    assert "Good Clinical Practice 的要求。" in join_paragraphs(cut).text


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("一、总体要求", "各地要提高认识，压实责任，按时完成任务。"),
        ("某省医疗保障局关于印发《门诊用药保障办法》、《经办规程》等文件的通知", "某医保发〔2023〕5号"),
        ("各地要提高认识，压实责任，细化分工，按时完成改造任务并报送结果", "（二）加强宣传。"),
        ("联系人：甲某、乙某，工作时间每日九时至十七时，电话0000-00000000", "传真：0000-00000001"),
        ("某省医疗保障局", "2023年5月1日"),
    ],
)
def test_a_heading_a_list_item_or_a_signature_stays_by_itself(first: str, second: str) -> None:
    assert join_paragraphs([first, "", second]).text == f"{first}\n{second}"


def test_a_character_on_both_sides_of_a_page_end_is_kept_once_and_shown() -> None:
    cut = ["各有关单位要统筹兼顾，做好衔接，具体工作由所在地的医保经办机", "", "机构负责。"]
    body = join_paragraphs(cut)
    assert body.text.endswith("所在地的医保经办机构负责。")
    assert body.doubled == ("保经办机/机构负责",)


def test_a_word_that_says_a_character_twice_is_no_mistake() -> None:
    body = join_paragraphs(
        ["各地要广泛开展宣传，营造浓厚氛围，引导公众积极参与健康促进行动，形成人", "", "人有责的局面。"]
    )
    assert "形成人人有责的局面" in body.text
    assert not body.doubled
