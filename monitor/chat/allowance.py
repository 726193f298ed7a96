"""How much one user may ask for."""

from collections import OrderedDict

_MANY = 10_000


class Allowance:
    """A bucket of `rate` a minute for each user, full at first."""

    def __init__(self, rate: int) -> None:
        self._rate = rate / 60
        self._most = float(rate)
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()  # user → (left, when)
        self._told: set[str] = set()

    def take(self, user: str, now: float) -> float | None:
        """Take one. Returns 0, or after how many seconds there is one again; None where that was said and
        nothing was left since. `now` is in seconds."""
        left, when = self._left.pop(user, (self._most, now))
        left = min(self._most, left + (now - when) * self._rate)
        allowed = left >= 1
        self._left[user] = (left - 1 if allowed else left, now)
        if len(self._left) > _MANY:
            self._told.discard(self._left.popitem(last=False)[0])
        if allowed:
            self._told.discard(user)
            return 0.0
        if user in self._told:
            return None
        self._told.add(user)
        return (1 - left) / self._rate
