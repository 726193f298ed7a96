"""Words are found alike on both databases, and as a look through every text finds them."""

import datetime as dt
import random
from pathlib import Path

import pytest

from monitor.storage import Storage, backup, restore
from monitor.types import Attachment, Interpretation, Notice
from rules.text import normalise
from tests.making import NOW, a_notice, a_revision, forget_search


def titles(storage: Storage, query: str) -> list[str]:
    with storage.read() as tx:
        return [one.notice.title for one in tx.notices.search(query, limit=1000)]


def test_words_are_found_wherever_a_reader_may_have_seen_them(storage: Storage) -> None:
    notice = a_notice(
        "关于药品挂网的通知",
        doc_number="国药监〔2022〕1号",
        agencies=("国家药品监督管理局",),
        provinces=("山西",),
        keywords=("带量采购",),
        summary="摘要里的词",
        body="第一条\n　　开展 DRG\n付费改革，按照药\n品目录执行。",
        attachments=(Attachment("申报表.docx"),),
        interpretations=(Interpretation("政策解读", "专家说的话"),),
    )
    with storage.begin() as tx:
        a_revision(tx, notice)
        a_revision(tx, a_notice("无关的公告"))
    for word in (
        "挂网",
        "国药监〔2022〕1号",
        "国药监(2022)1 号",
        "药品监督管理局",
        "山西",
        "量采",
        "摘要里的词",
        "drg",
        "DRG付费",
        "药品目录",  # which a line's end parts
        "藥品目錄",
        "申报表",
        "专家说",
        "网",
        "挂网 DRG",
        "“药品挂网”",
    ):
        assert titles(storage, word) == ["关于药品挂网的通知"], word
    for word in ("DRGS", "网挂", "挂网 没有", "国药监〔2022〕11号", "通知国药"):
        assert titles(storage, word) == [], word
    assert len(titles(storage, "")) == 2


def test_a_search_finds_what_a_look_through_every_text_finds(storage: Storage) -> None:
    chance = random.Random(7)
    letters = "集采医保药品DRG12〔〕（）号%'\"*:&|\\-𠮷é 的"
    bodies = ["".join(chance.choices(letters, k=chance.randint(0, 60))) for _ in range(150)]
    with storage.begin() as tx:
        for number, body in enumerate(bodies):
            a_revision(tx, Notice(title=f"T{number}", body=body))
    found_any = 0
    for _ in range(150):
        word = "".join(chance.choices(letters.replace('"', "").replace(" ", ""), k=chance.randint(1, 4)))
        wanted = normalise(word)
        if wanted:
            expected = [f"T{n}" for n, body in enumerate(bodies) if wanted in normalise(body)]
            expected += [f"T{n}" for n in range(150) if wanted in f"t{n}" and f"T{n}" not in expected]
            assert sorted(titles(storage, word)) == sorted(expected), word
            found_any += bool(expected)
    assert found_any > 30


def test_a_long_text_is_found_to_its_end(storage: Storage) -> None:
    """PostgreSQL's own positions of words end at 16,383, and after 256 of one word."""
    with storage.begin() as tx:
        a_revision(tx, Notice(title="目录", body="某某有限公司、" * 5000 + "最后有限责任公司"))
    assert titles(storage, "最后有限责任公司") == ["目录"]
    assert titles(storage, "最后有限公司") == []


def test_the_latest_day_comes_first_and_pages_follow_each_other(storage: Storage) -> None:
    days = [dt.date(2026, 1, 1) + dt.timedelta(days=n // 3) for n in range(11)]
    with storage.begin() as tx:
        for number, day in enumerate(days):
            dates = {"published_date": day} if number % 2 else {"written_date": day}
            tx.notices.add(Notice(title=f"集采{number}", **dates), [], baseline=False, now=NOW)  # type: ignore[arg-type]
        tx.notices.add(Notice(title="集采，没有日期"), [], baseline=False, now=NOW)
    with storage.read() as tx:
        whole = [one.notice.title for one in tx.notices.search("集采", limit=100)]
        paged: list[str] = []
        after = None
        while page := tx.notices.search("集采", after=after, limit=4):
            paged += [one.notice.title for one in page]
            after = page[-1].place
    assert whole == ["集采，没有日期", *(f"集采{number}" for number in reversed(range(11)))]
    assert paged == whole


def test_every_text_of_a_notice_is_found_and_the_notice_once(storage: Storage) -> None:
    with storage.begin() as tx:
        first = a_revision(tx, a_notice("关于甲的通知"))
        tx.notices.revise(first.notice_id, a_notice("关于甲的通知", body="乙"), [], corrected=True, now=NOW)
    assert titles(storage, "甲") == ["关于甲的通知"]
    assert titles(storage, "乙") == ["关于甲的通知"]
    with storage.read() as tx:
        assert [one.title for one in tx.notices.latest(containing="乙")] == ["关于甲的通知"]


def test_a_notice_that_is_not_stored_is_not_found(storage: Storage) -> None:
    with pytest.raises(ZeroDivisionError), storage.begin() as tx:
        a_revision(tx, a_notice("半途而废"))
        raise ZeroDivisionError
    assert titles(storage, "半途") == []


def test_what_was_recorded_before_there_was_a_search_is_made_searchable(storage: Storage) -> None:
    with storage.begin() as tx:
        for number in range(5):
            a_revision(tx, a_notice(f"旧的集采{number}"))
        forget_search(tx)
    assert titles(storage, "集采") == []
    with storage.begin() as tx:
        assert tx.notices.not_searchable() == 5
        assert tx.notices.make_searchable(limit=3) == 3
        assert tx.notices.make_searchable(limit=3) == 2
        assert tx.notices.make_searchable(limit=3) == 0
    assert len(titles(storage, "集采")) == 5


def test_a_copy_of_the_database_finds_the_same(storage: Storage, tmp_path: Path) -> None:
    with storage.begin() as tx:
        a_revision(tx, a_notice("备份之前"))
    copy = tmp_path / "copy"
    backup(storage, copy)
    with storage.begin() as tx:
        a_revision(tx, a_notice("备份之后"))
    restore(storage, copy)
    assert titles(storage, "备份") == ["备份之前"]
    with storage.begin() as tx:
        a_revision(tx, a_notice("恢复之后"))
    assert titles(storage, "之后") == ["恢复之后"]


def test_open_consultations_come_soonest_first(storage: Storage) -> None:
    today = dt.date(2026, 3, 2)
    with storage.begin() as tx:
        for title, days in (("远", 9), ("近", 1), ("今天", 0), ("过了", -1)):
            a_revision(tx, a_notice(title, comment_deadline=today + dt.timedelta(days=days)))
        a_revision(tx, a_notice("没有期限"))
        moved = a_revision(tx, a_notice("提前结束", comment_deadline=today + dt.timedelta(days=5)))
        ended = a_notice("提前结束", comment_deadline=today - dt.timedelta(days=5))
        tx.notices.revise(moved.notice_id, ended, [], corrected=True, now=NOW)
    with storage.read() as tx:
        assert [one.notice.title for one in tx.notices.consultations(today)] == ["今天", "近", "远"]
