"""A list that a site answers in JSON."""

import json
from collections.abc import AsyncGenerator, Mapping
from itertools import count
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from pydantic import Field, model_validator

from monitor.documents.charset import decode
from monitor.errors import ParseError
from monitor.fetch import Request
from monitor.sources.base import PageFetcher, WebAddress
from monitor.sources.lists import ListRows, read_list
from monitor.sources.lists.mapping import JsonMapping, mapped_list
from monitor.sources.paging import PagedSettings, PagedSource
from monitor.types import Page

Fields = Mapping[str, str | int | float | bool]

_NO_FIELDS: Fields = {}
_PAGE = "{page}"


class JsonListSettings(PagedSettings):
    """A JSON list."""

    kind: Annotated[Literal["json_list"], Field(description="a list in JSON")]
    url: Annotated[WebAddress, Field(description="address that answers with the list")]
    method: Annotated[Literal["GET", "POST"], Field(description="how to ask")] = "GET"
    params: Annotated[Fields, Field(description="fields to add to the address")] = _NO_FIELDS
    form: Annotated[Fields, Field(description="fields to send as a form, with POST")] = _NO_FIELDS
    body: Annotated[dict[str, Any] | None, Field(description="JSON to send, with POST; instead of form")] = (
        None
    )
    page_field: Annotated[
        str | None, Field(description="the field of params, form or body that counts the pages")
    ] = None
    first_page: Annotated[int, Field(ge=0, description="the number of the first page")] = 1
    mapping: Annotated[
        JsonMapping | None,
        Field(description="where the parts are, for JSON that is not read rightly without"),
    ] = None

    @model_validator(mode="after")
    def _is_sent(self) -> Self:
        """What would never be sent is a mistake."""
        unsent = [name for name in ("form", "body") if getattr(self, name)]
        if self.method == "GET" and unsent:
            raise ValueError(f"{' and '.join(unsent)} is sent with method: POST only; with GET use params")
        if len(unsent) > 1:
            raise ValueError("form and body cannot both be sent; keep one of them")
        return self


class JsonListSource(PagedSource):
    """Lists the records of a JSON answer, and of the next pages while they are new."""

    kind: ClassVar[str] = "json_list"
    settings: ClassVar[type[JsonListSettings]] = JsonListSettings

    def __init__(self, settings: JsonListSettings) -> None:
        super().__init__(settings, settings.url)
        self._settings = settings

    @classmethod
    def create(cls, settings: JsonListSettings, home: Path) -> Self:
        """A source of these settings."""
        return cls(settings)

    def rows_of(self, page: Page) -> ListRows:
        if self._settings.mapping is None:
            return read_list(page)
        return mapped_list(decode(page.body, page.charset)[0], page.base_url, self._settings.mapping)

    async def _further(self, fetcher: PageFetcher, first: ListRows) -> AsyncGenerator[ListRows, None]:
        """Page after page until one is empty; none where no field counts them."""
        for number in count(1) if self._settings.page_field else ():
            page = await self._page(fetcher, self._request(number))
            try:
                yield await self._rows(page)
            except ParseError:
                return

    def _request(self, number: int = 0) -> Request:
        """What asks for a page, counted from 0."""
        settings = self._settings
        params, form, body = settings.params, settings.form, settings.body
        if body is not None:
            body = self._placed(body, number)
        elif settings.method == "POST":
            form = self._placed(form, number)
        else:
            params = self._placed(params, number)
        headers, content = _content(form, body) if settings.method == "POST" else ({}, None)
        return Request(
            url=_with_fields(self._url, params), method=settings.method, headers=headers, body=content
        )

    def _placed(self, fields: Mapping[str, Any], number: int) -> dict[str, Any]:
        """The fields with the page's number: where the field says `{page}`, else as its value."""
        name = self._settings.page_field
        if name is None:
            return dict(fields)
        place, value = str(self._settings.first_page + number), fields.get(name)
        if isinstance(value, str) and _PAGE in value:
            return {**fields, name: value.replace(_PAGE, place)}
        return {**fields, name: int(place)}


def _content(form: Fields, body: Mapping[str, Any] | None) -> tuple[dict[str, str], bytes]:
    if body is not None:
        return {"Content-Type": "application/json"}, json.dumps(body, ensure_ascii=False).encode()
    return {"Content-Type": "application/x-www-form-urlencoded"}, urlencode(form).encode()


def _with_fields(url: str, fields: Fields) -> str:
    """The address with fields set; those that it has already under these names are replaced."""
    if not fields:
        return url
    parts = urlsplit(url)
    kept = [
        (name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name not in fields
    ]
    return urlunsplit(parts._replace(query=urlencode([*kept, *fields.items()])))
