"""Why a rule matched a notice, or what kept it from matching."""

import datetime as dt
from dataclasses import dataclass

from rules.conditions import And, Comparison, Condition, Near, Not, Or, Saved, Term, Value
from rules.evidence import Evidence
from rules.facets import FACETS, Takes
from rules.facts import DATES
from rules.model import NoticeLike, Reason, Rule
from rules.reasons import holds, reasons
from rules.vocabulary import Vocabulary, default_vocabulary


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a rule made of a notice.

    `reasons` are the conditions that were met. Where the rule did not match, `failed` is the first condition
    that was to blame, `chinese` and `english` say why in a sentence.
    """

    matched: bool
    reasons: tuple[Reason, ...]
    failed: Condition | None = None
    chinese: str = ""
    english: str = ""


def explain(
    rule: Rule, notice: NoticeLike, *, today: dt.date, vocabulary: Vocabulary | None = None
) -> Explanation:
    """Why the rule matched the notice, or which condition failed first."""
    evidence = Evidence(notice, vocabulary or default_vocabulary(), today)
    if holds(rule.condition, evidence):
        return Explanation(True, reasons(rule, evidence))
    met = [reason for part in _parts(rule.condition) for reason in reasons(Rule(part), evidence)]
    failed = _first_failure(rule.condition, evidence)
    chinese, english = _blame(failed, evidence)
    return Explanation(False, tuple(met), failed, chinese, english)


def _parts(condition: Condition) -> tuple[Condition, ...]:
    """The conditions that must all be met."""
    if isinstance(condition, Saved):
        return _parts(condition.condition)
    return condition.parts if isinstance(condition, And) else (condition,)


def _first_failure(condition: Condition, evidence: Evidence) -> Condition:
    """The smallest condition to blame. Where alternatives fail, all of them are."""
    parts = _parts(condition)
    failed = next(part for part in parts if not holds(part, evidence))
    return failed if len(parts) == 1 and failed == condition else _first_failure(failed, evidence)


def _blame(failed: Condition, evidence: Evidence) -> tuple[str, str]:
    """Why the condition is not met, in Chinese and in English."""
    match failed:
        case Not(part=part):
            hit = next(iter(reasons(Rule(part), evidence)), None)
            found = hit.snippet[hit.start : hit.end] if hit else "*"
            return f"“{part}”被排除，而通知里有“{found}”", f"{part} is excluded, and the notice has “{found}”"
        case Value() | Comparison():
            actual = "、".join(_actual(failed, evidence))
            chinese = f"通知是{actual}" if actual else "通知没有这一项"
            return f"“{failed}”不符：{chinese}", f"{failed}: the notice has {actual or 'none'}"
        case Near():
            return f"“{failed}”：两边的词没有这样靠近", f"{failed}: the words do not stand that close"
        case Or():
            return f"“{failed}”中没有一项成立", f"{failed}: none of these is met"
        case Term(exact=True) | Term(wildcards=True):
            return f"通知里没有“{failed}”", f"{failed} does not occur"
    return f"通知里没有“{failed}”，也没有它的其他说法", f"{failed} does not occur, nor another way to say it"


def _actual(failed: Value | Comparison, evidence: Evidence) -> list[str]:
    """What the notice has in the place of what was asked for."""
    notice, facet = evidence.notice, FACETS[failed.facet]
    if facet.takes is Takes.REGION:
        return [place.short for place in evidence.places]
    if facet.takes is Takes.AGENCY or failed.facet == "agency.level":
        return list(notice.agencies)
    if failed.facet == "consultation":
        return [facet.printed("yes" if notice.is_consultation else "no")]
    value = getattr(notice, DATES.get(failed.facet, failed.facet))
    if value is None:
        return []
    return [facet.printed(str(value)) if str(value) in facet.choices else str(value)]
