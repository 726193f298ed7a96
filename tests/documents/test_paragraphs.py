"""Joining what a line end has cut."""

import pytest

from monitor.documents.paragraphs import join


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ("集中带量", "采购", "集中带量采购"),
        ("自2024", "年起", "自2024年起"),
        ("执行", "DRG付费", "执行DRG付费"),
        ("medical", "devices", "medical devices"),
        ("2024", "to 2025", "2024 to 2025"),
        ("inter\x02", "national", "international"),
        ("COVID\x02", "19", "COVID-19"),
        ("村\x02", "乡-县", "村-乡-县"),
        ("https://a.example/art/", "2024/1.html", "https://a.example/art/2024/1.html"),
        ("见 www.a.example/index", "page=2", "见 www.a.example/indexpage=2"),
        ("", "正文", "正文"),
    ],
)
def test_a_sentence_is_joined_as_it_was_written(first: str, second: str, joined: str) -> None:
    assert join(first, second) == joined
