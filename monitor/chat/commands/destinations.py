"""/destinations: where this chat's alerts go besides, and which of them."""

from markupsafe import Markup

from monitor.chat.commands._routing import further, stop
from monitor.chat.commands.confirming import added
from monitor.chat.model import Answer, Block, UserError, button, reply, toast
from monitor.chat.registry import action, command
from monitor.chat.texts import N_, bold, code
from monitor.chat.turn import Turn
from monitor.storage import Destination

_SIGNS = {"email": "✉️", "webhook": "🔗"}


@command(
    "destinations",
    N_("my alerts also by e-mail or webhook"),
    details=N_(
        "<code>/destinations me@example.org</code> or <code>/destinations https://example.org/hook</code> "
        "adds one. A code mailed to the address, or a challenge that the webhook answers, confirms it."
    ),
    usage=N_("[ADDRESS]"),
    words=("去处", "邮箱", "email", "webhook"),
    group=False,
)
def destinations(turn: Turn, rest: str = "") -> Answer:
    if rest:
        return added(turn, "webhook" if "://" in rest else "email", rest)
    blocks = [_block(turn, one) for one in further(turn)]
    offered = [
        button(label, "destination_add", channel)
        for channel, label in (
            ("email", turn.label("Add an e-mail address")),
            ("webhook", turn.label("Add a webhook")),
        )
        if channel in turn.services.channels
    ]
    if not blocks and not offered:
        return reply(turn.say("The operator has set up neither e-mail nor webhooks."))
    head = turn.say("Alerts come to this chat, and to:") if blocks else turn.say("Alerts come to this chat.")
    return reply(head, *blocks, rows=[[one] for one in offered])


def _block(turn: Turn, one: Destination) -> Block:
    confirmation = turn.tx.confirmations.get(one.id)
    remove = button(turn.label("Remove"), "destination_remove", one.id)
    name = Markup("{} {}").format(_SIGNS[one.channel], code(one.address))
    if confirmation is None or confirmation.confirmed_at is None:
        return Block(Markup("{}\n{}").format(name, turn.say("not confirmed yet")), ((remove,),))
    own = turn.subscriptions()
    taken = turn.tx.subscriptions.copied(one.id)
    count = sum(subscription.id in taken for subscription in own)
    state = turn.say("{count} of {all} subscriptions", count=count, all=len(own))
    stopped = [] if one.active else [turn.say("⚠️ stopped: {reason}", reason=one.reason)]
    rows = (button(turn.label("Which subscriptions"), "destination_rules", one.id), remove)
    return Block(Markup("\n").join([name, state, *stopped]), (rows,))


@action("destinations")
def destinations_again(turn: Turn) -> Answer:
    return destinations(turn)


@action("destination_rules", changes=True)
def rules(turn: Turn, destination_id: int) -> Answer:
    """Which subscriptions go there, each with a button that changes it."""
    one = _mine(turn, destination_id)
    taken = turn.tx.subscriptions.copied(one.id)
    confirmation = turn.tx.confirmations.get(one.id)
    later = confirmation is not None and confirmation.takes_all
    rows = [
        [button(f"{_tick(own.id in taken)} {number}. {own.name}", "destination_rule", one.id, own.id)]
        for number, own in enumerate(turn.subscriptions(), 1)
    ]
    also = turn.label("Later ones, too")
    return reply(
        turn.say("What goes to {address}?", address=bold(one.address)),
        rows=[
            *rows,
            [button(f"{_tick(later)} {also}", "destination_later", one.id)],
            [button(turn.label("All destinations"), "destinations")],
        ],
    )


def _tick(taken: bool) -> str:
    return "✓" if taken else "✗"


@action("destination_rule", changes=True)
def rule_switched(turn: Turn, destination_id: int, subscription_id: int) -> Answer:
    one = _mine(turn, destination_id)
    if subscription_id not in {own.id for own in turn.subscriptions()}:
        return toast(turn.label("This subscription is gone already."))
    if subscription_id in turn.tx.subscriptions.copied(one.id):
        turn.tx.subscriptions.drop_copy(subscription_id, one.id, turn.now)
    else:
        turn.tx.subscriptions.copy(subscription_id, one.id, turn.now)
    return rules(turn, destination_id)


@action("destination_later", changes=True)
def later_switched(turn: Turn, destination_id: int) -> Answer:
    one = _mine(turn, destination_id)
    confirmation = turn.tx.confirmations.get(one.id)
    turn.tx.confirmations.take_all(one.id, not (confirmation and confirmation.takes_all))
    return rules(turn, destination_id)


@action("destination_remove", changes=True)
def removed(turn: Turn, destination_id: int) -> Answer:
    one = _mine(turn, destination_id)
    stop(turn, one)
    return reply(
        turn.say("Nothing goes to {address} any more.", address=code(one.address)),
        rows=[[button(turn.label("All destinations"), "destinations")]],
    )


def _mine(turn: Turn, destination_id: int) -> Destination:
    """Raises `UserError` for what is not this chat's, or not any more."""
    found = next((one for one in further(turn) if one.id == destination_id), None)
    if found is None:
        raise UserError(Markup(), toast=turn.label("This is gone already."))
    return found
