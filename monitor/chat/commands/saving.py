"""/save and /saved: rules under names, for use in other rules."""

from markupsafe import Markup

from monitor.chat.commands._shared import understood
from monitor.chat.model import Answer, Block, UserError, button, reply, toast
from monitor.chat.registry import action, command
from monitor.chat.texts import N_, code
from monitor.chat.turn import Turn
from monitor.saved_rules import SavedRuleError, forget_rule, save_rule
from monitor.storage import Origin
from rules import RuleError


@command(
    "save",
    N_("save a rule under a name"),
    usage=N_("NAME RULE"),
    details=N_(
        "<code>/save 我的集采 集采 -口腔</code>: from then on <code>@我的集采</code> stands for it in any "
        "rule, for example <code>/subscribe @我的集采 省:山西</code>."
    ),
    words=("保存",),
    changes=True,
)
def save(turn: Turn, rest: str) -> Answer:
    name, _, text = rest.partition(" ")
    if not text.strip():
        return reply(
            turn.say("Write a name and the rule: <code>/save 我的集采 集采 -口腔</code>"),
            rows=[[button(turn.label("Saved rules"), "saved")]],
        )
    return saved_as(turn, name, text.strip())


@action("save", changes=True)
def saved_as(turn: Turn, name: str, text: str) -> Answer:
    vocabulary = turn.services.vocabulary
    owner = turn.home().subscriber_id
    try:
        rule = save_rule(turn.tx, owner, name, text, vocabulary, origin=Origin.CHAT, now=turn.now)
    except SavedRuleError as error:
        raise UserError(Markup("{}").format(error.render(turn.texts.language))) from None
    except RuleError as error:
        understood(turn, text, "save", name)  # says where the mistake is, unless it is the name
        raise UserError(Markup("{}").format(error.message(turn.texts.language))) from None
    name = name.removeprefix("@")
    return reply(
        turn.say("Saved. {name} stands for:", name=code(f"@{name}")),
        code(rule),
        rows=[
            [
                button(turn.label("Subscribe"), "subscribe", f"@{name}"),
                button(turn.label("Saved rules"), "saved"),
            ]
        ],
    )


@command("saved", N_("my saved rules"), words=("已保存",))
def saved(turn: Turn, rest: str = "") -> Answer:
    found = turn.tx.saved_rules.of(turn.destination.subscriber_id) if turn.destination else {}
    if not found:
        return reply(turn.say("Nothing is saved yet: <code>/save 我的集采 集采 -口腔</code>"))
    return reply(*(_shown(turn, name, one.rule, one.origin) for name, one in found.items()))


@action("saved")
def saved_again(turn: Turn) -> Answer:
    return saved(turn)


def _shown(turn: Turn, name: str, rule: str, origin: Origin) -> Block:
    buttons = [
        button(turn.label("Subscribe"), "subscribe", f"@{name}"),
        button(turn.label("Preview"), "try", f"@{name}"),
    ]
    if origin is not Origin.CONFIG:
        buttons.append(button(turn.label("Forget {name}", name=f"@{name}"), "forget", name))
    return Block(Markup("{}\n{}").format(code(f"@{name}"), code(rule)), (tuple(buttons),))


@action("forget", changes=True)
def forget(turn: Turn, name: str) -> Answer:
    owner = turn.home().subscriber_id
    found = turn.tx.saved_rules.of(owner).get(name)
    if found is None:
        return toast(turn.label("This is gone already."))
    try:
        forget_rule(turn.tx, owner, name)
    except SavedRuleError as error:
        raise UserError(Markup("{}").format(error.render(turn.texts.language))) from None
    return reply(
        turn.say("Forgotten: {name}", name=code(f"@{name}")),
        rows=[[button(turn.label("Undo"), "save", name, found.rule)]],
    )
