"""Why an alert is sent, in words: the subscription, and each hit in its sentence."""

import re
from collections.abc import Iterator, Mapping, Sequence

from monitor.compose.parts import Line, Span, clip, line, tidy
from monitor.types import Hit
from monitor.words import Words
from rules.model import Reason

FACETS: Mapping[str, tuple[str, str]] = {
    "province": ("省份", "Province"),
    "agency": ("机构", "Agency"),
    "agency.level": ("机构级别", "Agency level"),
    "category": ("类别", "Category"),
    "kind": ("类型", "Kind"),
    "source": ("来源", "Source"),
    "section": ("栏目", "Section"),
    "importance": ("重要性", "Importance"),
    "attention": ("关注度", "Attention"),
    "consultation": ("征求意见", "Consultation"),
    "everything": ("任何公文", "Any notice"),
    "text": ("", ""),  # a word says by itself what it is
}

_COMPARISON = re.compile("[<>=]")  # 截止<14d says by itself what it is

FIELDS: Mapping[str, tuple[str, str]] = {
    "title": ("标题", "title"),
    "body": ("正文", "text"),
    "keywords": ("关键字", "keywords"),
    "category": ("类别", "category"),
    "agencies": ("发文机构", "issuer"),
    "agency_ids": ("发文机构", "issuer"),
    "provinces": ("省份", "province"),
    "regions": ("地区", "region"),
    "doc_number": ("文号", "number"),
    "summary": ("提要", "summary"),
    "section": ("栏目", "section"),
    "source_name": ("来源", "source"),
    "attachments": ("附件", "attachments"),
    "interpretations": ("解读", "interpretation"),
    "kind": ("类型", "kind"),
    "importance": ("重要性", "importance"),
    "attention": ("关注度", "attention"),
    "published_date": ("发布", "published"),
    "comment_deadline": ("意见截止", "comments due"),
    "effective_date": ("施行", "in force"),
    "expiry_date": ("有效期至", "valid until"),
    "is_consultation": ("征求意见", "consultation"),
}


def hit_lines(hit: Hit, limit: int, context: int, say: Words) -> Iterator[Line]:
    """The subscription as a labelled line, then its reasons, words before facets, at most `limit` of them.

    `context` is the number of characters shown on either side of a hit.
    """
    name, rule = clip(hit.subscription, 40), clip(hit.rule, 120)
    yield line(rule if rule != name else "", say(f"「{name}」", f"“{name}”"))
    yield from reason_lines(hit.reasons, limit, context, say)


def reason_lines(reasons: Sequence[Reason], limit: int, context: int, say: Words) -> Iterator[Line]:
    """A line for each reason, words before facets, at most `limit` of them and a count of the rest."""
    words_first = sorted(reasons, key=lambda reason: reason.facet != "text")
    for reason in words_first[:limit]:
        yield Line(tuple(_reason(reason, context, say)))
    if left := len(words_first[limit:]):
        yield line(say(f"另有 {left} 处", f"{left} more"))


def _reason(reason: Reason, context: int, say: Words) -> Iterator[Span]:
    """`集采 · 正文：…全省集中带量采购工作…`, the hit standing out; `省份 山西` where that is all."""
    before, hit, after = _excerpt(reason, context)
    facet = "" if _COMPARISON.search(reason.term) else say(*FACETS.get(reason.facet, (reason.facet,) * 2))
    if facet and (not hit or (before + hit + after) == reason.term):
        yield from (Span(f"{facet} "), Span(clip(reason.term, 40), hit=True))
        return
    place = say(*FIELDS.get(reason.field, (reason.field, reason.field)))
    term = _term(reason, hit, say)
    yield Span(f"{facet} {term} · " if facet else say(f"{term} · {place}：", f"{term} · {place}: "))
    yield from (span for span in (Span(before), Span(hit, hit=True), Span(after)) if span.text)


def _term(reason: Reason, hit: str, say: Words) -> str:
    """The term as written, with the alias it was found through unless the hit shows that already."""
    term, alias = clip(reason.term, 40), clip(reason.alias or "", 40)
    return say(f"{term}（即“{alias}”）", f"{term} (as “{alias}”)") if alias not in ("", term, hit) else term


def _excerpt(reason: Reason, around: int) -> tuple[str, str, str]:
    before = tidy(reason.snippet[: reason.start]).lstrip()
    hit = clip(reason.snippet[reason.start : reason.end], 60)
    after = tidy(reason.snippet[reason.end :]).rstrip()
    if len(before) > around:
        before = "…" + before[-around:].lstrip()
    return before, hit, after[:around].rstrip() + "…" if len(after) > around else after
