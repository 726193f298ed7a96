"""Rules on a real digest. The expected hits were found by reading the printed text, not by the index.

Each number is the order of a notice in the digest of 2022-12, counted from 1.
"""

import datetime as dt
from pathlib import Path

import pytest

from monitor.documents.reading import read
from monitor.parsing.layout import parse
from monitor.types import Notice, Page
from rules import RuleIndex, parse_rule

TODAY = dt.date(2023, 1, 1)

HITS = {
    "省:山西": [40, 41, 42, 43, 44, 45],
    "省:山西,国家 机构:医保局": [40],
    "省:安徽 机构:医保局": [62, 64, 66, 68, 69],
    "省:重庆,四川 -机构:药监局": [87, 89],
    "省:国家 机构:药监局": [14, 21, 27, 28, 29],
    "机构:国家药监局": [14, 21, 27, 28, 29],
    "机构:医保局 机构:卫健委": [33, 57, 59, 64, 66, 76, 81],
    "机构:省医保局 机构:财政 -省:江苏": [36, 62, 66, 81, 89, 95],
    "机构:联防联控机制 省:国家 (疫苗 | 抗原检测)": [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 16, 23],
    "机构级别:国家 -新冠": [1, 2, 15, 17, 19, 20, 21, 22, 25, 26, 27, 28, 29, 30],
    "集采": [18, 43, 55, 57, 69, 75, 78, 91, 95],
    "=集采": [57, 69, 75, 78],
    "标题:集采": [43],
    "集采 机构:药监局": [43, 57, 78],
    "(=集采 | =带量采购) -省:江苏,江西": [43, 69, 91, 95],
    "标题:中医药 -机构:中医药局": [41, 70, 73, 97],
    "标题:托育 | 标题:=婴幼儿照护": [1, 42, 52, 73],
    "异地就医 标题:直接结算": [62, 89],
    "=药品上市许可持有人 机构:药监局": [28, 43, 78, 88],
    "DRG DIP": [62, 75, 82, 89, 91],
    "长护险 -省:天津": [60, 71, 77],
    "UDI": [64],
    "飞检": [56, 62, 89],
    "双通道 国谈": [57, 81, 91],
    "皖医保秘": [62, 68, 69],
    "征求意见:是": [36, 37, 48, 58, 86, 93, 98],
    "征求意见:是 机构:医保局 -省:河北": [58, 93, 98],
    "征求意见:是 截止<14d": [86],
    "截止>=2023-01-01": [37, 86, 93],
    "发布>=2022-12-25 省:国家": [22, 23, 24, 25, 26, 27, 28, 29, 30, 31],
    "类别:医疗器械": [27, 29, 64, 83],
    "类别:医保政策 基金": [32, 36, 40, 53, 56, 62, 68, 81, 82, 89, 93, 95, 98, 100],
    "关键字:十四五规划 -中医药": [51],
    "医疗机构*备案 标题:备案": [84],
    "基金 近:6 举报": [36],
}


@pytest.fixture(scope="module")
def notices(shared: Path) -> list[Notice]:
    path = shared / "corpus" / "monthly-2022-12.txt"
    (document,) = read(Page(url=path.name, body=path.read_bytes()))
    return parse(document)


def test_thirty_five_rules_hit_exactly_the_notices_that_a_reader_found(notices):
    index = RuleIndex()
    for rule in HITS:
        index.add(rule, parse_rule(rule))
    found: dict[str, list[int]] = {rule: [] for rule in HITS}
    for order, notice in enumerate(notices, start=1):
        for match in index.match(notice, today=TODAY):
            found[match.rule_id].append(order)
    assert len(notices) == 101
    assert found == HITS


def test_every_hit_of_a_word_is_shown_as_printed(notices):
    index = RuleIndex()
    index.add("集采", parse_rule("集采"))
    for order in HITS["集采"]:
        (match,) = index.match(notices[order - 1])
        (reason,) = match.reasons
        hit = reason.snippet[reason.start : reason.end]
        assert "".join(hit.split()) == (reason.alias or reason.term)
