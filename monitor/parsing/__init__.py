"""Document → notices: one module per layout, and the fields that all of them share."""

from monitor.parsing.layout import LAYOUT_NAMES, finish, parse

__all__ = ["LAYOUT_NAMES", "finish", "parse"]
