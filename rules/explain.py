"""Why a rule matched a notice, what kept it from matching, and what keeps it from ever matching."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

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


@dataclass(frozen=True, slots=True)
class Blocker:
    """The condition that keeps a rule from matching; without it, it would have matched `matches` notices.

    `alone` is how many notices meet the condition by itself. `nearby` are words in its place with which the
    rule would have matched, best first.
    """

    condition: Condition
    matches: int
    alone: int
    nearby: tuple[str, ...] = ()


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


def find_blocker(
    rule: Rule, notices: Iterable[NoticeLike], *, today: dt.date, vocabulary: Vocabulary | None = None
) -> Blocker | None:
    """What keeps the rule from matching any of the notices; None where one matches, or no one condition is
    to blame."""
    vocabulary = vocabulary or default_vocabulary()
    evidences = [Evidence(notice, vocabulary, today) for notice in notices]
    parts = _parts(rule.condition)
    met = [[holds(part, evidence) for part in parts] for evidence in evidences]
    if any(map(all, met)):
        return None
    without = [sum(all(row[:place] + row[place + 1 :]) for row in met) for place in range(len(parts))]
    place = max(range(len(parts)), key=without.__getitem__)
    if not without[place]:
        return None
    almost = [e for e, row in zip(evidences, met, strict=True) if all(row[:place] + row[place + 1 :])]
    alone = sum(row[place] for row in met)
    return Blocker(parts[place], without[place], alone, _nearby(parts[place], almost, vocabulary))


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


def _nearby(blocker: Condition, almost: Sequence[Evidence], vocabulary: Vocabulary) -> tuple[str, ...]:
    """Words in place of the blocking one that occur in the notices which it alone kept from matching: names
    that look like it, and the longest pieces of it."""
    if not isinstance(blocker, Term):
        return ()
    text = blocker.text
    pieces = (text[i : i + n] for n in range(len(text) - 1, 1, -1) for i in range(len(text) - n + 1))
    words = dict.fromkeys((*vocabulary.nearest(text, "topic"), *pieces))
    terms = (Term(word, blocker.scope) for word in words if word != text)
    hitting = (term.text for term in terms if any(holds(term, evidence) for evidence in almost))
    return tuple(islice(hitting, 3))
