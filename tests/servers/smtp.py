"""A mail relay with a durable log (aiosmtpd), which can refuse and break off at every step.

In a test: `with SmtpServer() as server`. As a process: `python -m tests.servers.smtp --log FILE` prints its
port.
"""
# ruff: noqa: N802 - aiosmtpd names its hooks so

import asyncio
import email
import email.policy
import ssl
from collections import deque
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Literal, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.servers._common import DurableLog, Faults, meeting, run

USER, PASSWORD = "alerts", "pässword-of-the-relay"
Step = Literal["MAIL", "RCPT", "DATA"]


@dataclass(frozen=True)
class Upset:
    """At the next `step`: give this answer instead, or `drop` the connection, at DATA with the mail taken."""

    step: Step
    answer: str = ""
    drop: bool = False


class _Controller(Controller):
    """Takes any free port when asked for port 0."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


class SmtpServer:
    """Takes mail on loopback; with `tls` it requires encryption, with `login` a user name and password."""

    def __init__(
        self,
        log: Path | None = None,
        port: int = 0,
        faults: Faults | None = None,
        *,
        tls: ssl.SSLContext | None = None,
        implicit_tls: bool = False,
        login: bool = False,
    ) -> None:
        self.log = DurableLog(log)
        self.faults = faults or Faults()
        self.upsets: deque[Upset] = deque()
        self.connections = 0
        options: dict[str, Any] = {"decode_data": False, "enable_SMTPUTF8": False}
        if tls and not implicit_tls:
            options |= {"tls_context": tls, "require_starttls": True}
        if login:
            options |= {"authenticator": self._login, "auth_required": True}
        self._controller = _Controller(
            _Hooks(self),
            hostname="127.0.0.1",
            port=port,
            ssl_context=tls if implicit_tls else None,
            **options,
        )
        self.port = 0

    def __enter__(self) -> Self:
        self._controller.start()
        self.port = self._controller.port
        return self

    def __exit__(self, *exc: object) -> None:
        self._controller.stop()
        self.log.close()

    @property
    def mails(self) -> list[EmailMessage]:
        """The mails taken, parsed."""
        return [
            email.message_from_string(record["mail"], policy=email.policy.default)  # type: ignore[misc]
            for record in self.log.records
        ]

    def _login(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        right = LoginPassword(USER.encode(), PASSWORD.encode())
        known = isinstance(data, LoginPassword) and data == right
        return AuthResult(success=known, handled=False)


@dataclass(frozen=True)
class _Hooks:
    """What aiosmtpd calls: not the server itself, whose properties it would read for every connection."""

    of: SmtpServer

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.of.connections += not session.host_name
        session.host_name = hostname
        return responses

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if upset := self._upset("MAIL", server):
            return upset
        envelope.mail_from = address
        return "250 2.1.0 sender ok"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if upset := self._upset("RCPT", server):
            return upset
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 recipient ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        fault = self.of.faults.next()
        if fault and fault.kind == "refuse":
            return "451 4.3.0 try again later"
        upset = self.of.upsets.popleft() if self.of.upsets and self.of.upsets[0].step == "DATA" else None
        if upset and not upset.drop:
            return upset.answer
        if not fault:
            self._take(envelope)
        elif fault.kind != "drop":
            with meeting(fault):
                self._take(envelope)
        if (upset and upset.drop) or (fault and fault.kind != "slow"):
            _abort(server)
        elif fault:
            await asyncio.sleep(fault.seconds)
        return "250 2.0.0 queued"

    def _take(self, envelope: Envelope) -> None:
        assert isinstance(envelope.content, bytes)
        text = envelope.content.decode("ascii")  # what a relay without 8BITMIME can carry
        message_id = email.message_from_string(text)["Message-ID"]
        self.of.log.append(
            {"id": message_id, "from": envelope.mail_from, "to": list(envelope.rcpt_tos), "mail": text}
        )

    def _upset(self, step: Step, server: SMTP) -> str:
        if not self.of.upsets or self.of.upsets[0].step != step:
            return ""
        upset = self.of.upsets.popleft()
        if upset.drop:
            _abort(server)
        return upset.answer or "421 4.3.2 going away"


def _abort(server: SMTP) -> None:
    assert server.transport is not None
    server.transport.abort()


if __name__ == "__main__":
    run(SmtpServer)
