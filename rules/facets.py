"""The names that a rule may put before a colon or a comparison, in both languages.

Adding a facet: an entry here, its meaning in `rules.meaning`, its line in docs/reference/rules.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from rules.text import normalise


class Takes(Enum):
    """What may follow the name of a facet."""

    WORDS = auto()  # looked for in the fields of that scope
    REGION = auto()
    AGENCY = auto()
    CHOICE = auto()  # one of a few values
    DATE = auto()


@dataclass(frozen=True, slots=True)
class Facet:
    """One facet. `key` is its name in code, `name` the one printed in a rule, `names` the others it goes by.

    `choices` maps each value's name in code to its names in a rule, the printed one first. A facet that is
    `ordered` takes comparisons.
    """

    key: str
    name: str
    names: tuple[str, ...]
    takes: Takes
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ordered: bool = False

    def choice(self, word: str) -> str | None:
        """The name in code of a value given by any of its names."""
        wanted = normalise(word)
        for key, names in self.choices.items():
            if wanted in (key, *map(normalise, names)):
                return key
        return None

    def printed(self, choice: str) -> str:
        """The name that a choice has in a rule."""
        return self.choices[choice][0]


_STARS = {str(n): (str(n), f"{n}星", "★" * n) for n in range(1, 6)}

FACETS: Mapping[str, Facet] = {
    facet.key: facet
    for facet in (
        Facet("province", "省", ("省份", "省市", "地区", "region"), Takes.REGION),
        Facet("agency", "机构", ("部门", "发文机关", "发布机构", "单位"), Takes.AGENCY),
        Facet(
            "agency.level",
            "机构级别",
            ("级别", "level"),
            Takes.CHOICE,
            {
                "national": ("国家", "国家级", "中央"),
                "province": ("省", "省级"),
                "city": ("市", "市级", "地级"),
                "county": ("县", "县级", "区县"),
            },
        ),
        Facet("title", "标题", ("题目",), Takes.WORDS),
        Facet("body", "正文", ("内容",), Takes.WORDS),
        Facet("keywords", "关键字", ("关键词", "主题", "keyword"), Takes.WORDS),
        Facet("category", "类别", ("分类",), Takes.WORDS),
        Facet("section", "栏目", ("板块",), Takes.WORDS),
        Facet("source", "来源", ("信源",), Takes.WORDS),
        Facet(
            "kind",
            "类型",
            ("文种", "type"),
            Takes.CHOICE,
            {
                "notice": ("通知", "政策文件"),
                "news": ("新闻", "资讯"),
                "drug_info": ("药品信息",),
                "attachment": ("附件",),
                "listed": ("仅目录", "目录"),
            },
        ),
        Facet(
            "consultation",
            "征求意见",
            ("征集意见", "意见征集"),
            Takes.CHOICE,
            {"yes": ("是", "有", "true"), "no": ("否", "不是", "无", "false")},
        ),
        Facet("importance", "重要性", ("重要程度",), Takes.CHOICE, _STARS, ordered=True),
        Facet("attention", "关注度", ("关注",), Takes.CHOICE, _STARS, ordered=True),
        Facet("deadline", "截止", ("截止日期", "反馈截止"), Takes.DATE, ordered=True),
        Facet("published", "发布", ("发布日期",), Takes.DATE, ordered=True),
        Facet("effective", "生效", ("施行", "实施", "生效日期"), Takes.DATE, ordered=True),
        Facet("expiry", "失效", ("失效日期", "有效期至"), Takes.DATE, ordered=True),
    )
}

OPERATORS: Mapping[str, str] = {
    **dict.fromkeys(("and", "与", "且", "并且", "和"), "and"),
    **dict.fromkeys(("or", "或", "或者"), "or"),
    **dict.fromkeys(("not", "非"), "not"),
}
"""Words that join conditions where they stand by themselves."""

_BY_NAME = {
    normalise(name): facet for facet in FACETS.values() for name in (facet.key, facet.name, *facet.names)
}


def facet_named(name: str) -> Facet | None:
    """The facet of that name, whatever its width or case."""
    return _BY_NAME.get(normalise(name))


def nearest_facets(name: str) -> list[str]:
    """Names of facets that look like a misspelt one, best first."""
    from rapidfuzz import process  # noqa: PLC0415 - only a mistake pays for loading it

    wanted = normalise(name)
    cutoff = 60 if wanted.isascii() else 50  # one of two characters is close already
    found = process.extract(wanted, list(_BY_NAME), limit=3, score_cutoff=cutoff)
    return [known for known, _, _ in found]
