"""What does not fit together in a notice of the digest: the block is believed, and the reader is told."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from rapidfuzz import fuzz

from monitor.parsing.issuers import agree
from monitor.parsing.monthly.block import Label
from monitor.parsing.monthly.items import Item
from monitor.parsing.signature import Signature
from monitor.parsing.text import compact, key, tidy_title
from monitor.types import Notice, NoticeKind

_SAME_TITLE = 90  # of 100; less is another notice's title
_STRAY_SHOWN = 60


def doubts(item: Item, notice: Notice, signature: Signature | None, doubled: Sequence[str]) -> Iterator[str]:
    """A sentence for each thing that was seen and not trusted."""
    yield from _about_missing_parts(item, notice)
    yield from _about_titles(item, notice)
    yield from _about_dates(item, notice, signature)
    if signature and notice.agencies and not agree(signature.agencies, notice.agencies):
        yield f"The signature names other agencies: {'、'.join(signature.agencies)}."
    if notice.keywords and notice.kind is NoticeKind.NOTICE and not _are_of(notice):
        yield f"The keywords {'、'.join(notice.keywords)} do not occur in the text and may be another's."
    for cut in doubled:
        yield f"A character was printed on both sides of a page end ({cut}) and is kept once."
    if stray := compact("".join(item.stray)):
        yield f"Text next to this notice belongs to none in the contents: “{stray[:_STRAY_SHOWN]}…”."


def _about_missing_parts(item: Item, notice: Notice) -> Iterator[str]:
    if item.text is None:
        yield "The contents list this notice, but the file does not print its text."
    elif not item.whole:
        yield "The contents list this notice, but only a part of its text is printed, and no metadata block."
    elif not item.block.text(Label.TITLE):
        yield "The metadata block is missing or cut off; what it should say was read from the text."
    for label in item.block.values:
        printed = item.block.text(label)
        if label in (Label.WRITTEN, Label.PUBLISHED) and printed and not _date_of(notice, label):
            yield f"“{printed}” after {label} is not a date."


def _date_of(notice: Notice, label: Label) -> object:
    return notice.written_date if label is Label.WRITTEN else notice.published_date


def _about_titles(item: Item, notice: Notice) -> Iterator[str]:
    if item.entry and key(item.entry.title) != key(notice.title):
        yield f"The contents print the title as “{item.entry.title}”."
    trailer = item.text.trailer if item.text else None
    if trailer and fuzz.partial_ratio(key(trailer), key(notice.title)) < _SAME_TITLE:
        yield f"The trailer offers the annexes of “{tidy_title(trailer)}”."


def _about_dates(item: Item, notice: Notice, signature: Signature | None) -> Iterator[str]:
    written, published = notice.written_date, notice.published_date
    if signature and signature.date and written and signature.date != written:
        yield f"The metadata block gives {written} as the written date, the signature {signature.date}."
    elif item.block.values and written and not item.block.text(Label.WRITTEN):
        yield f"The metadata block leaves the written date open; {written} is the signature's."
    if written and published and published < written:
        yield f"The published date {published} lies before the written date {written}."


def _are_of(notice: Notice) -> bool:
    """At least one keyword is said in the text, perhaps in other words: half of its pairs of characters."""
    text = key(notice.title + notice.body)
    for keyword in map(key, notice.keywords):
        pairs = [first + second for first, second in pairwise(keyword)] or [keyword]
        if 2 * sum(pair in text for pair in pairs) >= len(pairs):
            return True
    return False
