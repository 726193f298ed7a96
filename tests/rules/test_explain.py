"""Why a rule matched, what kept it from matching, and what keeps it from ever matching."""

import datetime as dt

import pytest

from monitor.types import Notice
from rules import parse_rule
from rules.explain import explain

TODAY = dt.date(2023, 1, 15)
NOTICE = Notice(
    title="关于开展药品集中带量采购的通知",
    agencies=("山西省医疗保障局",),
    agency_ids=("shanxi.nhsa",),
    provinces=("山西",),
    body="平均降价百分之五十，口腔种植除外。",
    importance=3,
)


def explained(rule: str):
    return explain(parse_rule(rule), NOTICE, today=TODAY)


def test_a_match_is_explained_by_its_reasons():
    explanation = explained("省:山西 集采 -飞检")
    assert explanation.matched and explanation.failed is None
    assert [reason.term for reason in explanation.reasons] == ["山西", "集采"]


@pytest.mark.parametrize(
    ("rule", "failed", "chinese"),
    [
        ("省:北京 集采", "省:北京", "“省:北京”不符：通知是山西"),
        ("省:山西 机构:药监局", "机构:药监局", "“机构:药监局”不符：通知是山西省医疗保障局"),
        ("省:山西 长护险", "长护险", "通知里没有“长护险”，也没有它的其他说法"),
        ("集采 -口腔", "-口腔", "“口腔”被排除，而通知里有“口腔”"),
        ("集采 重要性>=4", "重要性>=4", "“重要性>=4”不符：通知是3"),
        ("集采 截止<14d", "截止<14d", "“截止<14d”不符：通知没有这一项"),
        ("集采 类型:新闻", "类型:新闻", "“类型:新闻”不符：通知是通知"),
        ("集采 征求意见:是", "征求意见:是", "“征求意见:是”不符：通知是否"),
        ("药品 近:3 降价", "药品 近:3 降价", "“药品 近:3 降价”：两边的词没有这样靠近"),
        ("(飞检 | 长护险) 集采", "飞检 | 长护险", "“飞检 | 长护险”中没有一项成立"),
        ("=集采", "=集采", "通知里没有“=集采”"),
    ],
)
def test_the_first_condition_that_failed_is_named(rule, failed, chinese):
    explanation = explained(rule)
    assert not explanation.matched
    assert (str(explanation.failed), explanation.chinese) == (failed, chinese)
    assert explanation.english


def test_what_was_met_is_told_beside_what_failed():
    explanation = explained("省:山西 集采 长护险")
    assert [reason.term for reason in explanation.reasons] == ["山西", "集采"]
