"""Deadlines, validity and references of a notice, as its text states them."""

from dataclasses import replace

from monitor.parsing.consultation import is_consultation
from monitor.parsing.lifecycle.deadline import find_deadline
from monitor.parsing.lifecycle.mentions import MarkedText, mark_text
from monitor.parsing.lifecycle.references import references
from monitor.parsing.lifecycle.roles import Roles, explains, find_roles
from monitor.parsing.lifecycle.validity import find_validity
from monitor.types import Notice, NoticeKind, Relation, with_warning


def life_cycle(notice: Notice) -> Notice:
    """The notice with `comment_deadline`, `effective_date`, `expiry_date` and `references` filled in.

    A draft that asks for opinions has a deadline and is not in force; an article of a news digest only
    cites; an explanation speaks of another document's force. What is uncertain stays None, with a warning
    for the reader.
    """
    text = mark_text(notice.title, notice.body)
    roles = find_roles(text, notice.title, notice.doc_number)
    is_draft = is_consultation(notice)
    named = references(text, roles, notice.title, in_force=not is_draft)
    if notice.kind in (NoticeKind.NEWS, NoticeKind.DRUG_INFO):
        cited = {replace(reference, relation=Relation.CITES): None for reference in named}
        return replace(notice, references=tuple(cited))
    notice = replace(notice, references=named)
    if is_draft:
        return _with_deadline(notice, text)
    return notice if explains(notice.title) else _with_validity(notice, text, roles)


def _with_deadline(notice: Notice, text: MarkedText) -> Notice:
    deadline = find_deadline(notice, text)
    return with_warning(replace(notice, comment_deadline=deadline.day), *deadline.warnings)


def _with_validity(notice: Notice, text: MarkedText, roles: Roles) -> Notice:
    forwards = any(reference.relation is Relation.REISSUE_OF for reference in notice.references)
    validity = find_validity(notice, text, frozenset(roles.own), forwards=forwards)
    dated = replace(notice, effective_date=validity.effective, expiry_date=validity.expiry)
    return with_warning(dated, *validity.warnings)
