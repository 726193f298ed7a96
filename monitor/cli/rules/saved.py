"""`policy-monitor rules save`, `saved` and `forget`: rules under names, for `@name` in other rules."""

import datetime as dt
from typing import Annotated

import typer

from monitor.cli.rules.group import RuleArgument, SubscriberOption, chosen_subscriber, end, group
from monitor.cli.terminal import ConfigOption, configuration, migrated, out, table, words
from monitor.opening import load_vocabulary, open_storage
from monitor.saved_rules import SavedRuleError, forget_rule, save_rule, users_of
from monitor.storage import Origin
from rules import RuleError

NameArgument = Annotated[str, typer.Argument(metavar="NAME")]


@group.command(help=words("保存：用 @名称 代表一条规则", "save a rule under a name, for @NAME in others"))
def save(
    name: NameArgument, rule: RuleArgument, subscriber: SubscriberOption = None, config: ConfigOption = None
) -> None:
    """Exit status 2 for a wrong rule or name, and where another rule would lose its meaning."""
    settings = configuration(config)
    with migrated(open_storage(settings)).begin() as tx:
        person = chosen_subscriber(tx, subscriber)
        try:
            saved = save_rule(
                tx,
                person.id,
                name,
                rule,
                load_vocabulary(settings),
                origin=Origin.CLI,
                now=dt.datetime.now(dt.UTC),
            )
        except (RuleError, SavedRuleError) as error:
            end(error.render(words.language), 2)
        users = users_of(tx, person.id, name)
    out.print(words(f"已保存“{name}”：{saved}", f"saved {name}: {saved}"), markup=False)
    if users:
        listed = "、".join(users)
        out.print(words(f"用到它的也随之改变：{listed}", f"what uses it changes too: {listed}"), markup=False)


@group.command("saved", help=words("列出保存的规则", "list the rules that were saved"))
def list_saved(subscriber: SubscriberOption = None, config: ConfigOption = None) -> None:
    """With what uses them, and where they were made."""
    with migrated(open_storage(configuration(config))).read() as tx:
        person = chosen_subscriber(tx, subscriber)
        rows = [
            (f"@{one.name}", one.rule, "、".join(users_of(tx, person.id, one.name)), one.origin.value)
            for one in tx.saved_rules.of(person.id).values()
        ]
    table(words("名称 规则 用于 来自", "name rule used_by from").split(), rows)


@group.command(help=words("删除一条保存的规则", "forget a saved rule"))
def forget(name: NameArgument, subscriber: SubscriberOption = None, config: ConfigOption = None) -> None:
    """Exit status 2 where there is none, where it is in use, and where the configuration has it."""
    with migrated(open_storage(configuration(config))).begin() as tx:
        try:
            forget_rule(tx, chosen_subscriber(tx, subscriber).id, name)
        except SavedRuleError as error:
            end(error.render(words.language), 2)
    out.print(words(f"已删除“{name}”", f"forgot {name}"), markup=False)
