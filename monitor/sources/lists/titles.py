"""The title of a list row, whole and without ornament."""

import html
import re

from monitor.sources.lists.row_dates import is_date

SHORTEST = 4  # 特别提醒 is a real notice

_MARKUP = re.compile(r"</?(?:em|font|b|strong|span|i|u|br|p)\b[^<>]{0,80}/?>", re.I)
_CUT = re.compile(r"(?:…|\.\.\.|。。。|⋯)+\s*$")
_ORNAMENT = re.compile(r"(?:[·•●◆■□▪◇○★☆▶►»›>\-–—*|\s]|\d{1,3}[.、]\s)+")
_TAG = re.compile(r"[\[［]\s*(?P<tag>[^\[\]［］]{1,10})\s*[\]］]\s*(?=.{4})")
_FLAG = re.compile(r"(?:置顶|热点|最新|new)\s*(?=[\u3400-\u9fff《（(“])", re.I)
_FLAG_AT_END = re.compile(r"\s*(?:\bnew!?|[\[［](?:图|图文|视频|新|置顶)[\]］])$", re.I)
_LABEL = re.compile(r"(?:文章|信息|新闻|文件|公告)?(?:标题|名称)\s*[:：]\s*")
_DATE_AT_END = re.compile(
    r"[\s\[(（【]*(?:发布(?:时间|日期)[:：]\s*)?(?:19|20)\d\d[-/.][01]?\d[-/.][0-3]?\d(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?[\s\])）】]*$"
)
_DATE_AT_START = re.compile(r"[\s\[(（【]*(?:19|20)\d\d[-/.][01]?\d[-/.][0-3]?\d[\s\])）】]+")
_GENERIC = re.compile(
    r"[\[【(（<]*(?:点击|在线|网上|立即)?(?:查看|详情|详细|详见|阅读|下载|更多|浏览|进入|打开|预览|全文|原文|附件|内容|信息|这里|此处|more|detail|view)+[\])】）>.…»]*",
    re.I,
)


def best_title(visible: str, attribute: str | None, whole: str = "") -> str:
    """The fuller of the text that is seen and the `title` attribute, cleaned.

    The attribute wins unless it is shorter than the visible text without its `…`. It also wins where the
    visible text, or all that the link holds (`whole`), has it word for word and more around it: a label, a
    flag, the details of a notice.
    """
    seen = clean(visible)
    if attribute == visible:
        return seen
    told = clean(_first_line(attribute, seen)) if attribute else ""
    if len(told) < SHORTEST or is_generic(told):
        return seen
    shown = _CUT.sub("", seen)
    holds_it = told in shown and len(told) * 2 >= len(shown)
    holds_it = holds_it or (len(told) >= 2 * SHORTEST and told in whole)
    return told if holds_it or len(told) >= len(shown) else seen


def clean(text: str) -> str:
    """A title without markup, bullets, a leading [标签], flags such as NEW, and dates at its ends."""
    if "<" in text or "&" in text:
        text = _MARKUP.sub("", html.unescape(text))
    text = " ".join(text.split())
    for at_start in (_ORNAMENT, _LABEL, _TAG, _DATE_AT_START, _FLAG):
        if found := at_start.match(text):
            text = text[found.end() :]
    if text[-1:].isalpha() and text[-1] not in "wW":
        return text  # most end so
    text = _FLAG_AT_END.sub("", text)
    shorter = _DATE_AT_END.sub("", text)
    return shorter if len(shorter) >= SHORTEST else text


def is_cut(text: str) -> bool:
    """Whether a visible text ends in an ellipsis."""
    return _CUT.search(text) is not None


def is_generic(text: str) -> bool:
    """Whether a link's text says only that there is a link: 查看详情, 下载, more."""
    return _GENERIC.fullmatch(text.strip()) is not None


def _first_line(attribute: str, seen: str) -> str:
    """Some attributes list title, source and date, a line each; the title is the line that is also seen."""
    if "\n" not in attribute:
        return "" if is_date(attribute.strip()) else attribute
    lines = [line for line in attribute.splitlines() if line.strip() and not is_date(line.strip())]
    return next((line for line in lines if seen[:6] and seen[:6] in line), lines[0] if lines else "")
