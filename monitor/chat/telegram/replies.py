"""`Outgoing` → calls of the Bot API, with patience where that helps."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import structlog
from telegram import Bot
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError

from monitor.chat.model import Caller, File, Screen
from monitor.chat.program import Heed
from monitor.chat.rendering import Outgoing
from monitor.notify.telegram import TelegramChannel, seconds

log = structlog.get_logger()

TRIES = 6
"""So often a reply is tried; after that the user has to ask again."""
PAUSES = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds between two tries to reach Telegram; the last one repeats."""

_GONE = re.compile("query is too old|message to edit not found|message can't be edited|chat not found", re.I)

Call = Callable[[Caller], Awaitable[object]]


class Sending:
    """Sends one reply to a caller, who may turn out to have moved; `heed` is told what others must know."""

    def __init__(self, channel: TelegramChannel, bot: Bot, caller: Caller, heed: Heed) -> None:
        self._channel = channel
        self._bot = bot
        self._caller = caller
        self._heed = heed

    async def do(self, outgoing: Outgoing, wait: float) -> None:
        """All of it; a new message waits so many seconds."""
        steps: list[Awaitable[object]] = []
        if outgoing.query is not None:
            steps.append(self._tried(lambda _: self._answer_press(outgoing)))
        if outgoing.screen is not None:
            steps.append(self._show(outgoing.screen, outgoing.edit, wait))
        await asyncio.gather(*steps)
        if (file := outgoing.file) is not None:
            await self._tried(lambda caller: self._send_file(caller, file))

    async def _show(self, screen: Screen, message: str | None, wait: float) -> None:
        """In place of a message where that can be."""
        if message is not None and await self._tried(lambda caller: self._edit(caller, screen, message)):
            return
        await asyncio.sleep(wait)
        await self._tried(lambda caller: self._say(caller, screen))

    async def _answer_press(self, outgoing: Outgoing) -> None:
        text = outgoing.toast[:200] or None
        await self._channel.call("answerCallbackQuery", callback_query_id=outgoing.query, text=text)

    async def _edit(self, caller: Caller, screen: Screen, message: str) -> None:
        chat, _ = place(caller)
        await self._channel.call("editMessageText", chat_id=chat, message_id=int(message), **_shown(screen))

    async def _say(self, caller: Caller, screen: Screen) -> None:
        chat, topic = place(caller)
        await self._channel.call("sendMessage", chat_id=chat, message_thread_id=topic, **_shown(screen))

    async def _send_file(self, caller: Caller, file: File) -> None:
        chat, topic = place(caller)
        content = file.text.encode()
        await self._bot.send_document(chat, content, filename=file.name, message_thread_id=topic)

    async def _tried(self, call: Call) -> bool:
        """Do it, waiting where that helps. False where it cannot be done."""
        for number in range(TRIES):
            try:
                await call(self._caller)
                return True
            except RetryAfter as error:
                await self._heed.paused(self._caller, seconds(error))
                await asyncio.sleep(seconds(error))
            except ChatMigrated as error:
                await self._heed.moved(self._caller, str(error.new_chat_id))
                self._caller = replace(self._caller, address=str(error.new_chat_id))
            except BadRequest as error:  # a NetworkError, to the library
                return self._refused(error)
            except (NetworkError, OSError) as error:
                log.info("a reply did not get through", chat=self._caller.chat, error=str(error))
                await asyncio.sleep(PAUSES[min(number, len(PAUSES) - 1)])
            except TelegramError as error:
                return self._refused(error)
        log.warning("a reply was given up", chat=self._caller.chat)
        return False

    def _refused(self, error: TelegramError) -> bool:
        """Whether it was done all the same: the message says it already."""
        if "not modified" in str(error):
            return True
        # A chat that is gone is nobody's fault; anything else is ours, unless it is an old button's.
        gone = isinstance(error, Forbidden) or _GONE.search(str(error))
        (log.info if gone else log.error)(
            "Telegram refused a reply", chat=self._caller.chat, error=str(error)
        )
        return False


def place(caller: Caller) -> tuple[int, int | None]:
    """The chat and the topic of a caller."""
    chat, _, topic = caller.address.partition("/")
    return int(chat), int(topic) if topic else None


def _shown(screen: Screen) -> dict[str, Any]:
    """A message as the Bot API takes it."""
    return {
        "text": screen.text,
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
        "reply_markup": {"inline_keyboard": [[_button(*one) for one in row] for row in screen.keyboard]}
        if screen.keyboard
        else None,
    }


def _button(label: str, data: str, url: str) -> dict[str, str]:
    return {"text": label, "url": url} if url else {"text": label, "callback_data": data}
