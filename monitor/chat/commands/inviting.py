"""/invite, /ban and /unban: who may use the bot."""

import datetime as dt
import re

from monitor.chat.model import Answer, UserError, button, reply
from monitor.chat.registry import action, command
from monitor.chat.texts import N_, code
from monitor.chat.turn import Turn

BANNED = "banned by an operator"
"""The reason of destinations that are inactive for this."""
_DAYS = 7


@command(
    "invite",
    N_("let somebody in: a link that works once"),
    usage=N_("[DAYS]"),
    details=N_("<code>/invite 3</code> makes one that runs out in three days; without a number in seven."),
    words=("邀请",),
    operator=True,
)
def invite(turn: Turn, rest: str) -> Answer:
    if rest and not re.fullmatch(r"0*[1-9]\d{0,2}", rest):
        raise UserError(turn.say("For how many days, from 1 to 999? <code>/invite 7</code>"))
    until = turn.now + dt.timedelta(days=int(rest or _DAYS))
    made = turn.tx.admissions.invite(f"{turn.caller.channel}:{turn.caller.user}", until, turn.now)
    return reply(
        turn.say(
            "Send this to whom you invite. It works once, for one chat, until {day}:",
            day=until.astimezone(turn.zone).date(),
        ),
        code(turn.incoming.link + made),
        turn.say("In a group it is said as {command}", command=code(f"/start {made}")),
    )


@command(
    "ban",
    N_("keep somebody out"),
    usage=N_("NUMBER"),
    details=N_("The number of a user or a chat: <code>/ban 123456</code>. /unban lets them in again."),
    words=("封禁",),
    operator=True,
)
def ban(turn: Turn, rest: str) -> Answer:
    number = _number(turn, rest, "ban")
    if number in {str(one) for one in turn.services.settings.operators}:
        raise UserError(turn.say("An operator cannot be banned: change <code>chat.operators</code> first."))
    turn.tx.admissions.decide(f"{turn.caller.channel}:{number}", False, _operator(turn), turn.now)
    for one in turn.tx.destinations.in_chat(turn.caller.channel, number):
        turn.tx.destinations.deactivate(one.id, BANNED, turn.now)
    return reply(
        turn.say("{number} may not use the bot any more and is told nothing.", number=code(number)),
        rows=[[button(turn.label("Undo"), "unban", number)]],
    )


@command("unban", N_("let somebody in again"), usage=N_("NUMBER"), words=("解封",), operator=True)
def unban(turn: Turn, rest: str) -> Answer:
    return unbanned(turn, _number(turn, rest, "unban"))


@action("unban", operator=True)
def unbanned(turn: Turn, number: str) -> Answer:
    turn.tx.admissions.decide(f"{turn.caller.channel}:{number}", True, _operator(turn), turn.now)
    for one in turn.tx.destinations.in_chat(turn.caller.channel, number):
        if one.reason == BANNED:
            turn.tx.destinations.activate(one.id, turn.now)
    return reply(turn.say("{number} may use the bot; what was held is sent.", number=code(number)))


def _operator(turn: Turn) -> str:
    return f"operator {turn.caller.user}"


def _number(turn: Turn, text: str, name: str) -> str:
    if not re.fullmatch(r"-?\d{1,20}", text):
        raise UserError(
            turn.say("Write the number of a user or a chat: {command}", command=code(f"/{name} 123456"))
        )
    return text
