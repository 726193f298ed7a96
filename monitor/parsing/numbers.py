"""Document numbers (发文字号): found in text, and written in one way.

The one way: no white space, half-width figures, 〔〕 around the year of 代字〔年〕序号, full-width round
brackets elsewhere. An index code (索引号) is never a number.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from monitor.parsing.text import compact

_PLAIN = str.maketrans("０１２３４５６７８９號", "0123456789号")
_OPEN, _CLOSE = r"〔\[［﹝【（(", r"〕\]］﹞】）)"
_YEAR = r"(?P<year>(?:1\s?9|2\s?0)\s?\d\s?\d)"
_SERIAL = r"(?P<serial>\d(?:\s?\d){0,4})\s?号"
_CODED = re.compile(rf"[{_OPEN}]\s?{_YEAR}\s?年?\s?[{_CLOSE}]\s?(?P<nth>第?)\s?{_SERIAL}")
_YEARLY = re.compile(rf"(?<!\d){_YEAR}\s?年\s?第\s?{_SERIAL}")
_ORDER = re.compile(rf"令\s?[（(]?\s?第\s?{_SERIAL}[）)]?")

# What stands before the figures: Chinese characters, layout spaces, a bracketed word (内卫中（蒙）传承发).
_CODE = re.compile(r"(?:[\u4e00-\u9fff][ \t\u00a0\u2002\u3000]?|[（(][\u4e00-\u9fff]{1,2}[）)]){1,30}$")
_LONGEST_CODE = 40
_SPEAKER = (
    r"(?:[我本][省市区县局委厅办院会部]|(?:国家|[省市州县])局)(?=(?:\s?[\u4e00-\u9fff]){3})"  # 我局渝医保发
)
_NOT_OF_A_CODE = re.compile(
    r"^.*(?:根据|按照|依据|遵照|参照|落实|贯彻|执行|转发|印发|下发|废止|以及|文件|精神|规定|修订|通知|关于|文号|字号"
    rf"|原|及|与|和|或|见|将|的|第|等|{_SPEAKER})"
)


class PrintedNumber(NamedTuple):
    """A document number in a text: `text[start:end]` prints it, `value` is its normal form."""

    value: str
    start: int
    end: int


def find_numbers(text: str) -> list[PrintedNumber]:
    """Every document number in running text, in order, without the words that run into its code.

    代字〔年〕序号 with any brackets, 2022年第124号 (公告, 通告), 某局令第5号.
    """
    text = text.translate(_PLAIN)
    found = [*_coded(text), *_yearly(text), *_orders(text)]
    return sorted(found, key=lambda number: number.start)


def find_number(text: str) -> str | None:
    """The first document number in `text`, in its normal form."""
    return next((number.value for number in find_numbers(text)), None)


def _coded(text: str) -> Iterator[PrintedNumber]:
    for match in _CODED.finditer(text):
        code = _code_before(text, match.start())
        if compact(code):
            value = f"{code}〔{match['year']}〕{match['nth']}{match['serial']}号"
            yield PrintedNumber(compact(value), match.start() - len(code), match.end())


def _yearly(text: str) -> Iterator[PrintedNumber]:
    for match in _YEARLY.finditer(text):
        value = f"{match['year']}年第{match['serial']}号"
        yield PrintedNumber(compact(value), match.start(), match.end())


def _orders(text: str) -> Iterator[PrintedNumber]:
    for match in _ORDER.finditer(text):
        issuer = _code_before(text, match.start())
        if compact(issuer):
            value = f"{issuer}令第{match['serial']}号"
            yield PrintedNumber(compact(value), match.start() - len(issuer), match.end())


def _code_before(text: str, end: int) -> str:
    """The agency's code that ends at `end`, free of the words that run into it (的通知渝府发 → 渝府发)."""
    match = _CODE.search(text, max(0, end - _LONGEST_CODE), end)
    return _NOT_OF_A_CODE.sub("", match[0]).lstrip() if match else ""


_PLACEHOLDER = re.compile(r"[\W_]*(?:无|暂无|空|无文号|null|None)?[\W_]*")
_INDEX_CODE = re.compile(r"[A-Za-z\d/_.-]+")
_BRACKETED_YEAR = re.compile(rf"[{_OPEN}]{_YEAR}年?[{_CLOSE}](?=第?\d)")
_ROUND = str.maketrans("()", "（）")


def normalise_number(text: str) -> str | None:
    """What stands in a 发文字号 field, in its normal form; None for an index code or a placeholder."""
    printed = compact(text).translate(_PLAIN)
    if _PLACEHOLDER.fullmatch(printed) or _INDEX_CODE.fullmatch(printed):
        return None
    return _BRACKETED_YEAR.sub(r"〔\g<year>〕", printed).translate(_ROUND)
