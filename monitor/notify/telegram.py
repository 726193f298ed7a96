"""Alerts into Telegram chats, groups, topics and channels, through the Bot API."""

import datetime as dt
import os
import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, NamedTuple

from pydantic import AfterValidator, Field, SecretStr
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
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

from monitor.callbacks import AlertAction, button_data
from monitor.compose import Room, fitting, web_address
from monitor.errors import DeliveryError, SendOutcome
from monitor.limits import Limit, Limits, Rate
from monitor.notify._channel import ChannelKind, ChannelSettings, Clock, safe_answer
from monitor.notify._http import HttpClient, broken_exchange, host_of, not_taken
from monitor.notify._telegram_api import BotRequest, GatewayError
from monitor.notify._telegram_html import LIMIT, length, render
from monitor.preferences import SomeQuietHours
from monitor.types import Message, Receipt
from monitor.units import Duration
from monitor.words import Words

# `RetryAfter.retry_after` is a timedelta from python-telegram-bot 23 on, and with this already before.
os.environ.setdefault("PTB_TIMEDELTA", "true")

_ADDRESS = re.compile(r"(-?\d{1,20}|@[A-Za-z][A-Za-z0-9_]{3,31})(?:/(\d{1,10}))?")

# https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this, with a little air
_BOT = Rate(30, 1.01, even=True)
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
    buttons: Annotated[
        bool,
        Field(description="buttons under alerts, to ask the bot why and to mute; off if none answers"),
    ] = True
    silent: Annotated[
        SomeQuietHours, Field(description="in these hours messages come without a sound, e.g. 22:00-08:00")
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


KIND = ChannelKind("telegram", TelegramSettings, create, check_address, Room(3_500))


class WebhookState(NamedTuple):
    """Where updates are pushed, empty where they are to be asked for; how many wait; what failed last."""

    url: str
    waiting: int
    trouble: str


class TelegramChannel:
    """Sends through one bot. Telegram knows no repeats, so a second try is marked as such."""

    name = "telegram"
    repeat_safe = False
    paced = True

    def __init__(self, settings: TelegramSettings, clock: Clock) -> None:
        self._clock = clock
        token = settings.token.get_secret_value()
        self._settings = settings
        self._secrets = (token, settings.proxy.get_secret_value() if settings.proxy else "")
        self._host = host_of(settings.base_url)
        self._request = _request(settings)
        self._bot = Bot(
            token,
            base_url=settings.base_url.rstrip("/") + "/bot",
            base_file_url=settings.base_url.rstrip("/") + "/file/bot",
            request=self._request,
            get_updates_request=self._request,
        )
        self._bot_id = token.partition(":")[0]  # no secret
        self._bucket = f"{self.name}:{self._bot_id}"

    def limits(self, address: str) -> Limits:
        """Telegram counts by chat, and all of them together; groups and channels, which have a negative id or
        a name, are allowed less."""
        chat = address.partition("/")[0]
        rates = (_CHAT,) if chat.isdigit() else (_CHAT, _GROUP)
        return (Limit(f"{self._bucket}:{chat}", rates), Limit(self._bucket, (_BOT,), shared=True))

    @property
    def bot(self) -> Bot:
        """For what else is to be known and said."""
        return self._bot

    async def call(self, method: str, **parameters: Any) -> Any:
        """One method of the Bot API, its result as it came. None is left out. Raises `TelegramError`."""
        return await self._request.call(f"{_api(self._settings)}/{method}", parameters)

    def poller(self) -> "Poller":
        """The same bot over connections of its own, so that waiting for updates holds up no message."""
        return Poller(self._settings)

    async def send(self, address: str, message: Message) -> Receipt:
        """Send one text; Telegram's id of it is the receipt."""
        chat, _, topic = address.partition("/")
        text = fitting(message, self._clock().date(), render, lambda text: length(text) <= LIMIT)
        try:
            sent = await self._bot.send_message(
                chat if chat.startswith("@") else int(chat),
                text,
                message_thread_id=int(topic) if topic else None,
                parse_mode=ParseMode.HTML,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
                disable_notification=self._is_silent(),
                reply_markup=_keyboard(message, bot=self._settings.buttons),
            )
        except TelegramError as error:
            raise self._failure(error) from None
        return Receipt("200 ok", provider_id=str(sent.message_id))

    def _is_silent(self) -> bool:
        now = self._clock()
        return self._settings.silent is not None and self._settings.silent.covers(now.time())

    async def probe(self) -> str:
        """Who the bot is."""
        try:
            return f"Sends as @{(await self._bot.get_me()).username}."
        except TelegramError as error:
            raise self._failure(error) from None

    async def webhook(self) -> WebhookState:
        """Where Telegram pushes updates. Raises `DeliveryError`."""
        try:
            found = await self.call("getWebhookInfo")
        except TelegramError as error:
            raise self._failure(error) from None
        return WebhookState(found["url"], found["pending_update_count"], found.get("last_error_message", ""))

    async def hears_all(self) -> bool:
        """Whether the bot gets everything that is said in groups: privacy mode is off. Raises
        `DeliveryError`."""
        try:
            return bool((await self._bot.get_me()).can_read_all_group_messages)
        except TelegramError as error:
            raise self._failure(error) from None

    async def may_write(self, chat: str) -> bool:
        """Whether the bot has the right to write in a group or a channel. Raises `DeliveryError`."""
        try:
            found = await self.call("getChat", chat_id=chat)
            member = await self.call("getChatMember", chat_id=chat, user_id=self._bot_id)
        except TelegramError as error:
            raise self._failure(error) from None
        return may_write(member, found["type"])

    async def aclose(self) -> None:
        """Close the connections."""
        await self._request.shutdown()

    def _failure(self, error: TelegramError) -> DeliveryError:
        if isinstance(error, GatewayError):
            return not_taken(error.answer, self._host, *self._secrets)
        if isinstance(error, NetworkError) and error.__cause__ is not None:
            return broken_exchange(error.__cause__, self._host, *self._secrets)
        return _refusal(error, safe_answer(str(error), *self._secrets))


class Poller:
    """Waits for updates over connections of its own. Close it at the end."""

    def __init__(self, settings: TelegramSettings) -> None:
        self._request = _request(settings)
        self._url = f"{_api(settings)}/getUpdates"
        self._patience = int(settings.timeout.total_seconds() / 2)

    async def updates(self, offset: int | None, kinds: Sequence[str]) -> list[dict[str, Any]]:
        """The next updates of these kinds, from `offset` on; those before it count as arrived."""
        asked = {"offset": offset, "timeout": self._patience, "allowed_updates": kinds}
        found: list[dict[str, Any]] = await self._request.call(self._url, asked)
        return found

    async def aclose(self) -> None:
        """Close the connections."""
        await self._request.shutdown()


def _request(settings: TelegramSettings) -> BotRequest:
    proxy = settings.proxy.get_secret_value() if settings.proxy else None
    return BotRequest(HttpClient(settings.timeout, proxy=proxy), settings.timeout)


def _api(settings: TelegramSettings) -> str:
    return f"{settings.base_url.rstrip('/')}/bot{settings.token.get_secret_value()}"


def _keyboard(message: Message, *, bot: bool) -> InlineKeyboardMarkup | None:
    """What a reader can do with an alert: open the notice, and ask the bot."""
    if message.notice is None:
        return None
    say = Words("en" if message.language == "en" else "zh")
    buttons = []
    if url := web_address(message.notice.url):
        buttons.append(InlineKeyboardButton(say("打开原文", "Open"), url=url))
    if bot and re.fullmatch("[0-9a-f]{32}", message.delivery_id):
        buttons += [
            InlineKeyboardButton(words, callback_data=button_data(action, message.delivery_id))
            for action, words in (
                (AlertAction.WHY, say("为什么", "Why")),
                (AlertAction.MUTE, say("静音", "Mute")),
            )
        ]
    return InlineKeyboardMarkup([buttons]) if buttons else None


def _refusal(error: TelegramError, said: str) -> DeliveryError:
    """What Telegram's own answer means; python-telegram-bot makes also a `BadRequest` a `NetworkError`."""
    if isinstance(error, Forbidden) or (isinstance(error, BadRequest) and _GONE.search(said)):
        sentence = f"Telegram delivers nothing to this chat any more: {said}"
        return DeliveryError(sentence, outcome=SendOutcome.PERMANENT, answer=said)
    return DeliveryError(
        _SENTENCES.get(type(error), "Telegram did not take the message: {}").format(said),
        outcome=SendOutcome.RETRY,
        answer=said,
        retry_after=seconds(error) if isinstance(error, RetryAfter) else None,
        too_fast=isinstance(error, RetryAfter),
        moved_to=str(error.new_chat_id) if isinstance(error, ChatMigrated) else None,
    )


def may_write(member: Mapping[str, Any], chat_type: str) -> bool:
    """Whether a member of a chat, as the Bot API describes one, may write there."""
    if member["status"] in ("left", "kicked"):
        return False
    if chat_type == "channel":
        return member["status"] == "creator" or bool(member.get("can_post_messages"))
    return member["status"] != "restricted" or bool(member.get("can_send_messages"))


def seconds(error: RetryAfter) -> float:
    """How long Telegram asks to wait."""
    after = error.retry_after
    return after.total_seconds() if isinstance(after, dt.timedelta) else float(after)
