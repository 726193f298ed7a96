"""One's own things: taken along as a file, brought in from one, and deleted for good."""

import datetime as dt

import pytest
from sqlalchemy import select

from monitor.storage import Storage, schema
from tests.chat.stage import Person, Stage
from tests.making import NOW, a_destination, a_notice, a_revision, a_subscription, claimed, met


def exported(person: Person) -> str:
    person.says("/export")
    return person.gets_file()[1]


def test_rules_go_out_as_a_file_and_come_in_elsewhere(bot: Stage) -> None:
    first, second = bot.person(), bot.person()
    assert first.says("/export").text == "还没有可导出的规则。"
    first.says("/save 我的集采 集采 -口腔")
    first.says("/subscribe @我的集采 省:山西")
    first.says("/subscribe 国家 DRG")
    first.says("/digest 2 每天 9点")
    first.says("/pause 2")
    assert "共 2 项订阅、1 条保存的规则" in first.says("/export").text
    name, text = first.gets_file()
    assert name.endswith(".yaml")
    shown = second.hands(text.encode())
    assert shown.text.startswith("已导入 3 条")
    assert exported(second) == text
    again = second.hands(text.encode(), caption="/import")
    assert again.text.startswith("已跳过 3 条")
    assert "已经有了" in again.text
    assert "已撤回 2 条" in second.presses("撤销", shown).text
    assert "这里还没有订阅" in second.says("/list").text


def test_what_cannot_be_taken_is_named_with_the_reason(bot: Stage) -> None:
    person = bot.person()
    shown = person.says("/import 省:山西 集采\n省:安微\n省:山西 集采")
    assert shown.text.startswith("已导入 1 条\n\n省:山西 集采")
    assert "已跳过 2 条" in shown.text
    assert "“安微”不是已知的省市" in shown.text
    assert "请发送文件" in person.says("/import").text
    assert "已导入 1 条" in person.says("河北 DRG").text
    shown = person.says("/import subscriptions: [{rule: 广东 <b>, frequency: 有空时}]")
    assert shown.text.startswith("已跳过 1 条")
    assert "里面没有规则" in person.says("/import {a: 1}").text
    assert "最多导入 500 条" in person.says("/import " + "\n".join(f"词{n}" for n in range(501))).text
    assert "不是不超过 200 KB 的文本文件" in person.hands(b"\xff\xfe\x00").text
    assert "不是不超过 200 KB 的文本文件" in person.hands(b"rule", size=300_000).text


def test_only_administrators_import_and_delete_in_a_group(bot: Stage) -> None:
    group = bot.group()
    assert "只有管理员" in group.member.says("/import 集采").text
    assert "只有管理员" in group.member.says("/delete_me").text
    assert "已导入 1 条" in group.administrator.says("/import 集采").text
    assert "全部删除" in group.administrator.says("/delete_me").labels
    assert "只有管理员" in group.member.press("全部删除")


def test_everything_about_somebody_is_deleted_once_confirmed(bot: Stage) -> None:
    person, other = bot.person(), bot.person()
    assert "没有存储关于这个聊天的任何内容" in person.says("/delete_me").text
    for one in (person, other):
        one.says("/subscribe =注销甲")
        one.says("/save 名字 注销甲")
        one.says("/feedback 注销甲的反馈")
    bot.publish("关于注销甲的通知")
    person.hears("关于注销甲的通知")
    bot.until(lambda: not bot.sending(), seconds=30)
    person.says("/mute")
    person.presses("后续修订")
    person.says("/edit 1")  # a question that waits
    shown = person.says("/delete_me")
    assert "1 项订阅" in shown.text
    assert person.presses("取消").text == "已取消。"
    person.says("/delete_me")
    assert "已删除：1 项订阅、1 条提醒" in person.presses("全部删除").text
    with bot.opened() as storage:
        bot.until(lambda: not rows_about(storage, str(person.chat)), seconds=30)
        assert rows_about(storage, str(other.chat))
    bot.publish("关于再次注销甲的通知")
    other.hears("关于再次注销甲的通知")
    assert not any("再次注销甲" in one["text"] for one in bot.telegram.shown(person.chat))
    assert "这里还没有订阅" in person.says("/list").text


def rows_about(storage: Storage, chat: str) -> list[str]:
    """The tables in which the number of a chat stands."""
    with storage.read() as tx:
        return [
            table.name
            for table in schema.metadata.sorted_tables
            for row in tx.notices._connection.execute(select(table))
            if any(chat in value for value in map(str, row) if not value.isdigit() or value == chat)
        ]


def test_a_chat_of_the_configuration_is_not_deleted(bot: Stage) -> None:
    person = bot.person("en")
    with bot.opened() as storage, storage.begin() as tx:
        (here,) = tx.destinations.at("telegram", str(person.chat))
        named = tx.destinations.ensure_subscriber(f"team{person.chat}", language="en", now=NOW)
        tx.erasing.subscriber(here.subscriber_id)
        tx.destinations.ensure(named.id, "telegram", str(person.chat), NOW)
    assert "stands in the operator's configuration as team" in person.says("/delete_me").text


@pytest.mark.parametrize("gone", ["wang", "li"])
def test_a_subscriber_is_erased_from_every_table(storage: Storage, gone: str) -> None:
    with storage.begin() as tx:
        for name in ("wang", "li"):
            destination = a_destination(tx, name, address=f"https://example.org/{name}")
            subscription = a_subscription(tx, to=destination)
            revision = a_revision(tx, a_notice(f"通知{name}"))
            met(tx, revision, subscription)
            tx.deliveries.plan(revision.notice_id, NOW)
            tx.chats.ask(f"telegram:{name}", name, "edit", {}, NOW + dt.timedelta(days=1))
            tx.chats.keep(f"telegram:{name}", ["x"], NOW)
            tx.admissions.decide(f"telegram:{name}", True, "operator", NOW)
            tx.mutes.add(destination.id, "agency", "x", "x", NOW)  # type: ignore[arg-type]
    claimed(storage)
    counts = rows_by_table(storage)
    with storage.begin() as tx:
        person = tx.destinations.named(gone)
        assert person is not None
        tx.erasing.subscriber(person.id)
        tx.erasing.chats({f"telegram:{gone}"}, gone)
    left = rows_by_table(storage)
    theirs = {name for name, count in counts.items() if left[name] * 2 == count}
    assert theirs == {
        "subscribers",
        "destinations",
        "subscriptions",
        "matches",
        "deliveries",
        "attempts",
        "mutes",
        "conversations",
        "chat_payloads",
        "admissions",
    }


def rows_by_table(storage: Storage) -> dict[str, int]:
    with storage.read() as tx:
        read = tx.notices._connection
        found = {t.name: len(read.execute(select(t)).all()) for t in schema.metadata.sorted_tables}
    return {name: count for name, count in found.items() if count}
