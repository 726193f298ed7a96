"""/edit: a subscription gets another rule."""

from monitor.chat.commands._shared import changeable, choose, numbered, of_this_chat, understood
from monitor.chat.model import Answer, UserError, button, reply, toast
from monitor.chat.registry import action, command, question
from monitor.chat.texts import N_
from monitor.chat.turn import Turn


@command(
    "edit",
    N_("change a subscription's rule"),
    usage=N_("NUMBER [RULE]"),
    details=N_("<code>/edit 2 省:山西 集采</code> gives subscription 2 this rule."),
    words=("修改", "编辑"),
    changes=True,
)
def edit(turn: Turn, rest: str) -> Answer:
    word, _, rule = rest.partition(" ")
    if not word:
        return choose(turn, "ask_edit", turn.say("Which one do you want to change?"))
    _, one = numbered(turn, word)
    return edited(turn, one.id, rule.strip()) if rule.strip() else ask_edit(turn, one.id)


@action("ask_edit", changes=True)
def ask_edit(turn: Turn, subscription_id: int) -> Answer:
    found = of_this_chat(turn, subscription_id)
    if found is None:
        return toast(turn.label("This subscription is gone already."))
    number, one = found
    changeable(turn, one)
    turn.ask("edit", {"id": one.id})
    return reply(
        turn.say(
            "Send the new rule for number {number}. A tap on the present one copies it:\n<code>{rule}</code>",
            number=number,
            rule=one.rule,
        ),
        rows=[[button(turn.label("Cancel"), "cancel")]],
        edit=False,
        prompt=True,
    )


@question("edit")
def new_rule(turn: Turn, text: str) -> Answer:
    if turn.conversation is None or not turn.caller.is_admin:
        return None
    return edited(turn, turn.conversation.data["id"], text)


@action("edit", changes=True)
def edited(turn: Turn, subscription_id: int, text: str) -> Answer:
    """Give a subscription another rule; the one before can be had back."""
    found = of_this_chat(turn, subscription_id)
    if found is None:
        return reply(turn.say("This subscription is gone already."))
    number, one = found
    changeable(turn, one)
    rule = str(understood(turn, text, "edit", one.id))
    other = next(
        (n for n, s in enumerate(turn.subscriptions(), 1) if s.rule == rule and s.id != one.id), None
    )
    if other is not None:
        raise UserError(turn.say("Number {number} has this rule already.", number=other))
    turn.tx.subscriptions.change(one.id, name=rule if one.name == one.rule else one.name, rule=rule)
    turn.done()
    return reply(
        turn.say("Number {number} is now:\n<code>{rule}</code>", number=number, rule=rule),
        rows=[
            [
                button(turn.label("Preview"), "preview", one.id),
                button(turn.label("Undo"), "edit", one.id, one.rule),
                button(turn.label("My list"), "list"),
            ]
        ],
    )
