"""Attachments of a page: links to files, links called 附件, and names that are printed without a link."""

import re
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import quote, unquote, urljoin, urlsplit

from lxml.etree import _Element as Element

from monitor.parsing.text import compact, key
from monitor.types import Attachment, Interpretation

_FILE = re.compile(r"\.(?:pdf|docx?|wps|et|ofd|xlsx?|csv|zip|rar|7z|pptx?|dps|txt|rtf|tiff?)$", re.IGNORECASE)
_IMAGE = re.compile(r"\.(?:jpe?g|png|gif|bmp)$", re.IGNORECASE)
_SERVED = re.compile(
    r"downfile\.jsp|download\.jsp|/module/download/|/group\d{1,3}/M\d\d/|downloadFile|/attachment/|/file/download"
    r"|[?&](?:filename|file)=[^&]{0,200}\.\w{2,5}(?:&|$)",
    re.IGNORECASE,
)
_BY_SCRIPT = re.compile(
    r"(?:xiazai|download\w{0,12}|openFile|window\.open|location\.href\s{0,3}=)\s{0,3}\(?\s{0,3}['\"](?P<url>[^'\"]{3,400})['\"]",
    re.IGNORECASE,
)
_NAMED = re.compile(r"^[【\[（(]?(?:附件|附表|附\d|点击下载|下载附件|附件下载|点此下载|文件下载)")
_GENERIC = re.compile(
    r"^(?:点击(?:此处|这里)?(?:下载|查看)?|下载|附件\d{0,2}|附件下载|下载附件|文件下载|点此下载|查看|\.?[a-z]{3,4})$",
    re.IGNORECASE,
)
_OF_A_PAGE = re.compile(r"\.(?:s?html?|jsp|aspx?|php)(?:$|[?#])|/$", re.IGNORECASE)
_READING = re.compile(r"解读|图解|问答")
_FILE_BOX = frozenset(("fujian", "files", "tdbgimgdog", "attachment", "attachments", "annex", "enclosure"))
_ICON = re.compile(r"/icons?/|/jslib/|/images?/(?:icon|ico)", re.IGNORECASE)
_PREFIX = re.compile(
    r"^(?:附\s{0,2}件|附表)\s{0,2}\d{0,2}(?:[-－]\d{1,2})?\s{0,2}[:：.、．]?|^\d{1,2}(?:[-－]\d{1,2})?\s{0,2}[.、．:：]"
)
_TELLING = 8  # characters; a shorter link to a 解读 is a menu's
_SAFE = "%/:=&?~#+!$,;'@()*[]"


def _page_address(base: str | None, href: str) -> str | None:
    """The absolute address of a link, non-ASCII characters percent-encoded; None for what is no address."""
    href = href.strip()
    if not href or href.lower().startswith(("javascript:", "mailto:", "#", "data:", "about:")):
        return None
    try:
        absolute = urljoin(base or "", href)
        if urlsplit(absolute).scheme not in ("http", "https", "ftp", "", "file"):
            return None
    except ValueError:  # a broken IPv6 address and the like
        return None
    return quote(absolute, safe=_SAFE)


def linked_attachments(links: Iterable[Element], base: str | None) -> list[Attachment]:
    """The attachments among the links, each address once."""
    found: dict[str, Attachment] = {}
    for link in links:
        href = _href(link)
        address = _page_address(base, href) if href else None
        if address and _is_attachment(link, href or "", address):
            found.setdefault(address, Attachment(_name(link, address), address))
    return list(found.values())


def files_before_pages(links: Iterable[Element], base: str | None) -> Iterator[Attachment]:
    """The files that links below the text lead to, up to the first link to another page."""
    for link in links:
        href = _href(link) or ""
        address = _page_address(base, href)
        if address is None:
            continue
        is_file = (
            _FILE.search(unquote(urlsplit(address).path)) or _SERVED.search(href) or link.get("appendix")
        )
        if not is_file or _ICON.search(address):
            return
        yield Attachment(_name(link, address), address)


def _href(link: Element) -> str | None:
    href = link.get("href") or ""
    if href.strip().lower().startswith("javascript:") or not href.strip(" #"):
        match = _BY_SCRIPT.search(link.get("onclick") or href)
        return match["url"] if match else None
    return href


def _is_attachment(link: Element, href: str, address: str) -> bool:
    path = unquote(urlsplit(address).path)
    text = compact("".join(link.itertext()))
    if _ICON.search(address):
        return False
    if link.get("appendix") or link.get("data-appendix") or link.get("data-file-ext"):
        return True
    if _FILE.search(path) or _SERVED.search(href):
        return True
    if _IMAGE.search(path):
        return bool(_NAMED.match(text) or _IMAGE.search(text))
    if _READING.search(text):
        return False
    return bool(_NAMED.match(text)) or (not _OF_A_PAGE.search(address) and _in_file_box(link))


def _in_file_box(link: Element) -> bool:
    return any(
        _FILE_BOX & set(f"{box.get('class') or ''} {box.get('id') or ''}".lower().split())
        for box in (link, *link.iterancestors())
    )


def _name(link: Element, address: str) -> str:
    """`title` or `download`, then the link's text, then the file's name; what says nothing comes last."""
    printed = [link.get("title"), link.get("download"), "".join(link.itertext())]
    names = [name for text in printed if (name := " ".join((text or "").split()))]
    telling = next((name for name in names if not _GENERIC.match(compact(name))), None)
    return telling or (names[-1] if names else _file_name(address))


def _file_name(address: str) -> str:
    return unquote(urlsplit(address).path.rsplit("/", 1)[-1]) or address


def with_named(linked: Sequence[Attachment], names: Sequence[str]) -> tuple[Attachment, ...]:
    """The linked attachments, and those of the printed list that no link leads to (`url` is None).

    Links that tell nothing (附件1) take the names that are left, in order; other links that no name is like
    stand for as many of them.
    """
    absent = [name for name in names if not any(_alike(name, attachment.name) for attachment in linked)]
    attachments: list[Attachment] = []
    for attachment in linked:
        matched = any(_alike(name, attachment.name) for name in names)
        if matched or not absent:
            attachments.append(attachment)
            continue
        name = absent.pop(0)
        untold = _GENERIC.match(compact(attachment.name))
        attachments.append(Attachment(name, attachment.url) if untold else attachment)
    return (*attachments, *(Attachment(name) for name in absent))


def _alike(name: str, other: str) -> bool:
    first, second = _stem(name), _stem(other)
    return bool(first and second) and (first in second or second in first)


def _stem(name: str) -> str:
    """A name without its number, its extension and its marks."""
    return re.sub(r"[\W_]", "", _FILE.sub("", _PREFIX.sub("", key(name))))


def interpretations(links: Iterable[Element], base: str | None) -> Iterator[Interpretation]:
    """The pages that explain the notice, by the text of their links; a menu's 政策解读 is none."""
    titles: dict[str, None] = {}
    for link in links:
        title = " ".join("".join(link.itertext()).split())
        explains = _READING.search(title) and len(compact(title)) >= _TELLING
        if explains and _page_address(base, link.get("href") or ""):
            titles.setdefault(title)
    yield from (Interpretation(title, "") for title in titles)


def other_links(links: Iterable[Element], base: str | None, taken: Iterable[str | None]) -> Iterator[str]:
    """The addresses of the remaining links."""
    seen = set(taken)
    for link in links:
        address = _page_address(base, link.get("href") or "")
        if address and address not in seen and address.startswith("http"):
            seen.add(address)
            yield address
