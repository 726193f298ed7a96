"""What the running text of one notice says of itself, be it a file or the body of a web page.

head → addressees → text → annexes named → signature → annexes in full → copies to (抄送) → imprint (印发)
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from monitor.parsing.annexes import named_annexes
from monitor.parsing.dates import find_dates
from monitor.parsing.head import Head, read_head
from monitor.parsing.issuers import agree
from monitor.parsing.signature import Signature, find_signature, only_date, split_agencies
from monitor.parsing.text import compact, is_blank

_COPIES = re.compile(r"^抄\s{0,4}[送报]\s{0,2}[:：]")
_PRINTED = re.compile(r"印\s{0,4}[发制]$")
_FORWARDS = re.compile(r"转\s?发(?P<whose>.{2,80}?)(?=关于|印发|[《〈“]|的?通知|的?函|$)")
_SIGNATORY = re.compile(
    r"[\u4e00-\u9fff]{0,10}(?:总\s?理|主\s?席|主\s?任|局\s?长|部\s?长|委员长|署\s?长|省\s?长|市\s?长|厅\s?长)"
    r"[:：\s]{0,8}[\u4e00-\u9fff·\s]{2,8}"
)
_TAIL_LINES = 25
_CLOSING_LINES = 8


@dataclass(slots=True)
class Imprint:
    """The lines below a printed notice, from `start` on: copies to whom, printed by whom and when."""

    start: int
    agencies: tuple[str, ...] = ()
    date: dt.date | None = None


@dataclass(slots=True)
class NoticeText:
    """A notice's text taken apart. `closing_date` is its date where no agency stands above it."""

    head: Head
    signature: Signature | None
    imprint: Imprint
    annexes: list[str]
    closing_date: dt.date | None = None
    warnings: list[str] = field(default_factory=list)


def read_notice_text(lines: Sequence[str], *, title: str | None = None) -> NoticeText:
    """Head, signature, annexes and imprint of a notice; `title` is its title where that is known better."""
    imprint = _imprint(lines)
    own = lines[: imprint.start]
    head = read_head(own)
    signature = find_signature(own, head.body_start)
    main = own[: signature.first] if signature else own
    text = NoticeText(head, signature, imprint, named_annexes(main))
    if signature and _is_forwarded(signature, title or head.title, own):
        text.signature = None
        text.warnings.append(f"落款「{'、'.join(signature.agencies)}」属于本文所转发的文件，落款日期未采用。")
    elif not signature:
        text.closing_date = _closing_date(own[head.body_start :])
    return text


def _imprint(lines: Sequence[str]) -> Imprint:
    """某厅办公室 2022年10月8日印发 at the end, in one line or two, and 抄送 above it."""
    filled = [number for number, line in enumerate(lines) if not is_blank(line)][-_TAIL_LINES:]
    copies = next((number for number in filled if _COPIES.match(lines[number].strip())), None)
    printed = next((number for number in reversed(filled) if _printing_date(lines[number])), None)
    if printed is None:
        return Imprint(copies if copies is not None else len(lines))
    date = find_dates(lines[printed])[0]
    agencies = split_agencies(lines[printed][: date.start])[0]
    above = next((number for number in reversed(filled) if number < printed), None)
    start = printed
    if not agencies and above is not None and (agencies := split_agencies(lines[above])[0]):
        start = above
    return Imprint(min(start, copies if copies is not None else start), agencies, date.value)


def _printing_date(line: str) -> bool:
    if len(line) > 120 or not _PRINTED.search(line.strip()) or len(dates := find_dates(line)) != 1:
        return False
    before = line[: dates[0].start]
    return is_blank(before) or bool(split_agencies(before)[0])


def _is_forwarded(signature: Signature, title: str, lines: Sequence[str]) -> bool:
    """The only signature is that of the document which the title says is forwarded."""
    match = _FORWARDS.search(compact(title))
    if not match or not agree(split_agencies(match["whose"])[0], signature.agencies):
        return False
    issuers = split_agencies(title[: title.index("转")])[0] if "转" in title else ()
    return not agree(issuers, signature.agencies) and find_signature(lines, signature.last + 1) is None


def _closing_date(lines: Sequence[str]) -> dt.date | None:
    """A date alone in its line that closes the text: below a signatory's name, or in the last lines."""
    filled = [line.strip() for line in lines if not is_blank(line)]
    for number, line in enumerate(filled):
        date = only_date(line)
        before = filled[number - 1] if number else ""
        if date and (number >= len(filled) - _CLOSING_LINES or _is_signatory(before)):
            return date
    return None


def _is_signatory(line: str) -> bool:
    """局长 张三: the line above the date of an order."""
    return bool(_SIGNATORY.fullmatch(line))
