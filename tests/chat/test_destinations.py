"""Alerts of a chat also by e-mail or to a webhook: only where somebody there confirmed it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chat.office import Office, office
from tests.chat.stage import Person


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with office(tmp_path_factory.mktemp("office")) as made:
        yield made


def by_mail(here: Office, person: Person, address: str) -> None:
    """The person's alerts go to this address, too."""
    person.says(f"/destinations {address}")
    assert "已确认" in person.says(here.code(address)).text


def test_an_address_is_told_once_its_reader_confirmed_it_by_the_code(here: Office) -> None:
    person = here.bot.person()
    person.says("/subscribe =邮件甲")
    assert person.says("/destinations").labels == ["添加邮箱", "添加 webhook"]
    person.presses("添加邮箱")
    assert "看不懂这个地址" in person.says("不是邮箱").text
    assert "确认码已寄往 reader@example.org" in person.says("Reader@Example.org".replace("R", "r")).text
    code = here.code("reader@example.org")
    assert "尚未确认" in person.says("/destinations").text
    wrong = "000000" if code != "000000" else "000001"
    assert "确认码不对" in person.says(wrong).text
    shown = person.says(code)
    assert "已确认" in shown.text
    assert "1 项订阅中的 1 项" in person.presses("全部去处", shown).text
    here.bot.publish("关于开展邮件甲工作的通知")
    person.hears("关于开展邮件甲工作的通知")
    here.mailed("reader@example.org", "关于开展邮件甲工作的通知")
    person.says("/subscribe =邮件乙")  # later ones go there, too
    here.bot.publish("关于开展邮件乙工作的通知")
    here.mailed("reader@example.org", "关于开展邮件乙工作的通知")
    assert "提醒已经发到那里" in person.says("/destinations reader@example.org").text


def test_nothing_is_sent_to_an_address_that_was_not_confirmed(here: Office) -> None:
    person = here.bot.person()
    person.says("/subscribe =未确认甲")
    person.says("/destinations victim@example.org")
    code = here.code("victim@example.org")
    for _ in range(5):
        person.says("111111" if code != "111111" else "222222")
    assert "确认码不对" in person.says(code).text  # tried too often
    here.bot.publish("关于开展未确认甲工作的通知")
    person.hears("关于开展未确认甲工作的通知")
    here.bot.until(lambda: not here.bot.sending())
    assert len([m for m in here.mail.mails if "victim@example.org" in str(m["To"])]) == 1
    person.presses("重新开始", person.says("333333"))
    person.says("victim@example.org")
    here.code("victim@example.org", 2)
    person.says("/destinations victim@example.org")
    here.code("victim@example.org", 3)
    assert "今天寄出的确认码太多了" in person.says("/destinations victim@example.org").text
    assert "今天寄出的确认码太多了" in here.bot.person().says("/destinations victim@example.org").text


def test_what_becomes_of_a_subscription_becomes_of_it_everywhere(here: Office) -> None:
    person = here.bot.person()
    person.says("/subscribe =随行甲")
    by_mail(here, person, "follow@example.org")
    person.says("/edit 1 =随行乙")
    here.bot.publish("关于开展随行乙工作的通知")
    here.mailed("follow@example.org", "随行乙")
    person.says("/pause 1")
    here.bot.publish("关于开展随行乙暂停工作的通知")
    person.says("/resume 1")
    person.says("/unsubscribe 1")
    person.presses("撤销")
    here.bot.publish("关于再次开展随行乙工作的通知")
    here.mailed("follow@example.org", "关于再次开展随行乙工作的通知")


def test_it_is_chosen_what_goes_where(here: Office) -> None:
    person = here.bot.person()
    person.says("/subscribe =选择甲")
    person.says("/subscribe =选择乙")
    by_mail(here, person, "choice@example.org")
    shown = person.presses("选择订阅")
    assert shown.labels == ["✓ 1. =选择甲", "✓ 2. =选择乙", "✓ 以后新增的也发", "全部去处"]
    assert "✗ 1. =选择甲" in person.presses("1. =选择甲").labels
    assert "✗ 以后新增的也发" in person.presses("以后新增").labels
    person.says("/subscribe =选择丙")
    assert "3 项订阅中的 1 项" in person.says("/destinations").text
    here.bot.publish("关于开展选择甲、选择丙工作的通知")
    here.bot.publish("关于开展选择乙工作的通知")
    person.hears("选择甲、选择丙")
    here.mailed("choice@example.org", "选择乙")
    here.bot.until(lambda: not here.bot.sending())
    texts = [m.get_body().get_content() for m in here.mail.mails if "choice@" in str(m["To"])]  # type: ignore[union-attr]
    assert not any("选择丙" in text for text in texts)
    shown = person.presses("选择订阅", person.says("/destinations"))
    assert "✓ 1. =选择甲" in person.presses("1. =选择甲", shown).labels


def test_a_webhook_is_told_once_it_repeated_the_challenge(here: Office) -> None:
    person = here.bot.person()
    person.says("/subscribe =钩子甲")
    person.presses("添加 webhook", person.says("/destinations"))
    assert "请写完整的网址" in person.says("crm").text  # a name of the operator's own receivers is none
    here.hook.echoes = False
    person.sends(here.url)
    person.hears("webhook 有应答，但不是")
    here.hook.echoes = True
    person.sends(f"/destinations {here.url}")
    person.hears("已确认")
    here.bot.publish("关于开展钩子甲工作的通知")
    here.bot.until(lambda: here.posted("钩子甲") == ["notice.matched"], seconds=30)
    person.hears("关于开展钩子甲工作的通知")
    here.bot.until(lambda: not here.bot.sending())
    assert "不再发到" in person.presses("移除", person.says("/destinations")).text
    assert person.presses("全部去处").labels == ["添加邮箱", "添加 webhook"]
    here.bot.publish("关于再次开展钩子甲工作的通知")
    person.hears("关于再次开展钩子甲工作的通知")
    here.bot.until(lambda: not here.bot.sending())
    assert len(here.posted("钩子甲")) == 1
    person.sends(f"/destinations http://127.0.0.1:{here.hook.port + 1}/")
    person.hears("webhook 没有通过确认")


def test_an_english_reader_does_the_same(here: Office) -> None:
    person = here.bot.person("en")
    assert person.says("/destinations").labels == ["Add an e-mail address", "Add a webhook"]
    assert "A code is mailed to it" in person.presses("Add an e-mail").text


def test_what_is_another_chats_cannot_be_touched(here: Office) -> None:
    person, other = here.bot.person(), here.bot.person()
    by_mail(here, person, "mine@example.org")
    with here.bot.opened() as storage, storage.read() as tx:
        number = next(one.id for one in tx.destinations.all() if one.address == "mine@example.org")
    shown = other.says("/help")
    for name in ("destination_remove", "destination_rules", "destination_later"):
        assert other.press_data(f"{name}:{number}", shown) == "这一项已经不在了。"


def test_addresses_of_the_operators_network_are_refused(tmp_path: Path) -> None:
    with office(tmp_path, private=False) as here:
        person = here.bot.person()
        person.sends(f"/destinations {here.url}")
        assert "allow_private" in person.hears("webhook 没有通过确认").text
        assert here.hook.log.records == []
