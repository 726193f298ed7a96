"""What happens to the bot in a chat: it is let in, silenced, taken out, or the chat moves."""

from monitor.chat.model import Answer, ChatEvent, ChatKind, EventKind, reply
from monitor.chat.registry import event
from monitor.chat.turn import Turn

REMOVED = "taken out of the chat, or blocked"
"""The reason of destinations that are inactive for this; being let in again ends it."""


@event(EventKind.ADDED)
def added(turn: Turn, what: ChatEvent) -> Answer:
    """Say what to do next, and send what was held."""
    here = turn.tx.destinations.in_chat(turn.caller.channel, what.address)
    held = sum(turn.tx.destinations.activate(one.id, turn.now) for one in here if not one.active)
    if turn.caller.is_operator:  # who may let a chat in has done so
        turn.tx.admissions.decide(turn.caller.room, True, f"operator {turn.caller.user}", turn.now)
    if turn.caller.kind is ChatKind.PRIVATE:
        return None
    waiting = turn.counted(
        "One alert was held meanwhile and comes now.",
        "{count} alerts were held meanwhile and come now.",
        held,
    )
    if turn.caller.kind is ChatKind.CHANNEL:
        hello = turn.say(
            "Alerts can be posted here. Post <code>/subscribe 省:山西 集采</code> to this channel, or /start."
        )
    else:
        hello = turn.say(
            "Hello. An administrator sets up what this group is told: /start, or "
            "<code>/subscribe 省:山西 集采</code>. Each topic of the group has subscriptions of its own."
        )
    deaf = turn.say(
        "Of what is said here I get only commands and replies to me (Telegram's privacy mode), and need no "
        "more: answer my questions as a reply."
    )
    privacy = [] if what.hears_all or turn.caller.kind is ChatKind.CHANNEL else [deaf]
    return reply(hello, *privacy, *([waiting] if held else []))


@event(EventKind.SILENCED)
def silenced(turn: Turn, what: ChatEvent) -> Answer:
    """Said in private to who did it: there it cannot be said. `turn` is of that private chat."""
    _deactivate(turn, what, "not allowed to write there")
    return reply(
        turn.say(
            "I may not write in <b>{title}</b>. In a group, allow me to send messages; in a channel, make me "
            "an administrator who may post. What comes meanwhile is held for it.",
            title=what.title,
        )
    )


@event(EventKind.REMOVED)
def removed(turn: Turn, what: ChatEvent) -> Answer:
    """Nothing can be said there any more."""
    _deactivate(turn, what, REMOVED)
    return None


@event(EventKind.MOVED)
def moved(turn: Turn, what: ChatEvent) -> Answer:
    """Subscriptions, what is being asked, mutes and preferences go along."""
    turn.tx.move_chat(turn.caller.channel, what.address, what.new_address, turn.now)
    return None


def _deactivate(turn: Turn, what: ChatEvent, reason: str) -> None:
    for one in turn.tx.destinations.in_chat(turn.caller.channel, what.address):
        turn.tx.destinations.deactivate(one.id, reason, turn.now)
