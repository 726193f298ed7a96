"""Two rules of one reader that hit the same notice: recorded, matched, composed and sent over HTTP."""

from monitor.deliver import deliver_due
from monitor.matching import SubscriptionIndex, tell
from monitor.notify.telegram import TelegramChannel, TelegramSettings
from monitor.recording import record
from monitor.storage import Storage
from rules import default_vocabulary
from tests.making import DAY, NOW, a_destination, a_notice, a_subscription
from tests.outbox import Clock
from tests.servers.telegram import TOKEN, TelegramServer


async def test_a_notice_that_two_rules_hit_is_one_message_with_the_reasons_of_both(storage: Storage) -> None:
    notice = a_notice(
        "山西省医疗保障局关于做好药品集中带量采购工作的通知",
        body="各市医疗保障局：请于12月底前完成双通道药店的价格调整。",
        agencies=("山西省医疗保障局",),
        provinces=("山西",),
    )
    with TelegramServer() as telegram:
        telegram.add_chat(42)
        with storage.begin() as tx:
            tx.sources.ensure("site", "html_list", NOW)
            reader = a_destination(tx, channel="telegram", address="42")
            a_subscription(tx, "山西集采", "省:山西 集采", to=reader)
            a_subscription(tx, "药店", "双通道", to=reader)
            a_subscription(tx, "河北", "省:河北", to=reader)
            seen = record(tx, notice, source_id="site", url="https://example.org/1", baseline=False, now=NOW)
            tell(tx, seen, SubscriptionIndex(default_vocabulary()), NOW)
        channel = TelegramChannel(TelegramSettings(token=TOKEN, base_url=telegram.url), Clock(NOW))
        try:
            for now in (NOW, NOW + DAY):
                await deliver_due(storage, {"telegram": channel}, worker="test", clock=Clock(now))
        finally:
            await channel.aclose()
        (message,) = telegram.sent
    lines = message["text"].splitlines()
    assert "「山西集采」 省:山西 集采" in lines
    assert "「药店」 双通道" in lines
    assert "• 集采 · 标题：山西省医疗保障局关于做好药品集中带量采购工作的通知" in lines
    assert "• 双通道 · 正文：各市医疗保障局：请于12月底前完成双通道药店的价格调整。" in lines
    assert "河北" not in message["text"]
