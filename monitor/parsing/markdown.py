"""Markdown marks that a conversion left in a text, taken out of its lines.

The publications reach us as text that was Markdown once: `## ` before a title, `**bold**` that begins in the
middle of a word, `[words](#)` around a title, `<https://…>` around an address.
"""

import re
from typing import NamedTuple

from monitor.types import Document

_HEADING = re.compile(r"^\s{0,3}(?P<marks>#{1,6})\s{1,4}(?=\S)")
_BULLET = re.compile(r"^\s{0,8}[-*+]\s{1,4}(?=\S)")
_LINK = re.compile(r"\[(?P<text>(?:[^\[\]]|\[[^\[\]]{0,80}\]){0,400})\]\((?P<url>[^()\s]{0,600})\)")
_ADDRESS = re.compile(r"<(?P<url>https?://[^<>\s]{1,600})>")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!|<>~-])")
_MASKED = r"(?<![\u4e00-\u9fff*])[\u4e00-\u9fff]\*\*(?![\u4e00-\u9fff*])"  # 张**, an unreadable name
_PAGE_NUMBER = re.compile(
    r"^\s*(?:[-—–－]\s?\d{1,3}\s?[-—–－]|第\s?\d{1,3}\s?页(?:\s?[/，,]?\s?共\s?\d{1,3}\s?页)?)\s*$"
)
_BOLD = re.compile(r"\*\*+")
_BOLD_OR_MASKED = re.compile(rf"(?P<masked>{_MASKED})|\*\*+")


class Unmarked(NamedTuple):
    """A line without marks: `level` is that of a heading mark (0: none), `urls` those of links."""

    text: str
    level: int = 0
    urls: tuple[str, ...] = ()


def unmark(line: str) -> Unmarked:
    """The line as a reader would see it."""
    heading = _HEADING.match(line)
    text = line[heading.end() :] if heading else _BULLET.sub("", line)
    urls = [match["url"] for match in _LINK.finditer(text) if match["url"].startswith("http")]
    text = _LINK.sub(lambda match: match["text"], text)
    text = _ADDRESS.sub(lambda match: match["url"], text)
    kept = _ESCAPE.sub(lambda match: chr(0xE000 + ord(match[1])), text)  # an escaped mark is no mark
    text = "".join(chr(ord(c) - 0xE000) if "\ue000" <= c <= "\ue07f" else c for c in _without_bold(kept))
    return Unmarked(text.strip(), len(heading["marks"]) if heading else 0, tuple(urls))


def _without_bold(text: str) -> str:
    """`**` taken out; in a line that does not begin with it, one that makes a name unreadable stays."""
    if text.startswith("**"):
        return _BOLD.sub("", text)
    return _BOLD_OR_MASKED.sub(lambda match: match["masked"] or "", text)


def is_page_number(line: str) -> bool:
    """The line holds the number of a page (— 12 —, 第 3 页) and nothing else."""
    return bool(_PAGE_NUMBER.match(line))


def unmarked_lines(document: Document) -> list[Unmarked]:
    """The printed lines without marks; an empty one between two blocks and for a page number."""
    lines: list[Unmarked] = []
    for block in document.blocks:
        if lines:
            lines.append(Unmarked(""))
        urls = tuple(link.url for link in block.links)
        for line in block.lines:
            text, level, printed = unmark("" if is_page_number(line) else line)
            lines.append(Unmarked(text, level or block.level, tuple(dict.fromkeys((*printed, *urls)))))
            urls = ()
    return lines
