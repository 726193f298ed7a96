"""/why and /mute: about an alert, given as a reply to it or by its buttons."""

from collections.abc import Iterator

from markupsafe import Markup

from monitor.callbacks import AlertAction
from monitor.chat.arguments import StaleButtonError
from monitor.chat.commands._marking import reasoned
from monitor.chat.model import Answer, UserError, button, reply, toast
from monitor.chat.registry import action, command
from monitor.chat.texts import N_
from monitor.chat.turn import Turn
from monitor.compose.reasons import hit_lines
from monitor.storage import Delivery, MuteKind, StoredMatch
from monitor.storage.mutes import issuers_of
from monitor.types import Hit, Notice

REASONS, CONTEXT = 20, 60
"""So many reasons are shown, with so many characters on either side of a hit."""


@command("why", N_("why I got an alert: send it as a reply"), words=("为什么", "为何", "原因"))
def why(turn: Turn, rest: str) -> Answer:
    delivery = _answered(turn) or _latest(turn)
    return _reasons(turn, delivery)


@action(AlertAction.WHY)
def why_pressed(turn: Turn, message_id: str) -> Answer:
    return _reasons(turn, _of_this_chat(turn, turn.tx.deliveries.by_message_id(message_id)))


def _reasons(turn: Turn, delivery: Delivery) -> Answer:
    matches = turn.tx.matches.of_delivery(delivery.id)
    if not matches:
        return reply(turn.say("This message is about no notice, so no rule met it."), edit=False)
    met = list(dict.fromkeys(one.notice_id for one in matches))  # of a summary several
    said = [
        text
        for notice_id in met
        for text in (
            _title(turn, notice_id),
            *(_hits(turn, one) for one in matches if one.notice_id == notice_id),
        )
    ]
    return reply(*said, edit=False)


def _title(turn: Turn, notice_id: int) -> Markup:
    notice = turn.tx.notices.get(notice_id)
    return turn.say("Why you got <b>{title}</b>:", title=notice.title if notice else notice_id)


def _hits(turn: Turn, one: StoredMatch) -> Markup:
    """The subscription, and each reason in its sentence."""
    lines = hit_lines(Hit(one.subscription, one.rule, one.reasons), REASONS, CONTEXT, turn.texts.words)
    return Markup("\n").join(map(reasoned, lines))


@command(
    "mute", N_("not hear of something: send it as a reply to an alert"), words=("静音", "屏蔽"), changes=True
)
def mute(turn: Turn, rest: str) -> Answer:
    return _offered(turn, _answered(turn) or _latest(turn))


@action(AlertAction.MUTE, changes=True)
def mute_pressed(turn: Turn, message_id: str) -> Answer:
    return _offered(turn, _of_this_chat(turn, turn.tx.deliveries.by_message_id(message_id)))


def _offered(turn: Turn, delivery: Delivery) -> Answer:
    """What can be muted because of an alert."""
    notice = _notice(turn, delivery)
    if notice is None:
        return reply(turn.say("This message is about no notice: there is nothing to mute."), edit=False)
    rows = [
        [button(turn.label(text, what=label), "mute_this", delivery.id, place)]
        for place, (text, _, _, label) in enumerate(_mutable(delivery, notice))
    ]
    return reply(
        turn.say(
            "What do you not want to hear of, although your rules match?\n<b>{title}</b>", title=notice.title
        ),
        rows=[*rows, [button(turn.label("Cancel"), "cancel")]],
        edit=False,
    )


_KINDS = {
    MuteKind.NOTICE: N_("Corrections of this notice"),
    MuteKind.AGENCY: N_("All of {what}"),
    MuteKind.SOURCE: N_("All from the source {what}"),
}


def _mutable(delivery: Delivery, notice: Notice) -> Iterator[tuple[str, MuteKind, str, str]]:
    """(text of its button, kind, value, label) of everything that this alert can be muted for."""
    yield _KINDS[MuteKind.NOTICE], MuteKind.NOTICE, str(delivery.notice_id), notice.title
    values = list(issuers_of(notice))
    labels = notice.agencies if len(notice.agencies) == len(values) else values
    for value, label in zip(values[:5], labels, strict=False):
        yield _KINDS[MuteKind.AGENCY], MuteKind.AGENCY, value, label
    if notice.source_id:
        yield (
            _KINDS[MuteKind.SOURCE],
            MuteKind.SOURCE,
            notice.source_id,
            notice.source_name or notice.source_id,
        )


@action("mute_this", changes=True)
def muted(turn: Turn, delivery_id: int, place: int) -> Answer:
    delivery = _of_this_chat(turn, turn.tx.deliveries.get(delivery_id))
    notice = _notice(turn, delivery)
    offered = list(_mutable(delivery, notice)) if notice else []
    if place >= len(offered):
        raise StaleButtonError
    _, kind, value, label = offered[place]
    here = turn.home().id
    turn.tx.mutes.add(here, kind, value, label, turn.now)
    made = next(one for one in turn.tx.mutes.of_destination(here) if (one.kind, one.value) == (kind, value))
    return reply(
        turn.say("Muted: <b>{what}</b>. /list shows what is muted.", what=label),
        rows=[[button(turn.label("Undo"), "unmute", made.id)]],
    )


@action("unmute", changes=True)
def unmuted(turn: Turn, mute_id: int) -> Answer:
    gone = turn.tx.mutes.remove(turn.home().id, mute_id)
    if gone is None:
        return toast(turn.label("This is not muted any more."))
    return reply(turn.say("You hear of it again: <b>{what}</b>", what=gone.label))


def _answered(turn: Turn) -> Delivery | None:
    """The alert that this is a reply to; None where it is no reply. Raises `UserError`."""
    if turn.incoming.reply_to is None:
        return None
    here = turn.destination
    if here is None:
        return _of_this_chat(turn, None)
    if turn.incoming.alert is not None:  # known by its buttons, whether or not it is noted as sent
        return _of_this_chat(turn, turn.tx.deliveries.by_message_id(turn.incoming.alert))
    found = turn.tx.deliveries.told_as(here.id, turn.incoming.reply_to)
    if found is None and turn.tx.deliveries.is_being_told(here.id):
        raise UserError(turn.say("That message went out this very moment: ask again in a few seconds."))
    return _of_this_chat(turn, found)


def _latest(turn: Turn) -> Delivery:
    """The alert that came last. Raises `UserError`."""
    here = turn.destination
    found = turn.tx.deliveries.told_last(here.id) if here else None
    if found is None:
        raise UserError(turn.say("There was no alert here yet. Later, reply to one with this command."))
    return found


def _of_this_chat(turn: Turn, found: Delivery | None) -> Delivery:
    """Raises `UserError` for another chat's."""
    if found is None or turn.destination is None or found.destination_id != turn.destination.id:
        raise UserError(turn.say("That message is no alert of mine. Reply to an alert."))
    return found


def _notice(turn: Turn, delivery: Delivery) -> Notice | None:
    if delivery.notice_id is None:
        return None
    texts = turn.tx.notices.revisions(delivery.notice_id)
    return next((one.notice for one in texts if one.id == delivery.revision_id), None)
