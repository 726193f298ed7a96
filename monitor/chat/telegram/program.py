"""One bot in Telegram: how updates come to it, its menus, and its replies."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from telegram import (
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)
from telegram.constants import ChatAction
from telegram.error import BadRequest, Conflict, InvalidToken, RetryAfter, TelegramError

from monitor.chat.model import Caller, Incoming
from monitor.chat.program import Heed
from monitor.chat.registry import COMMANDS, Command, Scope
from monitor.chat.rendering import Outgoing
from monitor.chat.telegram.replies import PAUSES, Sending, place
from monitor.chat.telegram.updates import UPDATES, Updates, chat_of
from monitor.chat.texts import Texts
from monitor.config.model import ChatSettings
from monitor.limits import Limits
from monitor.notify.telegram import TelegramChannel, seconds

log = structlog.get_logger()


class TelegramProgram:
    """The adapter of Telegram. Its replies wait as long as Telegram asks."""

    name = "telegram"

    def __init__(self, channel: TelegramChannel, settings: ChatSettings) -> None:
        self._channel = channel
        self._bot = channel.bot
        self._poller = channel.poller()
        self._operators = frozenset(map(str, settings.operators))
        self._webhook = settings.webhook
        self._updates = Updates(channel.bot, self._operators)
        self._offset: int | None = None

    async def open(self) -> None:
        """Find out the bot's name and make its menus; waits until Telegram can be reached."""
        self._updates.me = (await self._until_reached(self._bot.get_me)).to_dict()
        await self._until_reached(self._make_menus)
        await self._until_reached(self._say_how)

    async def _say_how(self) -> None:
        """How updates come: pushed, or asked for. Those that wait are kept."""
        webhook = self._webhook
        if webhook is None:
            await self._channel.call("deleteWebhook")
            return
        secret = webhook.secret.get_secret_value()
        await self._channel.call("setWebhook", url=webhook.url, secret_token=secret, allowed_updates=UPDATES)

    async def poll(self) -> Mapping[int, Any]:
        if self._webhook is not None:
            await asyncio.Event().wait()
        updates = await self._until_reached(lambda: self._poller.updates(self._offset, UPDATES))
        if updates:
            self._offset = updates[-1]["update_id"] + 1
        return {update["update_id"]: update for update in updates}

    async def _until_reached(self, call: Callable[[], Awaitable[Any]]) -> Any:
        """The answer, however long it takes to get one."""
        for number in itertools.count():
            try:
                return await call()
            except (TelegramError, OSError, TimeoutError) as error:
                pause = (
                    seconds(error) if isinstance(error, RetryAfter) else PAUSES[min(number, len(PAUSES) - 1)]
                )
                loud = isinstance(error, Conflict | InvalidToken) or number == len(PAUSES)
                (log.error if loud else log.info)(
                    "Telegram does not answer the bot", error=str(error), again_in=pause
                )
                await asyncio.sleep(pause)
        raise AssertionError("unreachable")

    async def _make_menus(self) -> None:
        """In both languages, for private chats and groups apart; operators see their own commands too."""
        everywhere: list[tuple[Scope, BotCommandScope]] = [
            (Scope.PRIVATE, BotCommandScopeAllPrivateChats()),
            (Scope.GROUP, BotCommandScopeAllGroupChats()),
            (Scope.GROUP, BotCommandScopeAllChatAdministrators()),
        ]
        for code, texts in ((None, Texts("zh")), ("en", Texts("en"))):
            for scope, where in everywhere:
                await self._bot.set_my_commands(_menu(texts, scope), scope=where, language_code=code)
            for operator in self._operators:
                where = BotCommandScopeChat(int(operator))
                try:
                    menu = _menu(texts, Scope.PRIVATE, Scope.OPERATOR)
                    await self._bot.set_my_commands(menu, scope=where, language_code=code)
                except BadRequest as error:  # who never spoke to the bot has no chat with it
                    log.info("no menu for an operator", operator=operator, error=str(error))

    def chat_of(self, content: Any) -> str:
        return chat_of(content)

    async def incoming(self, content: Any) -> Incoming | None:
        return await self._updates.incoming(content)

    def limits(self, caller: Caller) -> Limits:
        return self._channel.limits(caller.address)

    async def send(self, caller: Caller, outgoing: Outgoing, wait: float, heed: Heed) -> None:
        await Sending(self._channel, self._bot, caller, heed).do(outgoing, wait)

    async def working(self, caller: Caller) -> None:
        chat, topic = place(caller)
        try:
            await self._bot.send_chat_action(chat, ChatAction.TYPING, message_thread_id=topic)
        except TelegramError as error:
            log.info("no sign of work", chat=caller.chat, error=str(error))

    async def aclose(self) -> None:
        await self._poller.aclose()


def _menu(texts: Texts, *scopes: Scope) -> list[BotCommand]:
    def offered(command: Command) -> bool:
        return any(scope in command.scopes for scope in scopes)

    return [BotCommand(one.name, texts.label(one.summary)[:256]) for one in COMMANDS.values() if offered(one)]
