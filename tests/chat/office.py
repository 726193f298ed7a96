"""A bot whose operator has set up everything: e-mail, webhooks, sources on this machine."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.chat.stage import Stage, stage
from tests.servers.smtp import SmtpServer
from tests.servers.webhook import SECRET, WebhookServer

CHANNELS = """
email: {{host: 127.0.0.1, port: {smtp}, security: none, sender: "Monitor <monitor@example.org>"}}
webhook: {{secrets: ["{secret}"], allow_private: {private}}}
"""


@dataclass
class Office:
    """The bot, a mail relay and a webhook receiver."""

    bot: Stage
    mail: SmtpServer
    hook: WebhookServer

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.hook.port}/alerts"

    def mailed(self, address: str, words: str) -> str:
        """The text of the mail to this address with these words, once it comes."""

        def found() -> str | None:
            texts = (m.get_body().get_content() for m in self.mail.mails if address in str(m["To"]))  # type: ignore[union-attr]
            return next((text for text in texts if words in text), None)

        text: str = self.bot.until(found, seconds=30)
        return text

    def code(self, address: str, nth: int = 1) -> str:
        """The nth code that is mailed to this address."""

        def codes() -> list[str]:
            subjects = (str(mail["Subject"]) for mail in self.mail.mails if address in str(mail["To"]))
            return [found[1] for one in subjects if (found := re.search(r"(?:确认码|code) (\d{6})", one))]

        self.bot.until(lambda: len(codes()) >= nth, seconds=30)
        return codes()[nth - 1]

    def posted(self, words: str) -> list[str]:
        """The types of the events that the webhook got with these words."""
        events = (record["event"] for record in self.hook.log.records)
        return [e["type"] for e in events if words in str(e["data"])]


@contextmanager
def office(folder: Path, *, database: str = "", private: bool = True, **settings: str) -> Iterator[Office]:
    """They run; `private` lets webhooks be on this machine, `settings` go to `stage`."""
    with SmtpServer() as mail, WebhookServer() as hook:
        channels = CHANNELS.format(smtp=mail.port, secret=SECRET, private=str(private).lower())
        url = database or f"sqlite:///{folder / 'monitor.db'}"
        with stage(folder, url, channels=channels, **settings) as bot:
            bot.start()
            bot.until(lambda: len(bot.telegram.commands) == 8, seconds=60)
            yield Office(bot, mail, hook)
            assert bot.telegram.refused == []
