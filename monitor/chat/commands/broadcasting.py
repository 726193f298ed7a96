"""/broadcast: a word of the operators to every subscriber, once."""

import secrets

from markupsafe import Markup

from monitor.chat.commands._shared import asked
from monitor.chat.model import Answer, UserError, button, reply
from monitor.chat.registry import action, command, question
from monitor.chat.texts import N_
from monitor.chat.turn import Turn
from monitor.operator import announce
from monitor.words import Words

_LONGEST = 3000


@command(
    "broadcast",
    N_("tell every subscriber something, after a preview"),
    usage=N_("TEXT"),
    words=("广播",),
    operator=True,
)
def broadcast(turn: Turn, rest: str) -> Answer:
    if rest:
        return previewed(turn, rest)
    return asked(
        turn, "broadcast", turn.say("What shall I tell all subscribers? You see it once more before it goes.")
    )


@question("broadcast")
def previewed(turn: Turn, text: str) -> Answer:
    if not turn.caller.is_operator:
        return None
    if len(text) > _LONGEST:
        raise UserError(
            turn.counted(
                "That is one character too long.",
                "That is {count} characters too long.",
                len(text) - _LONGEST,
            )
        )
    turn.done()
    count = len(turn.tx.destinations.first_of_each())
    headline, _ = _said(turn.texts.words, text)
    return reply(
        turn.counted("This goes to one subscriber:", "This goes to {count} subscribers:", count),
        Markup("<blockquote><b>{}</b>\n{}</blockquote>").format(headline, text),
        rows=[
            [
                button(turn.label("Send"), "broadcast", secrets.token_hex(8), text),
                button(turn.label("Cancel"), "cancel"),
            ]
        ],
    )


@action("broadcast", operator=True)
def sent(turn: Turn, key: str, text: str) -> Answer:
    """Queued as deliveries; pressed twice it goes once, for `key` names it."""
    queued = announce(
        turn.tx,
        turn.tx.destinations.first_of_each(),
        f"broadcast:{key}",
        lambda words: _said(words, text),
        turn.now,
    )
    return reply(turn.counted("On its way to one subscriber.", "On its way to {count} subscribers.", queued))


def _said(words: Words, text: str) -> tuple[str, str]:
    return words("来自运维人员的消息", "A message from the operators"), text
