"""The weekly news digest 医周药事: contents with abstracts (本期视点), then the articles (本期内容).

cover → · section · → ▶ title （来源：…）——第 N 页 【提要】… → · section · → title, 来源：…, text, 返回目录
"""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from monitor.errors import ParseError
from monitor.parsing.markdown import Unmarked, unmarked_lines
from monitor.parsing.paragraphs import join_paragraphs
from monitor.parsing.signature import is_agency
from monitor.parsing.text import compact, is_blank, join, join_lines, squeeze
from monitor.parsing.titles import NOT_LISTED, NOT_PRINTED, places_of, title_above
from monitor.types import Document, Notice, NoticeKind, SourceDigest

NAME = "weekly"

_NAMES = ("医周药事", "medicalweeklypharmacy")
_COVER = 60  # lines
_DOTS = "·•●◆■▪∙・‧▎◎○"
_SECTION = re.compile(rf"^[{_DOTS}]\s{{0,4}}(?P<name>[^{_DOTS}▶▣►。：:]{{2,20}}?)\s{{0,4}}[{_DOTS}]$")
_BULLET = re.compile(r"^[▶▣►▷▸▹◆◇■□●○➤➢★☆✦❖◎▪•·]\s{0,4}(?=\S)")
_FROM = re.compile(r"[（(]\s{0,2}来\s{0,2}源\s{0,2}[:：]")
_PAGE = re.compile(r"[）)]?[\s—–－_.…-]{0,40}第?\s{0,2}(?P<page>\d{1,4})\s{0,2}页\s*$")
_ABSTRACT = re.compile(r"[【\[]\s{0,2}(?:内容)?[提摘]\s{0,2}要\s{0,2}[】\]][:：]?")
_SOURCE_LINE = re.compile(r"^[（(]?\s{0,2}来\s{0,2}源\s{0,2}[:：]\s{0,4}(?P<source>\S.{0,80}?)[）)]?$")
_ALONE = re.compile(
    r"([-—–]{2,20}本期(?:内容|正文)[-—–]{2,20}|[\[【]?返回目录[\]】]?|^[·•][^·•。]{2,14}[·•](?=.))"
)
_BACK = re.compile(r"^[\[【（(]?返回(?:目录|首页|顶部)[\])】）]?$")
_IMPRINT = re.compile(
    r"^(?:扫一扫|扫码|长按|关注.{0,20}公众号|地址[:：]|电话[:：]|网址[:：]|邮箱[:：]|版权|免责声明)"
)
_DAY = r"(20\d{2})[./年-](\d{1,2})[./月-](\d{1,2})日?"
_PERIOD = re.compile(rf"{_DAY}[-—–~～至到]{{1,3}}(?:{_DAY}|(\d{{1,2}})[./月-](\d{{1,2}})日?)")
_STOPS = ("。", "！", "？", "!", "?", "…")
_ALIKE = 80  # per cent; a title above its article is often reworded
_TITLE_LINES = 3
_IMPRINT_LINES = 15  # at the end


@dataclass(slots=True)
class Entry:
    """One article as the contents announce it."""

    title: str
    section: str | None
    source: str | None
    page: int | None
    summary: str | None


@dataclass(slots=True)
class Article:
    """One article: its title in `lines[start:text]`, its text in `lines[text:end]`."""

    start: int
    text: int
    end: int = 0
    source: str | None = None
    entry: Entry | None = None


def recognises(document: Document) -> bool:
    """The cover bears the publication's name."""
    return any(compact(line).strip("#*").lower() in _NAMES for line in document.lines[:_COVER])


def parse(document: Document) -> list[Notice]:
    """Every article of the issue; entries of the contents without an article as kind `listed`.

    Raises:
        ParseError: there are neither contents nor articles.
    """
    lines = list(_apart(unmarked_lines(document), _ALONE))
    middle = _middle(lines)
    entries = list(_entries(lines[:middle]))
    lines[middle:] = _apart(lines[middle:], _sources(entries))
    articles = _articles(lines, entries, middle)
    if not entries and not articles:
        raise ParseError(
            "the document has the cover of 医周药事, but neither contents (本期视点: ▶ title （来源：…）) "
            "nor articles (a title above 来源：…): it may be cut off or scanned"
        )
    digest = _digest(lines)
    notices = [_notice(lines, article, digest) for article in articles]
    found = {id(article.entry) for article in articles}
    return notices + [_listed(entry, digest) for entry in entries if id(entry) not in found]


def _apart(lines: Sequence[Unmarked], alone: re.Pattern[str]) -> Iterator[Unmarked]:
    """The lines with those parted that ran together around what always stands alone."""
    for line in lines:
        pieces = [piece for piece in alone.split(line.text) if piece.strip()]
        if len(pieces) < 2:
            yield line
        else:
            yield from (line._replace(text=piece) for piece in pieces)


def _sources(entries: Sequence[Entry]) -> re.Pattern[str]:
    """来源：… of the articles that the contents announce."""
    names = sorted({entry.source for entry in entries if entry.source}, key=len, reverse=True)
    return re.compile(rf"(来源[:：]\s?(?:{'|'.join(map(re.escape, names))}))") if names else _ALONE


def _middle(lines: Sequence[Unmarked]) -> int:
    """Where the articles begin: below 本期内容, else above the first line 来源：… that stands alone."""
    words = (compact(line.text).strip("-—–_=*") for line in lines)
    marker = next((number for number, text in enumerate(words) if text in ("本期内容", "本期正文")), None)
    if marker is not None:
        return marker
    first = next((number for number, line in enumerate(lines) if _SOURCE_LINE.match(line.text)), len(lines))
    return max(0, first - _TITLE_LINES)


def _section(text: str) -> str | None:
    match = _SECTION.match(text)
    return compact(match["name"]) if match else None


def _entries(lines: Sequence[Unmarked]) -> Iterator[Entry]:
    """The entries of the contents: each from its bullet to the next bullet or section."""
    section: str | None = None
    entry: list[str] = []
    for line in lines:
        text = line.text.strip()
        if (name := _section(text)) or _BULLET.match(text):
            yield from _entry(entry, section)
            section = name or section
            entry = [] if name else [_BULLET.sub("", text)]
        elif entry and not is_blank(text):
            entry.append(text)
    yield from _entry(entry, section)


def _entry(lines: list[str], section: str | None) -> Iterator[Entry]:
    """One entry from its lines; a page break can stand anywhere, inside of 来源 too."""
    text = join_lines(lines[:40])
    abstract = _ABSTRACT.search(text)
    head = text[: abstract.start()] if abstract else text[:400]
    page = _PAGE.search(head)
    announced = head[: page.start()] if page else head
    sources = list(_FROM.finditer(announced))
    if not (sources or page or abstract):
        return  # a bullet inside of something else
    title = announced[: sources[-1].start()] if sources else announced
    source = announced[sources[-1].end() :].strip() if sources else ""
    if source.count("（") + source.count("(") < source.count("）") + source.count(")"):
        source = source.rstrip("）) ")
    yield Entry(
        title=" ".join(title.split()),
        section=section,
        source=source.strip() or None,
        page=int(page["page"]) if page else None,
        summary=(_unbroken(_after_mark(lines)) if abstract else "") or None,
    )


def _after_mark(lines: list[str]) -> list[str]:
    for number, line in enumerate(lines):
        if match := _ABSTRACT.search(line):
            return [line[match.end() :], *lines[number + 1 :]]
    return []


def _unbroken(lines: Sequence[str]) -> str:
    """An abstract: a line end stands for a page break unless a sentence ends there."""
    text = ""
    for line in lines:
        text = f"{text}\n{line.strip()}" if text.endswith(_STOPS) else join(text, line)
    return text.strip()


def _articles(lines: Sequence[Unmarked], entries: Sequence[Entry], start: int) -> list[Article]:
    """The articles after line `start`, by the line 来源：… below a title, else by the title alone."""
    left = list(entries)
    articles: list[Article] = []
    floor = start
    for number in range(start, len(lines)):
        source = _SOURCE_LINE.match(lines[number].text)
        if source and (article := _above_source(lines, left, floor, number)):
            article.source = source["source"].strip()
            articles.append(article)
            floor = number + 1
    for entry in left:
        place = next(places_of(lines, entry.title, start=start + 1, end=len(lines)), None)
        if place and not any(article.start <= place[0] < article.text for article in articles):
            articles.append(Article(*place, entry=entry))
    articles.sort(key=lambda article: article.start)
    for article, stop in zip(articles, [*(each.start for each in articles[1:]), len(lines)], strict=False):
        article.end = _end(lines, article.text, stop)
    return articles


def _above_source(lines: Sequence[Unmarked], left: list[Entry], floor: int, number: int) -> Article | None:
    """The article whose title ends above a line 来源：…; None for a picture's source."""
    floor = max(floor, number - 12)
    found = title_above(lines, [entry.title for entry in left], floor=floor, end=number, at_least=_ALIKE)
    if found:
        return Article(found.first, number + 1, entry=left.pop(found.number))
    above = [n for n in range(floor, number) if not is_blank(lines[n].text)]
    cut = next((at for at in range(len(above) - 1, -1, -1) if _is_boundary(lines[above[at]].text)), None)
    title = above[cut + 1 :] if cut is not None else []
    return Article(title[0], number + 1) if 1 <= len(title) <= _TITLE_LINES else None


def _is_boundary(text: str) -> bool:
    return bool(_BACK.match(compact(text))) or _section(text) is not None or "本期内容" in text


def _end(lines: Sequence[Unmarked], start: int, stop: int) -> int:
    """Where an article ends: at 返回目录, at a section, at the publisher's address."""
    for number in range(start, stop):
        text = compact(lines[number].text)
        if _BACK.match(text) or _section(lines[number].text):
            return number
        if _IMPRINT.match(text) and sum(not is_blank(line.text) for line in lines[number:]) <= _IMPRINT_LINES:
            return number
    return stop


def _notice(lines: Sequence[Unmarked], article: Article, digest: SourceDigest) -> Notice:
    entry = article.entry
    printed = squeeze(
        join_lines(
            line.text for line in lines[article.start : article.text] if not _SOURCE_LINE.match(line.text)
        )
    )
    text = (line.text for line in lines[article.text : article.end])
    return Notice(
        kind=NoticeKind.NEWS,
        title=entry.title if entry else printed,
        section=entry.section if entry else _section_above(lines, article.start),
        source_name=(entry.source if entry else None) or article.source,
        page=entry.page if entry else None,
        summary=entry.summary if entry else None,
        body=join_paragraphs([printed, *text]).text,
        digest=digest,
        position=f"line {article.start + 1}",
        warnings=() if entry else (NOT_LISTED,),
    )


def _section_above(lines: Sequence[Unmarked], start: int) -> str | None:
    return next((name for n in range(start - 1, -1, -1) if (name := _section(lines[n].text))), None)


def _listed(entry: Entry, digest: SourceDigest) -> Notice:
    return Notice(
        kind=NoticeKind.LISTED,
        title=entry.title,
        section=entry.section,
        source_name=entry.source,
        page=entry.page,
        summary=entry.summary,
        digest=digest,
        warnings=(NOT_PRINTED,),
    )


def _digest(lines: Sequence[Unmarked]) -> SourceDigest:
    period = next((found for line in lines[:_COVER] if (found := _period(line.text))), None)
    imprint = [compact(line.text) for line in lines[-_COVER:]]
    return SourceDigest(
        title="医周药事",
        publisher=next((text for text in imprint if text.endswith("公司") and is_agency(text)), None),
        date=period[1] if period else None,
        period_start=period[0] if period else None,
        period_end=period[1] if period else None,
    )


def _period(text: str) -> tuple[dt.date, dt.date] | None:
    """2021.08.09-2021.08.15; the second year can be left out."""
    match = _PERIOD.search(compact(text)[:100])
    if not match:
        return None
    year, month, day, last_year, last_month, last_day, short_month, short_day = match.groups()
    try:
        first = dt.date(int(year), int(month), int(day))
        return first, dt.date(
            int(last_year or year), int(last_month or short_month), int(last_day or short_day)
        )
    except ValueError:
        return None
