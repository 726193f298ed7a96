"""The parts of a rule: kept flat, printed in one form."""

import pytest

from rules import Rule, parse_rule
from rules.conditions import (
    And,
    Everything,
    Near,
    Not,
    Or,
    Saved,
    Term,
    Value,
    conjunction,
    default_truth,
    disjunction,
    leaves,
    negation,
)

A, B, C = Term("甲"), Term("乙"), Term("丙")
SHANXI, NATION = Value("province", "山西"), Value("province", "国家")


def test_nested_and_repeated_parts_are_taken_out():
    assert conjunction((A, And((B, A)), C)) == And((A, B, C))
    assert disjunction((Or((A, B)), B)) == Or((A, B))
    assert conjunction((A, A)) == A
    assert negation(negation(A)) == A


@pytest.mark.parametrize(
    ("condition", "printed"),
    [
        (And((A, Or((B, C)))), "甲 (乙 | 丙)"),
        (Or((A, And((B, C)))), "甲 | (乙 丙)"),
        (Or((SHANXI, NATION)), "省:山西,国家"),
        (Or((SHANXI, A)), "省:山西 | 甲"),
        (And((Or((SHANXI, NATION)), Not(Or((A, B))))), "省:山西,国家 -(甲 | 乙)"),
        (Not(Or((SHANXI, NATION))), "-省:山西,国家"),
        (Not(Near(A, B, 5)), "-(甲 近:5 乙)"),
        (Near(Or((A, B)), C, 5), "(甲 | 乙) 近:5 丙"),
        (Or((Term("甲", "title"), Term("a b", "title", exact=True))), '标题:甲,="a b"'),
        (Term("甲?乙丙", wildcards=True), "甲?乙丙"),
        (Term("甲?乙丙"), '"甲?乙丙"'),
        (Term("非"), '"非"'),
        (Saved("我的", A), "@我的"),
    ],
)
def test_a_condition_prints_in_one_form(condition, printed):
    assert str(condition) == printed


@pytest.mark.parametrize(
    ("condition", "met"),
    [
        (A, False),
        (Not(A), True),
        (And((A, Not(B))), False),
        (Or((A, Not(B))), True),
        (Not(And((A, B))), True),
        (Everything(), True),
        (Saved("x", Not(A)), True),
    ],
)
def test_what_an_empty_notice_would_meet_is_known(condition, met):
    assert default_truth(condition) is met


def test_a_rule_is_expanded_through_every_saved_rule():
    inner = Saved("外", Or((A, Saved("内", B))))
    assert Rule(And((inner, Not(Saved("内", B))))).expanded == parse_rule("(甲 | 乙) -乙")


def test_the_leaves_of_a_rule_come_in_order():
    rule = parse_rule("省:山西,国家 (甲 近:5 乙 | -丙)")
    assert list(map(str, leaves(rule.condition))) == ["省:山西", "省:国家", "甲 近:5 乙", "丙"]
