"""A destination is added to a chat: a mailed code or a webhook's echo confirms that it is its reader's."""

import asyncio
import datetime as dt
import secrets
from typing import Literal

from monitor.chat.commands._routing import forward_all, further
from monitor.chat.commands._shared import asked
from monitor.chat.model import Answer, Later, UserError, button, reply
from monitor.chat.registry import action, job, question
from monitor.chat.services import Services
from monitor.chat.texts import Texts
from monitor.chat.turn import Turn
from monitor.errors import DeliveryError
from monitor.notify import CHANNELS
from monitor.notify.webhook import WebhookChannel
from monitor.storage import Destination
from monitor.storage.confirmations import CODE_TOPIC
from monitor.words import Words

MOST = 10
"""So many destinations a chat can add."""
_CODE_HOLDS = dt.timedelta(minutes=30)
_DAY = dt.timedelta(days=1)
_CODES_A_DAY, _CODES_TO_ONE = 10, 3
"""So many codes a day are mailed for one chat, and to one address whoever asks."""


@action("destination_add", changes=True)
def add(turn: Turn, channel: Literal["email", "webhook"]) -> Answer:
    text = {
        "email": turn.say("Which e-mail address? A code is mailed to it."),
        "webhook": turn.say(
            "Which URL? It gets a signed POST of type <code>destination.challenge</code> and must answer "
            "with the text of <code>data.challenge</code>."
        ),
    }[channel]
    return asked(turn, f"destination_{channel}", text)


@question("destination_email")
def email(turn: Turn, text: str) -> Answer:
    return added(turn, "email", text)


@question("destination_webhook")
def webhook(turn: Turn, text: str) -> Answer:
    return added(turn, "webhook", text)


def added(turn: Turn, channel: str, text: str) -> Answer:
    """Begin to confirm an address. Raises `UserError`."""
    if channel not in turn.services.channels:
        raise UserError(turn.say("The operator has not set this up."))
    if channel == "webhook" and "://" not in text:  # a bare name is one of the operator's own receivers
        raise UserError(turn.say("Write the whole URL, with https:// before it."))
    try:
        address = CHANNELS[channel].check_address(text)
    except ValueError:
        example = "name@example.org" if channel == "email" else "https://example.org/hook"
        raise UserError(
            turn.say("I cannot read this address. It looks like {example}.", example=example)
        ) from None
    there = [one for one in further(turn) if (one.channel, one.address) == (channel, address)]
    if there and _is_confirmed(turn, there[0]):
        raise UserError(turn.say("Alerts go there already."))
    if not there and len(further(turn)) >= MOST:
        raise UserError(turn.say("There are {count} destinations already: remove one first.", count=MOST))
    return _mail_code(turn, address) if channel == "email" else _challenge(turn, address)


def _is_confirmed(turn: Turn, one: Destination) -> bool:
    found = turn.tx.confirmations.get(one.id)
    return found is not None and found.confirmed_at is not None


def _mail_code(turn: Turn, address: str) -> Answer:
    subscriber = turn.home().subscriber_id
    mine, to_it = turn.tx.confirmations.codes_since(subscriber, address, turn.now - _DAY)
    if mine >= _CODES_A_DAY or to_it >= _CODES_TO_ONE:
        raise UserError(turn.say("Too many codes were mailed today. Try again tomorrow."))
    made = turn.tx.destinations.ensure(subscriber, "email", address, turn.now)
    turn.tx.destinations.activate(made.id, turn.now)
    number = f"{secrets.randbelow(1_000_000):06}"
    turn.tx.confirmations.ask(made.id, number, turn.now + _CODE_HOLDS)
    topic = f"{CODE_TOPIC}{secrets.token_hex(8)}"
    turn.tx.deliveries.say(made.id, topic, *_code_said(turn.texts.words, number), turn.now)
    return asked(
        turn,
        "destination_code",
        turn.say(
            "A code is on its way to <code>{address}</code>. Write it here within 30 minutes.",
            address=address,
        ),
        {"destination": made.id},
    )


def _code_said(words: Words, number: str) -> tuple[str, str]:
    return words(f"确认码 {number}", f"Your code {number}"), words(
        "有人要把公文提醒也发到这个邮箱。如果是您，请在聊天里写下这个确认码；如果不是，请忽略这封邮件。",
        "Somebody wants alerts of notices sent to this address, too. If it is you, write the code into the "
        "chat; if not, ignore this mail.",
    )


@question("destination_code")
def typed_code(turn: Turn, text: str) -> Answer:
    assert turn.conversation is not None
    number: int = turn.conversation.data["destination"]
    if not turn.tx.confirmations.try_code(number, text.strip(), turn.now):
        return reply(
            turn.say("That is not the code, or it ran out. Write it again, or begin anew."),
            rows=[[button(turn.label("Begin anew"), "destination_add", "email")]],
            prompt=True,
        )
    turn.done()
    forward_all(turn.tx, turn.home().id, number, turn.now)
    return _confirmed(turn.texts, number)


def _confirmed(texts: Texts, destination_id: int) -> Answer:
    return reply(
        texts.say("Confirmed. All subscriptions of this chat go there, too, later ones included."),
        rows=[
            [
                button(texts.label("Which subscriptions"), "destination_rules", destination_id),
                button(texts.label("All destinations"), "destinations"),
            ]
        ],
        edit=False,
    )


def _challenge(turn: Turn, address: str) -> Answer:
    turn.done()
    here = turn.home()
    return Later("challenge", {"here": here.id, "subscriber": here.subscriber_id, "url": address})


@job("challenge")
async def challenged(services: Services, texts: Texts, *, here: int, subscriber: int, url: str) -> Answer:
    """Have the webhook repeat a word that nobody can guess; then it is theirs."""
    channel = services.channels["webhook"]
    assert isinstance(channel, WebhookChannel)
    try:
        echoed = await channel.challenge(url, secrets.token_urlsafe(16))
    except DeliveryError as error:
        return reply(
            texts.say("The webhook did not take the challenge: {reason}", reason=str(error)), edit=False
        )
    if not echoed:
        said = texts.say("The webhook answered, but not with the text of <code>data.challenge</code>.")
        return reply(said, edit=False)
    return _confirmed(texts, await asyncio.to_thread(_take, services, here, subscriber, url))


def _take(services: Services, here: int, subscriber: int, url: str) -> int:
    now = services.clock()
    with services.storage.begin() as tx:
        made = tx.destinations.ensure(subscriber, "webhook", url, now)
        tx.destinations.activate(made.id, now)
        tx.confirmations.ask(made.id, "", now)
        tx.confirmations.confirm(made.id, now)
        forward_all(tx, here, made.id, now)
    return made.id
