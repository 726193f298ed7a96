"""Addresses as they are sent and as they are shown."""

import pytest

from monitor.errors import FetchCause
from monitor.fetch.addresses import host_of, redacted, wire_url
from monitor.fetch.trouble import TroubleError


@pytest.mark.parametrize(
    ("url", "sent"),
    [
        ("https://a.example", "https://a.example/"),
        (
            "https://a.example/通知 1.html?q=集采#top",
            "https://a.example/%E9%80%9A%E7%9F%A5%201.html?q=%E9%9B%86%E9%87%87",
        ),
        ("http://a.example/%B9%AB.html?x=%25E5", "http://a.example/%B9%AB.html?x=%25E5"),
        (" http://A.Example:8080/a\n/b ", "http://a.example:8080/a/b"),
        ("http://政务.example/", "http://xn--zfr164b.example/"),
        ("http://[::1]:80/", "http://[::1]:80/"),
    ],
)
def test_an_address_is_made_fit_to_send_and_what_is_encoded_stays(url: str, sent: str) -> None:
    assert wire_url(url) == sent


@pytest.mark.parametrize(
    "url", ["ftp://a/", "//a/", "http:///x", "http://a:port/", "http://[::1", "", "http://" + "a" * 300]
)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(TroubleError) as caught:
        wire_url(url)
    assert caught.value.cause is FetchCause.FORBIDDEN_ADDRESS


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://me:pw@a.example/x", "https://a.example/x"),
        ("https://a.example/x?id=7&token=abc", "https://a.example/x?id=7&token=***"),
        ("https://a.example/x?access_token=abc", "https://a.example/x?access_token=***"),
        ("https://a.example/x?key=abc&page=2", "https://a.example/x?key=***&page=2"),
        ("https://a.example/x?a=eyJhbGciOiJIUzI1NiJ9.e30.x", "https://a.example/x?a=***"),
        ("https://a.example/x?q=集采&keyword=药品", "https://a.example/x?q=集采&keyword=药品"),
        (
            "https://a.example/?recid=5E802F0917AABEA240C6C43407657153",
            "https://a.example/?recid=5E802F0917AABEA240C6C43407657153",
        ),
        ("http://[bad?token=1", "http://[bad"),
    ],
)
def test_secrets_are_not_shown(url: str, shown: str) -> None:
    assert redacted(url) == shown


def test_the_host_of_anything() -> None:
    assert [host_of(url) for url in ("http://A.example:80/x", "x", "http://[")] == ["a.example", "", ""]
