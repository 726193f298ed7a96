"""A few reused connections to a mail relay, and what its answers mean for a message."""

import asyncio
import contextlib
import re
import ssl
from collections.abc import AsyncIterator
from typing import Any

import aiosmtplib
from aiosmtplib import SMTP

from monitor.errors import DeliveryError, SendOutcome
from monitor.notify._channel import safe_answer

_BROKEN = (aiosmtplib.SMTPServerDisconnected, aiosmtplib.SMTPTimeoutError, OSError)
# RFC 3463: what a 5xx is about. Mailboxes that are unknown or closed for good, whenever the relay says so...
_NO_MAILBOX = re.compile(r"5\.(?:1\.\d+|2\.1)\b")
# Not this mail or this reader but the relay itself wants no more for now.
_TOO_FAST = re.compile(r"\b4\.7\.0\b|\b4\.3\.2\b|too many|too fast|rate limit|throttl", re.IGNORECASE)
# ... and what the operator or time can mend although it is called permanent: full, routing, policy.
_MENDABLE = re.compile(r"5\.(?:2\.2|3\.\d+|4\.\d+|7\.\d+)\b")


class Relay:
    """Sends mails over at most `connections` connections, each kept open and used again.

    `options` are `aiosmtplib.SMTP`'s; `secrets` are blotted out of whatever the relay says; `patience` is the
    longest wait in seconds for a free connection.
    """

    def __init__(
        self,
        options: dict[str, Any],
        connections: int,
        secrets: tuple[str, ...] = (),
        patience: float = 10.0,
    ) -> None:
        self._options = options
        self._secrets = secrets
        self._slots = asyncio.Semaphore(connections)
        self._patience = patience
        self._idle: list[SMTP] = []
        self.name = f"{options['hostname']}:{options['port']}"

    async def transmit(self, sender: str, recipient: str, mail: bytes) -> str:
        """Hand a mail over; the relay's answer. Raises `DeliveryError`."""
        async with self._slot():
            client = await self._ready(sender)
            try:
                await self._recipient(client, recipient)
                answer = await self._content(client, mail)
            except DeliveryError as error:
                await self._put_back(client, usable=error.outcome is not SendOutcome.AMBIGUOUS)
                raise
            except BaseException:
                client.close()
                raise
            self._idle.append(client)
            return answer

    @contextlib.asynccontextmanager
    async def _slot(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(self._patience):
                await self._slots.acquire()
        except TimeoutError:
            sentence = f"All connections to {self.name} were busy for {self._patience:g} s."
            raise DeliveryError(sentence, outcome=SendOutcome.RETRY, answer="busy") from None
        try:
            yield
        finally:
            self._slots.release()

    async def _put_back(self, client: SMTP, *, usable: bool) -> None:
        """Keep a connection on which a mail was refused, if the relay can forget that mail."""
        try:
            if usable and client.is_connected:
                await client.rset()
                self._idle.append(client)
                return
        except (*_BROKEN, aiosmtplib.SMTPResponseException):
            pass
        client.close()

    async def probe(self) -> str:
        """Connect and log in."""
        async with self._slot():
            await _goodbye(await self._connected())
            return f"{self.name} answers."

    async def aclose(self) -> None:
        """Say goodbye on every open connection."""
        while self._idle:
            await _goodbye(self._idle.pop())

    async def _ready(self, sender: str) -> SMTP:
        """A connection on which the relay has taken the sender.

        One that stood idle may be dead without our knowing; then the next is tried, at last a new one.
        """
        while self._idle:
            client = self._idle.pop()
            with contextlib.suppress(*_BROKEN, aiosmtplib.SMTPResponseException):
                await self._begin(client, sender)
                return client
        client = await self._connected()
        try:
            await self._begin(client, sender)
        except (*_BROKEN, aiosmtplib.SMTPResponseException) as error:
            raise self._refused("does not take mail from this sender", error) from None
        return client

    async def _begin(self, client: SMTP, sender: str) -> None:
        try:
            await client.mail(sender)
        except BaseException:
            client.close()
            raise

    async def _connected(self) -> SMTP:
        client = SMTP(**self._options)
        try:
            await client.connect()
        except aiosmtplib.SMTPAuthenticationError as error:
            raise self._refused("does not accept the user name and password", error) from None
        except (aiosmtplib.SMTPException, ssl.SSLError, OSError, ValueError) as error:
            raise self._refused("could not be reached", error) from None
        return client

    async def _recipient(self, client: SMTP, recipient: str) -> None:
        try:
            await client.rcpt(recipient)
        except aiosmtplib.SMTPResponseException as error:
            gone = error.code >= 500 and not _MENDABLE.search(error.message)
            raise self._refused("does not take mail for this recipient", error, gone=gone) from None
        except _BROKEN as error:
            raise self._refused("broke the connection before the mail was sent", error) from None

    async def _content(self, client: SMTP, mail: bytes) -> str:
        try:
            answer = await client.data(mail)
        except aiosmtplib.SMTPResponseException as error:
            gone = bool(_NO_MAILBOX.search(error.message))
            raise self._refused("did not take the mail", error, gone=gone) from None
        except _BROKEN as error:
            reason = self._words(error)
            raise DeliveryError(
                f"The connection to {self.name} broke before it confirmed the mail ({reason}); "
                "it may have been sent.",
                outcome=SendOutcome.AMBIGUOUS,
                answer=reason,
            ) from None
        return safe_answer(f"{answer.code} {answer.message}", *self._secrets)

    def _refused(self, what: str, error: BaseException, *, gone: bool = False) -> DeliveryError:
        outcome = SendOutcome.PERMANENT if gone else SendOutcome.RETRY
        words = self._words(error)
        temporary = isinstance(error, aiosmtplib.SMTPResponseException) and error.code < 500
        too_fast = temporary and bool(_TOO_FAST.search(words))
        return DeliveryError(
            f"The relay {self.name} {what}: {words}", outcome=outcome, answer=words, too_fast=too_fast
        )

    def _words(self, error: BaseException) -> str:
        if isinstance(error, aiosmtplib.SMTPResponseException):
            return safe_answer(f"{error.code} {error.message}", *self._secrets)
        return safe_answer(f"{type(error).__name__}: {error}", *self._secrets)


async def _goodbye(client: SMTP) -> None:
    try:
        await client.quit()
    except (aiosmtplib.SMTPException, OSError):
        client.close()
