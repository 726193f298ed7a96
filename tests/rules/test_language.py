"""What people type, the canonical form of it, and what they are told when it cannot be read."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import Rule, RuleError, parse_rule
from rules.conditions import And, Saved, Term, Value
from rules.errors import Problem
from rules.language import MAX_CHARACTERS, MAX_DEPTH, saved_names
from tests.rules.strategies import rules

READS_AS = {
    # facets and words
    "省:山西,国家 机构:医保局 (集采 OR 带量采购) -口腔": "省:山西,国家 机构:医保局 (集采 | 带量采购) -口腔",
    'province:安徽 agency:药监局 title:"飞行检查"': "省:安徽 机构:药监局 标题:飞行检查",
    "标题:集采 正文:降价 关键字:耗材": "标题:集采 正文:降价 关键字:耗材",
    "title:a body:b keywords:c": "标题:a 正文:b 关键字:c",
    "类别:医保政策 栏目:要闻 来源:新华社": "类别:医保政策 栏目:要闻 来源:新华社",
    "kind:news 类型:附件,仅目录": "类型:新闻 类型:附件,仅目录",
    "征求意见:是 consultation:no": "征求意见:是 征求意见:否",
    "重要性:4,5星": "重要性:4,5",
    "类别=医保政策": "类别:医保政策",
    "标题:集采,带量采购": "标题:集采,带量采购",
    "标题:(集采 -口腔)": "标题:集采 -标题:口腔",
    "省:(山西 | 国家)": "省:山西,国家",
    # both keyboards
    "省：山西，国家　机构：医保局　（集采　或　带量采购）": "省:山西,国家 机构:医保局 (集采 | 带量采购)",
    "省:山西，机构:医保局": "省:山西 机构:医保局",
    "省: 山西, 国家 集采": "省:山西,国家 集采",
    "省：山西、国家，集采。": "省:山西,国家 集采",
    "机构：医保局、药监局，集采，省：山西": "机构:医保局,药监局 集采 省:山西",
    "集采，带量采购、飞检；": "集采 带量采购 飞检",
    "“飞行 检查” 「双 通道」": '"飞行 检查" "双 通道"',
    "‘飞检’": "飞检",
    "ＤＲＧ ｜ ＤＩＰ": "ＤＲＧ | ＤＩＰ",
    # operators
    "a b | c d": "(a b) | (c d)",
    "a and (b or c) not d": "a (b | c) -d",
    "a 与 b 且 c": "a b c",
    "a 或 b": "a | b",
    "a 非 b": "a -b",
    "a && b || c": "(a b) | c",
    "a --b": "a b",
    "a -(b c)": "a -(b c)",
    "PD-1 CHS-DRG": "PD-1 CHS-DRG",
    "非处方药 或有事项": "非处方药 或有事项",
    "((a))": "a",
    "a a (b | b)": "a b",
    # words that need no more or no less than their characters
    "=集采": "=集采",
    "集采 =带量采购": "集采 =带量采购",
    '="飞行 检查"': '="飞行 检查"',
    '"或" "a|b" "-c" "d:e" "*"': '"或" "a|b" "-c" "d:e" "*"',
    "基本*目录": "基本*目录",
    "集采* ?集采": "集采",
    "国家？本药物": "国家?本药物",
    "*": "*",
    "* -口腔": "* -口腔",
    # places and agencies by any name
    "省:山西省,晋": "省:山西",
    "省:内蒙古自治区": "省:内蒙古",
    "省:太原市,辽宁省朝阳市": "省:太原,朝阳市",
    "省:吉林,吉林市": "省:吉林,吉林市",
    "省:山西/本级": "省:山西/本级",
    "机构:医疗保障局": "机构:医保局",
    "机构:国家医保局": "机构:国家医疗保障局",
    "机构:山西省医保局,省医保局": "机构:山西省医疗保障局,省医保局",
    "机构:药审中心": "机构:药审中心",
    "agency.level:province 级别:国家": "机构级别:省 机构级别:国家",
    # nearness, numbers, dates
    "集采 近:20 降价": "集采 近:20 降价",
    "集采 NEAR：20 (降价 | 下降)": "集采 近:20 (降价 | 下降)",
    "a 近:5 b 近:6 c": "a 近:5 b b 近:6 c",
    "x -(a 近:5 b)": "x -(a 近:5 b)",
    "importance>=4 关注度＜3": "重要性>=4 关注度<3",
    "重要性≥4": "重要性>=4",
    "deadline<14d 截止 <= 2周": "截止<14d 截止<=14d",
    "发布>=2022年12月1日": "发布>=2022-12-01",
    "发布=2022/12/1": "发布=2022-12-01",
    "生效<30天内": "生效<30d",
}


@pytest.mark.parametrize(("typed", "printed"), READS_AS.items())
def test_what_people_type_prints_in_its_canonical_form(typed, printed):
    rule = parse_rule(typed)
    assert str(rule) == printed
    assert parse_rule(printed) == rule


@given(rules)
@settings(max_examples=60, deadline=None)
def test_a_printed_rule_parses_to_the_same_rule(rule):
    assert parse_rule(str(rule)) == rule


@given(st.text('集采省山西:：,，()（）"“”|-=<>*@近 2or或非\n', max_size=25))
@settings(max_examples=60, deadline=None)
def test_any_text_is_a_rule_that_prints_and_parses_again_or_an_error_that_renders(text):
    try:
        rule = parse_rule(text)
    except RuleError as error:
        assert 0 <= error.start <= error.end <= len(text)
        assert error.render("zh") and error.render("en")
    else:
        assert parse_rule(str(rule)) == rule


# What is typed, the problem, the characters under the caret, a suggestion that must be among those given.
MISTAKES = [
    ("", Problem.EMPTY, "", None),
    ("  ，。 ", Problem.EMPTY, "，。", None),
    ("省:安微", Problem.UNKNOWN_REGION, "安微", "安徽"),
    ("省:山西,集采", Problem.UNKNOWN_REGION, "集采", None),
    ("省:朝阳", Problem.SHARED_REGION, "朝阳", "朝阳市"),
    ("机构:医保举", Problem.UNKNOWN_AGENCY, "医保举", "医保局"),
    ("标体:集采", Problem.UNKNOWN_FACET, "标体", "标题"),
    ("provnce:安徽", Problem.UNKNOWN_FACET, "provnce", "province"),
    ("https://www.nhsa.gov.cn", Problem.UNKNOWN_FACET, "https", None),
    ("类型:新文", Problem.UNKNOWN_CHOICE, "新文", "新闻"),
    ("重要性:9", Problem.UNKNOWN_CHOICE, "9", "5"),
    ("标题>3", Problem.NOT_ORDERED, "标题>", "标题:3"),
    ("截止:14d", Problem.NEEDS_COMPARISON, "截止:", "截止<14d"),
    ("截止<很快", Problem.BAD_LIMIT, "很快", "截止<14d"),
    ("发布>=2022-12", Problem.BAD_LIMIT, "2022-12", "发布>=2023-01-31"),
    ("重要性>=6", Problem.BAD_LIMIT, "6", "重要性>=4"),
    ("省:朝阳/本级", Problem.SHARED_REGION, "朝阳/本级", "朝阳市"),
    ("省:江苏/鼓楼", Problem.SHARED_REGION, "江苏/鼓楼", "南京/鼓楼区"),
    ("截止<2023-02-30", Problem.BAD_LIMIT, "2023-02-30", None),
    ("集采 (带量", Problem.UNCLOSED_BRACKET, "(", None),
    ("集采）带量", Problem.UNOPENED_BRACKET, "）", None),
    ("集采 “带量", Problem.UNCLOSED_QUOTE, "“", None),
    ("集采 |", Problem.UNFINISHED, "|", None),
    ("(集采 或) 带量", Problem.UNFINISHED, "或", None),
    ("集采 -", Problem.UNFINISHED, "-", None),
    ("省:", Problem.UNFINISHED, "省:", None),
    ("集采 OR OR 带量", Problem.UNEXPECTED, "OR", None),
    ("近:20 降价", Problem.UNEXPECTED, "近:20", None),
    ("()", Problem.UNEXPECTED, ")", None),
    ("省:山西 近:5 集采", Problem.NEAR_NEEDS_WORDS, "省:山西", None),
    ("集采 近:0 降价", Problem.DISTANCE, "近:0", None),
    ("集*采", Problem.WILDCARD, "集*采", None),
    ("基本*药物*目录*2022*年版", Problem.WILDCARD, "基本*药物*目录*2022*年版", None),
    ("“ ”", Problem.NO_CONTENT, "“ ”", None),
    ("标题:(正文:集采)", Problem.NESTED_PREFIX, "正文:集采", None),
    ("@没有的", Problem.UNKNOWN_SAVED, "@没有的", None),
    ("-口腔", Problem.MATCHES_EVERYTHING, "-口腔", None),
    ("集采 | -口腔", Problem.MATCHES_EVERYTHING, "集采 | -口腔", None),
    ("-(a b)", Problem.MATCHES_EVERYTHING, "-(a b)", None),
]


@pytest.mark.parametrize(("typed", "problem", "found", "suggestion"), MISTAKES)
def test_a_mistake_is_named_with_its_place_and_what_would_be_right(typed, problem, found, suggestion):
    with pytest.raises(RuleError) as caught:
        parse_rule(typed)
    error = caught.value
    assert (error.problem, error.found) == (problem, found)
    assert suggestion is None or suggestion in error.suggestions


def test_an_error_shows_the_line_and_a_caret_under_the_place_in_both_languages():
    with pytest.raises(RuleError) as caught:
        parse_rule("机构:医保局 集采\n省:安微 -口腔")
    assert caught.value.render("zh") == (
        "“安微”不是已知的省市；如果是要查找的词，请用空格与前面隔开；是不是“安徽”？\n"
        "  省:安微 -口腔\n"
        "     ^^^^"
    )
    assert str(caught.value).startswith("“安微” is no known province or city")
    assert str(caught.value).endswith("did you mean 安徽?\n  省:安微 -口腔\n     ^^^^")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        (
            "省：“山西”　集采 ＆降价 机够：医保局",
            "  省：“山西”　集采 ＆降价 机够：医保局\n" + " " * 26 + "^^^^",
        ),
        ("e\u0301\u200b 省:安微", "  e\u0301\u200b 省:安微\n" + " " * 7 + "^^^^"),
        ("集采\t省:安微", "  集采 省:安微\n" + " " * 10 + "^^^^"),
    ],
)
def test_the_caret_stands_under_the_place_whatever_the_width_of_what_is_before_it(typed, shown):
    with pytest.raises(RuleError) as caught:
        parse_rule(typed)
    assert caught.value.render("zh").partition("\n")[2] == shown


@pytest.mark.parametrize("typed", ["集采 !口腔", "集采 ！口腔", "集采 (!口腔)", "集采！ !口腔"])
def test_an_exclamation_mark_before_a_word_denies_it_and_after_one_is_no_part_of_it(typed):
    assert str(parse_rule(typed)) == "集采 -口腔"


def test_a_rule_has_limits_of_length_and_depth():
    parse_rule("(" * MAX_DEPTH + "a" + ")" * MAX_DEPTH)
    with pytest.raises(RuleError, match="inside each other"):
        parse_rule("(" * (MAX_DEPTH + 1) + "a" + ")" * (MAX_DEPTH + 1))
    with pytest.raises(RuleError, match="too long"):
        parse_rule("集" * (MAX_CHARACTERS + 1))
    with pytest.raises(RuleError, match="too long"):  # as it would be printed, with spaces around each sign
        parse_rule("|".join(f"词{number}" for number in range(600)))
    assert parse_rule("a " + "- " * 1001 + "b") == parse_rule("a -b")


def test_a_saved_rule_stands_by_its_name_and_is_read_with_it():
    saved = {"我的集采规则": "集采 | 带量采购"}
    rule = parse_rule("@我的集采规则 省:山西", saved=saved)
    inner = parse_rule("集采 | 带量采购").condition
    assert rule == Rule(And((Saved("我的集采规则", inner), Value("province", "山西"))))
    assert str(rule) == "@我的集采规则 省:山西"
    assert parse_rule(str(rule), saved=saved) == rule
    assert str(rule.expanded) == "(集采 | 带量采购) 省:山西"


def test_saved_rules_that_refer_to_themselves_or_are_wrong_are_refused():
    saved = {"甲": "@乙 集采", "乙": "@甲 降价", "错": "省:安微"}
    with pytest.raises(RuleError, match="refers to itself") as cycle:
        parse_rule("@甲", saved=saved)
    assert cycle.value.found == "@甲"
    with pytest.raises(RuleError, match="安徽") as broken:
        parse_rule("集采 @错", saved=saved)
    assert (broken.value.problem, broken.value.found) == (Problem.SAVED_BROKEN, "@错")


def test_a_saved_rule_that_nobody_saved_is_told_with_the_nearest_names():
    with pytest.raises(RuleError) as unknown:
        parse_rule("省:山西 @我的集踩", saved={"我的集采": "集采", "飞检": "飞检"})
    assert unknown.value.render("zh") == (
        "没有保存过叫“我的集踩”的规则；是不是“@我的集采”？\n  省:山西 @我的集踩\n          ^^^^^^^^^"
    )


def test_a_rule_cannot_be_saved_under_a_name_that_it_leads_back_to():
    saved = {"甲": "集采", "乙": "@甲 降价"}
    assert parse_rule("@甲 飞检", saved=saved, name="丙")
    for text in ("@甲 飞检", "省:山西 @乙"):
        with pytest.raises(RuleError, match="refers to itself"):
            parse_rule(text, saved=saved, name="甲")


def test_names_of_saved_rules_are_found_in_a_rule_and_only_there():
    assert saved_names("＠甲 -(@乙 | 省:山西)，@丙") == {"甲", "乙", "丙"}
    assert saved_names('集采 "@甲" a@b') == set()


def test_a_rule_is_saved_under_one_word_without_signs():
    for name in ("我的集采规则", "DRG", "a-b", "省:x"):
        assert parse_rule("集采", name=name)
        assert str(parse_rule(f"@{name}", saved={name: "集采"})) == f"@{name}"
    for name in ("", "@甲", "甲 乙", "甲，乙", "甲(", '甲"', "集" * 41):
        with pytest.raises(RuleError, match="cannot name a rule"):
            parse_rule("集采", name=name)


def test_saved_rules_cannot_grow_without_end():
    chain = {f"r{level}": f"@r{level + 1} 词{level}" for level in range(9)} | {"r9": "集采"}
    assert parse_rule("@r5", saved=chain)
    with pytest.raises(RuleError, match="too deep"):
        parse_rule("@r0", saved=chain)
    many = {"many": "|".join(f"词{number}" for number in range(550))}
    assert parse_rule("@many", saved=many)
    with pytest.raises(RuleError, match="too many"):
        parse_rule("(@many a) | (@many b)", saved=many)


def test_a_saved_rule_that_matches_everything_but_something_can_be_narrowed():
    rule = parse_rule("集采 @没有口腔", saved={"没有口腔": "* -口腔"})
    assert str(rule.expanded) == "集采 * -口腔"


def test_a_term_keeps_the_characters_that_were_typed():
    assert parse_rule("标题:ＤＲＧ付费").condition == Term("ＤＲＧ付费", "title")
