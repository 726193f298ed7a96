"""What a message says, as ordered parts of one language, before a channel gives it its form. Pure."""

from monitor.compose.alert import LEVELS, compose, fitting
from monitor.compose.parts import ONE_ROW, Composition, Line, Part, PartKind, Span

__all__ = [
    "LEVELS",
    "ONE_ROW",
    "Composition",
    "Line",
    "Part",
    "PartKind",
    "Span",
    "compose",
    "fitting",
]
