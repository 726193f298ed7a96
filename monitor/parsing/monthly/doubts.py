"""What does not fit together in a notice of the digest: the block is believed, and the reader is told."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from rapidfuzz import fuzz

from monitor.parsing.issuers import agree
from monitor.parsing.monthly.block import Label
from monitor.parsing.monthly.items import Item
from monitor.parsing.signature import Signature
from monitor.parsing.text import compact, key, tidy_title
from monitor.parsing.titles import NOT_PRINTED
from monitor.types import Notice, NoticeKind

_SAME_TITLE = 90  # of 100; less is another notice's title
_STRAY_SHOWN = 60


def doubts(item: Item, notice: Notice, signature: Signature | None, doubled: Sequence[str]) -> Iterator[str]:
    """A sentence for each thing that was seen and not trusted."""
    yield from _about_missing_parts(item, notice)
    yield from _about_titles(item, notice)
    yield from _about_dates(item, notice, signature)
    if signature and notice.agencies and not agree(signature.agencies, notice.agencies):
        yield f"落款机关「{'、'.join(signature.agencies)}」与信息栏所列不同。"
    if notice.keywords and notice.kind is NoticeKind.NOTICE and not _are_of(notice):
        yield f"关键字「{'、'.join(notice.keywords)}」未见于正文，可能属于另一篇。"
    for cut in doubled:
        yield f"换页前后重印了一个字（「{cut}」），只保留一个。"
    if stray := compact("".join(item.stray)):
        yield f"此篇旁边有一段文字，不属于目录所列任何一篇：「{stray[:_STRAY_SHOWN]}…」。"


def _about_missing_parts(item: Item, notice: Notice) -> Iterator[str]:
    if item.text is None:
        yield NOT_PRINTED
    elif not item.whole:
        yield "目录列有此篇，但文件中只有它的部分正文，没有信息栏。"
    elif not item.block.text(Label.TITLE):
        yield "信息栏缺失或残缺，所缺各项取自正文。"
    for label in item.block.values:
        printed = item.block.text(label)
        if label in (Label.WRITTEN, Label.PUBLISHED) and printed and not _date_of(notice, label):
            yield f"{label}「{printed}」无法识别。"


def _date_of(notice: Notice, label: Label) -> object:
    return notice.written_date if label is Label.WRITTEN else notice.published_date


def _without_place(title: str) -> str:
    """The title without a place before a colon, by which the contents sort: it is no other title."""
    return key(title.partition("：")[2])


def _about_titles(item: Item, notice: Notice) -> Iterator[str]:
    listed = item.entry.title if item.entry else notice.title
    if key(listed) != key(notice.title) and _without_place(listed) != key(notice.title):
        yield f"目录所印标题为「{listed}」。"
    trailer = item.text.trailer if item.text else None
    if trailer and fuzz.partial_ratio(key(trailer), key(notice.title)) < _SAME_TITLE:
        yield f"文末提供下载的是「{tidy_title(trailer)}」的附件。"


def _about_dates(item: Item, notice: Notice, signature: Signature | None) -> Iterator[str]:
    written, published = notice.written_date, notice.published_date
    if signature and signature.date and written and signature.date != written:
        yield f"信息栏所列成文日期为{written}，落款日期为{signature.date}。"
    elif item.block.values and written and not item.block.text(Label.WRITTEN):
        yield f"信息栏未填成文日期，{written}取自落款。"
    if written and published and published < written:
        yield f"发布日期{published}早于成文日期{written}。"


def _are_of(notice: Notice) -> bool:
    """At least one keyword is said in the text, perhaps in other words: half of its pairs of characters."""
    text = key(notice.title + notice.body)
    for keyword in map(key, notice.keywords):
        pairs = [first + second for first, second in pairwise(keyword)] or [keyword]
        if 2 * sum(pair in text for pair in pairs) >= len(pairs):
            return True
    return False
