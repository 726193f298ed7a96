"""Notices whose text is a file: a page that only says 见附件, a list row that leads to the file itself."""

import re
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import unquote, urlsplit

from monitor.errors import ParseError
from monitor.parsing.dates import find_dates
from monitor.parsing.layout import finish, parse
from monitor.parsing.text import compact, is_blank
from monitor.types import Attachment, Document, Notice, with_warning

_READ = re.compile(r"\.(?:pdf|docx?|rtf|wps)$", re.IGNORECASE)
_POINTER = re.compile(
    r"(?:附件|附表|附|文件|正文|全文|内容|详情|公告|通知)(?:[\d一二三四五]{0,2}|如下)"
    r"|详见|请见|参见|见|请?点击(?:下方|此处|这里|链接)?|请?查看|查阅|下载|阅读|现|将?予以?(?:公布|公告|印发)"
    r"|各有关单位|特此(?:公告|通知|通告)|[\W_\da-z]",
    re.IGNORECASE,
)
_LEFT_OVER = 12  # characters that a mere pointer may hold beside its words
_LONGEST = 400  # characters; a longer text is the notice itself
_MOST = 3


def is_readable_file(address: str) -> bool:
    """Whether an address or a name is that of a file whose text can be read."""
    return _READ.search(unquote(urlsplit(address).path)) is not None


def attachments_to_read(notice: Notice) -> tuple[Attachment, ...]:
    """The attachments that hold the text of a notice whose own text only points to them; () for others."""
    files = [a for a in notice.attachments if a.url and (is_readable_file(a.url) or _READ.search(a.name))]
    return tuple(files[:_MOST]) if files and _only_points(notice) else ()


def _only_points(notice: Notice) -> bool:
    text = compact(notice.body)
    if len(text) > _LONGEST + sum(len(a.name) for a in notice.attachments):
        return False
    for printed in reversed(find_dates(text)):
        text = text[: printed.start] + text[printed.end :]
    names = [name for a in notice.attachments for name in (a.name, _READ.sub("", a.name))]
    for known in sorted(map(compact, (notice.title, *notice.agencies, *names)), key=len, reverse=True):
        text = text.replace(known, "") if known else text
    return len(_POINTER.sub("", text)) <= _LEFT_OVER


def with_text_of(notice: Notice, documents: Sequence[Document]) -> Notice:
    """The notice with the text of files, and with what they say of it where its page says nothing.

    Raises `ParseError` when the files hold no text.
    """
    lines = [line for document in documents for line in document.lines]
    if all(map(is_blank, lines)):
        raise ParseError(f"{documents[0].url}: no text was found in the file, which may be scanned")
    told = _own_words(documents[0]) or notice
    pointer = [notice.body] if notice.body.strip() else []
    return finish(
        replace(
            notice,
            body="\n".join([*pointer, *lines]).strip(),
            doc_number=notice.doc_number or told.doc_number,
            written_date=notice.written_date or told.written_date,
            agencies=notice.agencies or told.agencies,
            attachments=notice.attachments or told.attachments,
        )
    )


def _own_words(document: Document) -> Notice | None:
    try:
        return parse(document, layout="notice")[0]
    except ParseError:
        return None


def without_text_of(notice: Notice, attachment: Attachment, reason: str) -> Notice:
    """The notice as it is, which says that its text could not be read."""
    return with_warning(notice, f"正文在附件「{attachment.name}」中，未能读取：{reason}")
