"""/delete_me: everything about a chat and its subscriber, for good."""

from monitor.chat.model import Answer, UserError, button, reply
from monitor.chat.registry import action, command
from monitor.chat.texts import N_
from monitor.chat.turn import Turn


@command(
    "delete_me",
    N_("delete everything about me"),
    words=("注销", "删除我", "deleteme", "forget_me"),
    changes=True,
)
def delete_me(turn: Turn, rest: str) -> Answer:
    if turn.destination is None:
        _erase_chat(turn)
        return reply(turn.say("Nothing is stored about this chat."))
    _refuse_if_configured(turn)
    return reply(
        turn.say(
            "This deletes for good: {count} subscriptions, saved rules, muted things, settings, other "
            "addresses, the alerts that were sent and those that wait, and what was asked here. Nothing is "
            "kept, and it cannot be undone. Delete?",
            count=len(turn.subscriptions()),
        ),
        rows=[
            [button(turn.label("Delete everything"), "delete_me"), button(turn.label("Cancel"), "cancel")],
        ],
    )


@action("delete_me", changes=True)
def deleted(turn: Turn) -> Answer:
    if turn.destination is None:
        return reply(turn.say("Nothing is stored about this chat."))
    _refuse_if_configured(turn)
    gone = turn.tx.erasing.subscriber(turn.destination.subscriber_id)
    _erase_chat(turn)
    return reply(
        turn.say(
            "Everything about this chat is deleted: {subscriptions} subscriptions, {alerts} alerts. "
            "Nothing is kept. /start begins anew.",
            subscriptions=gone["subscriptions"],
            alerts=gone["deliveries"],
        )
    )


def _erase_chat(turn: Turn) -> None:
    names = {turn.caller.chat, *([turn.destination.subscriber] if turn.destination else [])}
    turn.tx.erasing.chats(names, turn.caller.user)


def _refuse_if_configured(turn: Turn) -> None:
    """Raises `UserError` for a subscriber that the configuration names, and so would make again."""
    assert turn.destination is not None, "it is asked where there is one"
    name = turn.destination.subscriber
    if not name.startswith(f"{turn.caller.channel}:"):
        raise UserError(
            turn.say(
                "This chat stands in the operator's configuration as <b>{name}</b>: ask the operator to take "
                "it out, a restart would bring it back.",
                name=name,
            )
        )
