"""Agencies: a printed issuer is one body whatever it is called, and nothing is guessed."""

import json
import re
from pathlib import Path

import pytest
import yaml

import rules
from rules.vocabulary import Level, default_vocabulary


@pytest.fixture(scope="module")
def vocabulary():
    return default_vocabulary()


@pytest.mark.parametrize(
    ("name", "agency_id"),
    [
        ("国家卫健委", "national.nhc"),
        ("国家卫生健康委", "national.nhc"),
        ("国家卫生健康委员会", "national.nhc"),
        ("国家卫生健康委员会办公厅", "national.nhc"),
        ("国家卫生健康委药政司", "national.nhc"),
        ("卫生部", "national.nhc"),
        ("原国家卫生计生委", "national.nhc"),
        ("國家醫療保障局", "national.nhsa"),
        ("国 家 医 保 局", "national.nhsa"),
        ("国家食品药品监督管理总局", "national.nmpa"),
        ("国家药监局综合司", "national.nmpa"),
        ("药审中心", "national.cde"),
        ("国务院办公厅", "national.gov"),
        ("国务院扶贫办", "national.nrra"),
        ("财政部社会保障司", "national.mof"),
        ("国家联采办", "national.procurement"),
        ("国务院应对新型冠状病毒感染疫情联防联控机制综合组", "national.jpcm"),
        ("国务院深化医药卫生体制改革领导小组秘书处", "national.medreform"),
        ("山西省医疗保障局", "shanxi.nhsa"),
        ("山西医保局", "shanxi.nhsa"),
        ("广东省药品监督管理局（代章）", "guangdong.nmpa"),
        ("陕西省药品监督管理局办公室", "shaanxi.nmpa"),
        ("北京市中医管理局", "beijing.natcm"),
        ("内蒙古自治区人力资源社会保障厅", "neimenggu.mohrss"),
        ("安徽省药品监督管理局安庆分局", "anhui.nmpa"),
        ("上海市人民政府办公厅", "shanghai.gov"),
        ("中共山西省委办公厅", "shanxi.party"),
        ("中国银保监会山西监管局", "shanxi.nfra"),
        ("国家税务总局山西省税务局", "shanxi.sta"),
        ("重庆药品交易所", "chongqing.procurement"),
        ("上海市医药集中招标采购事务管理所", "shanghai.procurement"),
        ("某某省医保局", None),
        ("湖南省新型冠状病毒肺炎疫情防控工作领导小组办公室", "hunan.jpcm"),
        ("新疆生产建设兵团医疗保障局", "bingtuan.nhsa"),
        ("江苏省南京市鼓楼区卫健委", "320106.nhc"),
        ("太原市医保局", "140100.nhsa"),
        ("襄樊市卫生局", "420600.nhc"),
        ("海南州医保局", "632500.nhsa"),
        ("海南医保局", "hainan.nhsa"),
        ("吉林市医保局", "220200.nhsa"),
        ("吉林医保局", "jilin.nhsa"),
        ("吉林省吉林市医保局", "220200.nhsa"),
        ("青海省海南州医保局", "632500.nhsa"),
        ("辽宁省朝阳市医保局", "211300.nhsa"),
        ("北京市朝阳区卫健委", "110105.nhc"),
        ("国家食药监总局药审中心", "national.cde"),
        ("安徽省药品监督管理局药品审评中心", "anhui.cde"),
        ("国家外汇管理局山西省分局", "shanxi.safe"),
    ],
)
def test_a_printed_name_resolves(vocabulary, name, agency_id):
    agency = vocabulary.agency(name)
    assert (agency and agency.id) == agency_id


# The State Council's departments, offices, institutions and the bureaus under departments, as of 2023.
STATE_COUNCIL = """
外交部 国防部 国家发展和改革委员会 教育部 科学技术部 工业和信息化部 国家民族事务委员会 公安部
国家安全部 民政部 司法部 财政部 人力资源和社会保障部 自然资源部 生态环境部 住房和城乡建设部
交通运输部 水利部 农业农村部 商务部 文化和旅游部 国家卫生健康委员会 退役军人事务部 应急管理部
中国人民银行 审计署 国务院国有资产监督管理委员会 海关总署 国家税务总局 国家市场监督管理总局
国家金融监督管理总局 中国证券监督管理委员会 国家广播电视总局 国家体育总局 国家信访局 国家统计局
国家知识产权局 国家国际发展合作署 国家医疗保障局 国务院参事室 国家机关事务管理局 国务院研究室
新华通讯社 中国科学院 中国社会科学院 中国工程院 国务院发展研究中心 中央广播电视总台 中国气象局
国家粮食和物资储备局 国家能源局 国家数据局 国家国防科技工业局 国家烟草专卖局 国家移民管理局
国家林业和草原局 国家铁路局 中国民用航空局 国家邮政局 国家文物局 国家中医药管理局 国家疾病预防控制局
国家矿山安全监察局 国家消防救援局 国家外汇管理局 国家药品监督管理局 国家公务员局 国家档案局
国家保密局 国家密码管理局
"""


@pytest.mark.parametrize("name", STATE_COUNCIL.split())
def test_every_body_of_the_state_council_is_known_with_its_offices(vocabulary, name):
    agency = vocabulary.agency(name)
    assert (agency.level, agency.name) == (Level.NATIONAL, name)
    assert vocabulary.agency(f"{name}办公厅") == agency


# Bodies that the reforms of 2008 to 2023 renamed or merged, and names that a body bears besides its own.
OTHER_NAMES = {
    "卫生部": "nhc",
    "国家人口和计划生育委员会": "nhc",
    "国家食品药品监督管理局": "nmpa",
    "国家质量监督检验检疫总局": "samr",
    "国家工商行政管理总局": "samr",
    "国家反垄断局": "samr",
    "环境保护部": "mee",
    "国家核安全局": "mee",
    "国土资源部": "mnr",
    "国家海洋局": "mnr",
    "农业部": "moa",
    "文化部": "mct",
    "国家旅游局": "mct",
    "国家安全生产监督管理总局": "mem",
    "国务院法制办公室": "moj",
    "国家林业局": "forestry",
    "国家粮食局": "grain",
    "铁道部": "railway",
    "国家新闻出版广电总局": "nrta",
    "国家新闻出版署": "propaganda",
    "国家版权局": "propaganda",
    "国家外国专家局": "mohrss",
    "国家语言文字工作委员会": "moe",
    "国家航天局": "miit",
    "国家煤矿安全监察局": "mine_safety",
    "中国银行保险监督管理委员会": "nfra",
    "国务院扶贫开发领导小组办公室": "nrra",
    "最高检": "spp",
}


@pytest.mark.parametrize(("name", "kind"), OTHER_NAMES.items())
def test_former_and_further_names_of_a_national_body_are_its_own(vocabulary, name, kind):
    assert vocabulary.agency(name).id == f"national.{kind}"


def test_every_kind_of_agency_says_where_its_names_are_from():
    kinds = yaml.safe_load((Path(rules.__file__).parent / "data" / "agencies.yaml").read_text("utf-8"))[
        "agencies"
    ]
    unsaid = [
        key for key, kind in kinds.items() if not re.search(r"\[[A-Z]+( \d+)?\]|form of", kind["source"])
    ]
    assert unsaid == []


NO_AGENCIES = ["财政部门", "中国药学会", "山西医科大学第一医院", "北京大学", "南京鼓楼医院", "国务院国资研究"]
TOO_LITTLE = ["省医保局", "医保局", "市政府", "鼓楼区卫健委", "国家医保局国家药监局"]


@pytest.mark.parametrize("name", [*NO_AGENCIES, *TOO_LITTLE, ""])
def test_what_says_too_little_or_is_no_agency_stays_unresolved(vocabulary, name):
    assert vocabulary.agency(name) is None


@pytest.mark.parametrize(
    ("name", "province", "agency_id"),
    [
        ("省医保局", "山西", "shanxi.nhsa"),
        ("医保局", "山西", "shanxi.nhsa"),
        ("医保局", "国家", "national.nhsa"),
        ("省医保局", "太原市", "shanxi.nhsa"),
        ("市医保局", "太原市", "140100.nhsa"),
        ("市政府", "上海", "shanghai.gov"),
        ("市政府", "山西", None),
        ("省卫健委", "西藏", None),
        ("自治区卫健委", "西藏", "xizang.nhc"),
        ("省府办公厅", "广东", "guangdong.gov"),
        ("朝阳区医保局", "北京", "110105.nhsa"),
        ("鼓楼区卫健委", "江苏", None),
        ("国家组织药品联合采购办公室", "山西", "national.procurement"),
        ("财政部", "山西", "national.mof"),
        ("河北省财政厅", "山西", "hebei.mof"),
        ("医保局", "火星", None),
    ],
)
def test_the_context_says_whose_agency_is_meant(vocabulary, name, province, agency_id):
    agency = vocabulary.agency(name, province=province)
    assert (agency and agency.id) == agency_id


def test_an_agency_knows_its_name_kind_level_and_parent(vocabulary):
    centre = vocabulary.agency("国家药监局药审中心")
    assert (centre.kind, centre.level, centre.parent) == ("cde", Level.NATIONAL, "national.nmpa")
    assert [a.id for a in vocabulary.agency_lineage(centre)] == ["national.cde", "national.nmpa"]
    assert vocabulary.agency("北京市中医局").name == "北京市中医管理局"
    assert vocabulary.agency("上海市财政局").name == "上海市财政局"
    assert vocabulary.agency("山西财政厅").name == "山西省财政厅"


@pytest.mark.parametrize("agency_id", ["national.nhsa", "shanxi.nmpa", "140100.nhsa", "bingtuan.nhc"])
def test_an_id_leads_back_to_its_agency(vocabulary, agency_id):
    assert vocabulary.agency_by_id(agency_id).id == agency_id


@pytest.mark.parametrize("agency_id", ["山西.nhsa", "shanxi.xyz", "nowhere.nhsa", "140000.nhsa", "nhsa", ""])
def test_an_id_that_is_none_is_refused(vocabulary, agency_id):
    assert vocabulary.agency_by_id(agency_id) is None


def test_a_kind_answers_to_its_names_at_any_level(vocabulary):
    assert vocabulary.agency_kind("医保局") == vocabulary.agency_kind("医疗保障局") == "nhsa"
    assert vocabulary.agency_kind("联采办") == "procurement"
    assert vocabulary.agency_kind("山西") is None
    assert vocabulary.agency_kinds()["nhc"] == "卫健委"


def test_joint_issuers_lend_their_place_to_the_bare_names_after_them(vocabulary):
    agencies = vocabulary.resolve_agencies(
        ["安徽省药品监督管理局", "省卫生健康委员会", "医疗保障局", "某协会"]
    )
    assert [a and a.id for a in agencies] == ["anhui.nmpa", "anhui.nhc", "anhui.nhsa", None]


@pytest.mark.parametrize(
    ("run", "names", "truncated"),
    [
        ("国家卫生健康委 国家中医药局", ["国家卫生健康委", "国家中医药局"], False),
        (
            "财政部\u2002海关总署\u2002税务总局\u2002药监局",
            ["财政部", "海关总署", "税务总局", "药监局"],
            False,
        ),
        ("国家医保局、财政部，民政部", ["国家医保局", "财政部", "民政部"], False),
        ("国家卫生健康委员\n会 国家中医药管理\n局", ["国家卫生健康委员会", "国家中医药管理局"], False),
        ("国家药监局\t公 安 部", ["国家药监局", "公安部"], False),
        ("国家卫生健康委办公厅民政部办公厅", ["国家卫生健康委办公厅", "民政部办公厅"], False),
        ("国家医保局会同财政部", ["国家医保局", "财政部"], False),
        ("重庆市人力资源和社会保障局", ["重庆市人力资源和社会保障局"], False),
        ("国家中医药局等", ["国家中医药局"], True),
        ("国家卫生健康委 教育部等11部门", ["国家卫生健康委", "教育部"], True),
        ("国家医保局 等七个部门", ["国家医保局"], True),
        ("省医保局 省财政厅", ["省医保局", "省财政厅"], False),
        ("甲乙丙学会 丁戊己协会", ["甲乙丙学会", "丁戊己协会"], False),
        ("", [], False),
    ],
)
def test_a_run_of_joint_issuers_is_parted_as_printed(vocabulary, run, names, truncated):
    assert vocabulary.split_agencies(run) == (names, truncated)


@pytest.mark.parametrize(
    ("number", "ids"),
    [
        ("医保发〔2025〕33号", ["national.nhsa"]),
        ("国卫办医函﹝2022﹞386 号", ["national.nhc"]),
        ("药监综械注〔2022〕1号", ["national.nmpa"]),
        ("国令第828号", ["national.gov"]),
        ("国家医疗保障局令 第5号", ["national.nhsa"]),
        ("国家药监局公告2026年第9号", ["national.nmpa"]),
        ("晋医保发(2022)14号", ["shanxi.nhsa"]),
        ("内卫中（蒙）传承发〔2022〕10号", ["neimenggu.nhc"]),
        ("冀防领医疗〔2022〕153号", ["hebei.jpcm"]),
        ("津政办规〔2022〕3号", ["tianjin.gov"]),
        ("新兵医保〔2022〕1号", ["bingtuan.nhsa"]),
        ("秦医保规〔2023〕1号", ["130300.nhsa"]),
        ("黑市医保发〔2023〕1号", ["231100.nhsa"]),
        ("赣市医保〔2022〕1号", ["360700.nhsa"]),
        ("甬医保发〔2021〕5号", ["330200.nhsa"]),
        ("苏府〔2021〕5号", ["320500.gov"]),
        ("苏政发〔2021〕5号", ["jiangsu.gov"]),
        ("赣发〔2022〕1号", ["jiangxi.party"]),
        ("渝发改价格〔2022〕1号", ["chongqing.ndrc"]),
        ("晋政文〔2022〕1号", ["350582.gov"]),
        ("的通知渝府发〔2021〕5号", ["chongqing.gov"]),
        ("青政发〔2022〕1号", ["qinghai.gov", "370200.gov"]),
        ("丽政发〔2023〕30号", ["331100.gov", "530700.gov"]),
        ("市医保发〔2022〕1号", []),
        ("铜医保发〔2022〕1号", []),
        ("公告（2022年第115号）", []),
        ("2022年第115号", []),
        ("000014349/2018-00222", []),
        ("", []),
    ],
)
def test_a_document_number_tells_its_issuer_or_nothing(vocabulary, number, ids):
    assert [agency.id for agency in vocabulary.issuer_of_number(number).agencies] == ids


def test_a_shared_prefix_needs_the_province(vocabulary):
    issuer = vocabulary.issuer_of_number("宁医保发〔2023〕1号")
    assert issuer.agency is None
    assert issuer.region is None
    assert vocabulary.issuer_of_number("宁医保发〔2023〕1号", province="宁夏").agency.id == "ningxia.nhsa"


def test_a_prefix_shared_within_one_province_still_tells_the_province(vocabulary):
    issuer = vocabulary.issuer_of_number("苏医保发〔2023〕1号")
    assert issuer.agency is None
    assert issuer.region.short == "江苏"


def test_a_known_place_with_an_unknown_office_tells_the_place(vocabulary):
    issuer = vocabulary.issuer_of_number("渝绿容〔2022〕1号")
    assert issuer.agencies == ()
    assert issuer.region.short == "重庆"


def _notices(shared):
    return json.loads((shared / "gold/monthly-2022-12.json").read_text("utf-8"))["notices"]


def test_every_printed_issuer_of_a_real_digest_resolves_to_its_province(vocabulary, shared):
    for notice in _notices(shared):
        for name in notice["agencies"]:
            agency = vocabulary.agency(name)
            assert agency, name
            assert (vocabulary.province_of(agency.region) or agency.region).short in notice["province"], name


def test_no_document_number_of_a_real_digest_is_given_to_somebody_else(vocabulary, shared):
    for notice in _notices(shared):
        printed = {agency.id for agency in vocabulary.resolve_agencies(notice["agencies"]) if agency}
        issuer = vocabulary.issuer_of_number(notice["doc_number"] or "")
        assert not issuer.regions or printed & {agency.id for agency in issuer.agencies}, notice["doc_number"]


def test_every_agency_of_the_source_catalogue_resolves(vocabulary, shared):
    sources = json.loads((shared / "catalogue/sources.json").read_text("utf-8"))["sources"]
    unresolved = set()
    for source in sources:
        name, province = source["agency"], source["province"]
        agency = vocabulary.agency(name, province=province)
        for separator in " ·/(（":  # a column's name follows the agency's
            agency = agency or vocabulary.agency(name.split(separator)[0], province=province)
        if agency is None:
            unresolved.add(name)
        else:
            assert (vocabulary.province_of(agency.region) or agency.region).short == province, name
    assert {name.split()[0] for name in unresolved} <= {"国务院部门文件(各部委)", "医药梦网"}
