"""Dates of rows, displayed or in the address."""

import datetime as dt

import pytest

from monitor.sources.lists.row_dates import date_in_address, displayed_date, is_date

DAY = dt.date(2026, 9, 6)


@pytest.mark.parametrize(
    "pieces",
    [
        ["2026-09-06"],
        ["[2026-9-6]"],
        ["（2026.09.06）"],
        ["2026年9月6日"],
        ["２０２６-０９-０６"],
        ["20260906"],
        ["2026/09/06 08:30:15"],
        ["发布时间：2026-09-06"],
        ["发布时间：", "2026-09-06"],
        ["省医保局", "2026-09-06", "浏览：1234"],
        ["06", "2026-09"],
        ["2026.09", "06"],
        ["2026", "09-06"],
        ["二〇二六年九月六日"],
        ["成文日期：2026-09-01", "发布日期：2026-09-06"],
        ["发布日期：2026-09-06", "成文日期：2026-09-01"],
        ["2026-09-01", "2026-09-06"],
        ["征集时间：2026-09-06 至 2026-10-06"],
        ["2026-09-06", "截止时间：2026-10-06"],
    ],
)
def test_a_displayed_date_is_found(pieces: list[str]) -> None:
    assert displayed_date(pieces) == DAY


@pytest.mark.parametrize(
    "pieces", [[], ["2026-02-30"], ["浏览 20260906123456 次"], ["2026-02-00018"], ["第九号"], ["09-06"]]
)
def test_what_is_no_date_is_none(pieces: list[str]) -> None:
    assert displayed_date(pieces) is None


def test_a_short_title_before_a_date_is_no_label() -> None:
    assert is_date("发布时间 2026-09-06")
    assert not is_date("关于开展工作的通知2026-09-06")


def test_the_heading_of_a_column_says_which_date_counts() -> None:
    assert displayed_date(["2026-09-06", "2026-10-01"], ["发布日期", "实施日期"]) == DAY
    assert displayed_date(["2026-10-01", "2026-09-06"], ["截止日期", "公开日期"]) == DAY


@pytest.mark.parametrize(
    "url",
    [
        "./202609/t20260906_12.shtml",
        "/art/2026/9/6/art_1_2.html",
        "/a/tzgg/2026-09-06/12.html",
        "/content/2026-09/06/content_12.htm",
        "/2026/09-06/12.html",
        "/2026/0906/12.html",
        "/2026/09/06/12.html",
        "/col/20260906/t0035_1.html",
        "/xxgk/20260906104752137.html",
        "/2026090609133982058/index.html",
        "./P020260906000000000.xlsx",
    ],
)
def test_a_day_in_an_address_is_found(url: str) -> None:
    assert date_in_address(url) == DAY


@pytest.mark.parametrize(
    "url",
    [
        "/2026/09/2.html",
        "/content_1961007702056800256.html",
        "/art/2026/art_0123456789abcdef0123456789abcdef.html",
        "/html/2026/meidian_0906/28568.html",
        "/t20261306_1.html",
        "/20260230/a.html",
        "/12345678/a.html",
    ],
)
def test_other_figures_in_an_address_are_no_day(url: str) -> None:
    assert date_in_address(url) is None
