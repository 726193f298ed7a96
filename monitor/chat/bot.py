"""The bot: what people say, taken in, acted upon once, and answered.

    updates → take in → lane of its chat → respond → send → replied

An update is kept before the chat program is told that it arrived; it is acted upon in the transaction that
marks it as done and keeps the replies; the replies go when they were sent. So after a stop at any moment
nothing is lost and nothing is done twice; at most a reply is sent again. Each chat has a lane of its own: in
it things happen in order, and a flood in one does not hold up the others. What the lanes have to write at the
same moment shares a transaction, and where a lane is free that is the one that takes the update in.
"""

import asyncio
import contextlib
import datetime as dt
import time
from collections import deque
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import monitor.chat.commands  # noqa: F401 - makes them known
from monitor.chat.allowance import Allowance
from monitor.chat.dispatch import respond
from monitor.chat.mishaps import apology, mishap, record
from monitor.chat.model import Incoming, reply
from monitor.chat.program import ChatProgram
from monitor.chat.rendering import render
from monitor.chat.replies import Replies, Stored, addressee
from monitor.chat.services import Services
from monitor.chat.turn import Turn
from monitor.chat.writing import Writer
from monitor.errors import StorageError
from monitor.storage import Transaction

MOST_WAITING = 100
"""Updates of one chat that wait; what is beyond is not answered."""
KEPT_FOR = dt.timedelta(days=30)
"""How long buttons and pages go on working, and errors can be looked up."""
TIDIED_EVERY = 3600.0
"""Seconds between two times of forgetting old things."""
GRACE = 5.0
"""Seconds that replies under way are given when the program stops."""


@dataclass(frozen=True, slots=True)
class _Update:
    """An update on its way through a lane. `taken` has its number once it was taken in as new; `replies`
    where it was acted upon before a stop, and only they are left."""

    number: int
    content: Any
    taken: set[int]
    replies: Stored | None = None


class ChatBot:
    """One bot of one chat program."""

    def __init__(self, services: Services, program: ChatProgram) -> None:
        self._services = services
        self._program = program
        self._writer = Writer(services.storage)
        self._replies = Replies(services, program, self._writer)
        self._lanes: dict[str, deque[_Update]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._allowance = Allowance(services.settings.rate)
        self._ready = False
        self._failure: asyncio.Future[None] | None = None

    async def run(self) -> None:
        """Answer until cancelled. Raises `StorageError`."""
        self._failure = asyncio.get_running_loop().create_future()
        steps = (self._listen, self._replies.note_regularly, self._tidy)
        work = [asyncio.create_task(step()) for step in steps]
        try:
            await asyncio.wait([*work, self._failure], return_when=asyncio.FIRST_COMPLETED)
            for done in (*work, self._failure):
                if done.done():
                    done.result()
        finally:
            await self._wind_down(work)

    async def _wind_down(self, work: Sequence[asyncio.Task[None]]) -> None:
        self._ready = False
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=GRACE)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with contextlib.suppress(StorageError):
            await self._replies.note()
        await self._program.aclose()
        if self._failure is not None and not self._failure.done():
            self._failure.cancel()

    async def _listen(self) -> None:
        """Take up what was left, then whatever comes."""
        await self._program.open()
        with self._services.storage.read() as tx:
            left = tx.chats.unfinished(self._program.name)
        for one in left:
            chat = addressee(one.replies).room_address if one.replies else self._program.chat_of(one.content)
            self._queue(chat, _Update(one.id, one.content, {one.id}, one.replies))
        self._ready = True
        while True:
            if updates := await self._program.poll():
                await self._take_in(updates)

    async def pushed(self, updates: Mapping[int, Any]) -> bool:
        """Keep these updates. False while the bot does not run. Raises `StorageError`."""
        if self._ready:
            await self._take_in(updates)
        return self._ready

    async def _take_in(self, updates: Mapping[int, Any]) -> None:
        """Keep these updates; they are acted upon at once or when those before them were. Raises
        `StorageError`: then they have not arrived."""
        taken: set[int] = set()

        def keep(tx: Transaction) -> None:
            taken.clear()
            taken.update(self._keep(tx, updates))

        kept = asyncio.create_task(self._writer.write(keep))  # shared with what is acted upon at once
        for number, content in updates.items():
            self._queue(self._program.chat_of(content), _Update(number, content, taken))
        await kept

    def _keep(self, tx: Transaction, updates: Mapping[int, Any]) -> list[int]:
        return tx.chats.take_in(self._program.name, updates, self._services.clock())

    def _queue(self, chat: str, update: _Update) -> None:
        lane = self._lanes.get(chat)
        if lane is None:
            lane = self._lanes[chat] = deque()
            self._start(self._drain(chat, lane))
        lane.append(update)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if (
            not task.cancelled()
            and (error := task.exception())
            and self._failure
            and not self._failure.done()
        ):
            self._failure.set_exception(error)

    async def _drain(self, chat: str, lane: deque[_Update]) -> None:
        """Everything of one chat, in order."""
        while lane:
            crowded = len(lane) > MOST_WAITING
            made = lane[0].replies or await self._acted_upon(lane[0], crowded=crowded)
            if made:
                await self._replies.send(lane[0].number, made)
            lane.popleft()
        del self._lanes[chat]

    async def _acted_upon(self, update: _Update, *, crowded: bool) -> Stored | None:
        """Act upon an update. Returns the replies; None where there are none."""
        incoming = await self._program.incoming(update.content)
        wait = None if incoming is None else self._allowed(incoming, crowded=crowded)

        def act(tx: Transaction) -> Stored | None:
            if update.number not in update.taken and not self._keep(tx, {update.number: update.content}):
                return None  # it came before
            if incoming is None or wait is None:
                tx.chats.finish(self._program.name, update.number, None, self._services.clock())
                return None
            if wait:
                return self._slow_down(tx, update.number, incoming, wait)
            answer = respond(self._services, tx, incoming)
            return self._replies.keep(tx, update.number, incoming.caller, answer)

        try:
            return await self._writer.write(act)
        except StorageError:
            raise
        except Exception as error:  # a bug of ours must not stop the bot, nor be hidden
            assert incoming is not None, "where nothing was said nothing can fail"
            return await self._apologised(update.number, incoming, error)

    def _allowed(self, incoming: Incoming, *, crowded: bool) -> float | None:
        """0 where the user may go on, else after how many seconds; None where that was said already."""
        if incoming.event is not None:  # it happened, whatever else did
            return 0.0
        if crowded:
            return None
        return self._allowance.take(incoming.caller.user or incoming.caller.chat, time.monotonic())

    def _slow_down(self, tx: Transaction, number: int, incoming: Incoming, wait: float) -> Stored | None:
        turn = Turn(self._services, tx, incoming)
        text = turn.say("That was too much at once. Please wait {seconds} seconds.", seconds=int(wait) + 1)
        return self._replies.keep(tx, number, incoming.caller, render(turn, reply(text, edit=False)))

    async def _apologised(self, number: int, incoming: Incoming, error: Exception) -> Stored | None:
        failed = mishap(incoming.caller, error, self._services.clock())

        def apologise(tx: Transaction) -> Stored | None:
            record(tx, failed)
            turn = Turn(self._services, tx, incoming)
            return self._replies.keep(tx, number, incoming.caller, render(turn, apology(turn.texts, failed)))

        return await self._writer.write(apologise)

    async def _tidy(self) -> None:
        while True:
            await self._writer.write(lambda tx: tx.chats.forget(self._services.clock() - KEPT_FOR))
            await asyncio.sleep(TIDIED_EVERY)
