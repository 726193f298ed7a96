"""Whose a site is, by what its page and its host say."""

import pytest

from monitor.discovery.naming import agency_of, proposed_id
from monitor.sources.catalogue import catalogue
from monitor.types import Page
from rules import default_vocabulary

VOCABULARY = default_vocabulary()


def agency_and_id(address: str, head: str = "") -> tuple[str | None, str]:
    page = Page(url=address, body=f"<html><head><meta charset=utf-8>{head}</head></html>".encode())
    agency = agency_of(page, catalogue(), VOCABULARY)
    return agency.id if agency else None, proposed_id(page, agency, VOCABULARY, ())


@pytest.mark.parametrize(
    ("address", "head", "agency", "name"),
    [
        (
            "https://a.example.org/",
            "<meta name=SiteName content=国家医疗保障局>",
            "national.nhsa",
            "national.nhsa",
        ),
        ("https://x.gov.cn/", "<title>通知公告_太原市卫生健康委员会</title>", "140100.nhc", "taiyuan.nhc"),
        # the catalogue knows the host, whose name says something else: 药监局 of 重庆, not 应急管理局
        ("http://yaojianju.cq.gov.cn/xxgk/", "", "chongqing.nmpa", "chongqing.nmpa"),
        # a host that it does not know is of the region of its neighbours, and of the kind of its namesakes
        ("https://ylbz.sx.example.gov.cn/", "", None, "ylbz.sx.example"),
        ("https://ybj.taiyuan.gov.cn/tzgg/", "", "140100.nhsa", "taiyuan.nhsa"),
        ("https://ybj.gd.gov.cn/", "", "guangdong.nhsa", "guangdong.nhsa"),
        # 医保局 alone is that of the place that the host names
        ("https://www.jl.gov.cn/yb/", "<title>通知公告-省医疗保障局</title>", "jilin.nhsa", "jilin.nhsa"),
        ("https://www.example.org/news/", "", None, "example"),
        ("http://127.0.0.1:8080/", "", None, "127_0_0_1"),
    ],
)
def test_agency_and_id(address: str, head: str, agency: str | None, name: str) -> None:
    assert agency_and_id(address, head) == (agency, name)
