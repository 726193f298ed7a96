"""What an update says: a message, a press, or what became of the bot in a chat → `Incoming`."""

import time
from collections.abc import Mapping
from typing import Any

import structlog
from telegram import Bot
from telegram.error import TelegramError

from monitor.callbacks import alert_button
from monitor.chat.model import LARGEST_FILE, Caller, ChatEvent, ChatKind, EventKind, Incoming
from monitor.notify.telegram import may_write

log = structlog.get_logger()

UPDATES = ["message", "channel_post", "callback_query", "my_chat_member"]
"""The kinds of updates that are asked for."""
_CHANNEL = "telegram"
_KINDS = {"private": ChatKind.PRIVATE, "channel": ChatKind.CHANNEL}
_ADMINISTRATORS = ("creator", "administrator")
_REMEMBERED = 60.0
"""Seconds for which it is known who is an administrator."""

_MEDIA = frozenset(
    (
        *("animation", "audio", "contact", "dice", "location", "photo", "poll", "sticker"),
        *("story", "venue", "video", "video_note", "voice"),
    )
)
"""What a message can be instead of a text."""


class Updates:
    """Reads updates for the bot that `me` describes (as `getMe` does)."""

    def __init__(self, bot: Bot, operators: frozenset[str]) -> None:
        self._bot = bot
        self._operators = operators
        self.me: Mapping[str, Any] = {}
        self._administrators: dict[tuple[str, str], tuple[float, bool]] = {}

    async def incoming(self, content: Any) -> Incoming | None:
        """What was said; None where it is nothing for a bot."""
        if change := content.get("my_chat_member"):
            return self._changed(change)
        press = content.get("callback_query")
        message = _message(content)
        if message is not None and "migrate_to_chat_id" in message:
            return _moved(message)
        if message is None:
            return None
        if press is not None:
            return await self._pressed(press, message)
        return await self._said(message) if _says(message) else None

    async def _pressed(self, press: Mapping[str, Any], message: Mapping[str, Any]) -> Incoming:
        return Incoming(
            caller=await self._caller(message, press.get("from", {}), pressed=True),
            press=press.get("data", ""),
            query=press["id"],
            message=str(message["message_id"]),
        )

    async def _said(self, message: Mapping[str, Any]) -> Incoming | None:
        text = self._meant_for_me(message)
        is_wordless = message["chat"]["type"] == "private" and "text" not in message
        if not text and not is_wordless:
            return None
        caller = await self._caller(message, message.get("from", {}), pressed=False)
        return Incoming(
            caller=caller,
            text=text,
            file=await self._text_of(message["document"]) if "document" in message else None,
            reply_to=_answered(message),
            alert=_alert(message),
            link=f"https://t.me/{self.me['username']}?start=",
        )

    def _changed(self, change: Mapping[str, Any]) -> Incoming | None:
        """What became of the bot in a chat; None where it may do what it might before."""
        chat, user = change["chat"], str(change["from"]["id"])
        before, now = _standing(change["old_chat_member"], chat), _standing(change["new_chat_member"], chat)
        if before is now:
            return None
        silenced = now is EventKind.SILENCED
        caller = Caller(
            channel=_CHANNEL,
            address=user if silenced else str(chat["id"]),
            kind=ChatKind.PRIVATE if silenced else _KINDS.get(chat["type"], ChatKind.GROUP),
            user=user,
            is_operator=user in self._operators,
        )
        hears_all = bool(self.me.get("can_read_all_group_messages")) or (
            change["new_chat_member"]["status"] == "administrator"
        )
        event = ChatEvent(kind=now, address=str(chat["id"]), title=chat.get("title", ""), hears_all=hears_all)
        return Incoming(caller=caller, event=event)

    async def _text_of(self, document: Mapping[str, Any]) -> str:
        """The text of a file that was sent; empty where it is none, or too large."""
        if document.get("file_size", 0) > LARGEST_FILE:
            return ""
        try:
            found = await self._bot.get_file(document["file_id"])
            return bytes(await found.download_as_bytearray()).decode("utf-8-sig")
        except (TelegramError, UnicodeDecodeError) as error:
            log.info("a file was not read", error=str(error))
            return ""

    def _meant_for_me(self, message: Mapping[str, Any]) -> str:
        """The text without the bot's name; empty for what is said to others."""
        text: str = message.get("text") or message.get("caption") or ""
        first, space, rest = text.partition(" ")
        name, at, addressee = first.partition("@")
        if text.startswith("/") and at:
            return name + space + rest if addressee.lower() == self.me["username"].lower() else ""
        if message["chat"]["type"] == "private" or text.startswith(("/", "／")):
            return text or ("/import" if "document" in message else "")  # a file by itself
        answered = message.get("reply_to_message", {}).get("from", {}).get("id")
        return text or "/import" if answered == self.me["id"] else ""

    async def _caller(self, message: Mapping[str, Any], user: Mapping[str, Any], *, pressed: bool) -> Caller:
        chat = message["chat"]
        kind = _KINDS.get(chat["type"], ChatKind.GROUP)
        topic = message.get("message_thread_id") if message.get("is_topic_message") else None
        who = str(user.get("id", ""))
        posted = kind is ChatKind.CHANNEL and not pressed  # only administrators post in channels
        anonymous = not pressed and message.get("sender_chat", {}).get("id") == chat["id"]
        return Caller(
            channel=_CHANNEL,
            address=f"{chat['id']}/{topic}" if topic else str(chat["id"]),
            kind=kind,
            user=who,
            is_admin=kind is ChatKind.PRIVATE
            or posted
            or anonymous
            or await self._is_administrator(str(chat["id"]), who),
            is_operator=who in self._operators,
        )

    async def _is_administrator(self, chat: str, user: str) -> bool:
        now = time.monotonic()
        until, known = self._administrators.get((chat, user), (0.0, False))
        if until > now or not user:
            return known
        try:
            member = await self._bot.get_chat_member(int(chat), int(user))
        except TelegramError as error:
            log.info("not known who is an administrator", chat=chat, error=str(error))
            return False
        if len(self._administrators) > 10_000:
            self._administrators.clear()
        is_one = member.status in _ADMINISTRATORS
        self._administrators[chat, user] = now + _REMEMBERED, is_one
        return is_one


def chat_of(content: Any) -> str:
    """The chat that an update came from; empty where it came from none."""
    found = content.get("my_chat_member") or _message(content)
    return str(found["chat"]["id"]) if found else ""


def _moved(message: Mapping[str, Any]) -> Incoming:
    """The group has become a supergroup, which has another id."""
    address = str(message["chat"]["id"])
    event = ChatEvent(kind=EventKind.MOVED, address=address, new_address=str(message["migrate_to_chat_id"]))
    return Incoming(caller=Caller(channel=_CHANNEL, address=address, kind=ChatKind.GROUP), event=event)


def _standing(member: Mapping[str, Any], chat: Mapping[str, Any]) -> EventKind:
    """What the bot may do in a chat, as the event after which it is so."""
    if member["status"] in ("left", "kicked") or member.get("is_member") is False:
        return EventKind.REMOVED
    return EventKind.ADDED if may_write(member, chat["type"]) else EventKind.SILENCED


def _message(content: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The message of an update, or the one whose button was pressed."""
    press = content.get("callback_query")
    found = press.get("message") if press else content.get("message") or content.get("channel_post")
    return found if found and "chat" in found else None


def _says(message: Mapping[str, Any]) -> bool:
    """Whether there is something to answer: a text, or in a private chat a picture, a voice, a file."""
    is_private = message["chat"]["type"] == "private"
    return not message.keys().isdisjoint(("text", "document")) or (
        is_private and not _MEDIA.isdisjoint(message)
    )


def _answered(message: Mapping[str, Any]) -> str | None:
    """The message that this one replies to. The first message of a topic is none: all there answers it."""
    number = message.get("reply_to_message", {}).get("message_id")
    return None if number in (None, message.get("message_thread_id")) else str(number)


def _alert(message: Mapping[str, Any]) -> str | None:
    """The delivery that the buttons of the answered message belong to; None where it is no alert."""
    markup = message.get("reply_to_message", {}).get("reply_markup", {})
    buttons = (one for row in markup.get("inline_keyboard", ()) for one in row)
    found = (alert_button(one.get("callback_data", "")) for one in buttons)
    return next((one.message_id for one in found if one), None)
