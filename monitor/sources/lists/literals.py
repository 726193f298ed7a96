"""JSON and JavaScript literals → Python values."""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import Any

from monitor.sources.lists.hidden import unescaped

_JSONP = re.compile(r"[\w$.]+\s*\(\s*(?=[\[{])")
_SCRIPT = re.compile(r"<script\b[^<>]{0,500}>", re.I)
_PUSH = re.compile(r"\.push\(\s*(?=\{)")
_MOST_PUSHED = 500
_LIST_OF_OBJECTS = re.compile(r"\[\s*\{")
_PARSED = re.compile(r"JSON\.parse\(\s*(?:'((?:[^'\\\n]|\\.)*)'|\"((?:[^\"\\\n]|\\.)*)\")")
_TOKEN = re.compile(
    r"""
      (?P<space>\s+|//[^\n]*|/\*.*?\*/)
    | (?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)
    | (?P<number>-?(?:0[xX][0-9a-fA-F]+|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?))
    | (?P<word>[A-Za-z_$][\w$]*)
    | (?P<mark>[\[\]{}:,])
    """,
    re.X | re.S,
)
_CONSTANTS = {"true": "true", "false": "false", "null": "null", "undefined": "null", "NaN": "null"}
_MOST_LITERALS = 50


def json_body(text: str) -> Any:
    """The value of a JSON or JSONP body. Raises `ValueError` when it is neither."""
    text = text.strip().removeprefix("\ufeff")
    call = _JSONP.match(text)
    start = call.end() if call else 0
    try:
        return json.JSONDecoder(strict=False).raw_decode(text, start)[0]
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except ValueError:
        value, _ = literal_at(text, start)
        return value


def looks_like_json(text: str) -> bool:
    """Whether a body is JSON or JSONP rather than markup."""
    head = text[:200].lstrip("\ufeff \t\r\n")
    return head[:1] in ("{", "[") or _JSONP.match(head) is not None


def literals(markup: str) -> Iterator[Any]:
    """The lists of objects that stand in a page's scripts, or that they push one by one."""
    for script in _scripts(markup):
        if pushed := list(_pushed(script)):
            yield pushed
        rest, position = script, 0
        if "JSON.parse" in script:
            for match in _PARSED.finditer(script):
                value = _try_json(unescaped(match[1] or match[2] or ""))
                if value is not None:
                    yield value
            rest = _PARSED.sub("", script)
        for _ in range(_MOST_LITERALS):
            start = _LIST_OF_OBJECTS.search(rest, position)
            if start is None:
                break
            try:
                value, position = literal_at(rest, start.start())
                yield value
            except ValueError:
                position = start.end()


def _pushed(script: str) -> Iterator[Any]:
    for call in islice(_PUSH.finditer(script), _MOST_PUSHED):
        with suppress(ValueError):
            yield literal_at(script, call.end())[0]


def _scripts(markup: str) -> Iterator[str]:
    start = _SCRIPT.search(markup)
    while start is not None:
        end = markup.find("</script", start.end())
        end = end if end >= 0 else len(markup)
        yield markup[start.end() : end]
        start = _SCRIPT.search(markup, end)


def _try_json(text: str) -> Any:
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def literal_at(text: str, position: int) -> tuple[Any, int]:
    """The value of the object or list literal that starts at `position`, and where it ends.

    Raises `ValueError` for anything that is not a plain literal: calls, templates, arithmetic.
    """
    written: list[str] = []
    depth = 0
    while True:
        match = _TOKEN.match(text, position)
        if match is None:
            raise ValueError("this is no plain literal")
        position = match.end()
        if match.lastgroup == "space":
            continue
        token = _as_json(match)
        if token in "]}" and written and written[-1] == ",":
            written.pop()
        written.append(token)
        depth += (token in "[{") - (token in "]}")
        if depth == 0:
            break
    try:
        return json.loads("".join(written), strict=False), position
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _as_json(match: re.Match[str]) -> str:
    token = match[0]
    match match.lastgroup:
        case "string":
            return json.dumps(unescaped(token[1:-1]))
        case "word":
            return _CONSTANTS.get(token) or json.dumps(token)
        case "number":
            return _number(token)
        case _:
            return token


def _number(token: str) -> str:
    if token[:2].lower() == "0x":
        return str(int(token, 16))
    return token.lstrip("0") or "0" if token.isdecimal() else token
