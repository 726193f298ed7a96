"""Why a condition is met: the hit as printed, in its sentence."""

from collections.abc import Callable, Iterator
from itertools import chain

from rules.conditions import And, Comparison, Condition, Everything, Near, Not, Or, Saved, Term, Value
from rules.evidence import SCOPES, Evidence, Span
from rules.facets import FACETS, Takes
from rules.facts import DATES, agency_facts, codes_of
from rules.meaning import triggers
from rules.model import Reason, Rule
from rules.values import region_value

SNIPPET_CHARACTERS = 30
"""How far a snippet reaches to either side of a hit where the sentence does not end before."""

_SENTENCE_ENDS = "。！？；\n"
_PLAIN_SCOPES = {"any", "title", "body", "keywords"}
_FACET_RANKS = {facet: rank for rank, facet in enumerate(FACETS)}
_FIELD_RANKS = {field: rank for rank, field in enumerate(chain.from_iterable(SCOPES.values()))}
_FIELDS = {"consultation": "is_consultation", "agency.level": "agencies"}


def leaf_holds(leaf: Condition, evidence: Evidence) -> bool:
    """Whether the notice meets a condition that has no parts."""
    if isinstance(leaf, Near):
        return evidence.nearness(leaf) is not None
    if isinstance(leaf, Term) and leaf.wildcards:
        return next(evidence.spans(leaf), None) is not None
    return any(evidence.holds(trigger) for trigger in triggers(leaf, evidence.vocabulary))


def holds(
    condition: Condition, evidence: Evidence, of_leaf: Callable[[Condition, Evidence], bool] = leaf_holds
) -> bool:
    """Whether the notice meets the condition; `of_leaf` says it of one without parts."""
    match condition:
        case And(parts=parts):
            return all(holds(part, evidence, of_leaf) for part in parts)
        case Or(parts=parts):
            return any(holds(part, evidence, of_leaf) for part in parts)
        case Not(part=part):
            return not holds(part, evidence, of_leaf)
        case Saved(condition=inner):
            return holds(inner, evidence, of_leaf)
    return of_leaf(condition, evidence)


def reasons(rule: Rule, evidence: Evidence) -> tuple[Reason, ...]:
    """A reason for each condition that the notice meets, each once: facets, then words by field.

    Of alternatives all that are met are told; a condition that only had to be absent gives none; `*` is told
    where there is nothing else to tell.
    """
    found = tuple(dict.fromkeys(_reasons(rule.condition, evidence)))
    telling = [reason for reason in found if reason.facet != "everything"]
    return tuple(sorted(telling, key=_rank)) or found


def _rank(reason: Reason) -> tuple[int, int]:
    return _FACET_RANKS.get(reason.facet, len(_FACET_RANKS)), _FIELD_RANKS.get(reason.field, 0)


def _reasons(condition: Condition, evidence: Evidence, wanted: bool = True) -> Iterator[Reason]:
    """Reasons for the condition being as `wanted`: what is denied twice is wanted again."""
    match condition:
        case And(parts=parts) | Or(parts=parts):
            if holds(condition, evidence, _has_reason) == wanted:
                for part in parts:
                    yield from _reasons(part, evidence, wanted)
        case Saved(condition=inner):
            yield from _reasons(inner, evidence, wanted)
        case Not(part=part):
            yield from _reasons(part, evidence, not wanted)
        case _ if wanted and (reason := _reason_of(condition, evidence)):
            yield reason


def _reason_of(leaf: Condition, evidence: Evidence) -> Reason | None:
    """Why a condition without parts is met, worked out once for all rules; None where it is not."""
    if leaf not in evidence.reasons:
        evidence.reasons[leaf] = _reason(leaf, evidence)
    return evidence.reasons[leaf]


def _has_reason(leaf: Condition, evidence: Evidence) -> bool:
    return _reason_of(leaf, evidence) is not None


def _reason(leaf: Condition, evidence: Evidence) -> Reason | None:
    match leaf:
        case Term():
            return _term_reason(leaf, evidence)
        case Near():
            pair = evidence.nearness(leaf)
            return _text_reason("text", str(leaf), _around(pair), evidence) if pair else None
        case Everything():
            return Reason("everything", "*", None, "title", evidence.notice.title, 0, 0)
        case Value() | Comparison() if holds(leaf, evidence):
            return _fact_reason(leaf, evidence)
    return None


def _term_reason(term: Term, evidence: Evidence) -> Reason | None:
    """The hit in the first field that has one; there the term itself before its aliases."""
    spans = evidence.spans(term)
    best = min(
        spans,
        key=lambda span: (evidence.field_at(span.start), span.alias is not None, span.start, -span.end),
        default=None,
    )
    facet = "text" if term.scope in _PLAIN_SCOPES else term.scope
    return _text_reason(facet, term.text, best, evidence) if best else None


def _around(pair: tuple[Span, Span]) -> Span:
    first, second = pair
    return Span(min(first.start, second.start), max(first.end, second.end))


def _text_reason(facet: str, term: str, span: Span, evidence: Evidence) -> Reason:
    field, raw, start, end = evidence.as_printed(span)
    left, right = _sentence(raw, start, end)
    return Reason(facet, term, span.alias, field, raw[left:right], start - left, end - left)


def _sentence(raw: str, start: int, end: int) -> tuple[int, int]:
    """Where the sentence around `raw[start:end]` begins and ends, or what of it fits a snippet."""
    left = max(0, start - SNIPPET_CHARACTERS)
    right = min(len(raw), end + SNIPPET_CHARACTERS)
    left = max([left, *(place + 1 for place in range(left, start) if raw[place] in _SENTENCE_ENDS)])
    right = min([right, *(place + 1 for place in range(end, right) if raw[place] in _SENTENCE_ENDS)])
    while left < start and raw[left].isspace():
        left += 1
    while right > end and raw[right - 1].isspace():
        right -= 1
    return left, right


def _fact_reason(leaf: Value | Comparison, evidence: Evidence) -> Reason:
    facet = FACETS[leaf.facet]
    if isinstance(leaf, Comparison):
        field = DATES.get(leaf.facet, leaf.facet)
        return _whole(leaf.facet, str(leaf), None, field, str(getattr(evidence.notice, field)))
    if facet.takes is Takes.REGION:
        return _region_reason(leaf, evidence)
    if facet.takes is Takes.AGENCY:
        return _agency_reason(leaf, evidence)
    return _whole(leaf.facet, leaf.value, None, _FIELDS.get(leaf.facet, leaf.facet), leaf.value)


def _region_reason(value: Value, evidence: Evidence) -> Reason:
    wanted = region_value(value.value, evidence.vocabulary)
    code = wanted.region.code if wanted else ""
    for place in sorted(evidence.places, key=lambda region: region.code != code):
        if code in codes_of(evidence.vocabulary, place):
            alias = None if place.code == code else place.short
            return _whole(value.facet, value.value, alias, "provinces", place.short)
    return _whole(value.facet, value.value, None, "provinces", value.value)


def _agency_reason(value: Value, evidence: Evidence) -> Reason:
    """Told by the printed name of the agency that was asked for, else of one that belongs to it."""
    wanted = triggers(value, evidence.vocabulary)[0]
    for printed_name, line in evidence.issuers:
        for place, agency in enumerate(line):
            if wanted in agency_facts(agency):
                alias = line[0].name if place else None
                return _whole(value.facet, value.value, alias, "agencies", printed_name)
    return _whole(value.facet, value.value, None, "agencies", value.value)


def _whole(facet: str, term: str, alias: str | None, field: str, snippet: str) -> Reason:
    return Reason(facet, term, alias, field, snippet, 0, len(snippet))
