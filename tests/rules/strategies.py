"""Random rules and notices over few words, so that they often meet: nested, overlapping and renamed words,
empty fields, and every kind of condition."""

import datetime as dt

from hypothesis import strategies as st

from monitor.types import Attachment, Interpretation, Notice, NoticeKind
from rules import Rule
from rules.conditions import (
    Comparison,
    Condition,
    Everything,
    Near,
    Saved,
    Term,
    Value,
    conjunction,
    default_truth,
    disjunction,
    negation,
)

TODAY = dt.date(2023, 1, 15)

PIECES = ("甲", "乙", "丙", "甲乙", "乙甲乙", "集采", "集中带量采购", "带量采购", "飞检", "飞行检查")
PIECES += ("医保局", "医疗保障局", "DRG", "drg", "病组", "一致性", "評價")
SCOPES = ("any", "any", "any", "title", "body", "keywords", "category", "section", "source")
REGIONS = ("国家", "山西", "太原", "山西/本级", "太原/本级", "吉林", "吉林市", "北京", "北京/朝阳区")
AGENCIES = ("医保局", "药监局", "省医保局", "市医保局", "国家级医保局", "国家医疗保障局", "山西省医疗保障局")
AGENCIES += ("国家药品监督管理局",)
CHOICES = {
    "agency.level": ("国家", "省", "市", "县"),
    "kind": ("通知", "新闻"),
    "consultation": ("是", "否"),
    "importance": ("1", "3", "5"),
    "attention": ("2", "4"),
}

words = st.one_of(
    st.sampled_from(PIECES),
    st.text("甲乙丙", min_size=1, max_size=3),
    st.lists(st.sampled_from(PIECES), min_size=2, max_size=2).map("".join),
)
odd_words = st.sampled_from(("a b", "或", "近:3", "-甲", "甲:乙", "=甲", "甲,乙", "@甲", "R&D", "甲*乙"))
wild_words = st.sampled_from(("甲乙*丙甲", "甲乙?丙", "飞行*检查", "甲?甲乙", "集中*采购*甲乙"))

terms = st.one_of(
    st.builds(Term, words, st.sampled_from(SCOPES), st.booleans()),
    st.builds(Term, odd_words, st.sampled_from(SCOPES), st.booleans()),
    st.builds(Term, wild_words, st.sampled_from(SCOPES), st.just(False), st.just(True)),
)
sides = st.one_of(terms, st.lists(terms, min_size=1, max_size=2).map(disjunction))
values = st.one_of(
    st.sampled_from(REGIONS).map(lambda name: Value("province", name)),
    st.sampled_from(AGENCIES).map(lambda name: Value("agency", name)),
    st.sampled_from([Value(facet, name) for facet, names in CHOICES.items() for name in names]),
)
operators = st.sampled_from(("<", "<=", ">", ">="))
comparisons = st.one_of(
    st.builds(Comparison, st.sampled_from(("importance", "attention")), operators, st.sampled_from("12345")),
    st.builds(
        Comparison,
        st.sampled_from(("deadline", "published", "effective", "expiry")),
        st.one_of(operators, st.just("=")),
        st.one_of(st.sampled_from(("0d", "3d", "14d")), st.just("2023-01-20")),
    ),
)
leaves = st.one_of(terms, terms, values, comparisons, st.builds(Near, sides, sides, st.integers(1, 6)))


def _joined(parts: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    several = st.lists(parts, min_size=2, max_size=3)
    return st.one_of(several.map(conjunction), several.map(disjunction), parts.map(negation))


conditions = st.recursive(st.one_of(leaves, leaves, st.just(Everything())), _joined, max_leaves=8)


def _admitted(condition: Condition) -> Rule:
    """A rule that would match everything says so."""
    if default_truth(condition):
        condition = conjunction((Everything(), condition))
    return Rule(condition)


rules = conditions.map(_admitted)
saved_rules = st.builds(
    lambda saved, rest: Rule(conjunction((Saved("集采规则", saved.condition), rest.condition))), rules, rules
)

texts = st.lists(st.one_of(words, st.sampled_from((" ", "\n", "。", "降价"))), max_size=8).map("".join)
dates = st.one_of(st.none(), st.dates(TODAY - dt.timedelta(20), TODAY + dt.timedelta(20)))
stars = st.one_of(st.none(), st.integers(1, 5))
notices = st.builds(
    Notice,
    kind=st.sampled_from(NoticeKind),
    title=texts,
    agencies=st.sampled_from(((), ("山西省医疗保障局",), ("某局", "国家药监局"))),
    agency_ids=st.lists(
        st.sampled_from(("shanxi.nhsa", "140100.nhsa", "national.nhsa", "national.cde", "local.unknown")),
        max_size=2,
        unique=True,
    ).map(tuple),
    provinces=st.lists(st.sampled_from(("国家", "山西", "吉林", "北京")), max_size=2, unique=True).map(tuple),
    regions=st.lists(st.sampled_from(("140000", "140100", "220200", "110105")), max_size=2, unique=True).map(
        tuple
    ),
    doc_number=st.one_of(st.none(), texts),
    category=st.one_of(st.none(), texts),
    keywords=st.lists(words, max_size=2).map(tuple),
    section=st.one_of(st.none(), words),
    source_name=st.one_of(st.none(), words),
    source_id=st.one_of(st.none(), st.just("nhsa.notices")),
    summary=st.one_of(st.none(), texts),
    body=texts,
    attachments=st.lists(st.builds(Attachment, words), max_size=1).map(tuple),
    interpretations=st.lists(st.builds(Interpretation, words, texts), max_size=1).map(tuple),
    importance=stars,
    attention=stars,
    is_consultation=st.booleans(),
    comment_deadline=dates,
    published_date=dates,
    effective_date=dates,
    expiry_date=dates,
)
