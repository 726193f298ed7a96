"""Places: what a printed name stands for, and what it does not."""

import re
from collections import Counter

import pytest

from rules.vocabulary import Level, default_vocabulary
from rules.vocabulary.loading import load_data


@pytest.fixture(scope="module")
def vocabulary():
    return default_vocabulary()


@pytest.mark.parametrize("name", ["山西省", "山西", "晋", "shanxi", "140000", "山 西", "Shanxi"])
def test_a_province_answers_to_all_its_names(vocabulary, name):
    assert vocabulary.region(name).code == "140000"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("陕西", "610000"),
        ("shaanxi", "610000"),
        ("内蒙", "150000"),
        ("neimenggu", "150000"),
        ("Inner Mongolia", "150000"),
        ("xizang", "540000"),
        ("Tibet", "540000"),
        ("兵团", "660000"),
        ("全国", "100000"),
        ("太原", "140100"),
        ("taiyuan", "140100"),
        ("恩施州", "422800"),
        ("襄樊市", "420600"),
        ("襄樊", "420600"),
        ("毕节地区", "520500"),
        ("太谷县", "140703"),
        ("平谷区", "110117"),
        ("下城区", "330105"),
        ("横县", "450181"),
    ],
)
def test_short_former_and_foreign_names_are_known(vocabulary, name, code):
    assert vocabulary.region(name).code == code


# Prefecture-level and county-level divisions of each province, as of 2023. 黑龙江 counts the four districts
# of 大兴安岭, 海南 the three island groups of 三沙, 青海 the committee of 大柴旦, which have codes as well.
DIVISIONS = {
    "北京": (0, 16),
    "天津": (0, 16),
    "河北": (11, 167),
    "山西": (11, 117),
    "内蒙古": (12, 103),
    "辽宁": (14, 100),
    "吉林": (9, 60),
    "黑龙江": (13, 125),
    "上海": (0, 16),
    "江苏": (13, 95),
    "浙江": (11, 90),
    "安徽": (16, 104),
    "福建": (9, 84),
    "江西": (11, 100),
    "山东": (16, 136),
    "河南": (17, 157),
    "湖北": (13, 103),
    "湖南": (14, 122),
    "广东": (21, 122),
    "广西": (14, 111),
    "海南": (4, 26),
    "重庆": (0, 38),
    "四川": (21, 183),
    "贵州": (9, 88),
    "云南": (16, 129),
    "西藏": (7, 74),
    "陕西": (10, 107),
    "甘肃": (14, 86),
    "青海": (8, 45),
    "宁夏": (5, 22),
    "新疆": (14, 108),
}


def test_there_are_31_provinces(vocabulary):
    provinces = vocabulary.provinces()
    assert [province.short for province in provinces] == [*DIVISIONS]
    assert {province.level for province in provinces} == {Level.PROVINCE}
    assert len({province.abbreviation for province in provinces}) == 31


@pytest.mark.parametrize("province", DIVISIONS)
def test_a_province_has_all_its_cities_and_counties(vocabulary, province):
    regions, *_ = load_data()
    inside = [region for region in regions if (regions.province_of(region) or region).short == province]
    levels = Counter(region.level for region in inside)
    corps = province == "新疆"  # which is one more of its level, see regions.yaml
    assert levels[Level.PROVINCE] == 1 + corps
    assert (levels[Level.CITY], levels[Level.COUNTY]) == DIVISIONS[province]


def test_every_code_is_one_of_gb_2260_and_stands_in_its_province():
    regions, *_ = load_data()
    for region in regions:
        assert re.fullmatch(r"\d{6}", region.code), region
        if region.level in (Level.CITY, Level.COUNTY):
            assert regions.province_of(region).code == f"{region.code[:2]}0000"


@pytest.mark.parametrize(
    ("province", "others"), [("海南", "海南州"), ("吉林", "吉林市"), ("河南", "河南蒙古族自治县")]
)
def test_a_shared_name_is_the_provinces(vocabulary, province, others):
    assert vocabulary.region(province).level is Level.PROVINCE
    assert vocabulary.region(others).level is not Level.PROVINCE


def test_hainan_prefecture_lies_in_qinghai(vocabulary):
    assert vocabulary.province_of(vocabulary.region("海南州")).short == "青海"


@pytest.mark.parametrize("name", ["朝阳", "鼓楼区", "suzhou", "西湖区"])
def test_a_name_that_several_places_share_names_none(vocabulary, name):
    assert vocabulary.region(name) is None
    assert len(vocabulary.regions_named(name)) > 1


def test_the_province_says_which_of_several_is_meant(vocabulary):
    beijing = vocabulary.region("北京")
    assert vocabulary.region("朝阳区", within=beijing).code == "110105"


def test_lineage_leads_from_a_county_to_the_country(vocabulary):
    line = vocabulary.lineage(vocabulary.region("320106"))
    assert [region.short for region in line] == ["鼓楼", "南京", "江苏", "国家"]


def test_the_corps_belongs_to_xinjiang(vocabulary):
    assert vocabulary.province_of(vocabulary.region("兵团")).short == "新疆"


def test_every_region_but_the_country_has_a_known_parent(vocabulary):
    for province in vocabulary.provinces():
        assert vocabulary.lineage(province)[-1].short == "国家"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("山西：关于完善目录的通知", ["山西省"]),
        ("海南州与海南省签约", ["海南藏族自治州", "海南省"]),
        ("吉林市医保局、吉林省医保局", ["吉林市", "吉林省"]),
        ("北京市朝阳区和辽宁省朝阳市", ["北京市", "朝阳区", "辽宁省", "朝阳市"]),
        ("山\n西省太 原市", ["山西省", "太原市"]),
        ("黄河南岸的一段", []),
        ("长治久安", []),
        ("我国各地", []),
    ],
)
def test_places_are_found_in_running_text(vocabulary, text, names):
    assert [region.name for region in vocabulary.regions_in(text)] == names


@pytest.mark.parametrize(
    "text", ["南京鼓楼医院", "吉林大学第一医院", "山西医科大学", "北京某某药业有限公司", "浙江大学"]
)
def test_a_place_in_the_name_of_an_institution_is_no_place(vocabulary, text):
    assert vocabulary.regions_in(text) == ()


@pytest.mark.parametrize("text", ["安徽省公立医院改革", "四川省各级医院", "湖南省医疗机构和医院"])
def test_hospitals_of_a_place_leave_the_place(vocabulary, text):
    assert len(vocabulary.regions_in(text)) == 1
