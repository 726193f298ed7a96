"""How fast a provider lets itself be sent to: rates, and the arithmetic of slots. Pure.

A provider counts messages by *buckets*: a bot, a chat, a group, a URL, a relay. Every send gets a *slot*, the
time at which it may go. Until its worker has said when it really went, it may be going at this moment, so
that whatever becomes of workers and networks, no more are on their way than a rate allows.
"""

from bisect import bisect_right, insort
from dataclasses import dataclass, field

LATEST = 0.1
"""Seconds after its slot in which a send may begin at all; later it needs another slot."""
AHEAD = 0.4
"""Seconds for which slots are given beforehand."""
_REFUSAL_KEPT = 86_400.0  # seconds after a pause for which it is known that nothing was let through before it
_SILENT = 5.0  # seconds after which who has not said when it sent will not say it any more
_LONGEST_LEAD = 10.0  # seconds beyond which no slot is ever given: the clock was set back
_EVEN = 0.9  # what was lost by a late send can be made up again


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `count` messages in any `period` seconds; `even` spreads them over it."""

    count: int
    period: float
    even: bool = False

    @property
    def spacing(self) -> float:
        """The least distance of two messages in seconds."""
        return _EVEN * self.period / self.count if self.even else 0.0


@dataclass(frozen=True, slots=True)
class Limit:
    """A bucket that messages to an address fall into.

    Its name holds no secret and is the same in all processes. Without rates it can only be paused. `shared`:
    every address of the channel falls into it; the names of narrower ones begin with its name and a colon.
    """

    bucket: str
    rates: tuple[Rate, ...] = ()
    shared: bool = False


Limits = tuple[Limit, ...]
"""All buckets of an address, the narrowest first: it is the one that a provider's "too fast" pauses."""


@dataclass(slots=True)
class Bucket:
    """What is remembered of one bucket; times are seconds since the epoch by the database's clock.

    `sends` are when messages went, `slots` the promises to those that have not said so yet. Nothing goes
    before `paused_until`, which was said at `paused_at`. `refused_since` is the first "too fast" after which
    nothing was let through, 0 where the last message was.
    """

    rates: tuple[Rate, ...] = ()
    sends: list[float] = field(default_factory=list)
    slots: list[float] = field(default_factory=list)
    paused_at: float = 0.0
    paused_until: float = 0.0
    refused_since: float = 0.0
    now: float = 0.0
    _times: list[float] = field(default_factory=list)

    def follow(self, now: float) -> None:
        """Forget what no longer counts, and correct what a clock that was set back left in the future."""
        self.now = now
        if (back := max([*self.sends, *self.slots], default=now) - now - _LONGEST_LEAD) > 0:
            self.sends = [time - back for time in self.sends]
            self.slots = [time - back for time in self.slots]
        if (back := self.paused_at - now) > 0:
            self.paused_at, self.paused_until = now, self.paused_until - back
        self.refused_since = min(self.refused_since, now)
        silent = [slot for slot in self.slots if slot < now - _SILENT]
        self.slots = [slot for slot in self.slots if slot >= now - _SILENT]
        self.sends = sorted(time for time in (*self.sends, *silent) if time > now - self._period)
        self._times = sorted((*self.sends, *self.slots))

    def free_at(self, earliest: float, *, even: bool = True) -> float:
        """The first slot from then on; with `even` at a distance from others where a rate asks for it."""
        at = max(earliest, self.paused_until)
        while (later := self._later(at, even)) is not None:
            at = later
        return at

    def promise(self, slot: float) -> None:
        """Give a slot away."""
        insort(self.slots, slot)
        insort(self._times, slot)

    def settle(self, slot: float, went: float | None) -> None:
        """When what had this slot went; None if it did not go."""
        if slot in self.slots:
            self.slots.remove(slot)
            self._times.remove(slot)
        if went is not None:
            insort(self.sends, went)
            insort(self._times, went)

    def pause(self, seconds: float) -> None:
        """The provider asks for a pause; a longer one that is under way stays."""
        self.paused_at, self.paused_until = self.now, max(self.paused_until, self.now + seconds)

    def refuse(self) -> float:
        """The provider said "too fast". For how many seconds it has said nothing else."""
        self.refused_since = self.refused_since or self.now
        return self.now - self.refused_since

    @property
    def busy_for(self) -> float:
        """Seconds until what has a slot went and is so far away that one more may follow."""
        period = min((rate.period for rate in self.rates), default=0.0)
        over = self._latest(self.slots[-1]) + period if self.slots else 0.0
        return max(over - self.now, self.paused_for)

    @property
    def paused_for(self) -> float:
        """Seconds until the provider's pause is over."""
        return max(self.paused_until - self.now, 0.0)

    @property
    def idle_at(self) -> float:
        """From when on nothing of this matters."""
        last = max([*self.sends, *self.slots], default=0.0)
        remembered = self.paused_until + (_REFUSAL_KEPT if self.refused_since else 0.0)
        return max(remembered, last + max(self._period, _SILENT))

    @property
    def _period(self) -> float:
        return max((rate.period for rate in self.rates), default=0.0)

    def _later(self, at: float, even: bool) -> float | None:
        """The next time worth a try, None where this one is free."""
        index = bisect_right(self._times, at)
        before, after = self._times[:index], self._times[index:]
        for rate in self.rates:
            spacing = rate.spacing if even else 0.0
            if before and at < before[-1] + spacing:
                return before[-1] + spacing
            if after and after[0] < at + spacing:
                return after[0] + spacing
            if len(before) >= rate.count and at < (over := self._latest(before[-rate.count]) + rate.period):
                return over
            for used in range(1, min(len(after), rate.count) + 1):
                left = rate.count - used
                first = at if left == 0 else before[-left] if len(before) >= left else None
                if first is not None and after[used - 1] < self._latest(first) + rate.period:
                    return after[0]
        return None

    def _latest(self, time: float) -> float:
        """When a message can have come at the latest, as far as is known."""
        return max(time, self.now) + LATEST if time in self.slots else time
