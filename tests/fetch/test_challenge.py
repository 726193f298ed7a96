"""A script challenge is told from a page, in both directions."""

import pytest

from monitor.fetch.challenge import challenge

TEXT = "<p>" + "现将有关事项通知如下，请各有关单位认真贯彻执行。" * 4 + "</p>"
SCRIPT = "<html><script>run()</script><body></body></html>"


@pytest.mark.parametrize(
    ("markup", "name"),
    [
        ("<meta id='q' content='abc' r='m'><script>$_ts=window['$_ts'];</script>", "瑞数"),
        ("<script src='/FSSBBIl1UgzbN7N80/x.js'></script>", "瑞数"),
        ("<script>document.cookie='__jsl_clearance=1';location.href='/'</script>", "加速乐"),
        ("<html><script>var arg1='4B0C2F';</script></html>", "阿里云"),
        ("<title>Just a moment...</title><script>window._cf_chl_opt={}</script>", "Cloudflare"),
        ("<script>document.cookie='a=1';location.reload()</script>", "sets a cookie"),
    ],
)
def test_known_walls_have_names(markup: str, name: str) -> None:
    assert name in str(challenge(markup))
    assert challenge(markup.encode("gb18030")) == challenge(markup)


@pytest.mark.parametrize(
    ("markup", "status", "blocked"),
    [
        (SCRIPT, 200, False),
        (SCRIPT, 202, True),
        (SCRIPT, 403, True),
        (SCRIPT, 412, True),
        (SCRIPT, 521, True),
        (SCRIPT, 404, False),
        ("", 412, True),
        ("<h1>403 Forbidden</h1><hr>nginx", 403, False),
        ("<h1>您的请求被网站防火墙拒绝</h1>", 403, True),
        (TEXT + SCRIPT, 202, False),
        ("", 200, False),
    ],
)
def test_some_statuses_need_no_marker(markup: str, status: int, blocked: bool) -> None:
    assert (challenge(markup, status) is not None) is blocked


@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
def test_a_marker_on_a_page_with_text_is_no_challenge(charset: str) -> None:
    assert challenge(f"<script>$_ts={{}}</script>{TEXT}".encode(charset)) is None


@pytest.mark.parametrize(
    "hidden", ["<!--{}-->", "<script>'{}'</script>", "<style>{}</style>", "<title>{}</title>"]
)
def test_text_that_nobody_sees_does_not_count(hidden: str) -> None:
    assert challenge("<script>$_ts={}</script>" + hidden.format("通知" * 60)) is not None
