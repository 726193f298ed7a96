"""`read_notice`: the steps from a page to a notice."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace

from monitor.errors import ParseError
from monitor.parsing.assembly import Evidence, assemble
from monitor.parsing.dates import parse_date
from monitor.parsing.head import looks_like_title
from monitor.parsing.issuers import Claim
from monitor.parsing.labels import CELL, EDGE, Field, Labelled, first_values, read_labels
from monitor.parsing.notice_text import NoticeText, read_notice_text
from monitor.parsing.numbers import find_numbers
from monitor.parsing.signature import split_agencies
from monitor.parsing.text import key
from monitor.parsing.webpage.attachments import (
    files_before_pages,
    interpretations,
    linked_attachments,
    other_links,
    with_named,
)
from monitor.parsing.webpage.body import Body, find_body, is_tool
from monitor.parsing.webpage.flat import FlatPage, flatten, parse_markup
from monitor.parsing.webpage.site import agency_of_host, agency_of_source, province_of_host
from monitor.parsing.webpage.title import stated_title, title_of_page, without_label
from monitor.types import Attachment, Document, Notice

_PUBLISHED_METAS = ("pubdate", "firstpublishedtime", "publishdate", "article:published_time", "publish_time")
_SOURCE_METAS = ("contentsource", "source")
_HEAD_LINES = 30  # of the body, where its own title, labels and tools can stand
_DATE_FIRST = re.compile(
    r"^[\[【（(]?\s?(?P<date>20\d{2}\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}日?)[\]】）)]?"
    r"(?:\s{1,3}\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)?\s{0,4}"
    r"(?:$|[|丨【\[]|来源|信息来源|文章来源|稿源|作者|浏览|阅读|点击|字号|字体|打印|分享)"
)
_STRONG_LABELS = re.compile(r"索\s{0,6}引|文\s{0,6}号|字\s{0,6}号|机\s{0,6}[构关]")
_ERROR_PAGE = re.compile(
    r"\b(?:404|403|500|502)\b|not found|页面(?:不存在|未找到|已被?删除|找不到|无法)"
    r"|(?:内容|信息|文章)(?:不存在|已被?删除)|系统错误",
    re.IGNORECASE,
)
_FEW = 200  # characters; an error page says no more
_SHORT = 40  # characters; a shorter text may be one that only a script shows
_STRONG = frozenset((Field.INDEX, Field.NUMBER, Field.ISSUER))


def read_notice(document: Document) -> Notice:
    """The notice of a web page.

    Raises:
        ParseError: the page has neither a title nor a text; says what was found.
    """
    tree = parse_markup(document.markup or "")
    if tree is None:
        raise ParseError(f"{document.url or 'the page'} is empty: there is no element in its HTML")
    page = flatten(tree)
    body = find_body(page)
    if _length(page, body) < _SHORT:
        unhidden = flatten(tree, hidden=True)
        if _length(unhidden, hidden_body := find_body(unhidden)) > _SHORT + 2 * _length(page, body):
            page, body = unhidden, hidden_body
    return _Reading(document, page, body).notice()


def _length(page: FlatPage, body: Body) -> int:
    return sum(map(len, page.lines[body.first : body.end]))


class _Reading:
    """One page being read."""

    def __init__(self, document: Document, page: FlatPage, body: Body) -> None:
        self.url = document.url
        self.page = page
        self.body = body
        self.metas = _first_of(page.metas)
        self.head_end, self.own = _head_of_body(page.lines, body)
        self.labels, self.warnings = first_values([*_labels_around(page.lines, body), *self.own])
        if number := _number_above(page.lines, body):
            self.labels.setdefault(Field.NUMBER, number)

    def notice(self) -> Notice:
        printed = self._printed()
        stated = stated_title(self.page, self.metas, self.labels.get(Field.TITLE), self.body.first)
        text = read_notice_text(printed, title=stated or None)
        title = stated or self._other_title(text.head.title)
        self._check(title, stated, printed)
        source = self.labels.get(Field.SOURCE) or self._meta(_SOURCE_METAS)
        province = province_of_host(self.url)
        attachments, urls = self._links(text)
        notice = assemble(
            Evidence(
                title=title,
                text=text,
                body="\n".join(printed),
                labels=self.labels,
                published=parse_date(self._meta(_PUBLISHED_METAS)) or self._date_near(title),
                source=_claim_of_source(source),
                site=[] if source else _claim_of_site(self.metas.get("sitename", ""), self.url),
                province=province,
                source_name=source or None,
                attachments=attachments,
                urls=urls,
                url=self.url,
                warnings=self.warnings,
            )
        )
        return replace(
            notice,
            provinces=(province,) if province else (),
            interpretations=tuple(interpretations((link for link, _ in self.page.links), self._base)),
        )

    @property
    def _base(self) -> str | None:
        """Where relative links start from."""
        return self.page.base or self.url

    def _meta(self, names: Sequence[str]) -> str:
        return next((self.metas[name] for name in names if self.metas.get(name)), "")

    def _printed(self) -> list[str]:
        """The lines of the text without the labels and tools that stand above it."""
        first, lines = self.body.first, self.page.lines
        taken = {n for found in self.own for n in range(first + found.first, first + found.last)}
        numbers = (n for n in range(first, self.body.end) if n not in taken)
        return [_plain(lines[n]) for n in numbers if not (n < self.head_end and is_tool(lines[n]))]

    def _date_near(self, title: str) -> dt.date | None:
        """The date that stands without a label between title and text: alone, or before 来源：."""
        lines, first = self.page.lines, self.body.first
        opening = key(title)[:12]
        above = range(first - 1, max(-1, first - 30), -1)
        start = next((n for n in above if opening in key(lines[n])), max(0, first - 5))
        return next(
            (date for line in lines[start : min(first + 2, self.head_end)] if (date := _date_first(line))),
            None,
        )

    def _other_title(self, head: str) -> str:
        of_page = title_of_page(self.page, self.metas)
        return without_label(head) if looks_like_title(head) or not of_page else of_page

    def _check(self, title: str, stated: str, printed: list[str]) -> None:
        """Raises `ParseError` for what is no notice; a notice without text gets a warning."""
        where = self.url or "the page"
        if sum(map(len, printed)) < _FEW and _ERROR_PAGE.search(title + "".join(printed)):
            raise ParseError(f"{where} is an error page of the site: {(title or printed[0])[:60]!r}")
        if not title or not (printed or stated):
            found = f"title {title!r} and no text" if title else f"{len(self.page.lines)} lines and no title"
            raise ParseError(f"{where}: {found} found, where a notice was expected")
        if not printed:
            self.warnings.append("页面没有正文，可能是图片，或由脚本载入。")

    def _links(self, text: NoticeText) -> tuple[tuple[Attachment, ...], tuple[str, ...]]:
        """Attachments and other addresses of the text; files below it count up to the first other page."""
        body, base = self.body, self._base
        stop = max(body.related, body.first + 1)
        links = [link for link, line in self.page.links if body.first <= line < stop]
        after = [link for link, line in self.page.links if body.last <= line and body.related == body.last]
        linked = linked_attachments(links, base)
        known = {attachment.url for attachment in linked}
        linked += [found for found in files_before_pages(after, base) if found.url not in known]
        attachments = with_named(linked, text.annexes)
        return attachments, tuple(other_links(links, base, [attachment.url for attachment in attachments]))


def _first_of(metas: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Each meta's first content that says anything."""
    found: dict[str, str] = {}
    for name, content in metas:
        if content.strip():
            found.setdefault(name, " ".join(content.split()))
    return found


def _labels_around(lines: Sequence[str], body: Body) -> list[Labelled]:
    """The labelled values above the text; those below it where they are a public-information block."""
    rest = lines[body.last :]
    below = read_labels(rest) if any(_STRONG_LABELS.search(line) for line in rest) else []
    block = below if len({labelled.field for labelled in below} & _STRONG) > 1 else []
    above = read_labels(lines[: body.first])
    if not any(labelled.field in _STRONG for labelled in [*above, *block]):
        above = [labelled for labelled in above if labelled.field is not Field.TITLE]
    return [*above, *block]


def _head_of_body(lines: Sequence[str], body: Body) -> tuple[int, list[Labelled]]:
    """Where the running text of the body begins, and the labelled values that stand above it."""
    end = min(body.end, body.first + _HEAD_LINES)
    stop = next((n for n in range(body.first, end) if _is_text(lines[n])), end)
    return stop, [labelled for labelled in read_labels(lines[body.first : stop]) if _is_of_page(labelled)]


def _is_text(line: str) -> bool:
    """A sentence or the addressees: the page's own lines are above it."""
    plain = _plain(line)
    if CELL in line or read_labels([line]):
        return False
    return "。" in plain or len(plain) > 80 or plain.endswith(("：", ":"))


def _is_of_page(labelled: Labelled) -> bool:
    """A value that the page prints of the notice, and no line of a programme (时间：…)."""
    return labelled.field is not Field.TITLE or not labelled.value


def _date_first(line: str) -> dt.date | None:
    """The date of a line, or of an element in it, that begins with it and says of it no more than 来源."""
    whole = line.replace(CELL, " ").replace(EDGE, " ")
    matches = (_DATE_FIRST.match(_plain(text)) for text in (whole, *line.split(EDGE)))
    match = next(filter(None, matches), None)
    return parse_date(match["date"]) if match else None


def _number_above(lines: Sequence[str], body: Body) -> str | None:
    """A document number that stands alone between title and text."""
    for line in lines[max(0, body.first - 8) : body.first]:
        text = _plain(line)
        numbers = find_numbers(text) if len(text) < 60 else []
        alone = len(numbers) == 1 and numbers[0].end - numbers[0].start >= len(text.strip("（()） "))
        if alone:
            return numbers[0].value
    return None


def _claim_of_source(source: str) -> list[Claim]:
    """The source where it is an agency and no newspaper."""
    if not (name := agency_of_source(source)):
        return []
    agencies, truncated = split_agencies(name)
    return [Claim("来源", agencies or (name,), truncated, weak=True)]


def _claim_of_site(site: str, url: str | None) -> list[Claim]:
    """The owner of the site, by its name or its host."""
    owner = agency_of_source(site)
    agencies = split_agencies(owner)[0] if owner else ()
    host = agency_of_host(url)
    return [Claim("网站", agencies or ((host,) if host else ()), weak=True)]


def _plain(line: str) -> str:
    """A line for readers: no marks of cells and elements, no indent, runs of spaces as one."""
    cells = [" ".join(cell.split()) for cell in line.replace(EDGE, "").split(CELL)]
    return "\t".join(cells).rstrip("\t")
