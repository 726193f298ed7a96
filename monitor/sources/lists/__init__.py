"""Reading lists of notices without selectors: HTML, what scripts hide, JSON and feeds. Pure functions."""

from monitor.sources.lists.reading import ListRows, Row, read_list

__all__ = ["ListRows", "Row", "read_list"]
