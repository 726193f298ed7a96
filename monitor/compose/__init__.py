"""What a message says, as ordered parts of one language, before a channel gives it its form. Pure."""

from monitor.compose.alert import compose, fitting
from monitor.compose.detail import LEVELS
from monitor.compose.parts import LONGEST_LINK, ONE_ROW, Composition, Line, Part, PartKind, Span, web_address
from monitor.compose.summary import Room, order, split

__all__ = [
    "LEVELS",
    "LONGEST_LINK",
    "ONE_ROW",
    "Composition",
    "Line",
    "Part",
    "PartKind",
    "Room",
    "Span",
    "compose",
    "fitting",
    "order",
    "split",
    "web_address",
]
