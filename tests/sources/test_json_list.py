"""A JSON list over HTTP."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from pydantic import ValidationError

from monitor.errors import ParseError
from monitor.fetch import Fetcher
from monitor.sources import SourceState
from monitor.sources.json_list import JsonListSource
from tests.servers import sites
from tests.servers.web import Asked, Reply, WebServer

FIRST = SourceState(first=True)
LATER = SourceState(known={"http://a/old": "1"})


def source(web: WebServer, **changes: Any) -> JsonListSource:
    settings = JsonListSource.settings(kind="json_list", id="api", url=web.url("/api?q=1"), **changes)
    return JsonListSource.create(settings, Path())


def pages(count: int, start: int = 1) -> Any:
    """An interface that answers with four rows for each of so many pages."""
    rows = sites.items(4 * count)

    def answer(asked: Asked) -> Reply:
        fields = (
            asked.query
            if asked.method == "GET"
            else {k: v[0] for k, v in parse_qs(asked.body.decode()).items()}
        )
        if asked.headers.get("content-type") == "application/json":
            fields = json.loads(asked.body)
        at = 4 * (int(fields.get("pageNo", start)) - start)
        return Reply(sites.gkmlpt(rows[at : at + 4]), headers={"Content-Type": "application/json"})

    return answer


async def test_records_become_entries(web: WebServer, fetcher: Fetcher) -> None:
    rows = sites.items(3)
    web.put("/api", sites.kaipuyun(rows))
    listing = await source(web).list(fetcher, FIRST)
    assert [(entry.title, entry.date, entry.url) for entry in listing.entries] == [
        (row.title, row.date, web.url(row.path)) for row in rows
    ]


async def test_fields_are_added_to_the_address(web: WebServer, fetcher: Fetcher) -> None:
    web.put("/api", sites.gkmlpt(sites.items(3)))
    await source(web, params={"type": "通知", "q": 2}).list(fetcher, FIRST)
    assert web.asked[-1].query == {"type": "通知", "q": "2"}


@pytest.mark.parametrize(
    "how",
    [
        {"page_field": "pageNo"},
        {"page_field": "pageNo", "first_page": 0},
        {"page_field": "pageNo", "method": "POST", "form": {"a": "b"}},
        {"page_field": "pageNo", "method": "POST", "body": {"a": "b"}},
    ],
    ids=["in the address", "from zero", "in a form", "in JSON"],
)
async def test_pages_are_counted_where_the_settings_say(
    web: WebServer, fetcher: Fetcher, how: dict[str, Any]
) -> None:
    web.put("/api", pages(3, how.get("first_page", 1)))
    listing = await source(web, **how).list(fetcher, LATER)
    assert len(listing.entries) == 12
    assert listing.warnings == ()


async def test_the_number_may_stand_inside_of_a_field(web: WebServer, fetcher: Fetcher) -> None:
    rows = sites.items(8)

    def answer(asked: Asked) -> Reply:
        at = 4 * (json.loads(asked.query["paramJson"])["pageNo"] - 1)
        return Reply(sites.jpaas(rows[at : at + 4]), headers={"Content-Type": "application/json"})

    web.put("/api", answer)
    params = {"paramJson": '{"pageNo":{page},"pageSize":4}'}
    listing = await source(web, params=params, page_field="paramJson").list(fetcher, LATER)
    assert [entry.title for entry in listing.entries] == [row.title for row in rows]


async def test_without_a_page_field_there_is_one_page(web: WebServer, fetcher: Fetcher) -> None:
    web.put("/api", pages(3))
    assert len((await source(web).list(fetcher, LATER)).entries) == 4


async def test_an_interface_that_answers_page_one_again_is_noticed(web: WebServer, fetcher: Fetcher) -> None:
    web.put("/api", sites.gkmlpt(sites.items(4)))
    listing = await source(web, page_field="pageNo").list(fetcher, LATER)
    assert len(listing.entries) == 4
    assert "paging does not work" in listing.warnings[0]


async def test_a_mapping_overrules_the_reading(web: WebServer, fetcher: Fetcher) -> None:
    records = [{"id": 7, "names": {"zh": "关于目录的通知"}, "when": 1788652800, "title": "not this"}]
    web.put(
        "/api",
        json.dumps({"a": [{"b": records}], "rows": [{"title": "关于另一件事的通知", "url": "/x"}] * 5}),
    )
    mapping = {"rows": "a[].b[]", "title": "names.zh", "date": "when", "address": "/view.html?id={id}"}
    entry = (await source(web, mapping=mapping).list(fetcher, FIRST)).entries[0]
    assert (entry.title, str(entry.date), entry.url) == (
        "关于目录的通知",
        "2026-09-06",
        web.url("/view.html?id=7"),
    )


async def test_a_record_without_address_is_its_own_page(web: WebServer, fetcher: Fetcher) -> None:
    web.put(
        "/api",
        json.dumps([{"title": "第一个通知", "url": "/1"}, {"title": "第二个通知", "date": "2026-09-06"}]),
    )
    entry = (await source(web).list(fetcher, FIRST)).entries[1]
    assert entry.page is not None
    assert "第二个通知" in entry.page.body.decode()


@pytest.mark.parametrize("body", ['{"rows": []}', "<html>维护中</html>", "not json", '{"rows": [', "null"])
async def test_what_is_no_list_is_an_error(web: WebServer, fetcher: Fetcher, body: str) -> None:
    web.put("/api", body)
    with pytest.raises(ParseError):
        await source(web).list(fetcher, FIRST)
    with pytest.raises(ParseError):
        await source(web, mapping={"rows": "rows[]"}).list(fetcher, FIRST)


def test_an_expression_that_cannot_be_read_is_refused(web: WebServer) -> None:
    with pytest.raises(ValidationError, match="JMESPath"):
        source(web, mapping={"rows": "a[.b"})


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"body": {"page": 1}}, "body is sent with method: POST only"),
        ({"form": {"page": 1}}, "form is sent with method: POST only"),
        ({"method": "POST", "form": {"page": 1}, "body": {"page": 1}}, "cannot both be sent"),
    ],
)
def test_what_would_never_be_sent_is_a_mistake(fields: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        JsonListSource.settings(kind="json_list", id="api", url="https://a.gov.cn/", **fields)
