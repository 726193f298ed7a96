"""A single government notice: the layout of everything that is no digest.

Web pages go to `webpage`; text (a PDF or DOCX of the notice, or what somebody copied) is read here, red
header or not.
"""

from monitor.errors import ParseError
from monitor.parsing.addresses import printed_urls
from monitor.parsing.assembly import Evidence, assemble
from monitor.parsing.labels import CELL, Field, Labelled, first_values, read_labels
from monitor.parsing.markdown import unmarked_lines
from monitor.parsing.notice_text import read_notice_text
from monitor.parsing.paragraphs import join_paragraphs
from monitor.parsing.text import is_blank
from monitor.parsing.webpage import read_notice
from monitor.types import Attachment, Document, Notice

NAME = "notice"

_LABELLED_LINES = 40  # from the top, where a copied page keeps its block
_OF_A_BLOCK = frozenset(
    (Field.INDEX, Field.NUMBER, Field.ISSUER, Field.WRITTEN, Field.PUBLISHED, Field.TITLE)
)


def recognises(document: Document) -> bool:
    """Anything with text; whether it is a notice shows when it is read."""
    return bool(document.markup) or any(not is_blank(line) for line in document.lines)


def parse(document: Document) -> list[Notice]:
    """The one notice of the document.

    Raises:
        ParseError: there is no title.
    """
    return [read_notice(document) if document.markup else _read_text(document)]


def _read_text(document: Document) -> Notice:
    lines = unmarked_lines(document)
    printed = [line.text for line in lines]
    block = _block(printed)
    values, conflicts = first_values(block)
    start = max((labelled.last for labelled in block), default=0)
    text = read_notice_text(printed[start:], title=values.get(Field.TITLE))
    title = values.get(Field.TITLE) or text.head.title
    if not title:
        beginning = next((line for line in printed if not is_blank(line)), "")[:40]
        raise ParseError(
            f"{document.url or 'the document'} begins with {beginning!r}: the title of a government notice "
            "was not found there"
        )
    body_start = start + text.head.body_start
    return assemble(
        Evidence(
            title=title,
            text=text,
            body=join_paragraphs([title, *printed[body_start : start + text.imprint.start]]).text,
            labels=values,
            attachments=tuple(Attachment(name) for name in text.annexes),
            urls=printed_urls(lines),
            url=document.url,
            warnings=conflicts,
        )
    )


def _block(lines: list[str]) -> list[Labelled]:
    """The labelled values at the top; none unless two of them are those of a public-information block."""
    found = read_labels([line.replace("\t", CELL) for line in lines[:_LABELLED_LINES]])
    return found if len({labelled.field for labelled in found} & _OF_A_BLOCK) > 1 else []
