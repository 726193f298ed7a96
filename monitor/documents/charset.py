"""Which character set bytes are in: bytes first, declaration last.

Both right and wrong declarations occur on Chinese government sites, and statistical detectors misread short
GBK text; so each step here either is certain of itself or leaves the bytes to the next.
"""

import codecs
import re
from functools import cache

# The longer mark first: UTF-32's little-endian mark starts with UTF-16's.
_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
    b"\x84\x31\x95\x33": "gb18030",
}
_META = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([-\w]+)|<\?xml[^>]{0,100}encoding=["']([-\w]+)""", re.I
)
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
_THREE_BYTES = re.compile("[\u0800-\U0010ffff]")  # in UTF-8; all of Chinese
_HARDLY_USED = re.compile("[\u0250-\u036f\u0530-\u07ff]")
_BIG5 = ("big5", "big5hkscs", "cp950")
_UTF16_BLOCKS = frozenset((0x00, 0x20, 0x30, 0xFF, *range(0x4E, 0xA0)))  # first bytes of common characters
_SAMPLE = 4000  # bytes: a thousand characters and more tell one character set from another


def decode(body: bytes, declared: str | None) -> tuple[str, str]:
    """The text of `body` and the character set (a Python codec name) it was read in.

    The ladder: byte order mark; strict UTF-8; UTF-16 by its pattern; UTF-8 with a few broken characters;
    Big5 where declared or clear; gb18030 (never gb2312 or gbk, which drop characters). `declared` is a hint
    only. Never raises: bytes that no character set explains become U+FFFD.
    """
    for mark, name in _MARKS.items():
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace"), name
    if b"\0" not in body and (text := _strict(body, "utf-8")) is not None:
        return (body.decode("gb18030"), "gb18030") if _is_short_gb(text, body) else (text, "utf-8")
    name = _utf16(body) or _without_mark(body, _codec(declared))
    return body.decode(name, "replace"), name


def declared_in_markup(body: bytes) -> str | None:
    """The character set that an HTML or XML source names near its beginning."""
    found = _META.search(body, 0, 4096)
    return (found[1] or found[2]).decode("ascii") if found else None


def _strict(body: bytes, name: str) -> str | None:
    try:
        return body.decode(name)
    except UnicodeDecodeError:
        return None


def _codec(declared: str | None) -> str | None:
    try:
        name = codecs.lookup((declared or "").strip()).name
        b"a".decode(name)  # not all codecs are character sets
    except (LookupError, ValueError):
        return None
    return name


def _is_short_gb(text: str, body: bytes) -> bool:
    """A few words of GBK can happen to be UTF-8: 通知 as Hebrew and combining marks, in a file's name."""
    if text.isascii() or _THREE_BYTES.search(text) or not _HARDLY_USED.search(text):
        return False
    return _strict(body, "gb18030") is not None and _sense(body[:_SAMPLE], "gb18030", "gb2312") == 1.0


def _utf16(body: bytes) -> str | None:
    """UTF-16 without a mark: nearly every second byte is the first of an ASCII or Chinese character."""
    head = body[:_SAMPLE]
    shares = {
        name: sum(byte in _UTF16_BLOCKS for byte in head[first::2]) / (len(head) // 2 or 1)
        for name, first in (("utf-16-le", 1), ("utf-16-be", 0))
    }
    name = max(shares, key=shares.__getitem__)
    return name if shares[name] > 0.9 and min(shares.values()) < shares[name] else None


def _without_mark(body: bytes, declared: str | None) -> str:
    """The best of UTF-8, gb18030, Big5 and what was declared, judged by the first stretch beyond ASCII."""
    beyond_ascii = _BEYOND_ASCII.search(body)
    sample = body[beyond_ascii.start() :][:_SAMPLE] if beyond_ascii else b""
    text = sample.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if sum(character > "\x7f" for character in text) - broken > 3 * broken:
        return "utf-8"  # a few characters cut in half: gb18030 would take it all, and give rubbish
    as_gb, as_big5 = _sense(sample, "gb18030", "gb2312"), _sense(sample, "big5hkscs", "big5")
    if as_big5 > as_gb + (0.0 if declared in _BIG5 else 0.2):
        return "big5hkscs"
    if declared and as_gb < 0.2 and _strict(body, "gb18030") is None and _strict(body, declared) is not None:
        return declared
    return "gb18030"


def _sense(body: bytes, name: str, table: str) -> float:
    """The share of the characters outside ASCII that are among the common ones of `table`."""
    characters = [c for c in body.decode(name, "replace") if c > "\x7f"]
    return sum(c in _common(table) for c in characters) / (len(characters) or 1)


@cache
def _common(table: str) -> frozenset[str]:
    """The level-1 characters of GB 2312 (3,755) or Big5 (5,401) and the punctuation both start with."""
    leads = [*range(0xA1, 0xA4), *range(0xB0, 0xD8)] if table == "gb2312" else range(0xA1, 0xC7)
    pairs = (bytes((lead, trail)) for lead in leads for trail in range(0x40, 0xFF))
    return frozenset("".join(pair.decode(table, "ignore") for pair in pairs))
