"""A rule becomes a subscription; plain words are read as the rule that they mean."""

import re
from collections.abc import Iterator

from monitor.chat.commands._routing import forward
from monitor.chat.commands._shared import canonical, understood
from monitor.chat.model import Answer, Reply, button, reply
from monitor.chat.registry import action
from monitor.chat.turn import Turn
from monitor.storage import Origin, Subscription


@action("subscribe", changes=True)
def subscribed(turn: Turn, text: str) -> Answer:
    """Subscribe this chat to a rule; one it has already is recognised."""
    rule = str(understood(turn, text, "subscribe"))
    same = next(((n, one) for n, one in enumerate(turn.subscriptions(), 1) if one.rule == rule), None)
    if same:
        return _known(turn, *same)
    made = turn.tx.subscriptions.ensure(turn.home().id, rule, rule, origin=Origin.CHAT, now=turn.now)
    forward(turn, made)
    turn.done()
    number = len(turn.subscriptions())
    said = turn.say("Subscribed, number {number}:\n<code>{rule}</code>", number=number, rule=rule)
    other = by_issuer(turn, text)
    hint = other and turn.say("I look for these words in the text. Or do you mean who issued it?")
    rows = [
        [button(other, "edit", made.id, other)] if other else [],
        [
            button(turn.label("Preview"), "preview", made.id),
            button(turn.label("Edit"), "ask_edit", made.id),
            button(turn.label("Undo"), "remove", made.id),
        ],
    ]
    return reply(said, *([hint] if hint else []), rows=rows)


def _known(turn: Turn, number: int, one: Subscription) -> Reply:
    said = turn.say(
        "You have this already, number {number}:\n<code>{rule}</code>", number=number, rule=one.rule
    )
    if one.active:
        return reply(said, rows=[[button(turn.label("My list"), "list")]])
    return reply(
        said,
        turn.say("It is paused."),
        rows=[[button(turn.label("Resume"), "resume", one.id), button(turn.label("My list"), "list")]],
    )


def by_issuer(turn: Turn, text: str) -> str | None:
    """The rule that plain words mean where some name a place or an agency: 山西 医保局 集采 →
    省:山西 机构:医保局 集采. None where there is nothing to gain."""
    words = text.split()
    if not words or any(re.search(r"[:：|@*()（）<>=-]|^(?:和|或|且|与|非)$", word) for word in words):
        return None
    sorted_ = sorted(_meant(turn, words), key=lambda one: ("省:", "机构:", "").index(one[0]))
    if not any(prefix for prefix, _ in sorted_):
        return None
    parts = [
        prefix + (",".join(values) if prefix else " ".join(values))
        for prefix in ("省:", "机构:", "")
        if (values := [value for one, value in sorted_ if one == prefix])
    ]
    return canonical(turn, " ".join(parts))


def _meant(turn: Turn, words: list[str]) -> Iterator[tuple[str, str]]:
    for word in words:
        if canonical(turn, f"省:{word}") and len(word) > 1:
            yield "省:", word
        elif canonical(turn, f"机构:{word}"):
            yield "机构:", word
        else:
            yield "", word
