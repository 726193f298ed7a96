"""The text between two metadata blocks: the notice's own, the digest's trailer, and what is left over."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from monitor.parsing.text import GENRE, is_blank, join, key

_INVITATION = re.compile(
    r"[\s*>•·-]{0,6}(?:(?:如需|需要|请)?(?:下载|查看|查阅|获取|浏览|阅读)(?:本文|相关|全部|更多)?(?:附件|全文|原文|正文|内容)"
    r"|(?:附件|全文|原文)(?:下载|查看|请)).{0,20}?(?:登[录陆]|访问|点击|关注|进入|前往|打开|[见至])"
)
_PATH = re.compile(r"[>＞→»]")  # 政策法规 > 通知公告 > title
_TITLE_END = re.compile(rf".{{8,}}{GENRE}(?:[（(][^（()）]{{0,30}}[）)])?\s*$")
_MOST_WRAPS = 3
_LAST_LINES = 3  # a trailer without a path is the last thing before the next block
_EDITORS = (
    r"总\s*编\s*辑?|主\s*编|责任编辑|美术编辑|编\s*辑|编\s*审|策\s*划|主\s*办|主办单位|编辑部|出\s*品|编\s*委"
    r"|扫一扫|扫描二维码|关注.{0,12}公众号|(?:版权|免责)?声明"
)
_CONTACT = r"电\s*话|传\s*真|地\s*址|网\s*址|邮\s*编|邮\s*箱|E-?mail"
_COLOPHON = re.compile(rf"\s*(?:(?P<editors>{_EDITORS})|{_CONTACT})\s*(?:[:：]|$)", re.IGNORECASE)
_COLOPHON_LINES = 3  # so many close together, the editors first, are a colophon and no notice's contact
_COLOPHON_REACH = 16


@dataclass(frozen=True)
class Text:
    """`body` and `rest` are printed lines; `trailer` is the title that it ends with, None without one."""

    body: Sequence[str]
    trailer: str | None
    rest: Sequence[str]


def split_text(lines: Sequence[str], title: str) -> Text:
    """The lines after a block, taken apart at the digest's trailer."""
    printed = [number for number, line in enumerate(lines) if not is_blank(line)]
    last = printed[-_LAST_LINES:]
    for number in printed:
        if _INVITATION.match(lines[number]):
            text, end = _trailer(lines, number, title)
            if _PATH.search(text) or number in last:
                return Text(lines[:number], _PATH.split(text)[-1].strip(), lines[end:])
    return Text(lines, None, ())


def _trailer(lines: Sequence[str], start: int, title: str) -> tuple[str, int]:
    """The trailer that begins at a line, its wraps joined, and the line after it."""
    text, end, wanted = lines[start].strip(), start + 1, key(title)
    while end < min(len(lines), start + 2 * _MOST_WRAPS):
        line = lines[end].strip()
        goes_on = bool(_PATH.search(text)) and key(_PATH.split(text)[-1] + line) in wanted
        if line and not (goes_on or (not is_blank(lines[end - 1]) and len(line) <= 60)):
            break
        text, end = join(text, line), end + 1
    return text, end


def is_open_trailer(line: str) -> bool:
    """A trailer whose title goes on with the next line."""
    if not _INVITATION.match(line) or not _PATH.search(line):
        return False
    return not _TITLE_END.search(_PATH.split(line)[-1])


def without_colophon(lines: Sequence[str]) -> Sequence[str]:
    """The last notice's lines without the publisher's own at the end of the issue."""
    marked = [(number, match) for number, line in enumerate(lines) if (match := _COLOPHON.match(line))]
    for (number, match), (last, _) in zip(marked, marked[_COLOPHON_LINES - 1 :], strict=False):
        if match["editors"] and last - number <= _COLOPHON_REACH:
            return lines[:number]
    return lines
