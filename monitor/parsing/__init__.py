"""Document → notices: one module per layout, and the fields that all of them share."""

from monitor.parsing.layout import parse

__all__ = ["parse"]
