"""robots.txt is honoured, and overruled only by an operator."""

import pytest

from monitor.errors import FetchCause, FetchError
from monitor.fetch import Fetcher, FetchOptions
from tests.servers.web import Reply, WebServer

PAGE = "<p>通知</p>"


async def test_what_robots_txt_forbids_is_not_fetched(web: WebServer, fetcher: Fetcher) -> None:
    web.put("/robots.txt", "User-agent: *\nDisallow: /search\n")
    with pytest.raises(FetchError) as caught:
        await fetcher.get(web.put("/search/a", PAGE))
    assert caught.value.cause is FetchCause.ROBOTS
    assert web.paths() == []
    assert await fetcher.get(web.put("/list", PAGE)) is not None


async def test_a_rule_for_this_program_beats_the_one_for_all(web: WebServer, fetcher: Fetcher) -> None:
    web.put("/robots.txt", "User-agent: *\nDisallow: /\n\nUser-agent: policy-monitor\nAllow: /\n")
    assert await fetcher.get(web.put("/a", PAGE)) is not None


async def test_robots_txt_is_asked_once_for_each_host(web: WebServer, fetcher: Fetcher) -> None:
    web.put("/a", PAGE)
    for host in ("127.0.1.1", "127.0.1.1", "127.0.1.2"):
        await fetcher.get(web.url("/a", host))
    assert [asked.host for asked in web.asked if asked.path == "/robots.txt"] == ["127.0.1.1", "127.0.1.2"]


@pytest.mark.parametrize("status", [401, 403, 404, 412])
async def test_without_robots_txt_everything_is_allowed(
    web: WebServer, fetcher: Fetcher, status: int
) -> None:
    web.put("/robots.txt", Reply("nothing here", status=status))
    assert await fetcher.get(web.put("/a", PAGE)) is not None


async def test_a_server_that_fails_to_show_robots_txt_is_left_alone(web: WebServer, fetcher: Fetcher) -> None:
    web.put("/robots.txt", Reply("broken", status=500))
    with pytest.raises(FetchError) as caught:
        await fetcher.get(web.put("/a", PAGE))
    assert (caught.value.cause, caught.value.status) == (FetchCause.ROBOTS, 500)


async def test_a_redirect_into_a_forbidden_place_is_not_followed(web: WebServer, fetcher: Fetcher) -> None:
    web.put("/robots.txt", "User-agent: *\nDisallow: /b\n")
    web.put("/b", PAGE)
    with pytest.raises(FetchError) as caught:
        await fetcher.get(web.put("/a", Reply(status=302, headers={"Location": "/b"})))
    assert caught.value.cause is FetchCause.ROBOTS
    assert web.paths() == ["/a"]


async def test_an_operator_may_overrule_and_that_is_logged(
    web: WebServer, fetcher: Fetcher, capsys: pytest.CaptureFixture[str]
) -> None:
    web.put("/robots.txt", "User-agent: *\nDisallow: /\n")
    for _ in range(2):
        await fetcher.get(web.put("/a", PAGE), options=FetchOptions(ignore_robots=True))
    assert capsys.readouterr().out.count("overruled") == 1


async def test_a_crawl_delay_widens_the_gap(web: WebServer, fetcher: Fetcher) -> None:
    web.put("/robots.txt", "User-agent: *\nCrawl-delay: 0.3\n")
    for path in ("/a", "/b"):
        web.put(path, PAGE)
        await fetcher.get(web.url(path))
    at = {asked.path: asked.at for asked in web.asked}
    assert at["/b"] - at["/a"] > 0.25
