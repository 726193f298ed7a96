import pytest

from monitor.matching import SubscriptionIndex, Told, tell
from monitor.recording import record
from monitor.storage import MuteKind, Storage, Transaction
from monitor.types import Notice
from rules import default_vocabulary
from tests.making import DAY, NOW, a_destination, a_notice, a_subscription

BODY = "为做好药品集中带量采购，现通知如下：自2026年4月1日起执行，结算周期不超过30日。" * 3
NOTICE = a_notice(body=BODY, provinces=("山西",), doc_number="晋医保发〔2026〕12号")


@pytest.fixture
def index(storage: Storage) -> SubscriptionIndex:
    with storage.begin() as tx:
        for source in ("site", "folder"):
            tx.sources.ensure(source, "html_list", NOW)
    return SubscriptionIndex(default_vocabulary())


def told(
    tx: Transaction,
    index: SubscriptionIndex,
    notice: Notice = NOTICE,
    source: str = "site",
    *,
    baseline: bool = False,
    day: int = 0,
) -> Told:
    """What recording and telling this on that day comes to."""
    now = NOW + day * DAY
    seen = record(tx, notice, source_id=source, url=f"{source}/12", baseline=baseline, now=now)
    return tell(tx, seen, index, now)


def a_variant(body: str) -> Notice:
    return a_notice(body=body, provinces=("山西",), doc_number="晋医保发〔2026〕12号")


def test_each_subscription_that_is_met_is_told_once(storage: Storage, index: SubscriptionIndex) -> None:
    with storage.begin() as tx:
        a_subscription(tx, "met", "省:山西 集采")
        a_subscription(tx, "not met", "省:河北")
        assert told(tx, index) == Told(matched=1, queued=1)
        assert told(tx, index, source="folder", day=1) == Told()
        (delivery,) = tx.deliveries.latest()
        (match,) = tx.matches.of_delivery(delivery.id)
    assert (match.subscription, match.rule) == ("met", "省:山西 集采")
    assert {reason.facet for reason in match.reasons} == {"province", "text"}


def test_two_subscriptions_of_one_destination_make_one_message(
    storage: Storage, index: SubscriptionIndex
) -> None:
    with storage.begin() as tx:
        a_subscription(tx, "one", "集采")
        a_subscription(tx, "two", "省:山西")
        assert told(tx, index) == Told(matched=2, queued=1)


def test_a_baseline_tells_nobody(storage: Storage, index: SubscriptionIndex) -> None:
    with storage.begin() as tx:
        a_subscription(tx)
        assert told(tx, index, baseline=True) == Told()
        assert told(tx, index, day=1) == Told()
        assert told(tx, index, source="folder", day=2) == Told(matched=1, queued=1)


def test_a_correction_is_told_once_more(storage: Storage, index: SubscriptionIndex) -> None:
    corrected = a_variant(BODY.replace("30日", "60日"))
    with storage.begin() as tx:
        a_subscription(tx)
        told(tx, index)
        assert told(tx, index, corrected, day=1) == Told(matched=1, queued=1)
        assert told(tx, index, corrected, day=2) == Told()
        assert len(tx.deliveries.latest()) == 2


def test_a_correction_also_reaches_who_would_not_meet_it_any_more(
    storage: Storage, index: SubscriptionIndex
) -> None:
    with storage.begin() as tx:
        a_subscription(tx, rule='"不超过30日"')
        told(tx, index)
        assert told(tx, index, a_variant(BODY.replace("30日", "60日")), day=1) == Told(matched=1, queued=1)


def test_a_variant_is_told_only_to_who_was_not_told_of_the_notice(
    storage: Storage, index: SubscriptionIndex
) -> None:
    with storage.begin() as tx:
        told_before = a_subscription(tx, "集采", "集采")
        missed = a_subscription(tx, "编者按", "编者按", to=a_destination(tx, "li"))
        told(tx, index)
        assert told(tx, index, a_variant(BODY + "编者按"), "folder", day=1) == Told(matched=1, queued=1)
        latest, first = tx.deliveries.latest()
    assert (first.destination_id, latest.destination_id) == (
        told_before.destination_id,
        missed.destination_id,
    )


def test_a_destination_hears_of_a_notice_once_whichever_of_its_subscriptions_met_it(
    storage: Storage, index: SubscriptionIndex
) -> None:
    with storage.begin() as tx:
        a_subscription(tx, "集采", "集采")
        a_subscription(tx, "编者按", "编者按")
        told(tx, index)
        assert told(tx, index, a_variant(BODY + "编者按"), "folder", day=1) == Told(matched=1, queued=0)


def test_a_subscription_made_a_moment_before_is_not_missed(
    storage: Storage, index: SubscriptionIndex
) -> None:
    with storage.begin() as tx:
        assert told(tx, index, a_notice("关于飞行检查的通告", body="飞行检查" * 30)) == Told()
        a_subscription(tx)
        assert told(tx, index) == Told(matched=1, queued=1)


def test_a_paused_or_changed_subscription_is_followed(storage: Storage, index: SubscriptionIndex) -> None:
    with storage.begin() as tx:
        paused, changed = a_subscription(tx, "paused"), a_subscription(tx, "changed")
        index.follow(tx)
        tx.subscriptions.set_active(paused.id, False)
        a_subscription(tx, "changed", "口腔")
        index.follow(tx)
        assert index.match(tx, NOTICE) == []
        tx.subscriptions.set_active(paused.id, True)
        index.follow(tx)
        assert [subscription.id for subscription, _ in index.match(tx, NOTICE)] == [paused.id]
        assert changed.id != paused.id


def test_a_rule_that_cannot_be_read_any_more_stops_no_other(
    storage: Storage, index: SubscriptionIndex
) -> None:
    with storage.begin() as tx:
        broken, whole = a_subscription(tx, "broken", "省:不存在的省"), a_subscription(tx, "whole")
        assert told(tx, index) == Told(matched=1, queued=1)
        assert [subscription.id for subscription, _ in index.broken.values()] == [broken.id]
        a_subscription(tx, "broken", "集采")
        index.follow(tx)
        assert index.broken == {}
        assert {subscription.id for subscription, _ in index.match(tx, NOTICE)} == {broken.id, whole.id}


def test_a_transaction_that_fails_leaves_neither_the_notice_nor_its_alert(
    storage: Storage, index: SubscriptionIndex
) -> None:
    with storage.begin() as tx:
        a_subscription(tx)
    with pytest.raises(RuntimeError), storage.begin() as tx:
        assert told(tx, index) == Told(matched=1, queued=1)
        raise RuntimeError("the process is in trouble")
    with storage.begin() as tx:
        assert tx.notices.latest() == []
        assert told(tx, index) == Told(matched=1, queued=1)


def test_what_a_destination_muted_it_is_not_told_of_nor_of_its_correction(
    storage: Storage, index: SubscriptionIndex
) -> None:
    with storage.begin() as tx:
        deaf, other = a_destination(tx, "deaf"), a_destination(tx, "other")
        for to in (deaf, other):
            a_subscription(tx, to=to)
        assert told(tx, index) == Told(matched=2, queued=2)
        notice_id = tx.deliveries.latest()[0].notice_id
        tx.mutes.add(deaf.id, MuteKind.NOTICE, str(notice_id), "title", NOW)
        corrected = a_variant(BODY.replace("30日", "60日"))
        assert told(tx, index, corrected, day=1) == Told(matched=1, queued=1)
        assert tx.deliveries.latest()[0].destination_id == other.id
