"""A notice as rules look at it: its text folded once, its facets as facts, its dates as numbers."""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from rules.conditions import ANY, Condition, Near, Term
from rules.facts import facts, lineage_of, numbers, places_of
from rules.meaning import Range, Trigger, Word, pattern, words, words_of
from rules.model import NoticeLike, Reason
from rules.text import normalise, normalise_with_offsets
from rules.vocabulary import Agency, Region, Vocabulary

BOUNDARY = "\n"
"""Between two fields of the folded text; no folded text contains it, so no hit reaches over it."""

SCOPES: Mapping[str, tuple[str, ...]] = {
    "source": ("source_name", "source_id"),
    "title": ("title",),
    "keywords": ("keywords",),
    "category": ("category",),
    "section": ("section",),
    "others": ("agencies", "doc_number", "attachments"),
    "body": ("summary", "body", "interpretations"),
}
"""The fields of each scope in the order in which they are searched; the scope `any` is all but `source`."""


@dataclass(frozen=True, slots=True)
class Span:
    """A hit: `text[start:end]` of the folded text, through an alias or None."""

    start: int
    end: int
    alias: str | None = None


class Evidence:
    """One notice, prepared for any number of rules. `today` is the day that `14d` is counted from."""

    def __init__(self, notice: NoticeLike, vocabulary: Vocabulary, today: dt.date) -> None:
        self.notice = notice
        self.vocabulary = vocabulary
        self.fields: list[tuple[str, str]] = []
        self.starts: list[int] = []
        self.scopes: dict[str, tuple[int, int]] = {}
        self.text = self._fold()
        self.facts = frozenset(facts(notice, vocabulary))
        self.numbers = dict(numbers(notice, today))
        self.reasons: dict[Condition, Reason | None] = {}  # worked out once for all rules that share them
        self._offsets: dict[int, Sequence[int]] = {}

    def _fold(self) -> str:
        pieces: list[str] = []
        length = 0
        for scope, names in SCOPES.items():
            start = length
            for name in names:
                for raw in printed(self.notice, name):
                    folded = normalise(raw) + BOUNDARY
                    self.fields.append((name, raw))
                    self.starts.append(length)
                    pieces.append(folded)
                    length += len(folded)
            self.scopes[scope] = (start, length)
        self.scopes[ANY] = (self.scopes["title"][0], length)
        return "".join(pieces)

    def holds(self, trigger: Trigger) -> bool:
        """Whether the trigger is true of the notice."""
        if isinstance(trigger, Word):
            return self.text.find(trigger.text, *self.scopes[trigger.scope]) >= 0
        if isinstance(trigger, Range):
            number = self.numbers.get(trigger.axis)
            return number is not None and trigger.low <= number <= trigger.high
        return trigger in self.facts

    def field_at(self, place: int) -> int:
        """The index in `fields` of the one that a place of the text belongs to."""
        return bisect_right(self.starts, place) - 1

    def as_printed(self, span: Span) -> tuple[str, str, int, int]:
        """The field of a hit, the text of the field, and the hit in it: `text[start:end]`."""
        field = self.field_at(span.start)
        name, raw = self.fields[field]
        if field not in self._offsets:
            self._offsets[field] = normalise_with_offsets(raw)[1]
        offsets = self._offsets[field]
        first, last = span.start - self.starts[field], span.end - 1 - self.starts[field]
        return name, raw, offsets[first], offsets[last] + 1

    @cached_property
    def places(self) -> tuple[Region, ...]:
        """The regions that the notice is filed under."""
        return places_of(self.notice, self.vocabulary)

    @cached_property
    def issuers(self) -> list[tuple[str, tuple[Agency, ...]]]:
        """Each issuer's printed name, with the agency and those it belongs to."""
        province = next(iter(self.notice.provinces), None)
        names = list(self.notice.agencies)
        found = self.vocabulary.resolve_agencies(names, province=province)
        lines = [lineage_of(self.vocabulary, agency.id) if agency else () for agency in found]
        return list(zip(names, lines, strict=True))

    def spans(self, term: Term) -> Iterator[Span]:
        """Every place where the term occurs; a word with wildcards is taken as short as it can be."""
        start, end = self.scopes[term.scope]
        if term.wildcards:
            for hit in pattern(term).finditer(self.text, start, end):
                yield Span(hit.start(1), hit.end(1))
            return
        for word in words(term, self.vocabulary):
            place = self.text.find(word.text, start, end)
            while place >= 0:
                yield Span(place, place + len(word.text), word.alias)
                place = self.text.find(word.text, place + 1, end)

    def nearness(self, near: Near) -> tuple[Span, Span] | None:
        """The first two hits that stand near each other in one field, in the order of the text."""
        sides = (words_of(near.left), words_of(near.right))
        hits = [
            (span, side) for side, terms in enumerate(sides) for term in terms for span in self.spans(term)
        ]
        furthest: list[Span | None] = [None, None]  # of each side, the hit that ends last so far
        for span, side in sorted(hits, key=lambda hit: (hit[0].start, hit[0].end)):
            other = furthest[1 - side]
            if other and span.start - other.end <= near.distance and self._in_one_field(other, span):
                return other, span
            own = furthest[side]
            if own is None or span.end > own.end:
                furthest[side] = span
        return None

    def _in_one_field(self, *spans: Span) -> bool:
        return len({self.field_at(span.start) for span in spans}) == 1


def printed(notice: NoticeLike, field: str) -> Iterator[str]:
    """The texts of a field as printed; those of a field with several values one by one."""
    if field == "attachments":
        yield from (attachment.name for attachment in notice.attachments)
    elif field == "interpretations":
        for interpretation in notice.interpretations:
            yield from (interpretation.title, interpretation.body)
    else:
        value = getattr(notice, field)
        yield from (value,) if isinstance(value, str) else value or ()
