"""Rules that a subscriber saves under a name: `@name` in another of the subscriber's rules stands for one.

What a saved rule becomes, every subscription becomes that names it, itself or by way of another saved rule.
So none is saved or forgotten that would leave one of them without a meaning.
"""

import datetime as dt
from collections.abc import Iterable, Mapping

from monitor.errors import MonitorError
from monitor.storage import Origin, SavedRule, Subscription, Transaction
from rules import Rule, RuleError, Vocabulary, parse_rule
from rules.language import saved_names

MAX_SAVED = 200
"""So many rules a subscriber may save."""


class SavedRuleError(MonitorError):
    """A rule that cannot be saved or forgotten; says why, as `RuleError` does."""

    def __init__(self, chinese: str, english: str) -> None:
        super().__init__(english)
        self._chinese = chinese

    def render(self, language: str = "zh") -> str:
        """The sentence."""
        return self._chinese if language == "zh" else str(self)


def texts_of(tx: Transaction, subscriber_id: int) -> dict[str, str]:
    """By name, the texts that a subscriber's rules may refer to."""
    return {name: saved.rule for name, saved in tx.saved_rules.of(subscriber_id).items()}


def read_rule(tx: Transaction, subscriber_id: int | None, text: str, vocabulary: Vocabulary) -> Rule:
    """The rule that a text states where this subscriber writes it; None is one who is not known yet.

    Raises `RuleError`.
    """
    known = texts_of(tx, subscriber_id) if subscriber_id is not None and saved_names(text) else {}
    return parse_rule(text, vocabulary, known)


def save_rule(
    tx: Transaction,
    subscriber_id: int,
    name: str,
    text: str,
    vocabulary: Vocabulary,
    *,
    origin: Origin,
    now: dt.datetime,
) -> Rule:
    """Save a rule, or change the one of that name and with it all that refer to it.

    Raises:
        RuleError: the text is no rule, or the name cannot be one.
        SavedRuleError: there are too many, the rule belongs to the configuration, or a rule that refers
            to this one could not be read any more.
    """
    name = _bare(name)
    saved = tx.saved_rules.of(subscriber_id)
    if name in saved:
        _refuse_if_configured(saved[name])
    elif len(saved) >= MAX_SAVED:
        raise SavedRuleError(
            f"最多保存 {MAX_SAVED} 条规则：请先删除不用的",
            f"at most {MAX_SAVED} rules can be saved: forget one that is not used first",
        )
    before = {name: one.rule for name, one in saved.items()}
    rule = parse_rule(text, vocabulary, before, name=name)
    after = before | {name: str(rule)}
    affected = _subscriptions_on(tx, subscriber_id, name, after)
    _refuse_if_broken(name, affected, before, after, vocabulary)
    tx.saved_rules.put(subscriber_id, name, str(rule), origin=origin, now=now)
    if after != before:
        _touch(tx, affected)
    return rule


def forget_rule(tx: Transaction, subscriber_id: int, name: str) -> None:
    """Forget a saved rule.

    Raises:
        SavedRuleError: there is none, it belongs to the configuration, or something refers to it.
    """
    name = _bare(name)
    saved = tx.saved_rules.of(subscriber_id)
    if name not in saved:
        known = "、".join(saved) or "-"
        raise SavedRuleError(
            f"没有保存过叫“{name}”的规则，已保存的有：{known}",
            f"no rule was saved as {name!r}; there are: {known}",
        )
    _refuse_if_configured(saved[name])
    if users := users_of(tx, subscriber_id, name):
        listed = "、".join(users)
        raise SavedRuleError(
            f"“{name}”还在使用，不能删除：{listed}", f"{name!r} is in use and cannot be forgotten: {listed}"
        )
    tx.saved_rules.remove(subscriber_id, name)


def users_of(tx: Transaction, subscriber_id: int, name: str) -> list[str]:
    """The names of what refers to a saved rule: saved rules (as `@name`), then active subscriptions."""
    name = _bare(name)
    saved = texts_of(tx, subscriber_id)
    found = [s for s in tx.subscriptions.with_saved_rules(subscriber_id) if s.active]
    rules = [f"@{other}" for other, text in saved.items() if name in saved_names(text)]
    return rules + [s.name for s in found if name in saved_names(s.rule)]


def adopt_saved_rules(
    tx: Transaction, subscriber_id: int, wanted: Mapping[str, str], vocabulary: Vocabulary, now: dt.datetime
) -> None:
    """Save the rules of the configuration, which were checked with it. Doing it again changes nothing."""
    saved = tx.saved_rules.of(subscriber_id)
    known = {name: one.rule for name, one in saved.items()} | dict(wanted)
    for name in wanted:
        rule = str(parse_rule(wanted[name], vocabulary, known, name=name))
        before = saved.get(name)
        if before is None or (before.rule, before.origin) != (rule, Origin.CONFIG):
            tx.saved_rules.put(subscriber_id, name, rule, origin=Origin.CONFIG, now=now)
            _touch(tx, _subscriptions_on(tx, subscriber_id, name, known))


def drop_saved_rules(tx: Transaction, kept: Iterable[tuple[int, str]], now: dt.datetime) -> None:
    """Forget the rules of the configuration but these (subscriber, name); what is still in use stays, and can
    be changed by command from now on."""
    left = set(kept)
    dropped = [
        one for one in tx.saved_rules.made_by(Origin.CONFIG) if (one.subscriber_id, one.name) not in left
    ]
    while unused := [one for one in dropped if not users_of(tx, one.subscriber_id, one.name)]:
        for one in unused:
            tx.saved_rules.remove(one.subscriber_id, one.name)
            dropped.remove(one)
    for one in dropped:
        tx.saved_rules.put(one.subscriber_id, one.name, one.rule, origin=Origin.CLI, now=now)


def _bare(name: str) -> str:
    """The name, also where it was written as in a rule."""
    return name.strip().removeprefix("@")


def _refuse_if_configured(saved: SavedRule) -> None:
    if saved.origin is Origin.CONFIG:
        raise SavedRuleError(
            f"“{saved.name}”写在配置文件里，请在那里修改",
            f"{saved.name!r} stands in the configuration: change it there",
        )


def _subscriptions_on(
    tx: Transaction, subscriber_id: int, name: str, saved: Mapping[str, str]
) -> list[Subscription]:
    """The subscriptions that depend on a saved rule, by way of others too."""
    names = {name}
    while more := {n for n, text in saved.items() if n not in names and saved_names(text) & names}:
        names |= more
    found = tx.subscriptions.with_saved_rules(subscriber_id)
    return [subscription for subscription in found if saved_names(subscription.rule) & names]


def _refuse_if_broken(
    name: str,
    affected: Iterable[Subscription],
    before: Mapping[str, str],
    after: Mapping[str, str],
    vocabulary: Vocabulary,
) -> None:
    for subscription in affected:
        error = _error_of(subscription, after, vocabulary)
        if error and not _error_of(subscription, before, vocabulary):
            raise SavedRuleError(
                f"“{name}”不能这样改，否则订阅“{subscription.name}”就读不懂了：{error.message('zh')}",
                f"{name!r} cannot become this: the subscription {subscription.name!r} could not be read any "
                f"more: {error.message('en')}",
            )


def _error_of(
    subscription: Subscription, saved: Mapping[str, str], vocabulary: Vocabulary
) -> RuleError | None:
    try:
        parse_rule(subscription.rule, vocabulary, saved)
    except RuleError as error:
        return error
    return None


def _touch(tx: Transaction, subscriptions: Iterable[Subscription]) -> None:
    for subscription in subscriptions:
        tx.subscriptions.touch(subscription.id)
