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
    """An invented notice: what should be read back.

    `printed` says how much of it the issue prints: "whole", "without block", "listed" only, or a "rest"
    of the text behind another notice's trailer.
    """

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
    section: str | None = None
    printed: str = "whole"


def invent(random: Random, index: int) -> Invented:
    """One notice; `index` keeps titles apart."""
    code, provinces, agencies = _issuers(random)
    subject = f"{random.choice(SUBJECTS)}第{_in_chinese(index)}批"
    named = " ".join(agencies[:2]) if len(provinces) == 1 else ""
    opening = random.choice(("", named, "、".join(provinces) + "：" if provinces != ("国家",) else named))
    document = f"《{subject}{random.choice(KINDS)}》"
    purpose = random.choice(
        (f"印发{document}的通知", f"做好{subject}有关工作的通知", f"公开征求{document}意见的公告")
    )
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
    """The text of an issue, and its notices in the order of the contents."""
    habits = Writer(random)
    notices = [habits.placed(invent(random, index), index) for index in range(size)]
    return habits.issue(notices), notices


class Writer:
    """One issue's habits; each notice strays from them in its own way."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.contents_style = self.one_of("bullet", "plain", "dots", "last", "tab", "last", "absent")
        self.sections = self.chance(0.2)
        self.colon = self.one_of("：", "： ", ":", ": ", "**：", "： ")
        self.spaced = self.chance(0.7)  # 标 题, not 标题
        self.keyword_label = self.one_of("关键字", "主题", "关键词")
        self.figures = self.one_of("plain", "spaced", "wide")
        self.half_width = self.chance(0.2)
        self.page = 1
        self.section: str | None = None
        self.has_trailer = False

    def one_of(self, *choices: str) -> str:
        return self.random.choice(choices)

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def placed(self, notice: Invented, index: int) -> Invented:
        """The notice with its page and section, and how much of it is printed."""
        listed = self.contents_style != "absent"
        printed = (
            self.one_of(*["whole"] * 7, "without block", "listed", "rest") if listed and index else "whole"
        )
        if self.sections and listed and index in (0, 4):
            self.section = ("国家政策", "地方政策")[index // 4]
        self.page += self.random.randint(0, 6)
        page = self.page if listed else None
        return replace(notice, page=page, section=self.section, printed=printed)

    def issue(self, notices: Sequence[Invented]) -> str:
        parts = [*self.cover(), *self.contents(notices)]
        printed = [notice for notice in notices if notice.printed != "listed"]
        for notice, following in zip(printed, [*printed[1:], printed[0]], strict=True):
            with_trailer = "rest" in (notice.printed, following.printed) or self.chance(0.6)
            parts.append("\n".join(self.notice(notice, with_trailer=with_trailer)))
        colophon = (
            "总 编：甲某",
            "责任编辑：乙某",
            "电 话：010-1234567",
            "地 址：某路1号",
            "网 址：www.example.org",
        )
        return "\n\n".join(part for part in [*parts, "\n".join(colophon)] if part) + "\n"

    def cover(self) -> Iterator[str]:
        yield from (
            "丛书之一",
            "各地医药政策 月度汇编",
            "2023年第9期（总第77期）",
            "某某信息有限责任公司 主办",
            "2023年9月30日",
        )

    def contents(self, notices: Sequence[Invented]) -> Iterator[str]:
        if self.contents_style == "absent":
            return
        lines = [self.one_of("目录", "目 录", "# 目　录"), *self.mostly("Contents"), ""]
        section = None
        for notice in notices:
            if notice.section != section:
                section = notice.section
                lines.append(f"{section}")
            lines += [*self.entry(notice), *([""] if self.chance(0.1) else [])]
        yield "\n".join(lines)

    def entry(self, notice: Invented) -> list[str]:
        title = self.wrapped(self.reworded(notice), 0.2, least=16)
        page = f"{notice.page:02d}" if self.chance(0.5) else str(notice.page)
        match self.contents_style:
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
        return title

    def reworded(self, notice: Invented) -> str:
        if notice.printed != "whole" or not self.chance(0.1):
            return notice.title
        changes = (("的通知", "的通告"), ("印发", "发布"), ("（试行）", ""), ("有关工作", "相关工作"))
        return notice.title.replace(*self.random.choice(changes))

    def notice(self, notice: Invented, *, with_trailer: bool) -> Iterator[str]:
        trailer = ["", *self.trailer(notice)] if with_trailer else []
        if notice.printed == "rest":
            yield from (*self.broken(notice.paragraphs[-1]), *trailer)
            return
        yield from (
            (*self.block(notice), *self.mostly("")) if notice.printed == "whole" else self.remains(notice)
        )
        yield from (" ".join(self.wrapped(notice.title, 0.6, least=8)), "")
        if notice.number and "〔" in notice.number:
            yield from (self.dressed(notice.number), "")
        yield from ("各有关单位：", "")
        for paragraph in notice.paragraphs:
            yield from (*self.broken(paragraph), "")
        yield from (*notice.agencies, self.date(notice.written))
        if self.chance(0.5):
            yield from ("", "（信息公开形式：主动公开）")
        yield from trailer

    def mostly(self, line: str) -> list[str]:
        return [line] if self.chance(0.8) else []

    def trailer(self, notice: Invented) -> list[str]:
        gap = self.one_of(" ", "")
        path = f"{gap}>{gap}".join(("政策法规", "通知公告", notice.title))
        start = self.one_of("下载附件请登录", "附件下载请登陆", "查看附件请访问", "下载全文请登录")
        site = self.one_of(
            "医药网 (www.example.org) ", "医药网（www.example.org）", "医药网(www.example.org)"
        )
        return self.wrapped(f"{start}{site}>{gap}{path}", 0.2, least=40)

    def block(self, notice: Invented) -> Iterator[str]:
        values = {
            "发文机关": "、".join(notice.agencies) + ("等" if notice.truncated else ""),
            "成文日期": self.date(notice.written),
            "标题": notice.title,
            "发文字号": self.dressed(notice.number or ""),
            "发布日期": self.date(notice.published),
            "类别": notice.category,
            self.keyword_label: self.one_of("、", "、", "，", "；").join(notice.keywords),
        }
        blank = self.one_of("none", "none", "middle", "all")
        for index, row in enumerate(self.rows()):
            if index and (blank == "all" or (blank == "middle" and index == 4)):
                yield ""
            cells = [self.cell(label, values[label]) for label in row]
            glued = len(row) > 1 and not values[row[0]] and self.chance(0.5)  # 发文字号：发布日期：…
            yield ("" if glued else " ").join(cell[0].rstrip() if glued else cell[0] for cell in cells)
            yield from next((cell[1:] for cell in cells if len(cell) > 1), ())

    def rows(self) -> list[tuple[str, ...]]:
        """The labels of each line."""
        words = self.keyword_label
        pairs = [("发文机关", "成文日期"), ("标题",), ("发文字号", "发布日期"), ("类别", words)]
        singles = {
            "rows": ("发文机关", "成文日期", "标题", "发文字号", "发布日期", "类别", words),
            "columns": ("发文机关", "标题", "发文字号", "类别", "成文日期", "发布日期", words),
            "keywords first": ("发文机关", "成文日期", "标题", "发布日期", "发文字号", words, "类别"),
        }
        if self.chance(0.25):
            return pairs
        order = [(label,) for label in singles[self.one_of(*singles)]]
        if order[3] == ("发文字号",) and self.chance(0.2):
            order[3:5] = [("发文字号", "发布日期")]
        return order

    def cell(self, label: str, value: str) -> list[str]:
        """A label and its value, over one to three lines."""
        chances = {"标题": 0.3, "发文机关": 0.4, "发文字号": 0.2, self.keyword_label: 0.2}
        least = 8 if label == "标题" else 3
        first, *rest = self.wrapped(value, chances.get(label, 0.0), least=least)
        name = " ".join(label) if self.spaced and len(label) < 4 else label
        bold = "**" if "*" in self.colon else ""
        return [f"{bold}{name}{self.colon}{first}", *rest]

    def remains(self, notice: Invented) -> list[str]:
        """What is left of a lost block: nothing, or lines without the title."""
        left = [*self.cell("发布日期", self.date(notice.published)), *self.cell("类别", notice.category)]
        return left if self.chance(0.5) else []

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
        lines = [paragraph]
        if len(paragraph) >= 45 and self.chance(0.4):
            cut = self.random.randint(32, len(paragraph) - 3)
            cut += paragraph[cut] == "，"  # no line begins with a comma
            doubled = (
                paragraph[cut - 1] if paragraph[cut - 1] in "据测排改核门核" and self.chance(0.3) else ""
            )
            head = [self.one_of("各地医药政策月度汇编", "— 12 —"), ""] if self.chance(0.2) else []
            lines = [paragraph[:cut], "", *head, doubled + paragraph[cut:]]
        return [line.replace("，", ", ") if self.half_width else line for line in lines]
