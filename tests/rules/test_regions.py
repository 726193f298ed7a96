"""Places: what a printed name stands for, and what it does not."""

import pytest

from rules.vocabulary import Level, default_vocabulary


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
        ("毕节地区", "520500"),
        ("太谷县", "140703"),
        ("平谷区", "110117"),
    ],
)
def test_short_former_and_foreign_names_are_known(vocabulary, name, code):
    assert vocabulary.region(name).code == code


def test_there_are_31_provinces_and_all_their_cities_and_counties(vocabulary):
    provinces = vocabulary.provinces()
    assert len(provinces) == 31
    assert {province.level for province in provinces} == {Level.PROVINCE}
    assert len({province.abbreviation for province in provinces}) == 31


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
