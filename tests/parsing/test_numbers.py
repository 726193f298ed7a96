"""Document numbers in every dress, and what only looks like one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.parsing.numbers import find_number, find_numbers, normalise_number


@pytest.mark.parametrize(
    ("printed", "number"),
    [
        ("国卫办人口函〔2022〕414号", "国卫办人口函〔2022〕414号"),
        ("国卫办人口函〔2022〕 414 号", "国卫办人口函〔2022〕414号"),
        ("京医保发[2022]33号", "京医保发〔2022〕33号"),
        ("京医保发（2022）33号", "京医保发〔2022〕33号"),
        ("京医保发(2022)33号", "京医保发〔2022〕33号"),
        ("京医保发［２０２２］３３号", "京医保发〔2022〕33号"),
        ("渝府发﹝2022﹞9号", "渝府发〔2022〕9号"),
        ("渝府发【2022】9号", "渝府发〔2022〕9号"),
        ("国卫办医函 〔 202 4 〕 129 号", "国卫办医函〔2024〕129号"),
        ("卫医发〔1994〕第30号", "卫医发〔1994〕第30号"),
        ("国办发明电〔2018〕15号", "国办发明电〔2018〕15号"),
        ("内卫中（蒙）传承发〔2022〕10号", "内卫中（蒙）传承发〔2022〕10号"),
        ("公告（2022 年第 124 号）", "公告（2022年第124号）"),
        ("公告(2022年第124号)", "公告（2022年第124号）"),
        ("2025 年 第 47 号", "2025年第47号"),
        ("国家医疗保障局令 第5号", "国家医疗保障局令第5号"),
        ("国令第828号", "国令第828号"),
        ("公告（2022年第5號）", "公告（2022年第5号）"),
    ],
)
def test_a_number_has_one_way_of_being_written(printed: str, number: str) -> None:
    assert normalise_number(printed) == number


@pytest.mark.parametrize(
    "printed",
    [
        *("", "无", "——", "/", "（无）", "暂无"),
        *("000014349/2018-00222", "FJ00111-0204-1999-00004", "076478684Q/2024-00112", "2026-02-00018"),
    ],
)
def test_an_index_code_or_a_placeholder_is_no_number(printed: str) -> None:
    assert normalise_number(printed) is None
    assert find_number(printed) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("关于印发管理办法的通知渝府发〔2022〕9号", "渝府发〔2022〕9号"),
        ("现转发国办发〔2020〕5号", "国办发〔2020〕5号"),
        ("我局某医保发〔2022〕9号规定的范围", "某医保发〔2022〕9号"),
        ("近日省局 渝药监发〔2022〕9号明确", "渝药监发〔2022〕9号"),
        ("省委办发〔2022〕9号", "省委办发〔2022〕9号"),
        ("市场监管总局令第7号", "市场监管总局令第7号"),
        ("《某某办法（试行）》（皖卫妇幼〔2017〕37号）同时废止", "皖卫妇幼〔2017〕37号"),
        ("按照国卫医 政发〔2022〕31号要求", "国卫医政发〔2022〕31号"),
        ("某局关于某事的公告（2022年第115号）", "2022年第115号"),
        ("依据国家医保局令第2号", "国家医保局令第2号"),
        ("国家卫生健康委员会令（第15号）", "国家卫生健康委员会令第15号"),
        ("联防联控机制综发〔2022〕117\n号", "联防联控机制综发〔2022〕117号"),
    ],
)
def test_a_number_is_found_in_running_text_without_the_words_before_it(text: str, number: str) -> None:
    assert find_number(text) == number


def test_several_numbers_come_in_order_with_their_places() -> None:
    text = "根据国卫医发〔2016〕66号、医保发〔2021〕5号和2022年第112号公告"
    found = find_numbers(text)
    assert [number.value for number in found] == [
        "国卫医发〔2016〕66号",
        "医保发〔2021〕5号",
        "2022年第112号",
    ]
    assert [text[n.start : n.end] for n in found] == [
        "国卫医发〔2016〕66号",
        "医保发〔2021〕5号",
        "2022年第112号",
    ]


@pytest.mark.parametrize(
    "text", ["第5936号建议", "第9号通告", "2022年第14次会议", "〔2022〕5号", "2022年12月1号"]
)
def test_other_counted_things_are_no_document_numbers(text: str) -> None:
    assert find_numbers(text) == []


@given(st.text(alphabet="国卫发〔〕（）()[]2022年第号令１ 的\n", max_size=300))
def test_any_text_is_read_without_an_error(text: str) -> None:
    for number in find_numbers(text):
        assert normalise_number(number.value) == number.value
        assert text[number.start : number.end].strip()
