"""/preview: what a rule would have sent in the last 90 days."""

import asyncio
import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from markupsafe import Markup

from monitor.chat.commands._marking import marked
from monitor.chat.commands._shared import choices, of_this_chat, understood
from monitor.chat.model import Answer, Block, Button, Later, button, reply, toast
from monitor.chat.registry import action, command, job
from monitor.chat.services import Services
from monitor.chat.texts import N_, Texts, bold, code
from monitor.chat.turn import Turn
from monitor.compose.reasons import reason_lines
from monitor.rehearsal import Rehearsal, Sending, arrivals, rehearse
from monitor.rehearsal.sentences import hindrances, notes, summary
from monitor.saved_rules import read_rule

DAYS = 90
EXAMPLES = 5


@command(
    "preview",
    N_("what a rule would have sent in the last 90 days"),
    usage=N_("RULE|NUMBER"),
    words=("试算", "预览", "test"),
)
def preview(turn: Turn, rest: str) -> Answer:
    if not rest:
        return reply(
            turn.say("Write the rule after it: <code>/preview 省:山西 集采</code>"),
            rows=choices(turn, "preview"),
        )
    own = turn.subscriptions()
    if rest.isdecimal() and 1 <= int(rest) <= len(own):
        one = own[int(rest) - 1]
        return previewed(turn, one.rule, str(one.id))
    return tried(turn, rest)


@action("try")
def tried(turn: Turn, text: str) -> Answer:
    """A rule that nobody subscribed to yet."""
    return previewed(turn, str(understood(turn, text, "try")))


@action("preview")
def of_subscription(turn: Turn, subscription_id: int) -> Answer:
    found = of_this_chat(turn, subscription_id)
    if found is None:
        return toast(turn.label("This subscription is gone already."))
    return previewed(turn, found[1].rule, str(subscription_id))


def previewed(turn: Turn, rule: str, then: str = "") -> Later:
    """What the rule would have sent. `then` says what is offered after it: the end of a guided `start`, a
    subscription by its id, or to subscribe."""
    owner = turn.destination.subscriber_id if turn.destination else None
    return Later("preview", {"rule": rule, "owner": owner, "then": then})


@job("preview")
async def rehearsed(services: Services, texts: Texts, *, rule: str, owner: int | None, then: str) -> Answer:
    """Hold the rule of that subscriber against what was recorded."""
    rehearsal = await asyncio.to_thread(_rehearse, services, rule, owner)
    said = _said(texts, rehearsal, services.config.rules.too_many)
    return reply(*said, rows=[_offers(texts, rule, then)], edit=then == "start")


def _rehearse(services: Services, text: str, owner: int | None) -> Rehearsal:
    with services.storage.read() as tx:
        rule = read_rule(tx, owner, text, services.vocabulary)
    now = services.clock()
    zone = now.tzinfo or ZoneInfo(services.timezone)
    today = now.date()
    found = arrivals(services.storage, today - dt.timedelta(days=DAYS - 1), zone)
    return rehearse(rule, found, services.vocabulary, last=today, examples=EXAMPLES)


def _said(texts: Texts, rehearsal: Rehearsal, too_many: int) -> Iterator[Markup | Block]:
    words = texts.words
    yield code(rehearsal.rule)
    if not rehearsal.notices:
        yield texts.say("Nothing was recorded in these 90 days, so there is nothing to try it on.")
        return
    yield Markup("{}").format(summary(rehearsal, words))
    for sentence in (*notes(rehearsal, too_many, words), *hindrances(rehearsal, words)):
        yield Markup("{}").format(sentence)
    if rehearsal.examples:
        yield texts.say("<b>The latest</b>")
    yield from (_example(texts, sending) for sending in rehearsal.examples)


def _example(texts: Texts, sending: Sending) -> Markup:
    arrival = sending.arrival
    place = texts.listed(arrival.notice.provinces)
    head = Markup("{} {} {}").format(arrival.day, place, bold(arrival.notice.title))
    lines = [marked(line) for line in reason_lines(sending.reasons, 2, 12, texts.words)]
    if sending.corrected:
        lines.append(texts.say("a correction of what was told before"))
    return Markup("\n").join([head, *(Markup("· {}").format(line) for line in lines)])


def _offers(texts: Texts, rule: str, then: str) -> list[Button]:
    if then == "start":
        return [
            button(texts.label("‹ Back"), "start", "back"),
            button(texts.label("Cancel"), "cancel"),
            button(texts.label("Save ✓"), "start", "save"),
        ]
    if then:
        return [button(texts.label("Edit"), "ask_edit", then), button(texts.label("My list"), "list")]
    return [button(texts.label("Subscribe"), "subscribe", rule)]
