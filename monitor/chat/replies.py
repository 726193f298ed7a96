"""Replies on their way: kept with what they answer, sent, and noted as sent.

What is kept goes out again after a stop that came before the note: a reply may come twice, and is never lost.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from monitor.chat.mishaps import apology, mishap, record
from monitor.chat.model import Answer, Caller, ChatKind, Incoming
from monitor.chat.program import ChatProgram
from monitor.chat.registry import JOBS
from monitor.chat.rendering import Outgoing, render
from monitor.chat.services import Services
from monitor.chat.texts import Texts
from monitor.chat.turn import Turn
from monitor.chat.writing import Writer
from monitor.errors import StorageError
from monitor.storage import Transaction

Stored = dict[str, Any]
"""Replies as they are kept: to whom, and what is to be done."""

JOBS_AT_ONCE = 2
"""Slow jobs at the same time."""
NOTED_EVERY = 0.2
"""Seconds between two notes of which replies were sent."""


class Replies:
    """What goes out of the bot."""

    def __init__(self, services: Services, program: ChatProgram, writer: Writer) -> None:
        self._services = services
        self._program = program
        self._writer = writer
        self._jobs = asyncio.Semaphore(JOBS_AT_ONCE)
        self._sent: list[int] = []

    def keep(
        self, tx: Transaction, number: int, caller: Caller, outgoing: Sequence[Outgoing]
    ) -> Stored | None:
        """An update was acted upon, and this is the answer. Returns what is to be sent; None where there is
        nothing, or it was acted upon before."""
        stored: Stored | None = None
        if outgoing:
            stored = {
                "to": asdict(caller),
                "send": [one.to_json() for one in outgoing],
                "wait": self._make_way(tx, caller, outgoing),
            }
        new = tx.chats.finish(self._program.name, number, stored, self._services.clock())
        return stored if new else None

    def _make_way(self, tx: Transaction, caller: Caller, outgoing: Sequence[Outgoing]) -> float:
        """Count the messages towards the limits that alerts keep to. Returns the seconds until what an alert
        was promised there is over."""
        new = sum((one.screen is not None and one.edit is None) + (one.file is not None) for one in outgoing)
        wait = max((tx.buckets.interject(self._program.limits(caller)) for _ in range(new)), default=0.0)
        tx.buckets.save()
        return wait

    async def send(self, number: int, stored: Mapping[str, Any]) -> None:
        """Send what is kept for an update and do its jobs, in order."""
        caller = addressee(stored)
        for one in map(Outgoing.from_json, stored["send"]):
            await self._program.send(caller, one, stored["wait"], self)
            if one.later is not None:
                made, wait = await self._job_done(caller, one)
                for each in made:
                    await self._program.send(caller, each, wait, self)
        self._sent.append(number)

    async def _job_done(self, caller: Caller, one: Outgoing) -> tuple[list[Outgoing], float]:
        """Do a slow job and make its answer; what it has to wait for before it is sent."""
        assert one.later is not None
        incoming = Incoming(caller=caller, message=one.edit)
        texts = Texts(one.language)
        await self._program.working(caller)
        try:
            async with self._jobs:
                answer: Answer = await JOBS[one.later.job](self._services, texts, **one.later.args)
        except StorageError:
            raise
        except Exception as error:  # a bug of ours must not stop the bot, nor be hidden
            failed = mishap(caller, error, self._services.clock())
            await self._writer.write(lambda tx: record(tx, failed))
            answer = apology(texts, failed)

        def rendered(tx: Transaction) -> tuple[list[Outgoing], float]:
            made = render(Turn(self._services, tx, incoming), answer)
            return made, self._make_way(tx, caller, made)

        return await self._writer.write(rendered)

    async def paused(self, caller: Caller, seconds: float) -> None:
        """Alerts to that chat keep to the pause, too, whoever sends them."""

        def pause(tx: Transaction) -> None:
            tx.buckets.pause(self._program.limits(caller), seconds)
            tx.buckets.save()

        await self._writer.write(pause)

    async def moved(self, caller: Caller, address: str) -> None:
        """Everything of the chat goes along."""
        now = self._services.clock()
        await self._writer.write(lambda tx: tx.move_chat(caller.channel, caller.address, address, now))

    async def note_regularly(self) -> None:
        while True:
            await asyncio.sleep(NOTED_EVERY)
            await self.note()

    async def note(self) -> None:
        """Note which replies were sent."""
        sent, self._sent = self._sent, []
        if sent:
            await self._writer.write(lambda tx: tx.chats.replied(self._program.name, sent))


def addressee(stored: Mapping[str, Any]) -> Caller:
    """To whom these replies go."""
    return Caller(**{**stored["to"], "kind": ChatKind(stored["to"]["kind"])})
