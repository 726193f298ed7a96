"""Reading a JSON list with an operator's JMESPath expressions, where reading without goes wrong."""

import re
from collections.abc import Mapping
from typing import Annotated, Any

import jmespath
from jmespath.exceptions import JMESPathError
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from monitor.errors import ParseError
from monitor.fetch.addresses import redacted
from monitor.parsing.dates import parse_date
from monitor.sources.lists.links import absolute
from monitor.sources.lists.literals import json_body
from monitor.sources.lists.model import ListRows, Row
from monitor.sources.lists.titles import clean

_PLACE = re.compile(r"\{(\w+)\}")


def _expression(text: str) -> str:
    try:
        jmespath.compile(text)
    except JMESPathError as error:
        raise ValueError(f"{text!r} is no JMESPath expression: {error}") from None
    return text


JmesPath = Annotated[str, AfterValidator(_expression)]


class JsonMapping(BaseModel):
    """Where the parts of a JSON list are; all but `rows` are looked for in a record."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: Annotated[JmesPath, Field(description="JMESPath of the records, e.g. data.results[]")]
    title: Annotated[JmesPath, Field(description="JMESPath of the title")] = "title"
    date: Annotated[JmesPath | None, Field(description="JMESPath of the date")] = None
    url: Annotated[JmesPath | None, Field(description="JMESPath of the notice's address")] = None
    address: Annotated[
        str | None,
        Field(description="instead of url: an address with fields of the record, e.g. /view.html?id={id}"),
    ] = None


def mapped_list(text: str, base_url: str, mapping: JsonMapping) -> ListRows:
    """The rows where the mapping says they are. Raises `ParseError` when there are none."""
    where = redacted(base_url)
    try:
        records = jmespath.search(mapping.rows, json_body(text))
    except (ValueError, JMESPathError, RecursionError) as error:
        raise ParseError(f"{where}: {mapping.rows!r} cannot be looked up in this: {error}") from None
    found = [item for item in records if isinstance(item, Mapping)] if isinstance(records, list) else []
    rows = [row for record in found if (row := _row(record, base_url, mapping)).title]
    if not rows:
        raise ParseError(f"{where}: {mapping.rows!r} gives {len(found)} records and no title in them")
    return ListRows(rows=tuple(rows), family="mapping")


def _row(record: Mapping[str, Any], base_url: str, mapping: JsonMapping) -> Row:
    target = _text(record, mapping.url)
    if mapping.address is not None:
        target = _PLACE.sub(lambda match: str(record.get(match[1], "")), mapping.address)
    date = _text(record, mapping.date)
    return Row(
        clean(_text(record, mapping.title)),
        parse_date(date) if date else None,
        absolute(base_url, target) if target else None,
    )


def _text(record: Mapping[str, Any], expression: str | None) -> str:
    try:
        value = jmespath.search(expression, record) if expression else None
    except JMESPathError:
        return ""
    return "" if value is None else str(value)
