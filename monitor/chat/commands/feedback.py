"""/feedback: a word to the operator."""

import datetime as dt

from monitor.chat.commands._shared import asked
from monitor.chat.model import Answer, UserError, reply
from monitor.chat.registry import action, command, question
from monitor.chat.texts import N_
from monitor.chat.turn import Turn
from monitor.operator import announce
from monitor.storage import Destination
from monitor.words import Words

A_DAY = 5
"""Messages that a chat may send in 24 hours."""
LONGEST = 2000


@command(
    "feedback",
    N_("a word to the operator"),
    usage=N_("TEXT"),
    words=("反馈", "意见", "联系"),
)
def feedback(turn: Turn, rest: str) -> Answer:
    if rest:
        return sent(turn, rest)
    return asked(
        turn,
        "feedback",
        turn.say("Write what the operator should know: a source that is missing, a mistake, a wish."),
    )


@question("feedback")
def feedback_answered(turn: Turn, text: str) -> Answer:
    return sent(turn, text)


@action("suggest")
def suggested(turn: Turn, url: str) -> Answer:
    """Somebody wants an address watched."""
    return sent(turn, turn.label("Please watch this address: {url}", url=url))


def sent(turn: Turn, text: str) -> Answer:
    """Queue it for the operators. Raises `UserError` where it is too long or there were too many."""
    if len(text) > LONGEST:
        raise UserError(
            turn.say("That is {count} characters; {most} can be sent.", count=len(text), most=LONGEST)
        )
    topic = f"feedback:{turn.caller.chat}:"
    if turn.tx.deliveries.said_since(topic, turn.now - dt.timedelta(days=1)) >= A_DAY:
        raise UserError(turn.say("{most} messages a day reach the operator: try again tomorrow.", most=A_DAY))
    readers = turn.tx.destinations.of_operators() or _chats_of_operators(turn)
    who = turn.caller.chat

    def say(words: Words) -> tuple[str, str]:
        return words(f"用户反馈（{who}）", f"Feedback from {who}"), text

    if not announce(turn.tx, readers, f"{topic}{turn.now.isoformat()}", say, turn.now):
        raise UserError(turn.say("Nothing was sent: the operator has set up no address for messages."))
    turn.done()
    return reply(turn.say("Sent to the operator:\n<blockquote>{text}</blockquote>", text=text))


def _chats_of_operators(turn: Turn) -> list[Destination]:
    """Where those who have the operators' commands are reached, if nothing else is set up."""
    found = []
    for user in turn.services.settings.operators:
        name = f"{turn.caller.channel}:{user}"
        person = turn.tx.destinations.ensure_subscriber(name, now=turn.now)
        found.append(turn.tx.destinations.ensure(person.id, turn.caller.channel, str(user), turn.now))
    return found
