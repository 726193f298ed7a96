"""Lists that a page keeps from HTML parsers: in data islands, in base64, in what scripts write."""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote_plus

_ENCODED = re.compile(r"""[>"'\s]([A-Za-z0-9+/]{40,}={0,2})["'<\s]""")
_WRITE = re.compile(r"document\s*\.\s*write(?:ln)?\s*\(")
_STRING = re.compile(r"""\s*\+?\s*(?:'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|[\w.$\[\]]+)""")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.S)
_CONTROL = {"n": "\n", "r": "", "t": "\t", "b": "", "f": "", "v": "", "0": ""}


@dataclass(frozen=True, slots=True)
class Datastore:
    """A data island of 大汉 sites: the markup of its records, and of the link to the next group."""

    records: str
    next_group: str


def datastores(markup: str) -> Iterator[Datastore]:
    """The data islands of a page, or the one that the page is."""
    for part in markup.split("<datastore>")[1:] or ([markup] if "<record>" in markup else []):
        island = part.partition("</datastore>")[0]
        records = [_inner(record.partition("</record>")[0]) for record in island.split("<record>")[1:]]
        if records:
            rows = [f"<table>{record}</table>" if record.startswith("<tr") else record for record in records]
            next_group = island.partition("<nextgroup>")[2].partition("</nextgroup>")[0]
            yield Datastore(f"<div class='datastore'><ul>{''.join(rows)}</ul></div>", _inner(next_group))


def _inner(cell: str) -> str:
    return cell.replace("<![CDATA[", "").replace("]]>", "").strip()


def decoded(markup: str) -> Iterator[str]:
    """Markup that a page carries in base64 and shows with `atob`."""
    if "atob" not in markup:
        return
    for token in _ENCODED.findall(markup):
        try:
            text = unquote_plus(base64.b64decode(token, validate=True).decode("utf-8"))
        except (binascii.Error, UnicodeDecodeError):
            continue
        if "<a" in text or "onclick" in text:
            yield text


def written(markup: str) -> str:
    """The markup that a page's scripts write, as far as it is made of plain strings."""
    return "".join(text for call in _WRITE.finditer(markup) for text in _strings(markup, call.end()))


def _strings(markup: str, position: int) -> Iterator[str]:
    while match := _STRING.match(markup, position):
        yield unescaped(match[1] or match[2] or "")
        position = match.end()


def unescaped(literal: str) -> str:
    """The text that the inside of a JavaScript string stands for."""
    return _ESCAPE.sub(_character, literal) if "\\" in literal else literal


def _character(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else _CONTROL.get(match[3], match[3])
