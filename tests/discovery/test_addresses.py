"""Addresses as people type and paste them."""

import pytest

from monitor.discovery import NoSourceError
from monitor.discovery.addresses import typed_address


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("https://ybj.shanxi.gov.cn/zwgk/", ("https://ybj.shanxi.gov.cn/zwgk/",)),
        (" <http://a.gov.cn/x?p=1&q=二> ", ("http://a.gov.cn/x?p=1&q=二",)),
        ("ybj.shanxi.gov.cn", ("https://ybj.shanxi.gov.cn/", "http://ybj.shanxi.gov.cn/")),
        ("ｈｔｔｐｓ：／／ybj。shanxi。gov。cn／zwgk", ("https://ybj.shanxi.gov.cn/zwgk",)),
        ("htps://a.gov.cn/", ("https://a.gov.cn/", "http://a.gov.cn/")),
        ("https:/a.gov.cn/b", ("https://a.gov.cn/b",)),
        ("https//a.gov.cn", ("https://a.gov.cn/",)),
        ("HTTP://A.gov.cn/B", ("http://A.gov.cn/B",)),
        ("http://127.0.0.1:8080/a", ("http://127.0.0.1:8080/a",)),
        ("“https://a.gov.cn/”。", ("https://a.gov.cn/",)),
    ],
)
def test_what_is_meant(typed: str, meant: tuple[str, ...]) -> None:
    assert typed_address(typed) == meant


@pytest.mark.parametrize(
    "typed", ["", "医保局", "ftp://a.gov.cn/", "javascript:alert(1)", "file:///etc/passwd", "http://"]
)
def test_what_is_no_web_address(typed: str) -> None:
    with pytest.raises(NoSourceError):
        typed_address(typed)
