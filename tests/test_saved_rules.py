"""Rules saved under names, and what refers to them."""

import pytest

from monitor.matching import SubscriptionIndex
from monitor.saved_rules import (
    MAX_SAVED,
    SavedRuleError,
    adopt_saved_rules,
    drop_saved_rules,
    forget_rule,
    read_rule,
    save_rule,
    texts_of,
    users_of,
)
from monitor.storage import Origin, Storage, Subscription, Transaction
from monitor.types import Notice
from rules import Rule, RuleError, default_vocabulary
from tests.making import NOW, a_destination, a_notice, a_subscription

VOCABULARY = default_vocabulary()
NOTICE = a_notice(body="药品集中带量采购", provinces=("山西",))


@pytest.fixture
def index() -> SubscriptionIndex:
    return SubscriptionIndex(VOCABULARY)


def save(tx: Transaction, name: str, text: str, *, who: str = "wang", origin: Origin = Origin.CLI) -> Rule:
    person = tx.destinations.ensure_subscriber(who, now=NOW)
    return save_rule(tx, person.id, name, text, VOCABULARY, origin=origin, now=NOW)


def subscribed(tx: Transaction, name: str, rule: str) -> Subscription:
    """A subscription as the commands make it: its rule is read first."""
    destination = a_destination(tx)
    return a_subscription(
        tx, name, str(read_rule(tx, destination.subscriber_id, rule, VOCABULARY)), to=destination
    )


def told(tx: Transaction, index: SubscriptionIndex, notice: Notice = NOTICE) -> list[str]:
    """The names of the subscriptions that the notice meets."""
    index.follow(tx)
    return [subscription.name for subscription, _ in index.match(tx, notice)]


def test_a_subscription_means_what_its_saved_rule_says_now(
    storage: Storage, index: SubscriptionIndex
) -> None:
    with storage.begin() as tx:
        assert str(save(tx, "我的集采规则", "集采 或 带量采购")) == "集采 | 带量采购"
        made = subscribed(tx, "one", "省:山西 @我的集采规则")
        assert made.rule == "省:山西 @我的集采规则"
        assert told(tx, index) == ["one"]
        save(tx, "我的集采规则", "飞检")
        assert told(tx, index) == []
        save(tx, "@我的集采规则", "药品")  # with the sign, as in a rule
        assert told(tx, index) == ["one"]
        assert list(texts_of(tx, made.subscriber_id)) == ["我的集采规则"]


def test_a_change_reaches_through_other_saved_rules(storage: Storage, index: SubscriptionIndex) -> None:
    with storage.begin() as tx:
        save(tx, "内", "飞检")
        save(tx, "外", "@内 省:山西")
        subscribed(tx, "one", "@外")
        subscribed(tx, "other", "集采")
        assert told(tx, index) == ["other"]
        counter = tx.subscriptions.counter()
        save(tx, "内", "飞检")
        assert tx.subscriptions.counter() == counter  # nothing changed
        save(tx, "内", "集采")
        assert tx.subscriptions.counter() == counter + 1
        assert sorted(told(tx, index)) == ["one", "other"]


def test_reasons_are_those_of_the_saved_rule(storage: Storage, index: SubscriptionIndex) -> None:
    with storage.begin() as tx:
        save(tx, "我的", "集采 省:山西")
        subscribed(tx, "one", "@我的 药品")
        index.follow(tx)
        ((_, match),) = index.match(tx, NOTICE)
        assert {reason.term for reason in match.reasons} == {"山西", "集采", "药品"}


def test_everybody_has_names_of_their_own(storage: Storage) -> None:
    with storage.begin() as tx:
        save(tx, "我的", "集采", who="wang")
        save(tx, "我的", "飞检", who="li")
        wang = tx.destinations.ensure_subscriber("wang", now=NOW).id
        assert str(read_rule(tx, wang, "@我的", VOCABULARY).expanded) == "集采"
        with pytest.raises(RuleError, match="did you mean @我的"):
            read_rule(tx, wang, "@我得", VOCABULARY)
        with pytest.raises(RuleError, match="No rule was saved"):
            read_rule(tx, None, "@我的", VOCABULARY)


def test_a_wrong_rule_or_a_circle_is_shown_with_its_place_and_not_saved(storage: Storage) -> None:
    with storage.begin() as tx:
        save(tx, "甲", "集采")
        save(tx, "乙", "@甲 降价")
        with pytest.raises(RuleError) as circle:
            save(tx, "甲", "飞检 | @乙")
        assert circle.value.render("zh").endswith("  飞检 | @乙\n         ^^^")
        with pytest.raises(RuleError, match="安徽"):
            save(tx, "甲", "省:安微")
        with pytest.raises(RuleError, match="cannot name a rule"):
            save(tx, "我 的", "集采")
        assert texts_of(tx, tx.destinations.ensure_subscriber("wang", now=NOW).id) == {
            "甲": "集采",
            "乙": "@甲 降价",
        }


def test_a_change_that_would_leave_a_subscription_without_meaning_is_refused(
    storage: Storage, index: SubscriptionIndex
) -> None:
    many = "|".join(f"词{number}" for number in range(550))
    with storage.begin() as tx:
        save(tx, "甲", "集采")
        subscribed(tx, "both", "(@甲 药品) | (@甲 耗材)")
        with pytest.raises(SavedRuleError) as refused:
            save(tx, "甲", many)
        assert "订阅“both”" in refused.value.render("zh")
        assert "too many conditions" in refused.value.render("en")
        assert told(tx, index) == ["both"]


def test_a_saved_rule_is_forgotten_only_when_nothing_uses_it(storage: Storage) -> None:
    with storage.begin() as tx:
        save(tx, "甲", "集采")
        save(tx, "乙", "@甲 降价")
        made = subscribed(tx, "每天看", "@甲")
        who = made.subscriber_id
        assert users_of(tx, who, "甲") == ["@乙", "每天看"]
        with pytest.raises(SavedRuleError, match="in use and cannot be forgotten: @乙、每天看"):
            forget_rule(tx, who, "甲")
        tx.subscriptions.set_active(made.id, False)
        forget_rule(tx, who, "乙")
        forget_rule(tx, who, "@甲")
        assert texts_of(tx, who) == {}
        with pytest.raises(SavedRuleError, match="no rule was saved as '甲'"):
            forget_rule(tx, who, "甲")


def test_one_subscriber_saves_only_so_many(storage: Storage) -> None:
    with storage.begin() as tx:
        for number in range(MAX_SAVED):
            save(tx, f"r{number}", "集采")
        save(tx, "r0", "飞检")
        with pytest.raises(SavedRuleError, match=f"at most {MAX_SAVED}"):
            save(tx, "another", "集采")


def test_the_configuration_has_its_own_saved_rules(storage: Storage, index: SubscriptionIndex) -> None:
    with storage.begin() as tx:
        who = a_destination(tx).subscriber_id
        adopt_saved_rules(tx, who, {"外": "@内 省:山西", "内": "集采"}, VOCABULARY, NOW)
        subscribed(tx, "one", "@外")
        assert told(tx, index) == ["one"]
        counter = tx.subscriptions.counter()
        adopt_saved_rules(tx, who, {"外": "@内 省:山西", "内": "集采"}, VOCABULARY, NOW)
        assert tx.subscriptions.counter() == counter
        adopt_saved_rules(tx, who, {"外": "@内 省:山西", "内": "飞检"}, VOCABULARY, NOW)
        assert told(tx, index) == []
        for refused in (lambda: save(tx, "内", "集采"), lambda: forget_rule(tx, who, "外")):
            with pytest.raises(SavedRuleError, match="stands in the configuration"):
                refused()


def test_what_the_configuration_dropped_goes_unless_something_uses_it(storage: Storage) -> None:
    with storage.begin() as tx:
        who = a_destination(tx).subscriber_id
        adopt_saved_rules(tx, who, {"甲": "@乙", "乙": "集采", "丙": "@丁", "丁": "飞检"}, VOCABULARY, NOW)
        subscribed(tx, "one", "@乙")
        drop_saved_rules(tx, [], NOW)
        assert texts_of(tx, who) == {"乙": "集采"}
        save(tx, "乙", "飞检")  # it is nobody else's now
