"""How much a message says: the fullest form that a channel takes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Detail:
    """How much is said: characters of `title`, `text` and `context` around a hit, the number of the rest."""

    title: int
    hits: int
    reasons: int
    context: int
    items: int
    text: int
    extras: bool = True  # dates, topics, files, notes


FULL = Detail(title=300, hits=5, reasons=6, context=30, items=6, text=3000)
LEVELS = (
    FULL,
    Detail(title=200, hits=3, reasons=3, context=20, items=3, text=1500),
    Detail(title=120, hits=2, reasons=2, context=14, items=1, text=700),
    Detail(title=80, hits=1, reasons=1, context=8, items=1, text=300, extras=False),
)
