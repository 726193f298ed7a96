"""Reading a list with an operator's CSS selectors, where reading without goes wrong."""

from typing import Annotated

from cssselect import SelectorError
from lxml.cssselect import CSSSelector
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from monitor.errors import ParseError
from monitor.fetch.addresses import redacted
from monitor.parsing.dates import parse_date
from monitor.sources.lists.links import Element, absolute, seen_text
from monitor.sources.lists.model import ListRows, Row
from monitor.sources.lists.reading import parse_page
from monitor.sources.lists.row_dates import date_in_address
from monitor.sources.lists.titles import best_title
from monitor.types import Page


def _selector(text: str) -> str:
    try:
        CSSSelector(text, translator="html")
    except SelectorError as error:
        raise ValueError(f"{text!r} is no CSS selector: {error}") from None
    return text


CssSelector = Annotated[str, AfterValidator(_selector)]


class Selectors(BaseModel):
    """Where the parts of a list are; each but `row` is looked for inside of a row."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    row: Annotated[CssSelector, Field(description="one element for each notice, e.g. ul.list > li")]
    link: Annotated[CssSelector, Field(description="the link to the notice")] = "a"
    title: Annotated[CssSelector | None, Field(description="the title; the link's if absent")] = None
    date: Annotated[CssSelector | None, Field(description="the date; looked for in the row if absent")] = None
    next: Annotated[CssSelector | None, Field(description="the link to the next page, in the whole page")] = (
        None
    )


def select_list(page: Page, selectors: Selectors) -> ListRows:
    """The rows that the selectors find. Raises `ParseError` when they find none."""
    root, base = parse_page(page)
    found = find_all(root, selectors.row) if root is not None else []
    rows = [row for element in found if (row := _row(element, selectors, base)) is not None]
    if not rows:
        where = redacted(page.base_url)
        raise ParseError(
            f"{where}: the selector {selectors.row!r} found {len(found)} rows and no notice in them"
        )
    following = _first(root, selectors.next) if selectors.next else None
    target = following.get("href") if following is not None else None
    return ListRows(rows=tuple(rows), next_url=absolute(base, target) if target else None, family="selectors")


def _row(element: Element, selectors: Selectors, base: str) -> Row | None:
    link = _first(element, selectors.link)
    titled = _first(element, selectors.title) if selectors.title else link
    if titled is None:
        return None
    title = best_title(seen_text(titled), titled.get("title"))
    target = link.get("href") if link is not None else None
    dated = _first(element, selectors.date) if selectors.date else element
    date = parse_date(seen_text(dated)) if dated is not None else None
    return Row(title, date or date_in_address(target or ""), absolute(base, target) if target else None)


def find_all(element: Element, selector: str) -> list[Element]:
    """The elements inside of one that a CSS selector finds, in order."""
    return list(CSSSelector(selector, translator="html")(element))


def _first(element: Element, selector: str) -> Element | None:
    return next(iter(find_all(element, selector)), None)
