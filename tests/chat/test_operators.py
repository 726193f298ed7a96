"""What operators do by chat: sources, health, a word to all, invitations, bans."""

import datetime as dt
from collections.abc import Iterator

import pytest
import yaml

from tests.chat.stage import OPERATOR, Person, Stage, stage
from tests.servers import sites
from tests.servers.web import WebServer

LIST = "/zwgk/tzgg/index.html"


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A bot by invitation whose sources may be on this machine."""
    folder = tmp_path_factory.mktemp("operators")
    database = f"sqlite:///{folder / 'monitor.db'}"
    more = "fetch: {allow_private: true, gap: 0s}"
    # One operator says more here than a person would in a minute.
    with stage(folder, database, chat=", access: invite, rate: 300", more=more) as made:
        made.start()
        made.until(lambda: len(made.telegram.commands) == 8, seconds=60)
        yield made
        assert made.telegram.refused == []


@pytest.fixture
def operator(own: Stage) -> Person:
    return Person(own, OPERATOR, OPERATOR)


def invited(operator: Person) -> Person:
    """Somebody new with an invitation of the operator."""
    link = operator.says("/invite 3").text.split("https://t.me/policy_monitor_bot?start=")[1]
    person = operator.stage.person()
    person.says(f"/start {link.split()[0]}")
    return person


def test_nobody_else_has_these_commands(bot: Stage) -> None:
    person = bot.person()
    for name in ("sources", "source_add", "health", "stats", "broadcast", "invite", "ban", "unban"):
        assert "没有命令" in person.says(f"/{name} 1").text
        assert name not in {c["command"] for c in bot.telegram.commands['{"type": "all_private_chats"}']}
    mine = {c["command"] for c in bot.telegram.commands[f'{{"chat_id": {OPERATOR}, "type": "chat"}}']}
    assert {"sources", "source_add", "health", "stats", "broadcast", "invite", "ban", "unban"} <= mine


def test_a_button_of_theirs_does_nothing_for_others(bot: Stage) -> None:
    person = bot.person()
    shown = person.says("/help")
    for data in ("source_pause:inbox:", "broadcast:1:hello", "unban:1", "source_save:{}"):
        assert person.press_data(data, shown) == "只有运维人员可以这样做。"


def test_sources_are_shown_with_their_health_paused_resumed_and_checked(operator: Person) -> None:
    stage = operator.stage
    stage.until(lambda: "✓ 正常" in operator.says("/sources").text)
    shown = operator.says("/sources inbox")
    assert "上次成功" in shown.text
    assert "下次检查" in shown.text
    assert shown.labels == ["检查 inbox", "暂停"]
    assert operator.press("检查", shown) == "即将检查。"
    assert "⏸" in operator.presses("暂停", shown).text
    assert "恢复" in operator.sees().labels
    assert "⏸" not in operator.presses("恢复").text
    assert operator.says("/sources nothing").text == "没有这样的来源在检查。"


def test_an_address_is_tried_shown_saved_and_checked_from_then_on(operator: Person) -> None:
    stage = operator.stage
    with WebServer() as web:
        rows = sites.items(6, day=dt.date.today())
        page = sites.trs(rows).replace("<title>通知公告", "<title>通知公告-山西省医疗保障局")
        address = web.put(LIST, page)
        assert "请在后面写网址" in operator.says("/source_add").text
        operator.sends(f"/source_add {address}")
        shown = operator.hears("html_list")
        assert "6 条" in shown.text
        assert "山西省医疗保障局" in shown.text
        assert rows[0].title in shown.text
        name = shown.labels[0].removeprefix("添加为 ")
        assert f"已添加：{name}" in operator.presses("添加为", shown).text
        stage.until(lambda: "✓ 正常" in operator.says(f"/sources {name}").text, seconds=30)
        written = yaml.safe_load((stage.folder / "sources.local.yaml").read_text("utf-8"))
        assert [(one["id"], one["url"]) for one in written["sources"]] == [(name, address)]
        assert operator.press("添加为", shown) == "已经添加过了。"
        operator.sends(f"/source_add {address}")
        operator.hears(f"已在监测这个网址：{name}")
        operator.sends(f"/source_add {web.url('/gone')}")
        operator.hears("404")


def test_health_and_figures_say_how_it_stands(operator: Person) -> None:
    shown = operator.says("/health")
    for words in ("来源：", "投递：待发", "聊天：未处理"):
        assert words in shown.text
    assert "来源" in operator.presses("来源", shown).text
    shown = operator.says("/health")
    assert "订阅人：" in operator.presses("统计", shown).text
    assert "公文：" in operator.says("/stats").text


def test_a_word_to_all_is_previewed_and_comes_once_to_each_subscriber(operator: Person) -> None:
    readers = [invited(operator) for _ in range(3)]
    for reader in readers:
        reader.says("/subscribe 集采")
    operator.says("/broadcast")
    shown = operator.says("今晚 <b>停机</b> & 升级")
    assert f"将发给 {len(readers)} 位订阅人" in shown.text
    assert "今晚 <b>停机</b> & 升级" in shown.text
    assert "正在发给 3 位订阅人" in operator.presses("发送", shown).text
    for reader in readers:
        assert "今晚 <b>停机</b> & 升级" in reader.hears("来自运维人员的消息").text
    operator.press("发送", shown)
    operator.hears("正在发给 0 位订阅人")
    for reader in readers:
        seen = [one["text"] for one in operator.stage.telegram.shown(reader.chat)]
        assert sum("停机" in text for text in seen) == 1
    operator.says("/broadcast 不发了")
    assert operator.presses("取消").text == "已取消。"
    assert "超出 1 个字" in operator.says("/broadcast " + "长" * 3001).text


def test_an_invitation_works_once(operator: Person) -> None:
    shown = operator.says("/invite")
    assert "只能用一次" in shown.text
    code = shown.text.split("/start ")[1].strip()
    first, second = operator.stage.person(), operator.stage.person()
    assert "1/4" in first.says(f"/start {code}").text
    assert "这个邀请已经用过或已过期" in second.says(f"/start {code}").text
    assert "有效几天" in operator.says("/invite 0").text


def test_who_is_banned_is_told_nothing_and_not_answered_until_it_is_undone(operator: Person) -> None:
    stage, person = operator.stage, invited(operator)
    person.says("/subscribe =封禁测试")
    shown = operator.says(f"/ban {person.chat}")
    assert "不能再使用本机器人" in shown.text
    assert person.says("/list").text == "此聊天不能使用本机器人。"
    stage.publish("关于开展封禁测试工作的通知")

    def held() -> bool:
        with stage.opened() as storage, storage.read() as tx:
            return "held" in tx.deliveries.counts()

    stage.until(held, seconds=30)
    assert "可以使用本机器人" in operator.presses("撤销", shown).text
    person.hears("关于开展封禁测试工作的通知")
    operator.says(f"/ban {person.chat}")
    operator.says(f"/unban {person.chat}")
    assert "封禁测试" in person.says("/list").text
    assert "请写用户或聊天的编号" in operator.says("/ban somebody").text
    assert "不能封禁运维人员" in operator.says(f"/ban {OPERATOR}").text


def test_who_is_banned_is_so_in_groups_too(operator: Person) -> None:
    group = operator.stage.group()
    code = operator.says("/invite").text.split("/start ")[1].strip()
    assert "1/4" in group.administrator.says(f"/start {code}").text
    operator.says(f"/ban {group.member.user}")
    assert group.member.says("/list").text == "此聊天不能使用本机器人。"
    assert group.administrator.says("/list").text == "这里还没有订阅。"


def test_operators_read_english_too(operator: Person) -> None:
    operator.says("/lang en")
    assert "One source" in operator.says("/sources inbox").text
    assert "Subscribers:" in operator.says("/stats").text
    assert "Sources:" in operator.says("/health").text
    operator.says("/lang zh")
