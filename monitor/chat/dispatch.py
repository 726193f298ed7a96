"""Something was said → the handler that answers it.

A press goes to its action, a command to its function, a text to the question that was asked, else to whoever
understands plain text; what happened to the bot goes to its own handler. In a group only what is meant for
the bot is answered.
"""

import re

from markupsafe import Markup

from monitor.chat import registry
from monitor.chat.arguments import StaleButtonError, arguments
from monitor.chat.model import (
    LARGEST_FILE,
    Answer,
    ChatKind,
    EventKind,
    Incoming,
    UserError,
    button,
    reply,
    toast,
)
from monitor.chat.registry import Command
from monitor.chat.rendering import Outgoing, kept_page, pressed, render
from monitor.chat.services import Services
from monitor.chat.turn import Turn
from monitor.storage import Transaction

_COMMAND = re.compile(r"[/／](\w+)\s*(.*)", re.DOTALL)


def respond(services: Services, tx: Transaction, incoming: Incoming) -> list[Outgoing]:
    """Act upon what was said, in this transaction, and say what is to be sent."""
    turn = Turn(services, tx, incoming)
    try:
        answer = _happened(turn) if incoming.event else _refusal(turn) or _heard(turn)
    except UserError as error:
        answer = error.reply
    except StaleButtonError:
        answer = toast(turn.label("This button is too old. Send the command again."))
    return render(turn, answer)


def _happened(turn: Turn) -> Answer:
    event = turn.incoming.event
    assert event is not None
    refusal = _refusal(turn) if event.kind is EventKind.ADDED else None
    return refusal or registry.EVENTS[event.kind](turn, event)


def _heard(turn: Turn) -> Answer:
    _reachable_again(turn)
    return _answer(turn)


def _reachable_again(turn: Turn) -> None:
    """Who speaks to the bot does not block it any more: what was held goes out."""
    destination = turn.destination
    if destination and not destination.active and turn.caller.kind is ChatKind.PRIVATE:
        turn.tx.destinations.activate(destination.id, turn.now)
        del turn.destination


def _refusal(turn: Turn) -> Answer:
    """What is said to who may not use the bot; None for everybody else."""
    settings, caller = turn.services.settings, turn.caller
    admitted = _admitted(turn)
    listed = {caller.user, caller.room_address} & {str(number) for number in settings.allow}
    if caller.is_operator or (listed and admitted is not False):
        return None
    if admitted is False:
        return reply(turn.say("This chat may not use the bot."))
    if settings.access == "open" or admitted:
        return None
    if settings.access == "invite":
        return _by_invitation(turn)
    return reply(
        turn.say(
            "Only chats on the operator's list may use this bot. Yours is <code>{chat}</code>: "
            "give this number to the operator.",
            chat=caller.room_address,
        )
    )


def _admitted(turn: Turn) -> bool | None:
    """What was decided of this chat; a user who is kept out is so everywhere."""
    caller = turn.caller
    who = f"{caller.channel}:{caller.user}"
    banned = turn.tx.admissions.admitted(who) is False
    return False if banned else turn.tx.admissions.admitted(caller.room)


def _by_invitation(turn: Turn) -> Answer:
    """`/start CODE`, as an invitation's link says it, lets a chat in."""
    command = _COMMAND.fullmatch(turn.incoming.text.strip())
    code = command[2].strip() if command and command[1] == "start" else ""
    if code and turn.tx.admissions.redeem(code, turn.caller.room, turn.now):
        return None
    if code:
        return reply(turn.say("This invitation was used already or ran out: ask the operator for another."))
    return reply(turn.say("This bot is by invitation: open the link that its operator gave you."))


def _answer(turn: Turn) -> Answer:
    if turn.incoming.press is not None:
        return _press(turn, turn.incoming.press)
    text = turn.incoming.text.strip()
    if turn.incoming.file is not None:
        return _filed(turn)
    if command := _COMMAND.fullmatch(text):
        return run(turn, command[1], command[2].strip())
    if text and turn.conversation and turn.conversation.asking in registry.QUESTIONS:
        return registry.QUESTIONS[turn.conversation.asking](turn, text)
    if turn.caller.kind is not ChatKind.PRIVATE:
        return None
    return _understood(turn, text)


def _understood(turn: Turn, text: str) -> Answer:
    """What plain words mean; empty ones are a picture, a voice or the like."""
    if not text:
        return reply(turn.say("I only understand text. /help shows what I can do."))
    answers = (understand(turn, text) for _, understand in registry.PLAIN)
    return next((answer for answer in answers if answer is not None), None) or _not_understood(turn, text)


def _filed(turn: Turn) -> Answer:
    """What a file is for, is not asked: rules are imported from it."""
    if not turn.incoming.file:
        raise UserError(turn.say("That is no text file of at most {size} KB.", size=LARGEST_FILE // 1000))
    return run(turn, "import", "")


def run(turn: Turn, name: str, rest: str) -> Answer:
    """A command by any of its names."""
    command, caller = registry.named(name), turn.caller
    if command is None or not command.is_for(caller.kind, caller.is_operator):
        return _unknown(turn, name, rest, command)
    _check_administrator(turn, command.changes)
    return command.run(turn, rest)


def _press(turn: Turn, data: str) -> Answer:
    name, given = pressed(turn, data)
    action = registry.ACTIONS.get(name)
    if action is None:
        raise StaleButtonError
    if action.operator and not turn.caller.is_operator:
        return toast(turn.label("Only the operator can do this."))
    _check_administrator(turn, action.changes)
    return action.run(turn, *arguments(action.run, given))


def _check_administrator(turn: Turn, changes: bool) -> None:
    """Raises `UserError`: to a press, which many can see the button of, only for a moment."""
    if not changes or turn.caller.is_admin:
        return
    said = turn.say("Only administrators can change what this group is told.")
    if turn.incoming.press is not None:
        raise UserError(Markup(), toast=said.striptags())
    raise UserError(said)


def _unknown(turn: Turn, name: str, rest: str, command: Command | None) -> Answer:
    """A command that there is not, or not here; the nearest one stands on a button."""
    caller = turn.caller
    if command is not None and caller.kind is not ChatKind.PRIVATE:
        return reply(turn.say("/{name} works in a private chat with me.", name=command.name))
    near = registry.nearest(name, caller.kind, caller.is_operator)
    if near is None:
        return reply(turn.say("There is no command /{name}. /help shows what there is.", name=name))
    return reply(
        turn.say("There is no command /{name}. Did you mean /{near}?", name=name, near=near.name),
        rows=[[button(f"/{near.name} {rest}".strip(), "run", near.name, rest)]],
    )


def _not_understood(turn: Turn, text: str) -> Answer:
    return reply(
        turn.say(
            "I did not understand that. Write for example <code>订阅 山西 医保局 集采</code>, or send /help."
        ),
        rows=[[button(turn.label("Search the archive for it"), "search", text)]],
    )


@registry.action("page")
def _page(turn: Turn, kept: int, page: int) -> Answer:
    return kept_page(turn, kept, page)


@registry.action("run")
def _run_again(turn: Turn, name: str, rest: str = "") -> Answer:
    return run(turn, name, rest)
