"""The bot in Telegram.

program   how updates come, menus
updates   an update → `Incoming`
replies   `Outgoing` → calls of the Bot API
"""

from monitor.chat.telegram.program import TelegramProgram

__all__ = ["TelegramProgram"]
