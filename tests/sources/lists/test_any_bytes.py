"""Whatever arrives: rows or a `SourceError`, soon, and nothing else."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.errors import SourceError
from monitor.fetch.challenge import challenge
from monitor.sources.lists import ListRows, read_feed, read_list
from monitor.types import Page
from tests.servers import sites

URL = "https://ybj.qinghe.gov.cn/a/index.html"
ROWS = sites.items(4)
WHOLE = [
    sites.trs(ROWS),
    sites.hanweb(ROWS, "/next"),
    sites.gkmlpt(ROWS),
    sites.scripted(ROWS),
    sites.encoded(ROWS, "/2.html"),
    sites.rss(ROWS),
    sites.jpaas(ROWS),
]
TAGS = [
    "<a href='x.html'>",
    "</a>",
    "<li>",
    "<ul>",
    "<table>",
    "<tr>",
    "<td>",
    "</td>",
    "<record><![CDATA[",
    "]]>",
    "<datastore>",
    "<script>",
    "</script>",
    "[{",
    "}]",
    "{'title':",
    "'",
    '"',
    "\\",
    "var a=",
    "2026-09-06",
    "createPageHTML(",
    ")",
    "下一页",
    "<!--",
    "&#x110000;",
    "�",
    "\x00",
    "atob",
    "<base href='[::1'>",
    "<a href='http://[::1'>关于开展工作的通知</a>",
    "<a href='http://['>2</a>",
    "<rss>",
    "<item>",
    "<title>",
]


def read_as_everything(body: bytes) -> None:
    for read in (read_list, read_feed):
        try:
            assert isinstance(read(Page(url=URL, body=body)), ListRows)
        except SourceError as error:
            assert str(error)


@given(st.binary(max_size=2000))
@settings(max_examples=60, deadline=2000)
def test_any_bytes(body: bytes) -> None:
    read_as_everything(body)


@given(st.lists(st.sampled_from(TAGS) | st.text(max_size=20), max_size=60))
@settings(max_examples=70, deadline=2000)
def test_any_soup_of_markup(parts: list[str]) -> None:
    read_as_everything("".join(parts).encode("utf-8", "surrogatepass"))


@given(st.sampled_from(WHOLE), st.integers(0, 3000), st.integers(0, 300), st.binary(max_size=20))
@settings(max_examples=70, deadline=2000, suppress_health_check=[HealthCheck.too_slow])
def test_real_pages_with_a_piece_torn_out(page: str, at: int, length: int, instead: bytes) -> None:
    body = page.encode()
    read_as_everything(body[:at] + instead + body[at + length :])


PIECES = [
    "<a href='x.html'>",
    "<li><a href='1.html'>关于开展工作的通知</a>",
    "<record><![CDATA[",
    "[{",
    '{"a":',
    "<!--",
    "document.write('",
    "<script>",
    "atob",
    "<div>",
    "下一页<a>",
    "createPageHTML(",
    "共",
    "'\\",
    '"',
    "<table><tr><td>",
    "2026-09-06",
    "<item>",
    "<datastore>",
    "JSON.parse('",
    "<span>",
    "<ul><li>",
    "<div onclick=\"f('/1.html')\">关于开展工作",
    "<p><a href='/a'>关于开展工作</a><a href='/b'>关于开展检查</a></p>",
    "<li></li><li><a href='/a'>关于开展工作</a></li>",
]


@pytest.mark.parametrize("piece", PIECES)
def test_one_piece_over_and_over_takes_no_time(piece: str) -> None:
    body = (piece * (100_000 // len(piece))).encode()
    start = time.process_time()
    read_as_everything(body)
    read_as_everything(b"<rss>" + body)
    challenge(body)
    assert time.process_time() - start < 5
