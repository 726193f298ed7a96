"""The questions of the guided start, and what each offers."""

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.chat.commands.telling import FREQUENCIES
from monitor.chat.texts import N_
from rules import Vocabulary

NATION = "国家"
AGENCIES = (
    "医保局",
    "卫健委",
    "药监局",
    "中医药局",
    "疾控局",
    "药审中心",
    "器审中心",
    "联采办",
    "医保中心",
    "市场监管局",
    "发改委",
    "财政",
)
"""The kinds of agencies offered; any other can be typed."""
TOPICS = (
    "集采",
    "医保目录",
    "国家医保谈判",
    "支付方式改革",
    "DRG",
    "挂网",
    "医疗服务价格",
    "医用耗材",
    "飞行检查",
    "医疗器械",
    "创新药",
    "中成药",
    "基金监管",
    "双通道",
    "门诊共济",
    "药品追溯",
)
"""The topics offered; any other can be typed."""


@dataclass(frozen=True, slots=True)
class Step:
    """One question: what it is about, what is offered, and what stands before the values in a rule. Of one
    that is no part of the rule (`prefix` is None) one value can be chosen."""

    name: str
    question: str
    hint: str
    offered: Sequence[str]
    columns: int
    prefix: str | None


def steps_of(vocabulary: Vocabulary) -> tuple[Step, ...]:
    """The questions in their order."""
    provinces = [NATION, *(region.short for region in vocabulary.provinces())]
    return (
        Step(
            "provinces",
            N_("Which provinces? Tap as many as you like, or type names."),
            N_("None chosen: all of them."),
            provinces,
            4,
            "省:",
        ),
        Step(
            "agencies",
            N_("Which agencies? At any level, in the places you chose."),
            N_("None chosen: all of them."),
            AGENCIES,
            3,
            "机构:",
        ),
        Step(
            "topics",
            N_("Which topics? Other words can be typed; other names of a topic are found too."),
            N_("None chosen: everything these agencies issue."),
            TOPICS,
            3,
            "",
        ),
        Step(
            "frequency",
            N_("How often shall I tell you? This holds for everything subscribed here."),
            N_("None chosen: as it is now."),
            FREQUENCIES,
            2,
            None,
        ),
    )
