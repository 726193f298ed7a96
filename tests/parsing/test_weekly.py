"""The weekly news digest: invented issues in all the ways that real ones are printed."""

import datetime as dt
from dataclasses import dataclass
from random import Random

import pytest

from monitor.documents.plain import read_text
from monitor.errors import ParseError
from monitor.parsing import weekly
from monitor.parsing.text import compact
from monitor.types import Notice, NoticeKind

SECTIONS = ["健康中国", "专家观点", "医院信息化", "医药速递", "分析解读", "医院管理", "医保快讯"]
SOURCES = (
    "新华网",
    "某某医疗保障研究院",
    "HC3i 中数新医",
    "DRG 变量",
    "Latitude Health",
    "某省某市医疗保险中心（公众号）",
)
TALK = "近日，有关部门就第{}期试点工作作出部署，要求各地完善配套措施，及时总结经验做法，切实提高群众满意度"


@dataclass
class Item:
    title: str
    section: str
    source: str
    page: int
    summary: str
    without_article: bool = False


class Writer:
    """One issue; `seed` decides about everything."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)
        self.items: list[Item] = []
        page = 9
        for section in self.rng.sample(SECTIONS, self.rng.randint(2, 6)):
            for _ in range(self.rng.randint(1, 3)):
                number = len(self.items) + 1
                page += self.rng.randint(1, 20)
                title = self.rng.choice(
                    [
                        f"观点 | 如何看待第{number}批试点？",
                        f"试点第{number}期落地 医药市场趋势明确",
                        f"“互联网+”（第{number}期）在社区的应用",
                        f"快看，第{number}期 74 项“跨省通办”今年实现",
                    ]
                )
                summary = "".join(TALK.format(number) + "。" for _ in range(self.rng.randint(1, 4)))
                lost = number > 1 and self.rng.random() < 0.1
                self.items.append(Item(title, section, self.rng.choice(SOURCES), page, summary, lost))

    def text(self) -> str:
        lines = [
            "医药先锋系列之",
            "",
            "医周药事",
            "",
            "Medical weekly pharmacy",
            "",
            "2031.08.09-2031.08.15",
            "",
        ]
        lines += ["——本期视点——", "", "(阅读提醒：请按页码提示阅读。)", ""]
        for item, opens in self._sections():
            lines += self._section(item.section) if opens else []
            lines += self._entry(item)
        lines += [self.rng.choice(["-----本期内容-----", "——本期内容——"]), ""]
        for item, opens in self._sections():
            lines += self._section(item.section) if opens else []
            lines += [] if item.without_article else self._article(item)
        return "\n".join(
            [
                *lines,
                "扫一扫",
                "关注某某公众号",
                "",
                "地 址：某市某路1号",
                "某某电子商务有限责任公司",
                "电 话：010-12345678",
            ]
        )

    def _sections(self) -> list[tuple[Item, bool]]:
        before = [None, *(item.section for item in self.items)]
        return [(item, item.section != last) for item, last in zip(self.items, before, strict=False)]

    def _section(self, name: str) -> list[str]:
        dot = self.rng.choice("·•")
        return [f"{dot} {name} {dot}", ""]

    def _cut(self, text: str, blank: str = "") -> list[str]:
        """The text, torn by a page break now and then."""
        if self.rng.random() < 0.6 or len(text) < 30:
            return [text]
        at = self.rng.randint(5, len(text) - 5)
        return (
            [text[:at].rstrip(), blank, text[at:].lstrip()]
            if text[at - 1 : at + 1].strip() == text[at - 1 : at + 1]
            else [text]
        )

    def _entry(self, item: Item) -> list[str]:
        linked = f"[{item.title}](#)" if self.rng.random() < 0.7 else item.title
        source = self.rng.choice([f"（来源：{item.source}）", f" (来源：{item.source}) "])
        page = self.rng.choice([f"——第 {item.page} 页", f"——第{item.page}页"])
        head = f"{self.rng.choice('▶▣►')} {linked}{source}"
        torn = head.replace("来源", "来\n\n源", 1).split("\n") if self.rng.random() < 0.2 else [head]
        alone = self.rng.random() < 0.2
        lines = [*torn, "", page] if alone else [*torn[:-1], torn[-1].rstrip() + page]
        return [*lines, "", *self._cut("【提要】" + item.summary, self.rng.choice(["", "\u200a"])), ""]

    def _article(self, item: Item) -> list[str]:
        title = item.title + self.rng.choice(["", "", "（节选）"])
        lines = [title, "", f"来源：{item.source}", ""]
        lines += ["作者：张某某", ""] if self.rng.random() < 0.3 else []
        lines += [
            f"{TALK.format('某')}。",
            "",
            "图：批次分布",
            "来源：某某研究院整理",
            "",
            f"正文到此为止{item.page}。",
            "",
        ]
        return lines + ([] if self.rng.random() < 0.2 else ["[返回目录](#)", ""])


def parse(text: str) -> list[Notice]:
    return weekly.parse(read_text(text, url="issue.txt"))


@pytest.mark.parametrize("seed", range(60))
def test_every_article_of_an_issue_is_read_in_all_its_fields(seed: int) -> None:
    writer = Writer(seed)
    notices = {compact(notice.title): notice for notice in parse(writer.text())}
    assert len(notices) == len(writer.items)
    for item in writer.items:
        notice = notices[compact(item.title)]
        assert (notice.section, notice.page) == (item.section, item.page)
        assert compact(notice.source_name or "") == compact(item.source)
        assert (notice.summary or "").replace("\n", "") == item.summary
        if item.without_article:
            assert notice.kind is NoticeKind.LISTED
        else:
            assert notice.kind is NoticeKind.NEWS
            assert compact(notice.body).startswith(compact(item.title))
            assert notice.body.endswith(f"正文到此为止{item.page}。")


def test_the_issue_itself_is_described() -> None:
    digest = parse(Writer(0).text())[0].digest
    assert digest is not None
    assert (digest.title, digest.publisher) == ("医周药事", "某某电子商务有限责任公司")
    assert (digest.period_start, digest.period_end) == (dt.date(2031, 8, 9), dt.date(2031, 8, 15))


def test_agencies_and_provinces_of_news_are_not_guessed() -> None:
    assert all(notice.agencies == () and notice.provinces == () for notice in parse(Writer(2).text()))


ISSUE = """医周药事

2031.08.09-2031.08.15

——本期视点——

• 健康中国 •

▶ 某地试点进展（来源：新华网）——第 3 页

【提要】试点进展顺利。

-----本期内容-----

• 健康中国 •

某地试点进展

来源：新华网

正文。

[返回目录](#)
"""


def test_an_article_that_the_contents_leave_out_is_read_and_told() -> None:
    notices = parse(ISSUE + "\n另一篇没有列出的文章\n\n来源：人民网\n\n另一篇正文。\n\n[返回目录](#)\n")
    assert [notice.title for notice in notices] == ["某地试点进展", "另一篇没有列出的文章"]
    assert (notices[1].source_name, notices[1].section) == ("人民网", "健康中国")
    assert "目录未列" in notices[1].warnings[0]


def test_an_article_without_its_source_line_is_found_by_its_title() -> None:
    notice = parse(ISSUE.replace("来源：新华网\n\n正文", "正文"))[0]
    assert (notice.kind, notice.source_name, notice.body) == (
        NoticeKind.NEWS,
        "新华网",
        "某地试点进展\n正文。",
    )


def test_an_entry_without_a_source_is_not_lost() -> None:
    notice = parse(ISSUE.replace("（来源：新华网）", ""))[0]
    assert (notice.title, notice.page, notice.source_name) == ("某地试点进展", 3, "新华网")


def test_an_abstract_that_is_missing_leaves_the_field_empty() -> None:
    assert parse(ISSUE.replace("【提要】试点进展顺利。\n", ""))[0].summary is None


def test_a_cover_without_anything_behind_it_is_an_error() -> None:
    with pytest.raises(ParseError, match="本期视点"):
        parse("医周药事\n\n2031.08.09-2031.08.15\n")


def test_the_corpus_issue_is_recognised_and_other_texts_are_not(shared) -> None:  # type: ignore[no-untyped-def]
    recognised = {
        path.stem: weekly.recognises(read_text(path.read_text(encoding="utf-8"), url=path.name))
        for path in (shared / "corpus").glob("*.txt")
    }
    assert [name for name, yes in recognised.items() if yes] == ["weekly-2021-08-15"]
