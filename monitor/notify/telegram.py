"""Alerts into Telegram chats, groups, topics and channels, through the Bot API."""

import asyncio
import datetime as dt
import json
import logging
import os
import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, Field, SecretStr
from telegram import Bot, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.request import HTTPXRequest

from monitor.compose import fitting
from monitor.errors import DeliveryError, SendOutcome
from monitor.notify._channel import ChannelKind, ChannelSettings, Clock, safe_answer
from monitor.notify._http import Answer, broken_exchange, host_of, not_taken, tls
from monitor.notify._pacing import Pacer, Rate
from monitor.notify._telegram_html import LIMIT, length, render
from monitor.types import Message, Receipt
from monitor.units import Duration

# `RetryAfter.retry_after` is a timedelta from python-telegram-bot 23 on, and with this already before.
os.environ.setdefault("PTB_TIMEDELTA", "true")

_ADDRESS = re.compile(r"(-?\d{1,20}|@[A-Za-z][A-Za-z0-9_]{3,31})(?:/(\d{1,10}))?")
_GATEWAY = (502, 504)
_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]{30,}")

# https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this, with a little air
_BOT = Rate(1, 1 / 29.1)
_CHAT = Rate(1, 1.05)
_GROUP = Rate(20, 61)

# What a 400 says when no later try can help (the words are the Bot API server's).
_GONE = re.compile(
    r"chat not found|user not found|peer_id_invalid|thread not found|topic_(?:closed|deleted)"
    r"|group chat was deactivated|not enough rights|have no rights|need administrator rights"
    r"|chat_write_forbidden|chat_restricted|chat_send_plain_forbidden|chat_admin_required",
    re.IGNORECASE,
)
_SENTENCES: Mapping[type[TelegramError], str] = {
    ChatMigrated: "The group has become a supergroup, which has another id.",
    RetryAfter: "Telegram asks for a pause.",
    InvalidToken: "Telegram does not know the bot's token ({}); @BotFather gives a new one.",
}


def _bot_token(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"\d+:[\w-]+", value.get_secret_value()):
        raise ValueError("a bot's token is a number, a colon and letters, as @BotFather gave it")
    return value


def _http_proxy(value: SecretStr | None) -> SecretStr | None:
    if value and not re.match(r"https?://[^/]", value.get_secret_value()):
        raise ValueError("a proxy's address starts with http:// (or https://)")
    return value


class TelegramSettings(ChannelSettings):
    """The bot that sends."""

    token: Annotated[
        SecretStr, AfterValidator(_bot_token), Field(description="the bot's token, from @BotFather")
    ]
    base_url: Annotated[
        str, Field(pattern="^https?://", description="Bot API server; another one if you run your own")
    ] = "https://api.telegram.org"
    proxy: Annotated[
        SecretStr | None,
        AfterValidator(_http_proxy),
        Field(description="http:// address of a proxy, where Telegram is out of reach"),
    ] = None
    timeout: Annotated[Duration, Field(description="longest wait for Telegram's answer")] = dt.timedelta(
        seconds=20
    )


def check_address(address: str) -> str:
    """`-1001234` (a chat's id), `@name` (a public channel), either with `/45` for a topic of a group."""
    text = re.sub(r"^(?:https?://)?t\.me/", "@", address.strip())
    if not _ADDRESS.fullmatch(text):
        raise ValueError(
            f"A Telegram address is a chat's id or @name of a channel, with /45 for a topic, not {address!r}."
        )
    return text


def create(settings: TelegramSettings, clock: Clock) -> "TelegramChannel":
    """The Telegram channel."""
    return TelegramChannel(settings, clock)


KIND = ChannelKind("telegram", TelegramSettings, create, check_address)


class TelegramChannel:
    """Sends through one bot. Telegram knows no repeats, so a second try is marked as such."""

    name = "telegram"
    repeat_safe = False

    def __init__(self, settings: TelegramSettings, clock: Clock) -> None:
        self._clock = clock
        token = settings.token.get_secret_value()
        self._secrets = (token, settings.proxy.get_secret_value() if settings.proxy else "")
        self._host = host_of(settings.base_url)
        self._request = _Request(settings)
        self._bot = Bot(
            token,
            base_url=settings.base_url.rstrip("/") + "/bot",
            request=self._request,
            get_updates_request=self._request,
        )
        self._pacer = Pacer()

    async def send(self, address: str, message: Message) -> Receipt:
        """Send one text; Telegram's id of it is the receipt."""
        chat, _, topic = address.partition("/")
        text = fitting(message, self._clock().date(), render, lambda text: length(text) <= LIMIT)
        await self._pacer.turn(_limits(chat))
        try:
            sent = await self._bot.send_message(
                chat if chat.startswith("@") else int(chat),
                text,
                message_thread_id=int(topic) if topic else None,
                parse_mode=ParseMode.HTML,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        except TelegramError as error:
            if isinstance(error, RetryAfter):
                self._pacer.pause(chat, _seconds(error))
            raise self._failure(error) from None
        return Receipt("200 ok", provider_id=str(sent.message_id))

    async def probe(self) -> str:
        """Who the bot is."""
        try:
            return f"Sends as @{(await self._bot.get_me()).username}."
        except TelegramError as error:
            raise self._failure(error) from None

    async def aclose(self) -> None:
        """Close the connections."""
        await self._request.shutdown()

    def _failure(self, error: TelegramError) -> DeliveryError:
        if isinstance(error, _GatewayError):
            return not_taken(error.answer, self._host, *self._secrets)
        if isinstance(error, NetworkError) and error.__cause__ is not None:
            return broken_exchange(error.__cause__, self._host, *self._secrets)
        return _refusal(error, safe_answer(str(error), *self._secrets))


def _refusal(error: TelegramError, said: str) -> DeliveryError:
    """What Telegram's own answer means; python-telegram-bot makes also a `BadRequest` a `NetworkError`."""
    if isinstance(error, Forbidden) or (isinstance(error, BadRequest) and _GONE.search(said)):
        sentence = f"Telegram delivers nothing to this chat any more: {said}"
        return DeliveryError(sentence, outcome=SendOutcome.PERMANENT, answer=said)
    return DeliveryError(
        _SENTENCES.get(type(error), "Telegram did not take the message: {}").format(said),
        outcome=SendOutcome.RETRY,
        answer=said,
        retry_after=_seconds(error) if isinstance(error, RetryAfter) else None,
        moved_to=str(error.new_chat_id) if isinstance(error, ChatMigrated) else None,
    )


def _seconds(error: RetryAfter) -> float:
    after = error.retry_after
    return after.total_seconds() if isinstance(after, dt.timedelta) else float(after)


def _limits(chat: str) -> Mapping[str, Rate]:
    """Groups and channels have negative ids or a name."""
    group = {} if chat.isdigit() else {f"{chat} per minute": _GROUP}
    return {chat: _CHAT, **group, "bot": _BOT}


class _NoTokens(logging.Filter):
    """Blots tokens out of the libraries' lines: one logs each address it calls, the other its settings."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = _TOKEN.sub("***", record.getMessage()), None
        return True


for _library in ("httpx", "telegram.Bot"):
    logging.getLogger(_library).addFilter(_NoTokens())


class _GatewayError(NetworkError):
    """Not the Bot API answered but something before it."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(f"{answer.status} {answer.text}")
        self.answer = answer


class _Request(HTTPXRequest):
    """python-telegram-bot's requests, within a time and with a gateway's answers told from the Bot API's."""

    def __init__(self, settings: TelegramSettings) -> None:
        self._deadline = settings.timeout.total_seconds()
        proxy = settings.proxy.get_secret_value() if settings.proxy else None
        super().__init__(
            read_timeout=self._deadline,
            connect_timeout=self._deadline / 2,
            pool_timeout=self._deadline / 2,
            proxy=proxy,
            httpx_kwargs={"verify": tls()},
        )

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        async with asyncio.timeout(self._deadline):
            status, payload = await super().do_request(*args, **kwargs)
        if status in _GATEWAY or not _is_object(payload):
            raise _GatewayError(Answer(status, payload[:200].decode("utf-8", "replace")))
        return status, payload


def _is_object(payload: bytes) -> bool:
    """Whether this is an answer of the Bot API at all."""
    try:
        return isinstance(json.loads(payload), dict)
    except ValueError:
        return False
