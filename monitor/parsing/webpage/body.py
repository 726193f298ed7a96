"""Which lines of a page are the notice's own text.

Known containers first, from the most to the least particular; then comments and markers that a content
system leaves behind; then the innermost element that holds nearly all running text. A body can be one line,
one link, one scanned image or a long table: being short is no reason to look elsewhere where the container
is known.
"""

import re
from collections.abc import Iterable
from itertools import accumulate
from typing import NamedTuple

from monitor.parsing.labels import CELL, EDGE, starts_with_label
from monitor.parsing.signature import only_date
from monitor.parsing.text import compact
from monitor.parsing.webpage.flat import FlatPage, Span

# Ids and classes of containers. Certain: UCAP, TRS, then 大汉, ivs, 卫健委, 龙讯, 开普, 博达.
_CERTAIN = (
    re.compile(r"ucap-?content"),
    re.compile(r"trs_ueditor|trs_editor|trs_editor_view|trs_paper_default"),
    re.compile(
        r"zoom|article_zoom|ivs_content|xw_box|j-fontcontent|zwnr|detailcontent|vsb_content\w{0,12}"
        r"|v_news_content|pages_content|xxgk[-_]content"
    ),
)
_LIKELY = (
    re.compile(
        r"(?:content|detail|article|news|info)[-_]?(?:body|main|box|content|te?xt|con|info)"
        r"|article[-_]?con(?:tent)?|main[-_]?te?xt|te?xt[-_]?con|con[-_]?te?xt|con[-_]con|nrbt|zhengwen|artcontent"
        r"|wz[-_]?con|zw[-_]?con(?:tent)?"
    ),
    re.compile(r"text|article|content|detail|view|nr|con|info"),
)
_BEGINS = re.compile(r"(?:信息内容|正文|content).{0,6}begin|^\s*enpcontent|contentstart", re.IGNORECASE)
_ENDS = re.compile(r"(?:信息内容|正文|content).{0,6}end|/enpcontent|contentend", re.IGNORECASE)
_RELATED = re.compile(
    r"[【\[（(]?(?:相关(?:链接|文件|文章|解读|信息|阅读|政策|新闻|稿件)|延伸阅读|上一[篇条]|下一[篇条])"
)
_TAIL = re.compile(
    _RELATED.pattern
    + r"|[【\[（(]?(?:扫一扫|扫描|手机扫|返回顶部|返回列表|责任编辑|网站编辑|版权所有|您访问的链接)"
)
_TOOL = re.compile(
    r"我要|点击|打印(?:本页|此页|页面|本文)?|关闭(?:窗口|本页)?|分享[到至]?|收藏|字体|字号|大小?|中|小|默认|纠错|浏览次数"
    r"|阅读|复制链接|微信|微博|语音播报|保护视力色|A[+-]?|[【】\[\]（）():：|丨]"
)
_FOOTER = re.compile(
    r"版权所有|ICP备|公网安备|网站标识码|主办单位|承办单位|技术支持|Copyright", re.IGNORECASE
)
_META_LINE = re.compile(r"[^。，]{0,6}(?:时间|日期|来源|作者|浏览|字号|字体|索引号|位置)\s{0,4}[:：]")
_SHORT_TAIL = 16  # characters; a longer line that begins so is a sentence, unless a colon or bracket follows
_SHARE = 0.3  # of the densest element's text, which a likely container must hold
_NEARLY_ALL = 0.9
_SIGNATURE_LINES = 6


class Body(NamedTuple):
    """The text of a page is `lines[first:end]`; its container goes on to `last`.

    Links count up to `related`, where the page begins to speak of other documents.
    """

    first: int
    end: int
    last: int
    related: int


def find_body(page: FlatPage) -> Body:
    """Where the notice's text stands among the lines of the page."""
    first, last = _certain(page) or _marked(page) or _likely(page) or (0, len(page.lines))
    related = next((n for n in range(first, last) if _is_tail(page.lines[n], _RELATED)), last)
    return Body(first, _tail(page.lines, first, last), last, related)


def _certain(page: FlatPage) -> tuple[int, int] | None:
    lengths = _lengths(page)
    for names in _CERTAIN:
        spans = [span for span in page.spans if any(map(names.fullmatch, span.names))]
        if found := _fullest(spans, page, lengths):
            return found
    return None


def _fullest(spans: Iterable[Span], page: FlatPage, lengths: list[int]) -> tuple[int, int] | None:
    """The span with the most text; one without text only if it holds a link or an image."""
    best = max(spans, key=lambda span: lengths[span.last] - lengths[span.first], default=None)
    if best is None or not (
        best.filled or any(not is_tool(line) for line in page.lines[best.first : best.last])
    ):
        return None
    return best.first, best.last


def _lengths(page: FlatPage) -> list[int]:
    """How much text stands before each line."""
    return [0, *accumulate(len(line) for line in page.lines)]


def _marked(page: FlatPage) -> tuple[int, int] | None:
    """Between the comments that 大汉 and others put around the text."""
    begins = [line for text, line in page.marks if _BEGINS.search(text)]
    ends = [line for text, line in page.marks if _ENDS.search(text)]
    if begins and ends and begins[0] < ends[-1]:
        return begins[0], ends[-1]
    return None


def _likely(page: FlatPage) -> tuple[int, int] | None:
    """A container by its name that holds a fair share of the text, else the densest element."""
    weights = [0, *accumulate(_running(page, number) for number in range(len(page.lines)))]

    def weight(span: Span) -> int:
        return weights[span.last] - weights[span.first]

    most = max(map(weight, page.spans), default=0)
    for names in _LIKELY:
        spans = [
            span
            for span in page.spans
            if any(map(names.fullmatch, span.names)) and weight(span) >= most * _SHARE
        ]
        if spans and most:
            named = max(spans, key=lambda span: (weight(span), -(span.last - span.first)))
            return named.first, named.last
    dense = sorted(
        (span for span in page.spans if weight(span) >= most * _NEARLY_ALL),
        key=lambda span: span.last - span.first,
    )
    return _with_signature(page.lines, dense) if most else None


def _with_signature(lines: list[str], nested: list[Span]) -> tuple[int, int]:
    """The innermost element, or the one a little larger that has the signature which is missing there."""
    inner = nested[0]
    if any(only_date(_spaced(line)) for line in lines[inner.first : inner.last]):
        return inner.first, inner.last
    for outer in nested[1:]:
        below = lines[inner.last : outer.last]
        if len(below) > _SIGNATURE_LINES:
            break
        if any(only_date(_spaced(line)) for line in below):
            return inner.first, outer.last
    return inner.first, inner.last


def _spaced(line: str) -> str:
    return line.replace(EDGE, "").replace("\u3000", " ").replace("\xa0", " ")


def _running(page: FlatPage, number: int) -> int:
    """The length of a line of running text; what a menu, a footer, a block of metadata or the heading prints
    weighs nothing."""
    line = page.lines[number]
    if not (number in page.in_paragraphs or "。" in line or "，" in line):
        return 0
    is_about = _FOOTER.search(line) or _META_LINE.match(line) or starts_with_label(line)
    return 0 if is_about or _bare(line) in compact(page.title) else len(line)


def _tail(lines: list[str], first: int, last: int) -> int:
    """Where the page's own remarks begin below the text: scan, related links, print and share."""
    end = last
    while end > first and is_tool(lines[end - 1]):
        end -= 1
    cut = next((number for number in range(first + 1, end) if _is_tail(lines[number], _TAIL)), None)
    return end if cut is None else _tail(lines, first, cut)


def _is_tail(line: str, words: re.Pattern[str]) -> bool:
    text = _bare(line)
    match = words.match(text[:40])
    return match is not None and (
        len(text) <= _SHORT_TAIL or text[match.end() : match.end() + 1] in "：:】]）)"
    )


def is_tool(line: str) -> bool:
    """A line of the page's tools: type size, print, share."""
    text = _bare(line)
    return len(text) <= 60 and not _TOOL.sub("", text)


def _bare(line: str) -> str:
    return compact(line.replace(EDGE, "").replace(CELL, ""))
