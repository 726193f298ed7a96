"""The address of the next page of a list."""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from monitor.sources.lists.links import Element, absolute, short_text

_NEXT = re.compile(
    r"[\[【<（(\s]*(?:下一?[页頁]|后一?页|下一?页数据|next(?:\s*page)?)\s*[\]】>»›→）)\s]*", re.I
)
_LONGEST = 12
_ARROW = re.compile(r"[>»›→]{1,2}")
_PAGER_NAME = re.compile(r"next|page|pag|fy", re.I)
_QUOTED = re.compile(r"""['"]([^'"<>\s]{1,500})['"]""")
_CREATE_PAGE = re.compile(r"createPage\w*\s*\(([^()]{1,300})\)")
_ARTICLE = re.compile(r"[tPW]\d{8}_?\d*|content_\d+|art_\w+")
_SUFFIX = re.compile(r"_(\d{1,4})(?=\.\w+$)")
_COUNT_PAGE = re.compile(r"countPage\s*=\s*[\"']?(\d{1,6})")
_CURRENT_PAGE = re.compile(r"currentPage\s*=\s*[\"']?(\d{1,6})")
_FILE_NAME = re.compile(r"""["'](\w{1,40})["']?\s*\+?\s*["']?_["']""")
_TOTAL_PAGE = re.compile(r"totalPage\s*[:=]\s*[\"']?(\d{1,6})")
_SET_PAGE = re.compile(r"""setPage["']\s*,\s*(\d{1,6})""")
_PAGES = re.compile(
    r"共\s*(?:<[^<>]{0,80}>\s*){0,3}([\d,]{1,9})\s*(?:<[^<>]{0,80}>\s*){0,3}页"
    r"|\b(?:pageCount|pageTotal|totalPages?|total_pages)[\"']?\s*[:=]\s*[\"']?(\d{1,6})",
    re.I,
)
_PAGE_PARAMETERS = frozenset(
    (
        "page",
        "pageno",
        "pageindex",
        "pagenow",
        "pagenum",
        "pagenumber",
        "currentpage",
        "currpage",
        "curpage",
        "p",
    )
)
_JPAGE = re.compile(r"\.jpage\s*\(")
_JPAGE_FIELD = re.compile(
    r"""\b(columnid|unitid|webid|path|permissiontype|perPage|totalRecord|proxyUrl)["']?\s*[:=]\s*["']?"""
    r"""([^,"'\s}]{1,200})""",
    re.I,
)
_JPAGE_REACH = 4000
_JPAGE_ASKED = ("perpage", "columnid", "unitid", "webid", "path", "permissiontype")


def next_page(markup: str, roots: Iterable[Element], base_url: str, row_count: int) -> str | None:
    """The address of the page after this one, None on the last page or where the page does not tell.

    `roots` are the parsed page and the pieces that it hides; `row_count` is how many rows it lists.
    """
    finders: tuple[Callable[[], str | None], ...] = (
        lambda: _first(_next_links(roots)),
        lambda: _created(markup, base_url),
        lambda: _counted(markup, base_url),
        lambda: _totalled(markup, base_url),
        lambda: _first(_next_numbers(roots, base_url)),
        lambda: _proxied(markup, base_url, row_count),
        lambda: _parameter(markup, base_url),
    )
    for find in finders:
        target = find()
        url = absolute(base_url, target) if target else None
        if url is not None and url.partition("#")[0] != base_url.partition("#")[0]:
            return url
    return None


def _first(targets: Iterator[str]) -> str | None:
    return next(targets, None)


# Among the many texts of a page those few that may be, or begin, the words on a link to the next page.
_LIKE_NEXT = re.compile(r"[下后>»›→]|next", re.I)
_ABOVE = 4  # so many elements may stand around the words
_LINK_TAGS = frozenset({"a", "span", "li", "button", "input"})


def _next_links(roots: Iterable[Element]) -> Iterator[str]:
    for root in roots:
        candidates = {
            element
            for said in _like_next(root)
            for element in (said, *islice(said.iterancestors(), _ABOVE))
            if element.tag in _LINK_TAGS
        }
        for element in root.iter(*_LINK_TAGS) if candidates else ():
            if element not in candidates:
                continue
            text = (element.get("value") or "") if element.tag == "input" else short_text(element, _LONGEST)
            if text is not None and _says_next(element, text) and (target := _target(element)) is not None:
                yield target


def _like_next(root: Element) -> Iterator[Element]:
    """The elements that have such a text, title or value."""
    for element in root.iter():
        for text in (element.text, element.get("title"), element.get("value")):
            if text and _LIKE_NEXT.search(text):
                yield element
        if (tail := element.tail) and _LIKE_NEXT.search(tail) and element is not root:
            yield element.getparent()


def _says_next(element: Element, text: str) -> bool:
    if _NEXT.fullmatch(text) or _NEXT.fullmatch(element.get("title") or "-"):
        return True
    return _ARROW.fullmatch(text) is not None and _PAGER_NAME.search(element.get("class") or "") is not None


def _target(element: Element) -> str | None:
    for name in ("href", "tagname", "data-href", "data-url"):  # 开普 puts the address into `tagname`
        value = (element.get(name) or "").strip()
        if value and not value.lower().startswith(("javascript:", "#")):
            return value
    script = f"{element.get('onclick') or ''} {element.get('href') or ''}"
    return next((text for text in _QUOTED.findall(script) if re.search(r"[/?]|\.s?html?$", text)), None)


def _created(markup: str, base_url: str) -> str | None:
    """TRS: `createPageHTML(17, 0, "index", "html")` counts from 0, `createPageHTML('a', 25, 1, …)` from 1."""
    for match in _CREATE_PAGE.finditer(markup):
        arguments = [argument.strip().strip("\"'") for argument in match[1].split(",")]
        first = next((index for index, argument in enumerate(arguments) if argument.isdecimal()), None)
        if first is None or len(arguments) < first + 2 or not arguments[first + 1].isdecimal():
            continue
        total, current = int(arguments[first]), int(arguments[first + 1])
        names = [argument for argument in arguments[first + 2 :] if argument and not argument.isdecimal()]
        name, extension = (names + [""] * 2)[:2]
        if _ARTICLE.fullmatch(name):
            continue  # this pages a long article
        from_zero = current == 0 or (first == 0 and _SUFFIX.search(urlsplit(base_url).path) is not None)
        if current + (1 if from_zero else 0) < total:
            return _numbered(base_url, current + 1, name, extension)
    return None


def _counted(markup: str, base_url: str) -> str | None:
    """TRS scripts of the site itself: `var countPage = 17`, `var currentPage = 0`."""
    count = _COUNT_PAGE.search(markup)
    if count is None:
        return None
    current = _CURRENT_PAGE.search(markup)
    number = int(current[1]) if current else _suffix(base_url, 0)
    if number + 1 >= int(count[1]):
        return None
    name = _FILE_NAME.search(markup, count.start())
    return _numbered(base_url, number + 1, name[1] if name else "", "")


def _totalled(markup: str, base_url: str) -> str | None:
    """Shanghai: `totalPage: 322`, `setPage", 1`; page 2 is `index_2.html`."""
    total = _TOTAL_PAGE.search(markup) if "pagination" in markup else None
    if total is None:
        return None
    current = _SET_PAGE.search(markup)
    number = int(current[1]) if current else _suffix(base_url, 1)
    return _numbered(base_url, number + 1, "", "") if number < int(total[1]) else None


def _suffix(url: str, otherwise: int) -> int:
    match = _SUFFIX.search(urlsplit(url).path)
    return int(match[1]) if match else otherwise


def _numbered(base_url: str, number: int, name: str, extension: str) -> str:
    """`index_2.html` beside the page, with the page's own name and extension where none is told."""
    own = _SUFFIX.sub("", urlsplit(base_url).path).rpartition("/")[2]
    own_name, _, own_extension = own.partition(".")
    return f"{name or own_name or 'index'}_{number}.{(extension or own_extension or 'html').lstrip('.')}"


def _next_numbers(roots: Iterable[Element], base_url: str) -> Iterator[str]:
    """The link on the number after the present page's, in a row of page numbers."""
    numbered: dict[int, str] = {}
    for root in roots:
        for element in root.iter("a"):
            text = short_text(element, 4)
            target = _target(element) if text and text.isdecimal() else None
            if text and target and _counts(target, int(text)):
                numbered.setdefault(int(text), target)
    if len(numbered) < 2 and set(numbered) != {2}:
        return
    here = next((n for n, target in numbered.items() if absolute(base_url, target) == base_url), None)
    present = here or next(number for number in range(1, len(numbered) + 2) if number not in numbered)
    if present + 1 in numbered:
        yield numbered[present + 1]


def _counts(target: str, number: int) -> bool:
    figures = {int(figure) for figure in re.findall(r"\d{1,4}(?!\d)", target)}
    return number == 1 or number in figures or number - 1 in figures


def _proxied(markup: str, base_url: str, row_count: int) -> str | None:
    """大汉: the page brings the first records; the others come from `dataproxy.jsp`, so many at a time."""
    call = _JPAGE.search(markup)
    if call is None or not row_count:
        return None
    block = markup[call.end() : call.end() + _JPAGE_REACH]
    found = {name.lower(): value for name, value in _JPAGE_FIELD.findall(block)}
    total = found.get("totalrecord", "")
    if not {"columnid", "unitid"} <= found.keys() or not total.isdecimal() or int(total) <= row_count:
        return None
    asked = {"startrecord": str(row_count + 1), "endrecord": str(2 * row_count)}
    asked |= {name: found[name] for name in _JPAGE_ASKED if name in found}
    return f"{found.get('proxyurl', '/module/web/jpage/dataproxy.jsp')}?{urlencode(asked)}"


def _parameter(markup: str, base_url: str) -> str | None:
    """`…?pageIndex=1` → `…?pageIndex=2`, where the page says that there are more."""
    parts = urlsplit(base_url)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    name = next((n for n, value in pairs if n.lower() in _PAGE_PARAMETERS and value.isdecimal()), None)
    totals = _PAGES.search(markup) if name is not None else None
    if name is None or totals is None:
        return None
    if int(dict(pairs)[name]) >= int((totals[1] or totals[2]).replace(",", "") or 0):
        return None
    query = urlencode([(n, str(int(v) + 1) if n == name else v) for n, v in pairs])
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))
