"""What the index promises besides agreeing with the naive evaluator."""

import datetime as dt
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.types import Attachment, Interpretation, Notice, NoticeKind
from rules import Reason, RuleError, RuleIndex, default_vocabulary, parse_rule
from rules.conditions import And, Condition
from rules.index.compiling import Compiler
from rules.index.graph import Graph
from rules.index.stored import StoredIndexError, load, save
from tests.rules.strategies import rules

TODAY = dt.date(2023, 1, 15)
NOTICE = Notice(
    title="山西省医疗保障局关于做好药品集中带量采购工作的通知",
    agencies=("山西省医疗保障局",),
    agency_ids=("shanxi.nhsa",),
    provinces=("山西",),
    regions=("140000",),
    doc_number="晋医保发〔2022〕14号",
    category="医保政策",
    keywords=("带量采购", "DRG 付费"),
    body="各市医疗保障局：\n为落实国家组织药品集中带\n量采购中选结果，平均降价百分之五十。开展飞行检\n查。",
    comment_deadline=dt.date(2023, 1, 20),
    published_date=dt.date(2023, 1, 10),
)


def hits(rule: str, notice: Notice = NOTICE) -> bool:
    index = RuleIndex()
    index.add("rule", parse_rule(rule))
    return bool(index.match(notice, today=TODAY))


def reasons(rule: str, notice: Notice = NOTICE) -> list[Reason]:
    index = RuleIndex()
    index.add("rule", parse_rule(rule))
    (match,) = index.match(notice, today=TODAY)
    return list(match.reasons)


@pytest.mark.parametrize(
    "rule",
    [
        "集采",  # by its other name
        "飞检",  # over a line end inside a word
        "飞行检查 降价 -口腔",
        "drg付费",  # over a layout space, in another letter case
        "藥品集中帶量採購",  # in traditional characters
        "ＤＲＧ",
        "晋医保发（2022）14号",
        "标题:集采 关键字:带量采购 正文:中选结果 类别:医保",
        "省:山西,国家 机构:医保局",
        "省:国家 | 省:山西",
        "省:山西/本级",
        "机构:省医保局 机构级别:省",
        "机构:山西省医疗保障局",
        "药品 近:10 降价 | 中选结果 近:4 降价",
        "药品*采购 飞行?查",
        "截止<7d 截止>4d 截止=5d 发布<7d 发布>=2023-01-10",
        "征求意见:否 类型:通知",
        "* -省:北京",
    ],
)
def test_a_hit_is_not_hidden(rule):
    assert hits(rule)


@pytest.mark.parametrize(
    "rule",
    [
        "=集采",  # these characters and no others
        "标题:飞检",
        "关键字:中选结果",
        "省:国家",
        "省:太原",
        "省:山西 -机构:医保局",
        "机构:国家医疗保障局",
        "机构:市医保局",
        "集采 -降价",
        "药品 近:3 降价",
        "药品*降价",  # more than the wildcard spans
        "截止<5d",
        "截止<3d | 失效<9999d",
        "发布<3d",
        "重要性>=1",
        "付费各市",  # from one field into the next
    ],
)
def test_nothing_else_hits(rule):
    assert not hits(rule)


def test_a_rule_on_a_province_takes_its_cities_and_not_the_country():
    city = replace(NOTICE, agencies=("太原市医疗保障局",), agency_ids=("140100.nhsa",), regions=("140100",))
    national = replace(NOTICE, agency_ids=("national.nhsa",), provinces=("国家",), regions=())
    assert hits("省:山西", city) and hits("省:太原", city) and hits("机构:医保局", city)
    assert not hits("省:山西/本级", city) and not hits("机构:省医保局", city)
    assert not hits("省:山西", national) and hits("省:山西,国家", national)


def test_an_agency_takes_its_offices_and_the_bodies_under_it():
    office = replace(NOTICE, agencies=("药审中心",), agency_ids=("national.cde",), provinces=("国家",))
    assert hits("机构:国家药监局", office) and hits("机构:药监局", office) and hits("机构:药审中心", office)
    assert not hits("机构:核查中心", office)


def test_a_provinces_leading_group_against_an_epidemic_is_of_the_kind_of_the_joint_mechanism():
    national = Notice(title="通知", agency_ids=("national.jpcm",), provinces=("国家",))
    provincial = Notice(title="通知", agency_ids=("hunan.jpcm",), provinces=("湖南",))
    assert hits("机构:联防联控机制", national) and hits("机构:联防联控机制", provincial)
    assert hits("机构:国家级联防联控机制", national) and not hits("机构:国家级联防联控机制", provincial)
    assert hits("机构:省联防联控机制", provincial) and not hits("机构:领导小组", provincial)


def test_what_a_notice_met_can_be_looked_into_in_any_order_and_does_not_change():
    index = RuleIndex()
    index.extend((number, "集采") for number in range(40))
    matches = index.match(NOTICE)
    assert (len(matches), matches[3].rule_id, matches[-1].rule_id) == (40, 3, 39)
    assert matches[5:7].rule_ids == [5, 6]
    for number in range(30):
        index.remove(number)
    index.extend((f"new {number}", "集采") for number in range(40))
    assert matches.rule_ids == list(range(40)) == [match.rule_id for match in matches]
    assert matches[0].reasons == ()  # the rule is gone by now
    assert matches[39].reasons
    with pytest.raises(IndexError):
        matches[40]


def test_a_rule_of_which_several_alternatives_hit_is_met_once():
    index = RuleIndex()
    index.extend([("a", "集采 | 降价 | 药品"), ("b", "省:山西 (集采 | 降价)"), ("c", "* (-口腔 | 集采)")])
    assert index.match(NOTICE).rule_ids == ["a", "b", "c"]


def test_a_deadline_that_has_passed_is_no_longer_near():
    passed = replace(NOTICE, comment_deadline=dt.date(2023, 1, 14))
    assert not hits("截止<14d", passed)
    assert hits("截止<2023-02-01", passed)


def test_words_are_looked_for_in_attachments_and_interpretations_too():
    notice = replace(
        NOTICE,
        attachments=(Attachment("1.耗材挂网目录.xlsx"),),
        interpretations=(Interpretation("专家解读", "长护险如何落地"),),
    )
    assert hits("耗材挂网目录", notice) and hits("正文:长护险", notice)


def test_the_source_of_a_notice_is_found_only_by_its_facet():
    notice = replace(NOTICE, source_name="新华社", source_id="xinhua.health")
    assert hits("来源:新华社", notice) and hits("来源:xinhua", notice)
    assert not hits("新华社", notice)


def test_a_reason_shows_the_hit_in_its_sentence_as_printed():
    facet, word = reasons("省:山西 飞检")
    assert facet == Reason("province", "山西", None, "provinces", "山西", 0, 2)
    assert (word.facet, word.term, word.alias, word.field) == ("text", "飞检", "飞行检查", "body")
    assert word.snippet == "开展飞行检\n查。"
    assert word.snippet[word.start : word.end] == "飞行检\n查"


def test_a_reason_prefers_the_title_and_there_the_term_itself():
    (reason,) = reasons("带量采购")
    assert (reason.field, reason.alias) == ("title", None)
    assert reason.snippet[reason.start : reason.end] == "带量采购"


def test_every_condition_that_is_met_gives_a_reason():
    told = reasons("省:山西 机构:医保局 (降价 | 飞检 | 长护险) 截止<14d 类别:医保 -口腔")
    assert [(reason.facet, reason.term) for reason in told] == [
        ("province", "山西"),
        ("agency", "医保局"),
        ("category", "医保"),
        ("deadline", "截止<14d"),
        ("text", "降价"),
        ("text", "飞检"),
    ]
    assert told[1].snippet == "山西省医疗保障局"
    assert told[3].snippet == "2023-01-20"


def test_a_term_is_told_as_each_rule_wrote_it():
    index = RuleIndex()
    for rule_id, text in enumerate(("DRG", "drg", "=DRG", "ＤＲＧ", "标题:集采", "=集采 | 集采")):
        index.add(rule_id, parse_rule(text))
    told = {match.rule_id: [reason.term for reason in match.reasons] for match in index.match(NOTICE)}
    assert told == {0: ["DRG"], 1: ["drg"], 2: ["DRG"], 3: ["ＤＲＧ"], 4: ["集采"], 5: ["集采"]}


def test_a_rule_that_is_added_again_takes_the_place_of_the_old():
    index = RuleIndex()
    index.add("a", parse_rule("集采"))
    index.settle()
    index.add("a", parse_rule("口腔"))
    assert len(index) == 1 and not index.match(NOTICE)
    index.settle()
    index.add("a", parse_rule("集采"))
    assert [match.rule_id for match in index.match(NOTICE)] == ["a"]


def test_a_removed_rule_is_gone_before_and_after_settling():
    index = RuleIndex()
    index.add("a", parse_rule("集采"))
    index.add("b", parse_rule("集采"))
    (kept, _) = index.match(NOTICE)
    index.remove("a")
    assert "a" not in index and "b" in index
    assert [match.rule_id for match in index.match(NOTICE)] == ["b"]
    index.settle()
    assert [match.rule_id for match in index.match(NOTICE)] == ["b"]
    assert kept.reasons == ()
    with pytest.raises(KeyError):
        index.remove("a")


def test_rules_that_cannot_be_read_are_told_and_the_others_are_in():
    index = RuleIndex()
    problems = index.extend([(1, "集采"), (2, "省:安微"), (3, parse_rule("口腔")), (4, "集采 (")])
    assert [(rule_id, type(error)) for rule_id, error in problems] == [(2, RuleError), (4, RuleError)]
    assert len(index) == 2


WORDS = (
    "集采",
    "甲",
    "国家",
    "山西",
    "省:",
    "省：",
    "标题:",
    "近:3",
    "重要性>=4",
    "或",
    "AND",
    "/本级",
    "4",
    "@",
)
SIGNS = tuple('="“” 　,，、()（）|-*?>\n')


@given(st.lists(st.sampled_from(WORDS + SIGNS), max_size=9).map("".join))
@settings(max_examples=60, deadline=None)
def test_text_in_any_form_is_read_as_the_language_reads_it(text):
    compiler = Compiler(Graph(), default_vocabulary())
    compiler.compile_text("甲 国家 集采 省:山西 重要性>=4")  # what is known already is read in another way
    try:
        rule = parse_rule(text)
    except RuleError:
        with pytest.raises(RuleError):
            compiler.compile_text(text)
    else:
        read, meant = compiler.compile_text(text), compiler.compile(rule.condition)
        assert set(parts(compiler.condition(read))) == set(parts(compiler.condition(meant)))


def parts(condition: Condition) -> tuple[Condition, ...]:
    return condition.parts if isinstance(condition, And) else (condition,)


@given(rules)
@settings(max_examples=70, deadline=None)
def test_a_rule_and_its_text_are_the_same_to_the_index(rule):
    compiler = Compiler(Graph(), default_vocabulary())
    from_text, from_rule = compiler.compile_text(str(rule)), compiler.compile(rule.condition)
    assert set(map(frozenset, from_text)) == set(map(frozenset, from_rule))


def test_matching_goes_on_while_thousands_of_rules_come_and_go():
    index = RuleIndex()
    index.extend((number, f"集采 | 新词{number}") for number in range(3000))
    failures: list[object] = []
    stop = threading.Event()

    def keep_matching() -> None:
        while not stop.is_set():
            found = {match.rule_id for match in index.match(NOTICE)}
            if not set(range(3000)) <= found:
                failures.append(found)

    matching = threading.Thread(target=keep_matching)
    matching.start()
    for number in range(3000, 9000):
        index.add(number, f"集采 别词{number % 500} | 带量采购 词{number}")
        if number % 3 == 0:
            index.remove(number)
    stop.set()
    matching.join()
    assert not failures
    assert len(index) == 7000
    index.settle()
    assert {match.rule_id for match in index.match(NOTICE)} == set(range(3000))


def test_a_stored_index_is_the_same_index(tmp_path):
    index = RuleIndex()
    texts = ["集采", "省:山西 (飞检 | 口腔)", "药品*采购", "药品 近:15 降价", "截止<7d", "(集采 降价) | 口腔"]
    index.extend(enumerate(texts))
    index.add("a name", "=降价 -口腔")
    index.remove(0)
    save(index, tmp_path / "rules.index", "as of change 7", ("mark", 7))
    again, about = load(tmp_path / "rules.index", "as of change 7")
    assert about == ("mark", 7)
    for one in (index, again):
        one.add("later", "带量采购")
        one.remove(1)
    matches = again.match(NOTICE, today=TODAY)
    assert [match.rule_id for match in matches] == [2, 3, 4, 5, "a name", "later"]
    expected = [match.reasons for match in index.match(NOTICE, today=TODAY)]
    assert [match.reasons for match in matches] == expected


def test_a_stored_index_that_cannot_be_used_says_why(tmp_path):
    path = tmp_path / "rules.index"
    with pytest.raises(StoredIndexError, match="cannot be read"):
        load(path, "today")
    save(RuleIndex(), path, "yesterday")
    assert path.stat().st_mode & 0o077 == 0
    with pytest.raises(StoredIndexError, match="other rules"):
        load(path, "today")
    whole = path.read_bytes()
    for damaged in (whole[:-20], whole[:60], whole[:-100] + b"?" + whole[-99:], whole + b"\n"):
        path.write_bytes(damaged)
        with pytest.raises(StoredIndexError, match=r"damaged|other rules"):
            load(path, "yesterday")


def test_an_empty_index_matches_nothing_and_a_listed_notice_is_matched_by_its_title():
    assert not RuleIndex().match(NOTICE)
    assert hits("类型:仅目录 集采", Notice(kind=NoticeKind.LISTED, title="关于药品集采的通知"))


def test_a_match_that_breaks_off_leaves_nothing_behind():
    graph = Graph()
    first, second = graph.trigger(0.1), graph.trigger(0.1)
    both = graph.all_of([first, second])

    def broken(_):
        raise ZeroDivisionError

    def nothing(_):
        return np.empty(0, np.int32)

    with pytest.raises(ZeroDivisionError), graph.given(np.array([first >> 1], np.int32), broken):
        pass
    with graph.given(np.array([second >> 1, second >> 1], np.int32), nothing) as (nodes, truth):
        assert nodes.tolist() == [second >> 1]
        assert not truth[both]


def test_the_program_can_end_while_new_words_are_sorted_in():
    program = """
from rules import RuleIndex
index = RuleIndex()
for number in range(5010):
    index.add(number, f"集采{number}")
"""
    subprocess.run([sys.executable, "-c", program], check=True, cwd=Path(__file__).parents[2])
