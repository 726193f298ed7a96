"""An item of an issue → its Notice. What the block leaves open is read from the text below it."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from monitor.parsing.addresses import printed_urls
from monitor.parsing.annexes import named_annexes
from monitor.parsing.dates import parse_date
from monitor.parsing.markdown import Unmarked, is_page_number, unmark
from monitor.parsing.monthly.block import Label
from monitor.parsing.monthly.doubts import doubts
from monitor.parsing.monthly.items import Item
from monitor.parsing.numbers import find_number, normalise_number
from monitor.parsing.paragraphs import join_paragraphs
from monitor.parsing.signature import Signature, find_signature, title_agencies
from monitor.parsing.text import compact, is_blank, key, squeeze, tidy_title
from monitor.types import Attachment, Notice, NoticeKind, SourceDigest, with_warning
from rules.vocabulary import default_vocabulary


def make_notice(item: Item, digest: SourceDigest | None) -> Notice:
    """The notice of one item; its warnings say what does not fit together."""
    printed = list(_printed_lines(item, digest))
    lines = [line.text for line in printed]
    text = join_paragraphs(lines)
    signature = find_signature(lines)
    agencies, truncated = _agencies(item, signature)
    block, entry = item.block, item.entry
    notice = Notice(
        kind=NoticeKind.NOTICE if item.text and item.whole else NoticeKind.LISTED,
        title=_parted(tidy_title(item.title), agencies),
        agencies=agencies,
        agencies_truncated=truncated,
        doc_number=normalise_number(block.text(Label.NUMBER)) or _number_of_text(lines, item.title),
        written_date=parse_date(block.text(Label.WRITTEN)) or (signature.date if signature else None),
        published_date=parse_date(block.text(Label.PUBLISHED)),
        category=squeeze(block.text(Label.CATEGORY)) or None,
        keywords=_split_keywords(block.text(Label.KEYWORDS)),
        section=entry.section if entry else None,
        page=entry.page if entry else None,
        body=text.text,
        attachments=tuple(Attachment(name) for name in _annexes(lines, agencies)),
        urls=printed_urls(printed),
        digest=digest,
        position=f"line {block.start + 1}" if item.text else None,
    )
    return with_warning(notice, *doubts(item, notice, signature, text.doubled))


def _printed_lines(item: Item, digest: SourceDigest | None) -> Iterator[Unmarked]:
    """The lines of the text without marks of a conversion, page numbers and the issue's running head."""
    heads = {compact(part) for part in (digest.title, digest.issue) if part} if digest else set()
    for line in item.text.body if item.text else ():
        if compact(line) not in heads and not is_page_number(line):
            yield unmark(line)


def _agencies(item: Item, signature: Signature | None) -> tuple[tuple[str, ...], bool]:
    """As the block prints them; without a block as the signature does, or the title."""
    if printed := "\n".join(item.block.values.get(Label.AGENCIES, ())):
        names, truncated = default_vocabulary().split_agencies(printed)
        return tuple(names), truncated
    return (signature.agencies, signature.truncated) if signature else title_agencies(item.title)


def _parted(title: str, agencies: Sequence[str]) -> str:
    """The title with the space between two agencies that a line end has taken away."""
    for first, second in pairwise(agencies):
        title = title.replace(first + second, f"{first} {second}", 1)
    return title


_SEPARATORS = re.compile(r"[、，,；;/|｜]+")
_SPACE = re.compile(r"(?<=[\u4e00-\u9fff])[\s\u3000]+(?=[\u4e00-\u9fff])")


def _split_keywords(printed: str) -> tuple[str, ...]:
    """Keywords in order; spaces separate them only where nothing else does (DRG 付费 is one)."""
    separators = _SEPARATORS if _SEPARATORS.search(printed) else _SPACE
    words = (squeeze(word).strip("。.") for word in separators.split(printed))
    return tuple(dict.fromkeys(word for word in words if word))


_BRACKETED = re.compile(r"[（(][^（()）]{2,30}号[)）]\s*$")
_BRACKETS = "（）()[]【】 \t\u3000"
_LINES_OF_TITLE = 6


def _number_of_text(lines: Sequence[str], title: str) -> str | None:
    """The number at the end of the title, or on a line of its own below it; a cited one does not count."""
    if bracketed := _BRACKETED.search(title):
        return find_number(bracketed[0])
    for line in [line for line in lines if not is_blank(line)][:_LINES_OF_TITLE]:
        number = find_number(line)
        if number and compact(number) == compact(normalise_number(line.strip(_BRACKETS)) or ""):
            return number
        if key(line) not in key(title):
            return _number_of_text((), line) if key(line).startswith(key(title)) else None
    return None


_DISCLOSURE = re.compile(r"[（(]?信息公开(?:形式|方式|类别)")


def _annexes(lines: Sequence[str], agencies: Sequence[str]) -> Sequence[str]:
    """The names that the text lists. The trailer's offer to download names the notice, or another one."""
    signed = key("".join(agencies))  # a line end can cut a name in the signature, which is no annex then
    listed = [
        line for line in lines if not _DISCLOSURE.match(line) and (is_blank(line) or key(line) not in signed)
    ]
    return named_annexes(listed)
