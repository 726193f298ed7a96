"""/export and /import: the rules of a chat as a file, as a configuration would hold them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml
from markupsafe import Markup

from monitor.chat.commands._routing import forward
from monitor.chat.commands._shared import asked, canonical
from monitor.chat.model import Answer, File, UserError, button, reply
from monitor.chat.registry import action, command, question
from monitor.chat.texts import N_, code
from monitor.chat.turn import Turn
from monitor.config.yaml_tree import plain_yaml
from monitor.preferences import PreferenceError, parse_frequency
from monitor.saved_rules import SavedRuleError, read_rule, save_rule
from monitor.storage import Origin, Subscription
from rules import RuleError

MOST = 500
"""Rules that are imported at once."""


@command("export", N_("my rules as a file"), words=("导出",))
def export(turn: Turn, rest: str) -> Answer:
    own = turn.subscriptions()
    saved = turn.tx.saved_rules.of(turn.destination.subscriber_id) if turn.destination else {}
    if not own and not saved:
        return reply(turn.say("There is nothing to export yet."))
    content = {
        **({"saved_rules": {name: one.rule for name, one in saved.items()}} if saved else {}),
        **({"subscriptions": [dict(_written(one)) for one in own]} if own else {}),
    }
    text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=1000)
    said = turn.say(
        "{subscriptions} subscriptions and {saved} saved rules. /import reads this file, here or in another "
        "chat.",
        subscriptions=len(own),
        saved=len(saved),
    )
    return reply(said, file=File(f"rules-{turn.today}.yaml", text))


def _written(one: Subscription) -> Iterator[tuple[str, Any]]:
    yield "rule", one.rule
    if one.name != one.rule:
        yield "name", one.name
    if one.frequency:
        yield "frequency", str(one.frequency)
    if one.urgent:
        yield "urgent", True
    if not one.active:
        yield "paused", True


@command(
    "import",
    N_("rules from a file or a text"),
    usage=N_("[TEXT]"),
    details=N_("Send the file that /export made, or write one rule per line after it."),
    words=("导入",),
    changes=True,
)
def import_(turn: Turn, rest: str) -> Answer:
    text = rest if turn.incoming.file is None else turn.incoming.file
    if text.strip():
        return taken(turn, text)
    return asked(turn, "import", turn.say("Send the file, or the rules as text: one per line, or YAML."))


@question("import")
def import_answered(turn: Turn, text: str) -> Answer:
    return taken(turn, text) if turn.caller.is_admin else None


def taken(turn: Turn, text: str) -> Answer:
    """Take the rules of a text that are new here, and say of each other one why it was not taken."""
    saved, items = _read(turn, text)
    if not saved and not items:
        raise UserError(turn.say("There are no rules in it."))
    if (count := len(saved) + len(items)) > MOST:
        raise UserError(
            turn.say(
                "At most {most} rules can be imported at once; there are {count}.", most=MOST, count=count
            )
        )
    taking = _Taking(turn)
    for name, rule in saved.items():
        taking.save(str(name), str(rule))
    for item in items:
        taking.subscribe(item)
    turn.done()
    undo = [button(turn.label("Undo"), "take_back", *taking.made)] if taking.made else []
    return reply(*taking.said(), rows=[undo, [button(turn.label("My list"), "list")]])


@action("take_back", changes=True)
def taken_back(turn: Turn, *made: int) -> Answer:
    """Undo an import: of what it subscribed to."""
    own = {one.id for one in turn.subscriptions()}
    gone = [number for number in made if number in own]
    for number in gone:
        turn.tx.subscriptions.remove(number, turn.now)
    return reply(turn.counted("Taken back.", "All {count} are taken back.", len(gone)))


def _read(turn: Turn, text: str) -> tuple[Mapping[str, Any], list[Mapping[str, Any]]]:
    """The saved rules and the subscriptions of a text. Raises `UserError`."""
    try:
        value = plain_yaml(text)
    except yaml.YAMLError as error:
        if ":" in text and "\n" in text and "rule" in text:
            raise UserError(turn.say("This cannot be read: {problem}", problem=error)) from None
        value = text
    if isinstance(value, str):
        value = [line for line in text.splitlines() if line.strip()]
    saved: Any = {}
    if isinstance(value, Mapping):
        saved, value = value.get("saved_rules") or {}, value.get("subscriptions") or []
    if not isinstance(value, list) or not isinstance(saved, Mapping):
        raise UserError(turn.say("There are no rules in it."))
    return saved, [one if isinstance(one, Mapping) else {"rule": str(one)} for one in value]


@dataclass
class _Taking:
    """What was taken and what was skipped, line by line; and the subscriptions that were made."""

    turn: Turn
    good: list[Markup] = field(default_factory=list)
    bad: list[Markup] = field(default_factory=list)
    made: list[int] = field(default_factory=list)

    def save(self, name: str, rule: str) -> None:
        turn = self.turn
        owner, vocabulary = turn.home().subscriber_id, turn.services.vocabulary
        known = turn.tx.saved_rules.of(owner).get(name)
        if known and known.rule == canonical(turn, rule):
            self._skip(f"@{name}", turn.say("is there already"))
            return
        try:
            saved = save_rule(turn.tx, owner, name, rule, vocabulary, origin=Origin.CHAT, now=turn.now)
        except SavedRuleError as error:
            self._skip(f"@{name}", error.render(turn.texts.language))
        except RuleError as error:
            self._skip(f"@{name} {rule}", error.message(turn.texts.language))
        else:
            self.good.append(self._about(str(saved), turn.say("saved as {name}", name=f"@{name}")))

    def subscribe(self, item: Mapping[str, Any]) -> None:
        turn, written = self.turn, str(item.get("rule") or "")
        try:
            rule = str(read_rule(turn.tx, turn.home().subscriber_id, written, turn.services.vocabulary))
            often = parse_frequency(str(item["frequency"])) if item.get("frequency") else None
        except RuleError as error:
            self._skip(written, error.message(turn.texts.language))
            return
        except PreferenceError as error:
            self._skip(written, error.render(turn.texts.words))
            return
        own = turn.subscriptions()
        if any(one.rule == rule for one in own):
            self._skip(rule, turn.say("is there already"))
            return
        name = str(item.get("name") or rule)[:200]
        added = turn.tx.subscriptions.ensure(
            turn.home().id,
            rule if name in {one.name for one in own} else name,
            rule,
            frequency=often,
            urgent=_is_true(item.get("urgent")) and often is None,
            origin=Origin.CHAT,
            now=turn.now,
        )
        forward(turn, added)
        if _is_true(item.get("paused")):
            turn.tx.subscriptions.set_active(added.id, False)
        self.made.append(added.id)
        self.good.append(code(rule))

    def said(self) -> Iterator[Markup]:
        say = self.turn.say
        if self.good:
            yield from (say("<b>Taken: {count}</b>", count=len(self.good)), *self.good)
        if self.bad:
            yield from (say("<b>Skipped: {count}</b>", count=len(self.bad)), *self.bad)

    def _skip(self, written: str, why: str | Markup) -> None:
        self.bad.append(self._about(written, why))

    def _about(self, written: str, what: str | Markup) -> Markup:
        return self.turn.say("{what}: {text}", what=code(written), text=what)


def _is_true(value: object) -> bool:
    return str(value).lower() == "true"
