"""Agencies and provinces resolved from what a notice prints."""

from dataclasses import replace

import pytest

from monitor.parsing.resolve import resolve
from monitor.types import Notice, NoticeKind


def notice(title: str = "关于门诊用药的通知", *agencies: str, number: str | None = None) -> Notice:
    return Notice(title=title, agencies=agencies, doc_number=number)


@pytest.mark.parametrize(
    ("agency", "agency_id"),
    [
        ("国家卫健委", "national.nhc"),
        ("国家卫生健康委", "national.nhc"),
        ("国家卫生健康委员会", "national.nhc"),
        ("国家卫生健康委办公厅", "national.nhc"),
        ("国家药监局综合司", "national.nmpa"),
        ("山西省医疗保障局", "shanxi.nhsa"),
        ("内蒙古自治区卫生健康委", "neimenggu.nhc"),
        ("中国银保监会山西监管局", "shanxi.nfra"),
    ],
)
def test_an_agency_is_the_same_by_each_of_its_names(agency: str, agency_id: str) -> None:
    assert resolve(notice("关于门诊用药的通知", agency)).agency_ids == (agency_id,)


def test_a_city_counts_for_its_province_and_keeps_its_own_code() -> None:
    resolved = resolve(notice("关于门诊用药的通知", "太原市医疗保障局"))
    assert (resolved.provinces, resolved.regions) == (("山西",), ("140100",))


def test_a_national_notice_is_of_the_country_and_of_no_division() -> None:
    resolved = resolve(notice("关于门诊用药的通知", "国家医保局", "财政部"))
    assert (resolved.provinces, resolved.regions) == (("国家",), ())


def test_a_joint_notice_has_every_province_and_no_agency_twice() -> None:
    resolved = resolve(notice("关于就医结算的通知", "北京市医疗保障局", "北京市医保局", "河北省医疗保障局"))
    assert resolved.agency_ids == ("beijing.nhsa", "hebei.nhsa")
    assert resolved.provinces == ("北京", "河北")


@pytest.mark.parametrize(
    ("title", "provinces"),
    [
        ("山西：关于门诊用药的通知", ("山西",)),
        ("内蒙古: 关于门诊用药的通知", ("内蒙古",)),
        ("京津冀：关于门诊用药的通知", ("北京", "天津", "河北")),
        ("四川、重庆：关于门诊用药的通知", ("四川", "重庆")),
        ("长三角：关于门诊用药的通知", ("上海", "江苏", "浙江", "安徽")),
        ("太原：关于门诊用药的通知", ("山西",)),
    ],
)
def test_the_place_before_a_title_gives_the_province(title: str, provinces: tuple[str, ...]) -> None:
    assert resolve(notice(title)).provinces == provinces


def test_the_place_before_a_title_says_whose_bureau_is_meant() -> None:
    assert resolve(notice("山西：关于门诊用药的通知", "省医保局")).agency_ids == ("shanxi.nhsa",)


def test_a_title_that_begins_with_its_agency_needs_no_other_word() -> None:
    resolved = resolve(notice("国家药监局 海关总署关于药品进口的公告"))
    assert resolved.agency_ids == ("national.nmpa", "national.gacc")
    assert resolved.provinces == ("国家",)


def test_a_number_speaks_where_nothing_else_does_unless_two_regions_share_it() -> None:
    assert resolve(notice(number="晋医保发〔2022〕14号")).agency_ids == ("shanxi.nhsa",)
    assert resolve(notice(number="晋医保发〔2022〕14号")).provinces == ("山西",)
    shared = resolve(notice(number="宁医保发〔2022〕14号"))
    assert (shared.agency_ids, shared.provinces) == ((), ())


def test_a_place_in_the_title_is_the_last_resort() -> None:
    assert resolve(notice("关于印发湖北省肿瘤放射治疗规范的通知")).provinces == ("湖北",)
    assert resolve(notice("关于京津冀转外就医及湖北省门诊用药的通知")).provinces == ("湖北",)
    assert resolve(notice("关于湖北省与湖南省异地就医的通知")).provinces == ()


def test_an_agency_that_nobody_knows_still_has_a_place() -> None:
    resolved = resolve(notice("关于门诊用药的通知", "云南省某某工作站"))
    assert (resolved.agency_ids, resolved.provinces) == ((), ("云南",))


def test_a_sources_province_helps_and_does_not_overrule() -> None:
    from_shanxi = replace(notice("关于门诊用药的通知", "省医保局"), provinces=("山西",))
    reposted = replace(notice("关于门诊用药的通知", "国家医保局"), provinces=("山西",))
    silent = replace(notice(), provinces=("山西",))
    assert resolve(from_shanxi).agency_ids == ("shanxi.nhsa",)
    assert resolve(reposted).provinces == ("国家",)
    assert resolve(silent).provinces == ("山西",)


def test_contradictions_are_told_and_nothing_is_thrown_away() -> None:
    marked = resolve(notice("山西：关于门诊用药的通知", "安徽省医疗保障局"))
    assert set(marked.provinces) == {"山西", "安徽"}
    assert any("标题标明山西" in warning for warning in marked.warnings)
    numbered = resolve(notice("关于门诊用药的通知", "安徽省医疗保障局", number="晋医保发〔2022〕14号"))
    assert numbered.provinces == ("安徽",)
    assert any("属于山西" in warning for warning in numbered.warnings)


def test_a_notice_of_nowhere_says_so_and_an_article_need_not() -> None:
    assert any("未能判定所属省份" in warning for warning in resolve(notice()).warnings)
    assert resolve(replace(notice(), kind=NoticeKind.NEWS)).warnings == ()


def test_resolving_twice_changes_nothing() -> None:
    once = resolve(
        notice("山西：关于门诊用药的通知", "省医保局", "太原市卫健委", number="晋医保发〔2022〕14号")
    )
    assert resolve(once) == once
