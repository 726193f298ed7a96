"""Mistakes of our own: said under a number, which the operator can look up."""

import datetime as dt
import secrets
import traceback

import structlog

from monitor.chat.model import Caller, Reply, reply
from monitor.chat.texts import Texts
from monitor.operator import announce
from monitor.storage import ChatError, Transaction
from monitor.words import Words

log = structlog.get_logger()

TRACED = 12
"""Calls of an error that are kept, the last ones."""


def mishap(caller: Caller, error: Exception, now: dt.datetime) -> ChatError:
    """The mistake, under a number that who met it can name."""
    failed = ChatError(
        reference=secrets.token_hex(3).upper(),
        chat=caller.chat,
        kind=type(error).__name__,
        trace="".join(traceback.format_tb(error.__traceback__)[-TRACED:]),
        happened_at=now,
    )
    log.error("chat failed", reference=failed.reference, chat=failed.chat, exc_info=error)
    return failed


def apology(texts: Texts, failed: ChatError) -> Reply:
    """What is said to who met it."""
    return reply(
        texts.say(
            "Something went wrong on our side. The operator knows; please quote the number "
            "<code>{reference}</code> if you ask about it.",
            reference=failed.reference,
        ),
        edit=False,
    )


def record(tx: Transaction, failed: ChatError) -> None:
    """Keep it, and tell the operators once a day for each kind of error."""
    tx.chats.failed(failed)
    reference, kind, now = failed.reference, failed.kind, failed.happened_at

    def say(words: Words) -> tuple[str, str]:
        headline = words("聊天机器人出现内部错误", "The chat bot met an internal error")
        found = words(
            f"编号 {reference}：{kind}。查看：policy-monitor doctor --reference {reference}",
            f"Reference {reference}: {kind}. To see it: policy-monitor doctor --reference {reference}",
        )
        return headline, found

    announce(tx, tx.destinations.of_operators(), f"chat-error:{kind}:{now.date()}", say, now)
