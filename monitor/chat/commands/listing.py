"""/list and /unsubscribe: the subscriptions of a chat."""

from markupsafe import Markup

from monitor.chat.commands._shared import of_this_chat
from monitor.chat.model import Answer, Block, Button, button, reply, toast
from monitor.chat.registry import action, command
from monitor.chat.texts import N_, bold, code
from monitor.chat.turn import Turn
from monitor.storage import Origin, Subscription


@command("list", N_("my subscriptions, to change them"), words=("列表", "我的订阅", "ls", "subscriptions"))
def listing(turn: Turn, rest: str = "") -> Answer:
    own, muted = turn.subscriptions(), _muted(turn)
    if not own and not muted:
        return reply(
            turn.say("There are no subscriptions here yet."),
            rows=[[button(turn.label("Make one"), "run", "start")]],
        )
    head = turn.counted("<b>One subscription</b>", "<b>{count} subscriptions</b>", len(own))
    blocks = [_listed(turn, number, one) for number, one in enumerate(own, 1)]
    return reply(head, *blocks, *muted)


@action("list")
def listing_again(turn: Turn) -> Answer:
    return listing(turn)


def _listed(turn: Turn, number: int, one: Subscription) -> Block:
    """A subscription with its state and its buttons."""
    rule = code(one.rule)
    name = [bold(one.name)] if one.name != one.rule else []
    text = Markup("\n").join([*name, rule, *_state(turn, one)])
    return Block(Markup("{}. {}").format(number, text), (tuple(_buttons(turn, number, one)),))


def _state(turn: Turn, one: Subscription) -> list[Markup]:
    if one.origin is Origin.CONFIG:
        return [turn.say("⚙️ from the operator's configuration")]
    own = [Markup("🕘 {}").format(one.frequency.show(turn.texts.words))] if one.frequency else []
    if one.active:
        return own
    if one.paused_until:
        until = turn.day_of(one.paused_until)
        return [turn.say("⏸ paused until {day}", day=until)]
    return [turn.say("⏸ paused")]


def _buttons(turn: Turn, number: int, one: Subscription) -> list[Button]:
    preview = button(turn.label("{number} Preview", number=number), "preview", one.id)
    if one.origin is Origin.CONFIG:
        return [preview]
    pause = (
        button(turn.label("Pause"), "pause_listed", one.id)
        if one.active
        else button(turn.label("Resume"), "resume_listed", one.id)
    )
    return [
        preview,
        button(turn.label("Edit"), "ask_edit", one.id),
        pause,
        button(turn.label("Delete"), "remove", one.id),
    ]


def _muted(turn: Turn) -> list[Block]:
    mutes = turn.tx.mutes.of_destination(turn.destination.id) if turn.destination else []
    if not mutes:
        return []
    rows = tuple(
        (button(turn.label("Hear again: {what}", what=mute.label), "unmute", mute.id),) for mute in mutes
    )
    return [Block(turn.say("<b>Muted</b>"), rows)]


@action("pause_listed", changes=True)
def pause_listed(turn: Turn, subscription_id: int) -> Answer:
    return _switched(turn, subscription_id, False)


@action("resume_listed", changes=True)
def resume_listed(turn: Turn, subscription_id: int) -> Answer:
    return _switched(turn, subscription_id, True)


def _switched(turn: Turn, subscription_id: int, active: bool) -> Answer:
    """Pause or resume from within the list, which shows it at once."""
    if of_this_chat(turn, subscription_id) is None:
        return toast(turn.label("This subscription is gone already."))
    turn.tx.subscriptions.set_active(subscription_id, active)
    return listing(turn)
