"""Reading lists of notices without selectors: HTML, what scripts hide, JSON and feeds. Pure functions."""

from monitor.sources.lists.feeds import read_feed
from monitor.sources.lists.model import ListRows, Row
from monitor.sources.lists.reading import read_list

__all__ = ["ListRows", "Row", "read_feed", "read_list"]
