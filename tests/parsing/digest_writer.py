"""Writes issues of a monthly digest, with every way in which its layout strays, from invented notices."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random

SHORT = {
    "北京市": ("北京", "京"),
    "天津市": ("天津", "津"),
    "河北省": ("河北", "冀"),
    "山西省": ("山西", "晋"),
    "内蒙古自治区": ("内蒙古", "内"),
    "江苏省": ("江苏", "苏"),
    "安徽省": ("安徽", "皖"),
    "湖南省": ("湖南", "湘"),
    "云南省": ("云南", "云"),
    "新疆维吾尔自治区": ("新疆", "新"),
}
OFFICES = {
    "医疗保障局": "医保发",
    "卫生健康委员会": "卫医发",
    "药品监督管理局": "药监规",
    "财政厅": "财社",
    "中医药管理局": "中医药",
}
NATIONAL = {"国家医疗保障局": "医保发", "国家卫生健康委办公厅": "国卫办医函", "国家药监局": "国药监药管"}
SUBJECTS = (
    *("门诊慢特病用药保障", "中药配方颗粒挂网", "互联网诊疗收费", "医用耗材编码赋码"),
    *("基层药师培训", "罕见病诊疗协作", "口腔种植服务价格", "药品追溯码采集"),
)
KINDS = ("管理办法", "实施细则", "工作方案", "操作指南（试行）", "评价标准（2023年版）")
CATEGORIES = ("医保政策", "医药政策", "医疗器械", "中医药", "机构管理", "人才培养")
WORDS = (
    *("门诊慢特病", "挂网规则", "互联网诊疗", "DRG付费", "编码赋码", "药师培训"),
    *("罕见病", "价格项目", "追溯码", "飞行检查", "监督抽检"),
)
CLAUSES = (
    "各统筹地区要按时完成系统改造并组织联调测试",
    "定点机构应当如实上传进销存数据",
    "有关单位须明确专人负责并建立台账",
    "鼓励有条件的县区先行先试",
    "不得以任何理由拒收符合条件的参保人员",
    "经办部门对申报材料进行抽查复核",
    "所需经费由同级预算统筹安排",
    "结果每季度向社会通报一次",
    "对工作滞后的地区予以提醒约谈",
    "具体目录另行公布并实行动态调整",
)
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


@dataclass(frozen=True)
class Invented:
    """An invented notice: what should be read back. `printed` says how much of it the issue prints."""

    title: str
    agencies: tuple[str, ...]
    provinces: tuple[str, ...]
    truncated: bool
    number: str | None
    written: dt.date
    published: dt.date
    category: str
    keywords: tuple[str, ...]
    paragraphs: tuple[str, ...]
    page: int | None = None
    printed: str = "whole"  # or "without block", "only listed"


def invent(random: Random, index: int) -> Invented:
    """One notice; `index` keeps titles apart."""
    code, provinces, agencies = _issuers(random)
    subject = f"{random.choice(SUBJECTS)}第{_in_chinese(index)}批"
    named = " ".join(agencies[:2]) if len(provinces) == 1 else ""
    opening = random.choice(("", named, "、".join(provinces) + "：" if provinces != ("国家",) else named))
    document = f"《{subject}{random.choice(KINDS)}》"
    purpose = random.choice((f"印发{document}的通知", f"做好{subject}有关工作的通知", f"公开征求{document}意见的公告"))
    written = dt.date(2023, random.randint(1, 12), random.randint(1, 28))
    number = f"{code}〔2023〕{random.randint(1, 400)}号"
    return Invented(
        title=f"{opening}关于{purpose}",
        agencies=agencies,
        provinces=provinces,
        truncated=random.random() < 0.15,
        number=random.choice((number, number, "公告（2023年第7号）", "2023年第47号", None)),
        written=written,
        published=written + dt.timedelta(days=random.randint(0, 30)),
        category=random.choice(CATEGORIES),
        keywords=tuple(random.sample(WORDS, random.randint(1, 5))),
        paragraphs=tuple(_paragraph(random) for _ in range(random.randint(2, 6))),
    )


def _issuers(random: Random) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """Code of the number, provinces, agencies."""
    if random.random() < 0.3:
        agencies = tuple(random.sample(sorted(NATIONAL), random.randint(1, 3)))
        return NATIONAL[agencies[0]], ("国家",), agencies
    places = random.sample(sorted(SHORT), random.choice((1, 1, 1, 3)))
    offices = random.sample(sorted(OFFICES), random.randint(1, 4) if len(places) == 1 else 1)
    agencies = tuple(place + office for place in places for office in offices)
    return SHORT[places[0]][1] + OFFICES[offices[0]], tuple(SHORT[place][0] for place in places), agencies


def _in_chinese(number: int) -> str:
    return "".join("〇一二三四五六七八九"[int(digit)] for digit in str(number))


def _paragraph(random: Random) -> str:
    return "，".join(random.sample(CLAUSES, random.randint(2, 6))) + "。"


def write_issue(random: Random, size: int) -> tuple[str, list[Invented]]:
    """The text of an issue and its notices in the order of the contents."""
    notices, page = [], 1
    for index in range(size):
        printed = random.choice(("whole",) * 8 + ("without block", "only listed"))
        notices.append(replace(invent(random, index), page=page, printed="whole" if index == 0 else printed))
        page += random.randint(0, 6)
    return Writer(random).issue(notices), notices


class Writer:
    """One issue's habits; each notice strays from them in its own way."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.colon = random.choice(("：", "： ", ":", ": "))
        self.spaced = random.choice((True, True, False))  # 标 题 or 标题
        self.keyword_label = random.choice(("关键字", "主题", "关键词"))
        self.figures = random.choice(("plain", "spaced", "wide"))

    def one_of(self, *choices: str) -> str:
        return self.random.choice(choices)

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def issue(self, notices: Sequence[Invented]) -> str:
        parts = [self.cover(), self.contents(notices)]
        parts += [self.notice(notice) for notice in notices if notice.printed != "only listed"]
        parts.append("总 编：甲某\n责任编辑：乙某\n电 话：010-1234567\n地 址：某路1号\n网 址：www.example.org")
        return "\n\n".join(parts) + "\n"

    def cover(self) -> str:
        return "丛书之一\n\n各地医药政策 月度汇编\n\n2023年第9期（总第77期）\n\n某某信息有限责任公司 主办\n\n2023年9月30日"

    def contents(self, notices: Sequence[Invented]) -> str:
        style = self.one_of("bullet", "plain", "dots", "last", "tab")
        lines = [line for notice in notices for line in self.entry(notice, style)]
        for _ in range(len(lines) // 12):
            lines.insert(self.random.randint(0, len(lines)), "")
        return "\n".join([self.one_of("目录", "目 录", "# 目　录"), *self.some("Contents"), "", *lines])

    def entry(self, notice: Invented, style: str) -> Iterator[str]:
        title = self.wrapped(notice.title, 0.2, least=16)
        page = f"{notice.page:02d}" if self.chance(0.5) else str(notice.page)
        match style:
            case "bullet":
                title[0] = f"- {page} {title[0]}"
            case "plain":
                title[0] = f"{page}　{title[0]}"
            case "dots":
                title[0] = f"{page}……{title[0]}"
            case "last":
                title[-1] = f"{title[-1]} {'.' * self.random.randint(3, 30)} {page}"
            case "tab":
                title[-1] = f"{title[-1]}\t{page}"
        yield from title

    def notice(self, notice: Invented) -> str:
        lines = self.block(notice) if notice.printed == "whole" else self.remains(notice)
        lines += self.some("") if notice.printed == "whole" else []
        lines += [" ".join(self.wrapped(notice.title, 0.6, least=8)), ""]
        if notice.number and "〔" in notice.number:
            lines += [self.dressed(notice.number), ""]
        lines += ["各有关单位：", ""]
        for paragraph in notice.paragraphs:
            lines += [*self.broken(paragraph), ""]
        lines += [*notice.agencies, self.date(notice.written)]
        if self.chance(0.5):
            lines += ["", "（信息公开形式：主动公开）"]
        if self.chance(0.6):
            lines += ["", *self.trailer(notice)]
        return "\n".join(lines)

    def some(self, *lines: str) -> list[str]:
        return list(lines) if self.chance(0.8) else []

    def trailer(self, notice: Invented) -> list[str]:
        gap = self.one_of(" ", "")
        path = f"{gap}>{gap}".join(("政策法规", "通知公告", notice.title))
        start = self.one_of("下载附件请登录医药网", "附件下载请登陆医药网", "查看附件请访问医药网", "下载全文请登录医药网")
        site = self.one_of(" (www.example.org) ", "（www.example.org）", "(www.example.org)")
        return self.wrapped(f"{start}{site}>{gap}{path}", 0.2, least=40)

    def block(self, notice: Invented) -> list[str]:
        values = {
            "发文机关": "、".join(notice.agencies) + ("等" if notice.truncated else ""),
            "成文日期": self.date(notice.written),
            "标题": notice.title,
            "发文字号": self.dressed(notice.number or ""),
            "发布日期": self.date(notice.published),
            "类别": notice.category,
            self.keyword_label: self.one_of("、", "、", "，", "；").join(notice.keywords),
        }
        order = {
            "rows": list(values),
            "columns": ["发文机关", "标题", "发文字号", "类别", "成文日期", "发布日期", self.keyword_label],
            "keywords first": ["发文机关", "标题", "发布日期", "成文日期", "发文字号", self.keyword_label, "类别"],
        }[self.one_of("rows", "columns", "keywords first")]
        pairs = self.chance(0.25)
        blank = self.one_of("none", "none", "middle", "all")
        lines: list[str] = []
        for index, label in enumerate(order):
            if blank == "all" or (blank == "middle" and index == 4):
                lines += [""] if index else []
            joins = (pairs and index % 2 and label != "标题") or (lines and lines[-1].endswith("字号：") and self.chance(0.5))
            wraps = {"标题": 0.3, "发文机关": 0.4, "发文字号": 0.2, self.keyword_label: 0.2}.get(label, 0.0)
            value = self.wrapped(values[label], 0.0 if pairs else wraps, least=3)
            printed = self.label(label) + value[0]
            if joins and lines and lines[-1]:
                lines[-1] += ("" if lines[-1].endswith("：") else " ") + printed
            else:
                lines.append(printed)
            lines += value[1:]
        return lines

    def remains(self, notice: Invented) -> list[str]:
        """What is left of a block: nothing, or labels without the title's."""
        left = [f"{self.label('发布日期')}{self.date(notice.published)}", f"{self.label('类别')}{notice.category}"]
        return left if self.chance(0.5) else []

    def label(self, label: str) -> str:
        spaced = self.spaced and len(label) < 4
        return (" ".join(label) if spaced else label) + self.colon

    def date(self, date: dt.date) -> str:
        return self.dressed(f"{date.year}年{date.month}月{date.day}日")

    def dressed(self, text: str) -> str:
        """Figures as the issue prints them."""
        if self.figures == "wide":
            return text.translate(FULL_WIDTH)
        if self.figures == "spaced":
            for mark in ("年", "月", "日", "第", "号"):
                text = text.replace(mark, f" {mark} " if mark in "年月第" else f" {mark}")
            return " ".join(text.split())
        return text

    def wrapped(self, text: str, probability: float, *, least: int) -> list[str]:
        """The text over one to three lines, cut anywhere; no piece shorter than `least` but the last."""
        lines = [text]
        while len(lines) < 3 and len(lines[-1]) > 2 * least and self.chance(probability):
            cut = self.random.randint(least, len(lines[-1]) - 1)
            lines[-1:] = [lines[-1][:cut].rstrip(), lines[-1][cut:].lstrip()]
        return lines

    def broken(self, paragraph: str) -> list[str]:
        """The paragraph, perhaps with a page's end inside of a sentence."""
        if len(paragraph) < 45 or not self.chance(0.4):
            return [paragraph]
        cut = self.random.randint(32, len(paragraph) - 3)
        cut += paragraph[cut] == "，"  # no line begins with a comma
        return [paragraph[:cut], "", paragraph[cut:]]
