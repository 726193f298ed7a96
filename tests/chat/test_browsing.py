"""What is recorded can be looked up from the chat: by words, by rule, by deadline, by number and by link."""

import datetime as dt
import re
from pathlib import Path

from monitor.storage import Transaction
from monitor.types import Interpretation, Notice, Reference, Relation
from tests.chat.stage import OPERATOR, Person, Stage, stage

URL = "https://www.example.gov.cn/n/{}.html"


def recorded(bot: Stage, *notices: Notice, url: str = "") -> list[int]:
    """The numbers of notices that are recorded, and told to nobody."""
    with bot.opened() as storage, storage.begin() as tx:
        return [_recorded(tx, notice, url) for notice in notices]


def _recorded(tx: Transaction, notice: Notice, url: str) -> int:
    now = dt.datetime.now(dt.UTC)
    revision = tx.notices.add(notice, [], baseline=True, now=now)
    tx.notices.mark_matched(revision.id, now)
    if url:
        tx.sources.ensure("inbox", "folder", now)
        tx.notices.sight(revision, "inbox", url, None, baseline=True, now=now)
    return revision.notice_id


def a_year(word: str, count: int) -> list[Notice]:
    first = dt.date(2025, 1, 1)
    return [
        Notice(
            title=f"关于{word}第{n}批的通知", provinces=("山西",), published_date=first + dt.timedelta(days=n)
        )
        for n in range(1, count + 1)
    ]


def numbers(text: str) -> list[int]:
    return [int(n) for n in re.findall(r"第(\d+)批", text)]


def test_a_search_is_paged_to_its_end_and_back(bot: Stage) -> None:
    recorded(bot, *a_year("搜索甲", 19))
    person = bot.person()
    shown = person.says("/search 搜索甲 第")
    assert shown.text.startswith("公文库：搜索甲 第\n\n1. 关于搜索甲第19批的通知\n2025-01-20 · 山西")
    assert numbers(shown.text) == list(range(19, 11, -1))
    assert numbers(person.presses("较旧").text) == list(range(11, 3, -1))
    last = person.presses("较旧")
    assert numbers(last.text) == [3, 2, 1]
    assert last.id == shown.id
    assert last.labels[-1] == "‹ 较新"
    assert numbers(person.presses("较新").text) == list(range(11, 3, -1))
    assert "公文 " in person.presses("第11批").text


def test_a_search_finds_nothing_or_asks_for_words(bot: Stage) -> None:
    person = bot.person()
    assert "没有查到" in person.says("/search 这个词没有人写过").text
    assert "要查什么" in person.says("/search").text
    assert "没有查到" in person.says("那个词也没有人写过").text
    assert "<b>" in person.says("/搜索 <b>&").text


def test_the_latest_of_a_rule_are_shown(bot: Stage) -> None:
    recorded(bot, *a_year("最新乙", 10), Notice(title="关于最新乙的公告", provinces=("河北",)))
    person = bot.person()
    assert "最新公文" in person.says("/latest").text
    shown = person.says("/latest 省:山西 =最新乙")
    assert numbers(shown.text) == list(range(10, 2, -1))
    assert numbers(person.presses("较旧").text) == [2, 1]
    person.says("/subscribe 省:河北 =最新乙")
    assert "关于最新乙的公告" in person.says("/latest 1").text
    assert "没有符合" in person.says("/latest =没有人写过").text
    assert "没有符合" in person.says("/latest 省:安微 =没有人写过").text or person.presses("改为")


def test_open_consultations_come_soonest_first(bot: Stage) -> None:
    today = dt.datetime.now(dt.UTC).date()
    recorded(
        bot,
        *(
            Notice(
                title=f"丙丙{n}征求意见", is_consultation=True, comment_deadline=today + dt.timedelta(days=n)
            )
            for n in (9, -3, 2, 5)
        ),
        Notice(title="丁丁征求意见", is_consultation=True, comment_deadline=today + dt.timedelta(days=3)),
    )
    person = bot.person()
    assert "所以列出全部" in person.says("/deadlines").text
    person.says("/subscribe =丙丙")
    shown = person.says("/deadlines").text
    assert re.findall(r"丙丙(-?\d)", shown) == ["2", "5", "9"]
    assert "丁丁" not in shown
    assert "丙丙2征求意见" in person.presses("丙丙2").text
    other = bot.person("en")
    other.says("/subscribe =没有人写过的词")
    assert "There are none." in other.says("/deadlines").text


def test_a_notice_is_shown_with_its_history_and_sources(bot: Stage) -> None:
    first = Notice(
        title="关于戊戊的通知",
        agencies=("戊戊市医疗保障局",),
        doc_number="戊医保〔2026〕1号",
        body="第一段 <b>&\n\n第二段",
        comment_deadline=dt.date(2026, 12, 1),
        url=URL.format("wu"),
        interpretations=(Interpretation("专家说", "解读的话"),),
    )
    (number,) = recorded(bot, first, url=URL.format("wu"))
    with bot.opened() as storage, storage.begin() as tx:
        now = dt.datetime.now(dt.UTC)
        later = Notice(
            **{
                **{
                    f: getattr(first, f)
                    for f in ("title", "agencies", "doc_number", "url", "interpretations")
                },
                "body": "第一段 <b>&\n\n改过的第二段",
                "comment_deadline": dt.date(2026, 12, 15),
            }
        )
        made = tx.notices.revise(number, later, [], corrected=True, now=now)
        tx.notices.mark_matched(made.id, now)
    person = bot.person()
    shown = person.says(f"/notice {number}")
    assert shown.text.startswith(f"公文 {number}\n关于戊戊的通知")
    assert "戊医保〔2026〕1号" in shown.text
    assert "更正：正文、意见截止 2026-12-01 → 2026-12-15" in shown.text
    assert "见于\n" in shown.text
    assert shown.labels == ["正文", "相关公文", "原文"]
    text = person.presses("正文", shown).text
    assert "第一段 <b>&" in text
    assert "改过的第二段" in text
    assert "解读的话" in text
    assert "没有编号为 99999999 的公文" in person.says("/notice 99999999").text
    assert "请在后面写公文编号" in person.says("/notice 什么").text


def test_related_notices_are_one_press_away(bot: Stage) -> None:
    basis = Notice(title="关于己己的意见", doc_number="己发〔2025〕7号", agencies=("己己委员会",))
    base, notice, other = recorded(
        bot,
        basis,
        Notice(
            title="落实己己的通知",
            agencies=("己己委员会",),
            body="根据己发〔2025〕7号",
            references=(Reference("关于己己的意见", "己发〔2025〕7号", Relation.BASIS),),
        ),
        Notice(title="己己委员会其他事项", agencies=("己己委员会",)),
    )
    person = bot.person()
    person.says(f"/notice {notice}")
    shown = person.presses("相关公文")
    assert "依据：关于己己的意见 己发〔2025〕7号" in shown.text
    assert [label.split()[0] for label in shown.labels] == [str(base), str(other)]
    assert f"公文 {base}" in person.presses("关于己己的意见", shown).text
    assert "落实己己的通知" in person.presses("相关公文").text
    lonely = recorded(bot, Notice(title="独独"))[0]
    person.says(f"/notice {lonely}")
    assert "没有记录到相关公文" in person.presses("相关公文").text


def test_a_pasted_link_is_looked_up(bot: Stage) -> None:
    (number,) = recorded(bot, Notice(title="关于庚庚的通知"), url=URL.format("geng"))
    recorded(bot, Notice(title="汇编甲"), Notice(title="汇编乙"), url=URL.format("hui"))
    person = bot.person()
    assert person.says(f"看看这个 {URL.format('geng')}，谢谢").text.startswith(f"公文 {number}")
    assert person.says("/notice http://example.gov.cn/n/geng.html").text.startswith(f"公文 {number}")
    shown = person.says(URL.format("hui"))
    assert "见过 2 件公文" in shown.text
    assert "汇编甲" in person.presses("汇编甲").text
    shown = person.says(URL.format("none"))
    assert "公文库里没有这个网址的内容" in shown.text
    assert "已转给运维人员" in person.presses("请运维人员监测它").text


def test_feedback_reaches_the_operator_a_few_times_a_day(bot: Stage) -> None:
    person = bot.person()
    assert "请写下" in person.says("/feedback").text
    assert "已转给运维人员：\n缺一个来源" in person.says("缺一个来源").text
    for _ in range(4):
        person.says("/feedback <还有>")
    assert "每天最多留言 5 条" in person.says("/feedback 再来").text
    assert "最多 2000 字" in bot.person().says("/feedback " + "长" * 2500).text
    told = bot.telegram.shown
    bot.until(lambda: any("缺一个来源" in one["text"] for one in told(OPERATOR)), seconds=30)
    bot.until(lambda: any(f"用户反馈（telegram:{person.chat}）" in one["text"] for one in told(OPERATOR)))


def test_it_works_on_both_databases(empty_database_url: str, tmp_path: Path) -> None:
    with stage(tmp_path, empty_database_url) as bot:
        bot.start()
        bot.until(lambda: len(bot.telegram.commands) == 8, seconds=60)
        person = bot.person()
        bot.publish("关于山西集采的通知", "按 DRG 付费")
        bot.until(lambda: _known(bot, "集采"))
        for words in ("集采 山西", "“集采的通知”", "DRG", "集"):
            assert "关于山西集采的通知" in person.says(f"/search {words}").text
        assert "关于山西集采的通知" in person.says("/latest =集采").text
        assert "目前没有" in person.says("/deadlines").text
        assert "公文 1\n" in person.says("/notice 1").text
        assert "没有记录到" in person.presses("相关公文").text


def _known(bot: Stage, word: str) -> bool:
    with bot.opened() as storage, storage.read() as tx:
        return bool(tx.notices.search(word))


def test_everything_is_said_in_english_too(bot: Stage) -> None:
    (number,) = recorded(bot, *a_year("辛辛", 1))
    person: Person = bot.person("en")
    assert "Archive: 辛辛" in person.says("/search 辛辛").text
    assert person.says(f"/notice {number}").text.startswith(f"Notice {number}")
    assert "Nothing related" in person.presses("Related").text
    assert "Latest notices for =辛辛" in person.says("/latest =辛辛").text
    assert "Sent to the operator" in person.says("/feedback hello").text
