"""The title of a page: what is meant to be it, before what merely looks like it."""

import re
from collections.abc import Iterable, Iterator, Mapping

from monitor.parsing.head import looks_like_title
from monitor.parsing.labels import CELL, EDGE
from monitor.parsing.signature import is_agency
from monitor.parsing.text import compact, key, tidy_title
from monitor.parsing.webpage.flat import FlatPage

_TITLE_NAMES = re.compile(
    r"(?:[a-z]{1,10}[-_]?)?(?:title|tit|biaoti|bt|headline)(?:[-_]?(?:text|con|content|main|box|h1|\d))?"
)
_PARTS = re.compile(r"[_|｜]|\s[-–—]{1,2}\s|--+|－")
_SITE = re.compile(r"-(?P<site>[^-]{2,40})$")
_OF_SITES = re.compile(r"(?:网站?|平台|政府|首页|门户|频道)$")
_DATE_BEHIND = re.compile(r"\s?[（(\[]\s?20\d{2}[-/.]\d{1,2}[-/.]\d{1,2}\s?[）)\]]$")
_TAG = re.compile(r"</?[a-z]{1,6}\s?/?>", re.IGNORECASE)  # escaped in an attribute
_LABEL = re.compile(r"(?:标\s{0,4}题|名\s{0,4}称|(?:信息|文件)(?:名称|标题))\s{0,4}[:：]")
_CUT = re.compile(r"(?:…|\.\.\.)$")
_SHORTEST, _LONGEST = 2, 300


def stated_title(page: FlatPage, metas: Mapping[str, str], labelled: str | None, before: int) -> str:
    """What the page calls the title: the mandated meta tag, the block's field, a heading; empty if nothing.

    `before` is the line where the text begins; a heading below it belongs to the text.
    """
    headings = list(_headings(page, before, metas.get("sitename", "")))
    others = [metas.get("pagetitle", ""), metas.get("og:title", "")]
    return _best([metas.get("articletitle", ""), labelled or "", *headings, *others])


def title_of_page(page: FlatPage, metas: Mapping[str, str]) -> str:
    """<title> without the names of columns and of the site that are strung to it."""
    return _best(_of_page(page.title, metas.get("sitename", "")))


def without_label(title: str) -> str:
    """The title without a label (标题：) that stands in the same line."""
    return _LABEL.sub("", title).strip()


def _best(candidates: Iterable[str]) -> str:
    """The first that can be a title; one that was cut off is completed from the others."""
    tidy = map(_tidy, candidates)
    titles = [title for title in tidy if _SHORTEST <= len(compact(title)) <= _LONGEST]
    if titles and _CUT.search(titles[0]):
        stem = key(_CUT.sub("", titles[0]))
        return next((title for title in titles[1:] if key(title).startswith(stem)), titles[0])
    return titles[0] if titles else ""


def _tidy(text: str) -> str:
    text = _LABEL.sub("", text.lstrip(f"{EDGE}{CELL} "))
    text = _TAG.sub(" ", text.replace(EDGE, "").replace(CELL, " "))
    return _DATE_BEHIND.sub("", tidy_title(text))


def _headings(page: FlatPage, before: int, site: str) -> Iterator[str]:
    """h1 and elements named a title: those that <title> repeats, then upwards from the text."""
    named = [
        (span.first, " ".join(page.lines[span.first : span.last]))
        for span in page.spans
        if (span.tag in ("h1", "h2", "h3") or any(map(_TITLE_NAMES.fullmatch, span.names)))
        and 0 < span.last - span.first <= 4
    ]
    texts = [(line, text) for line, text in named if compact(text) != compact(site) and len(text) <= _LONGEST]
    whole = key(page.title)
    repeated = [text for _, text in texts if len(compact(text)) > 3 and key(_tidy(text)) in whole]
    yield from sorted((text for text in repeated if not is_agency(compact(text))), key=len, reverse=True)
    yield from (text for line, text in reversed(texts) if line <= before and len(compact(text)) > 5)


def _of_page(title: str, site: str) -> Iterator[str]:
    parts = [part.strip() for part in _PARTS.split(title) if part.strip()]
    telling = [
        part for part in parts if compact(part) != compact(site) and not is_agency(compact(part))
    ] or parts
    best = next((part for part in telling if looks_like_title(part)), max(telling, key=len, default=""))
    tail = _SITE.search(best)
    if tail and (is_agency(compact(tail["site"])) or _OF_SITES.search(tail["site"])):
        best = best[: tail.start()]
    yield best
