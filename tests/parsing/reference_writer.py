"""Writes issues of the biweekly reference with invented notices, printed in all the ways of real ones."""

from dataclasses import dataclass, field
from random import Random

AGENCIES = [
    *(
        "国家医疗保障局办公室",
        "国家卫生健康委",
        "国家中医药管理局",
        "国家药监局综合司",
        "财政部",
        "国家发展改革委",
    ),
    *("教育部", "民政部", "应急部", "人力资源社会保障部", "市场监管总局", "国家疾控局"),
    *("国家组织药品联合采购办公室", "海南省医疗保障局", "浙江省药品监督管理局"),
]
SUBJECTS = [
    *("门诊用药保障", "中药饮片质量", "罕见病药品供应", "短缺药监测（2031版）"),
    *("长期处方管理", "GLP-1类药品使用", "疫苗冷链"),
]
TALK = (
    "各地要加强组织领导，明确责任分工，完善配套措施，及时总结经验做法，切实把各项工作落到实处，确保取得实效"
)
HAN_DIGITS = "〇一二三四五六七八九十"


@dataclass
class Item:
    """One item as it should be read."""

    title: str
    kind: str = "notice"
    section: str = "新政发布"
    page: int = 0
    importance: int | None = None
    attention: int | None = None
    agencies: list[str] = field(default_factory=list)
    written: tuple[int, int, int] | None = None
    urls: list[str] = field(default_factory=list)
    attachments: list[str] = field(default_factory=list)
    interpretations: list[str] = field(default_factory=list)
    listed_only: bool = False


class Writer:
    """One issue; `seed` decides about everything."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)
        self.markdown = self.rng.random() < 0.5
        self.items = [self._item(number) for number in range(self.rng.randint(4, 9))]
        self.items += [
            Item(f"国家药监局批准某某{n}号注射液上市", "drug_info", "药物信息")
            for n in range(self.rng.randint(0, 2))
        ]
        if self.rng.random() < 0.6:
            self.items.append(Item("某某直接结算经办规程（试行）", "attachment", "附件"))
        page = 0
        for item in self.items:
            page += self.rng.randint(1, 9)
            item.page = page
        self.lines: list[str] = []

    def text(self) -> str:
        self._cover()
        self._contents()
        for item in self.items:
            if not item.listed_only:
                self._body(item)
        self._print("", "", "某某科技开发中心", "地址：某市某路1号", "电话：010-12345678")
        return "\n".join(self.lines)

    def _item(self, number: int) -> Item:
        rng = self.rng
        agencies = rng.sample(AGENCIES, rng.choice([1, 1, 2, 2, 3, 5, 11]))
        subject = f"{rng.choice(SUBJECTS)}第{number + 1}批"
        title = f"关于进一步做好{subject}工作的{rng.choice(['通知', '公告', '指导意见'])}"
        if rng.random() < 0.4:
            title = " ".join(agencies[:2]) + title
        return Item(
            title,
            importance=rng.randint(1, 5),
            attention=rng.randint(1, 5),
            agencies=agencies,
            written=(2031, rng.randint(1, 12), rng.randint(1, 28)),
            listed_only=number > 1 and rng.random() < 0.12,
        )

    def _print(self, *lines: str) -> None:
        self.lines += lines

    def _heading(self, text: str) -> str:
        return "#" * self.rng.randint(1, 4) + " " + text if self.markdown else text

    def _bold(self, text: str) -> str:
        """Bold that ends a character too early, as conversions leave it."""
        return f"**{text[:-1]}**{text[-1]}" if self.markdown else text

    def _cover(self) -> None:
        self._print("", "", self._heading("药政参考"), "", "Reference for Pharmaceutical Administration", "")
        date = self.rng.choice(["2031|07.31", "2031.07.31", "2031 | 07.31"])
        self._print(
            date, "", f"总第{self.rng.randint(1, 99)}期", "", "某某科技开发中心", "官方网站二维码", ""
        )

    def _contents(self) -> None:
        self._print(self._heading("目 录"), "")
        section = ""
        for item in self.items:
            if item.section != section:
                section = item.section
                self._print("", self._heading(section), "")
            leader = self.rng.choice([" .....\t", " " + "." * 30 + " ", "……………… ", "\t", " ----------\t"])
            title = item.title
            if len(title) > 24 and self.rng.random() < 0.3:
                self._print(title[:20])
                title = title[20:]
            self._print(f"{title}{leader}{item.page}")
            if self.rng.random() < 0.1:
                self._print("-" * 40 + "\t----")
        self._print("", "(本期收录 2031 年 7 月 16 日~7 月 31 日医药政策信息)", "")

    def _body(self, item: Item) -> None:
        title = item.title
        if self.rng.random() < 0.3:
            title = title[:12] + " " + title[12:]
        if len(title) > 24 and self.rng.random() < 0.3:
            self._print(self._heading(title[:18]), title[18:], "")
        else:
            self._print(self._heading(title), "")
        if item.importance and item.attention:
            self._ratings(item)
        if item.kind == "notice":
            self._notice(item)
        else:
            self._print(
                f"{TALK}。", "", "第一章 总则" if item.kind == "attachment" else "", f"{TALK}。", "", ""
            )

    def _ratings(self, item: Item) -> None:
        first = f"重要性{self.rng.choice(['：', ':', '： '])}{'★' * item.importance}"
        second = f"关注度{self.rng.choice(['：', ':', ' ： '])}{'★' * item.attention}"
        if self.rng.random() < 0.3:
            second += "☆" * (5 - item.attention)
        joined = self.rng.random() < 0.2
        self._print(
            *([f"{first} {second}"] if joined else [first, *([""] * self.rng.randint(0, 1)), second]), ""
        )

    def _notice(self, item: Item) -> None:
        self._print("各省、自治区、直辖市有关部门：", "", f"为做好工作，{TALK}。现通知如下：", "")
        for number in "一二三"[: self.rng.randint(1, 3)]:
            self._print(
                self._heading(f"{number}、加强组织实施"),
                "",
                self._bold("（一）统一部署。") + TALK,
                "",
                f"，{TALK}。",
                "",
            )
        if self.rng.random() < 0.5:
            self._annexes(item)
        self._signature(item)
        if self.rng.random() < 0.4:
            self._interpretations(item)
        self._print("", "")

    def _annexes(self, item: Item) -> None:
        names = [
            f"某某{word}"
            for word in self.rng.sample(
                ["目录", "申报表", "实施方案（试行）", "评价指标"], self.rng.randint(1, 3)
            )
        ]
        item.attachments = names
        form = self.rng.choice(["dot", "comma", "bare", "own line"])
        gap = [""] if self.rng.random() < 0.5 or form == "bare" else []
        if form == "own line":
            self._print("附件：", "")
        for number, name in enumerate(names):
            lead = "附件：" if number == 0 and form != "own line" else ""
            mark = {
                "dot": f"{number + 1}.",
                "comma": f"{number + 1}、",
                "bare": "",
                "own line": f"{number + 1}. ",
            }[form]
            self._print(
                lead
                + mark
                + (f"[{name}](#)（见附件）" if self.markdown and self.rng.random() < 0.3 else name),
                *gap,
            )
        if self.rng.random() < 0.6:
            day, number = self.rng.randint(1, 28), self.rng.randint(1000, 9999)
            url = f"https://www.example.gov.cn/art/2031/7/{day}/art_7_{number}.html"
            item.urls = [url]
            self._print("", "附件下载链接：", "", f"<{url}>" if self.markdown else url)
        self._print("")

    def _signature(self, item: Item) -> None:
        year, month, day = item.written or (0, 0, 0)
        date = self.rng.choice(
            [f"{year}年{month}月{day}日", f"{year} 年 {month} 月 {day} 日", _in_words(year, month, day)]
        )
        form = self.rng.choice(["rows", "columns", "in a row", "with the date"])
        names = item.agencies
        if form == "rows":
            self._print(*names, *([""] * self.rng.randint(0, 1)), date)
        elif form == "columns":
            self._print(*("\t".join(names[at : at + 2]) for at in range(0, len(names), 2)), f"\t{date}")
        elif form == "in a row":
            self._print("　".join(names[:6]), *([" ".join(names[6:])] if names[6:] else []), date)
        else:
            self._print(" ".join(names) + "  " + date)
        self._print("")

    def _interpretations(self, item: Item) -> None:
        title = f"《{item.title}》解读问答"
        item.interpretations = [title]
        self._print(f"相关链接：[{title}](#)" if self.markdown else f"相关链接：{title}", "")
        self._print(self._heading(f"一、《{item.title}》出台的背景是什么？"), "", f"{TALK}。", "")
        for number in "一二"[: self.rng.randint(0, 2)]:
            item.interpretations.append("提升服务能力 打造核心竞争力")
            self._print(
                self._heading(f"专家解读{number}"),
                "",
                self._heading("提升服务能力"),
                "",
                self._heading("打造核心竞争力"),
            )
            self._print("", "某某大学附属医院 张某某", "", f"{TALK}。", "")


def _in_words(year: int, month: int, day: int) -> str:
    years = "".join(HAN_DIGITS[int(digit)] for digit in str(year))
    return f"{years}年{_tens(month)}月{_tens(day)}日"


def _tens(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else ("" if tens == 1 else HAN_DIGITS[tens]) + "十") + (
        HAN_DIGITS[ones] if ones else ""
    )
