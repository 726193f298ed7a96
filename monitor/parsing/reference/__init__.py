"""The biweekly reference 药政参考: cover, contents, then rated items with what experts say of them.

cover → contents → items (title, ratings, text, signature, interpretations) → colophon
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace

from monitor.errors import ParseError
from monitor.parsing.addresses import printed_urls
from monitor.parsing.annexes import named_annexes
from monitor.parsing.assembly import number_of_title
from monitor.parsing.head import read_head
from monitor.parsing.markdown import Unmarked, unmarked_lines
from monitor.parsing.paragraphs import join_paragraphs
from monitor.parsing.reference.contents import Contents, read_contents
from monitor.parsing.reference.items import Item, find_items, first_rating, is_rating, ratings
from monitor.parsing.reference.reading import take_apart
from monitor.parsing.signature import find_signature, is_agency, only_date, title_agencies
from monitor.parsing.text import compact, is_blank
from monitor.parsing.titles import NOT_LISTED, NOT_PRINTED
from monitor.types import Attachment, Document, Notice, NoticeKind, SourceDigest

NAME = "reference"

_NAMES = ("药政参考", "referenceforpharmaceuticaladministration")
_COVER = 60  # lines
_HEAD_LINES = 6  # below the ratings, where a number could stand
_DATE = re.compile(r"(20\d{2})\s{0,3}[|｜./年-]\s{0,3}(\d{1,2})\s{0,3}[|｜./月-]\s{0,3}(\d{1,2})")
_ISSUE = re.compile(r"(?P<total>总)?第(?P<number>\d{1,4})期")
_IMPRINT = re.compile(
    r"^(?:地址|网站|网址|电话|传真|邮编|邮箱|电子邮箱|e-?mail|主办|主编|编辑|责任编辑|主管|协办|承办|微信公众号|版权所有|投稿邮箱)[:：]",
    re.IGNORECASE,
)
_IMPRINT_LINES = 12  # at the end
_KINDS = (("药物", NoticeKind.DRUG_INFO), ("药品信息", NoticeKind.DRUG_INFO), ("附件", NoticeKind.ATTACHMENT))


def recognises(document: Document) -> bool:
    """The cover bears the publication's name."""
    return any(compact(line).strip("#*").lower() in _NAMES for line in document.lines[:_COVER])


def parse(document: Document) -> list[Notice]:
    """Every item of the issue; entries of the contents without a text as kind `listed`.

    Raises:
        ParseError: there is neither a list of contents nor a rating.
    """
    lines = unmarked_lines(document)
    rating = first_rating(lines)
    contents = read_contents(lines, rating if rating is not None else len(lines))
    end = _imprint(lines)
    items = find_items(lines, contents.entries, contents.end, end)
    if not items and not contents.entries:
        raise ParseError(
            "the document has the cover of 药政参考, but no list of contents (目录) and no rated item "
            "(重要性：★): it may be cut off or scanned"
        )
    digest = _digest(lines, contents, end)
    sections = {entry.section for entry in contents.entries if entry.section}
    notices = [_notice(lines, item, sections, digest) for item in items]
    return notices + _listed(contents, items, digest)


def _digest(lines: Sequence[Unmarked], contents: Contents, end: int) -> SourceDigest:
    cover = [line.text for line in lines[:_COVER]]
    issues = {bool(m["total"]): m["number"] for text in cover for m in _ISSUE.finditer(compact(text))}
    publisher = [text for text in (*cover, *(line.text for line in lines[end:])) if is_agency(compact(text))]
    start, finish = contents.period or (None, None)
    return SourceDigest(
        title="药政参考",
        issue=issues.get(False),
        total_issue=int(issues[True]) if True in issues else None,
        publisher=compact(publisher[0]) if publisher else None,
        date=_issue_date(cover),
        period_start=start,
        period_end=finish,
    )


def _issue_date(cover: Sequence[str]) -> dt.date | None:
    for text in cover:
        if match := _DATE.fullmatch(text.strip().rstrip("日")):
            try:
                return dt.date(*map(int, match.groups()))
            except ValueError:
                continue
    return None


def _imprint(lines: Sequence[Unmarked]) -> int:
    """Where the publisher's address begins that stands after the last item."""
    filled = [number for number, line in enumerate(lines) if not is_blank(line.text)][-_IMPRINT_LINES:]
    start = next((number for number in filled if _IMPRINT.match(compact(lines[number].text))), len(lines))
    above = [number for number in filled if number < start < len(lines)]
    printed = {compact(line.text) for line in lines[:_COVER]}
    return above[-1] if above and compact(lines[above[-1]].text) in printed else start


def _notice(lines: Sequence[Unmarked], item: Item, sections: set[str], digest: SourceDigest) -> Notice:
    text = [line for line in lines[item.text : item.end] if not is_rating(line)]
    while text and (is_blank(text[-1].text) or compact(text[-1].text) in sections):
        text.pop()
    own, interpretations = take_apart(text)
    printed = [line.text for line in own]
    importance, attention = ratings(lines[item.text : item.text + 8]) if item.rated else (None, None)
    title = item.entry.title if item.entry else item.title
    notice = Notice(
        kind=_kind(item),
        title=title,
        doc_number=number_of_title(title) or read_head(printed[:_HEAD_LINES]).doc_number,
        importance=importance,
        attention=attention,
        section=item.entry.section if item.entry else None,
        page=item.entry.page if item.entry else None,
        body=join_paragraphs([title, *printed]).text,
        attachments=tuple(Attachment(name) for name in named_annexes(printed)),
        urls=printed_urls(own),
        interpretations=tuple(interpretations),
        digest=digest,
        position=f"line {item.start + 1}",
        warnings=() if item.entry else (NOT_LISTED,),
    )
    return _signed(notice, printed) if notice.kind is NoticeKind.NOTICE else notice


def _kind(item: Item) -> NoticeKind:
    section = item.entry.section if item.entry else None
    if section and not item.rated:
        return next((kind for word, kind in _KINDS if word in section), NoticeKind.NOTICE)
    return NoticeKind.NOTICE


def _signed(notice: Notice, lines: Sequence[str]) -> Notice:
    """The notice with issuers and date from its signature, else with those of its title."""
    if signature := find_signature(lines):
        return replace(
            notice,
            agencies=signature.agencies,
            agencies_truncated=signature.truncated,
            written_date=signature.date,
        )
    agencies, truncated = title_agencies(notice.title)
    closing = [date for text in lines[-12:] if (date := only_date(text))]
    return replace(
        notice,
        agencies=agencies,
        agencies_truncated=truncated,
        written_date=closing[-1] if closing else None,
        warnings=(*notice.warnings, "文末未见落款，发文机关取自标题。"),
    )


def _listed(contents: Contents, items: Sequence[Item], digest: SourceDigest) -> list[Notice]:
    found = {id(item.entry) for item in items if item.entry}
    return [
        Notice(
            kind=NoticeKind.LISTED,
            title=entry.title,
            agencies=title_agencies(entry.title)[0],
            section=entry.section,
            page=entry.page,
            digest=digest,
            warnings=(NOT_PRINTED,),
        )
        for entry in contents.entries
        if id(entry) not in found
    ]
