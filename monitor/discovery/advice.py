"""What a refusal means, and what to try."""

import difflib
from urllib.parse import urlsplit

from monitor.discovery.addresses import host_of
from monitor.discovery.finding import NoSourceError, Problem
from monitor.errors import FetchCause, FetchError, SourceError
from monitor.explain import explain
from monitor.sources.catalogue import CatalogueEntry, catalogue
from monitor.words import Words

_GONE = frozenset({404, 410})


def advice(error: SourceError, words: Words) -> tuple[str, ...]:
    """Sentences about an address that gave no source: first what was found, then what can be done."""
    if isinstance(error, NoSourceError):
        return (*_refusal(error, words), *(f"  {name}  {address}" for name, address in error.lists))
    return (explain(error, words), *(_remedies(error, words) if isinstance(error, FetchError) else ()))


def _refusal(error: NoSourceError, words: Words) -> tuple[str, ...]:
    address = error.address
    if error.problem is Problem.ADDRESS:
        what = words(f"“{address}”不是网址", f"“{address}” is no web address")
        return what, words(
            "请给出完整网址，如 https://ybj.shanxi.gov.cn/zwgk/",
            "give one such as https://ybj.shanxi.gov.cn/zwgk/",
        )
    if error.problem is Problem.FILE:
        what = words(f"这是一个文件，不是列表：{error}", f"this is a file, not a list: {error}")
        return what, words(
            "请给出列出这类文件的页面；只想看内容请用 policy-monitor parse",
            "give the page that lists such files; to see what is in it use policy-monitor parse",
        )
    if error.problem is Problem.DETAIL:
        what = words(
            f"这是一条公文的页面，不是列表：{address}",
            f"this is the page of one notice, not a list: {address}",
        )
        return what, _instead(error, words)
    what = words(f"这一页上没有公文列表：{address}", f"there is no list of notices on this page: {address}")
    whole = words(
        "列表若由脚本生成，试 --browser always；要把整页当作一个来源，用 --kind page",
        "if a script makes the list, try --browser always; to watch the page as a whole, --kind page",
    )
    return (what, whole, _instead(error, words)) if error.lists else (what, whole)


def _instead(error: NoSourceError, words: Words) -> str:
    if error.lists:
        return words("要的可能是其中的栏目：", "one of its columns may be what you want:")
    return words("请给出列出公文的那一页", "give the page that lists the notices")


def _remedies(error: FetchError, words: Words) -> tuple[str, ...]:
    host = host_of(error.url)
    known = catalogue().on_host(host)
    if error.cause is FetchCause.DNS:
        hosts = {host_of(a) for e in catalogue().values() for a in (e.address, e.home) if a and "//" in a}
        near = difflib.get_close_matches(host, sorted(hosts), n=1, cutoff=0.8)
        return tuple(words(f"是不是 {name}？", f"did you mean {name}?") for name in near if name != host)
    if error.cause is FetchCause.BLOCKED:
        return (
            words(
                "网站要求先运行脚本：用 --browser auto 或 fetch: {browser: auto} 让浏览器打开"
                "（docs/howto/browser.md）",
                "the site wants a script to be run first: --browser auto, or fetch: {browser: auto}, lets a "
                "browser open it (docs/howto/browser.md)",
            ),
        )
    if error.cause is FetchCause.ROBOTS:
        return (
            words(
                "得到网站同意的，可设 fetch: {ignore_robots: true}",
                "where the site agrees, set fetch: {ignore_robots: true}",
            ),
        )
    if error.cause is FetchCause.TLS:
        return (
            words(
                "旧服务器可设 fetch: {old_tls: true}，或试 http://",
                "for an old server set fetch: {old_tls: true}, or try http://",
            ),
        )
    if error.cause is FetchCause.STATUS and error.status in _GONE:
        return _moved(error, known, words)
    return ()


def _moved(error: FetchError, known: tuple[CatalogueEntry, ...], words: Words) -> tuple[str, ...]:
    parts = urlsplit(error.url)
    home = f"{parts.scheme}://{parts.netloc}/"
    found = words(f"网页已不在；可从首页找列表：{home}", f"the page is gone; look for the list from {home}")
    return (found, *(f"  {entry.id}  {entry.name}  {entry.address or entry.home}" for entry in known[:5]))
