"""The meaning of rules, written down a second time and as plainly as can be: no index, no sharing, no haste.

Shares with the package only the conditions themselves, the folding of text and the vocabulary.
"""

import datetime as dt
import re
from collections.abc import Iterator

from monitor.types import Notice
from rules import Vocabulary
from rules.conditions import (
    And,
    Comparison,
    Condition,
    Everything,
    Near,
    Not,
    Or,
    Saved,
    Term,
    Value,
)
from rules.text import normalise
from rules.vocabulary import Region

LEVELS = {"国家级": "national", "省": "province", "市": "city", "县": "county"}
KINDS = {
    "通知": "notice",
    "新闻": "news",
    "药品信息": "drug_info",
    "附件": "attachment",
    "仅目录": "listed",
}


def meets(condition: Condition, notice: Notice, vocabulary: Vocabulary, today: dt.date) -> bool:
    """Whether the notice meets the condition."""

    def ask(part: Condition) -> bool:
        return meets(part, notice, vocabulary, today)

    match condition:
        case And(parts=parts):
            met = all(ask(part) for part in parts)
        case Or(parts=parts):
            met = any(ask(part) for part in parts)
        case Not(part=part):
            met = not ask(part)
        case Saved(condition=inner):
            met = ask(inner)
        case Term():
            met = any(places(condition, *field, vocabulary) for field in fields(notice))
        case Near():
            met = any(is_near(condition, *field, vocabulary) for field in fields(notice))
        case Comparison():
            met = compares(condition, notice, today)
        case Value():
            met = has_value(condition, notice, vocabulary)
        case Everything():
            met = True
    return met


def fields(notice: Notice) -> list[tuple[str, str]]:
    """Every text of the notice, folded, with the scope that it is in besides `any`."""
    texts = [("title", notice.title), ("category", notice.category), ("section", notice.section)]
    texts += [("keywords", keyword) for keyword in notice.keywords]
    texts += [("body", notice.summary), ("body", notice.body)]
    for interpretation in notice.interpretations:
        texts += [("body", interpretation.title), ("body", interpretation.body)]
    texts += [("", text) for text in (*notice.agencies, notice.doc_number)]
    texts += [("", attachment.name) for attachment in notice.attachments]
    texts += [("source", notice.source_name), ("source", notice.source_id)]
    return [(scope, normalise(text)) for scope, text in texts if text]


def is_in_scope(term: Term, scope: str) -> bool:
    """Whether the term is looked for in texts of the scope."""
    return term.scope == scope or (term.scope == "any" and scope != "source")


def places(term: Term, scope: str, text: str, vocabulary: Vocabulary) -> list[tuple[int, int]]:
    """Every stretch of a field that is the term, however it is said."""
    if not is_in_scope(term, scope):
        return []
    if term.wildcards:
        return list(wild_places(term.text, text))
    words = {normalise(term.text)}
    if not term.exact:
        words |= {normalise(expansion.alias) for expansion in vocabulary.expand(term.text)}
    return [
        (start, start + len(word))
        for word in words
        for start in range(len(text))
        if text.startswith(word, start)
    ]


def wild_places(word: str, text: str) -> Iterator[tuple[int, int]]:
    """The shortest stretch from each place on that a word with wildcards fits."""
    for start in range(len(text)):
        end = wild_end(word, text, start)
        if end is not None:
            yield start, end


def wild_end(word: str, text: str, start: int) -> int | None:
    """Where the word ends when it begins at `start`: each `*` as short as it can be, the first one first."""
    if not word:
        return start
    if word[0] == "*":
        ends = (wild_end(word[1:], text, start + skipped) for skipped in range(11))
        return next((end for end in ends if end is not None), None)
    if start >= len(text):
        return None
    if word[0] == "?" or normalise(word[0]) == text[start]:
        return wild_end(word[1:], text, start + 1)
    return None


def is_near(near: Near, scope: str, text: str, vocabulary: Vocabulary) -> bool:
    """Whether any hit of one side stands near any hit of the other."""
    left, right = (
        [place for term in sides(side) for place in places(term, scope, text, vocabulary)]
        for side in (near.left, near.right)
    )
    return any(max(a[0], b[0]) - min(a[1], b[1]) <= near.distance for a in left for b in right)


def sides(condition: Condition) -> list[Term]:
    """The terms of one side of a nearness."""
    parts = condition.parts if isinstance(condition, Or) else [condition]
    return [part for part in parts if isinstance(part, Term)]


def compares(comparison: Comparison, notice: Notice, today: dt.date) -> bool:
    """Whether the number or date of the notice is on the right side of the limit."""
    dates = {
        "deadline": notice.comment_deadline,
        "published": notice.published_date,
        "effective": notice.effective_date,
        "expiry": notice.expiry_date,
    }
    if comparison.facet not in dates:
        stars = getattr(notice, comparison.facet)
        return stars is not None and ordered(stars, comparison.operator, int(comparison.limit))
    date = dates[comparison.facet]
    if date is None:
        return False
    if not comparison.limit.endswith("d"):
        return ordered(date, comparison.operator, dt.date.fromisoformat(comparison.limit))
    if comparison.facet == "published":
        days = (today - date).days
    elif date < today and comparison.operator.startswith("<"):
        return False
    else:
        days = (date - today).days
    return ordered(days, comparison.operator, int(comparison.limit[:-1]))


def ordered(value: object, operator: str, limit: object) -> bool:
    """`value operator limit`."""
    relation = {"<": "__lt__", "<=": "__le__", ">": "__gt__", ">=": "__ge__", "=": "__eq__"}[operator]
    return bool(getattr(value, relation)(limit))


def has_value(value: Value, notice: Notice, vocabulary: Vocabulary) -> bool:
    """Whether the notice has that value of a facet."""
    written = value.value
    match value.facet:
        case "province":
            return is_in_region(written, notice, vocabulary)
        case "agency":
            return is_by_agency(written, notice, vocabulary)
        case "agency.level":
            return {"国家": "national", **LEVELS}[written] in issuing_levels(notice, vocabulary)
        case "kind":
            return notice.kind == KINDS[written]
        case "consultation":
            return notice.is_consultation == (written == "是")
    return getattr(notice, value.facet) == int(written)


def region_codes(notice: Notice, vocabulary: Vocabulary) -> list[list[str]]:
    """Each region the notice is filed under, with those it lies in but the country, innermost first."""
    regions = [vocabulary.region(name) for name in notice.provinces]
    regions += [vocabulary.region_by_code(code) for code in notice.regions]
    if not any(regions):
        regions = [agency.region for agency in issuing(notice, vocabulary)]
    return [line(region, vocabulary) for region in regions if region]


def line(region: Region, vocabulary: Vocabulary) -> list[str]:
    """The region and those it lies in; what a province issues is not the country's."""
    codes = [place.code for place in vocabulary.lineage(region)]
    return codes if len(codes) == 1 else codes[:-1]


def issuing(notice: Notice, vocabulary: Vocabulary) -> list:
    """The agencies that the notice names by id."""
    found = [vocabulary.agency_by_id(agency_id) for agency_id in notice.agency_ids]
    return [agency for agency in found if agency]


def own_codes(notice: Notice, vocabulary: Vocabulary) -> set[str]:
    """The regions whose own agencies issued the notice; those that hold none of the others, if unknown."""
    issuers = {agency.region.code for agency in issuing(notice, vocabulary)}
    lines = region_codes(notice, vocabulary)
    lines += [line(agency.region, vocabulary) for agency in issuing(notice, vocabulary)]
    outer = {code for codes in lines for code in codes[1:]}
    return issuers | {codes[0] for codes in lines if codes[0] not in outer}


def issuing_levels(notice: Notice, vocabulary: Vocabulary) -> set[str]:
    """The levels of government that issued the notice."""
    if agencies := issuing(notice, vocabulary):
        return {agency.region.level.value for agency in agencies}
    regions = [vocabulary.region_by_code(code) for code in own_codes(notice, vocabulary)]
    return {region.level.value for region in regions if region}


def is_in_region(written: str, notice: Notice, vocabulary: Vocabulary) -> bool:
    """`山西` takes its cities, `山西/本级` does not, 国家 is a region by itself."""
    name, _, _ = written.partition("/本级")
    outer, _, inner = name.rpartition("/")
    within = vocabulary.region(outer) if outer else None
    region = vocabulary.region(inner, within=within)
    assert region is not None
    if written.endswith("/本级"):
        return region.code in own_codes(notice, vocabulary)
    return any(region.code in codes for codes in region_codes(notice, vocabulary))


def is_by_agency(written: str, notice: Notice, vocabulary: Vocabulary) -> bool:
    """A kind anywhere, a kind at a level, or one agency with what belongs to it."""
    lines = [vocabulary.agency_lineage(agency) for agency in issuing(notice, vocabulary)]
    named = [agency for line in lines for agency in line]
    if kind := vocabulary.agency_kind(written):
        return any(agency.kind == kind for agency in named)
    if agency := vocabulary.agency(written) or vocabulary.agency_by_id(written):
        return any(other.id == agency.id for other in named)
    level, kind_name = re.fullmatch("(国家级|省|市|县)(.+)", written).groups()
    kind = vocabulary.agency_kind(kind_name)
    return any(a.kind == kind and a.region.level.value == LEVELS[level] for a in named)
