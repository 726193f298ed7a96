"""Character sets: whatever is declared, the bytes decide."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.documents.charset import declared_in_markup, decode

SIMPLIFIED = "国家医疗保障局办公室关于进一步做好医疗服务价格管理工作的通知"
TRADITIONAL = "行政院衛生署關於進一步做好醫療服務價格管理工作的通知"
DECLARATIONS = [
    None,
    "utf-8",
    "gb2312",
    "GBK",
    "gb18030",
    "big5",
    "iso-8859-1",
    "utf-16",
    "rot13",
    "idna",
    "nonsense",
    "",
]


@pytest.mark.parametrize("declared", DECLARATIONS)
@pytest.mark.parametrize(
    "written", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_simplified_text_is_read_whatever_was_declared(written: str, declared: str | None) -> None:
    assert decode(SIMPLIFIED.encode(written), declared)[0] == SIMPLIFIED


@pytest.mark.parametrize("declared", DECLARATIONS)
@pytest.mark.parametrize("written", ["utf-8", "gbk", "big5", "big5hkscs", "utf-16-le"])
def test_traditional_text_is_read_whatever_was_declared(written: str, declared: str | None) -> None:
    assert decode(TRADITIONAL.encode(written), declared)[0] == TRADITIONAL


@pytest.mark.parametrize("text", ["医保", "通知", "你好", "中国", "联通", "第12号"])
def test_two_characters_of_gbk_are_enough(text: str) -> None:
    assert decode(text.encode("gbk"), None) == (text, "gb18030")


def test_characters_that_gb2312_lacks_are_kept() -> None:
    assert decode("朱镕基㼎".encode("gb18030"), "gb2312")[0] == "朱镕基㼎"


def test_characters_of_four_bytes_are_kept() -> None:
    assert decode("𬭚化合物".encode("gb18030"), "gb2312")[0] == "𬭚化合物"


def test_big5_with_characters_of_hong_kong_is_read() -> None:
    text = "醫院管理局喺啟德嘅新急症醫院已經落成啟用"
    assert decode(text.encode("big5hkscs"), None)[0] == text


def test_utf8_with_a_character_cut_in_half_stays_utf8() -> None:
    body = SIMPLIFIED.encode()[:-1]
    assert decode(body, "gbk") == (SIMPLIFIED[:-1] + "\ufffd", "utf-8")


def test_gbk_with_a_byte_lost_stays_gbk() -> None:
    text, name = decode(SIMPLIFIED.encode("gbk")[:-1], None)
    assert name == "gb18030"
    assert text.startswith(SIMPLIFIED[:-1])


def test_a_western_page_is_read_as_it_is_declared() -> None:
    text = "Décret relatif à la santé, modifié"
    assert decode(text.encode("latin-1"), "iso-8859-1")[0] == text


def test_english_needs_no_declaration() -> None:
    assert decode(b"plain ASCII", "big5") == ("plain ASCII", "utf-8")


def test_a_long_ascii_head_does_not_hide_what_follows() -> None:
    body = b"<script>" + b"x" * 50_000 + b"</script>" + SIMPLIFIED.encode("gbk")
    assert decode(body, None)[0].endswith(SIMPLIFIED)


@pytest.mark.parametrize(
    ("source", "name"),
    [
        (b'<meta charset="gb2312">', "gb2312"),
        (b"<META http-equiv=Content-Type content='text/html; charset=GBK'>", "GBK"),
        (b'<?xml version="1.0" encoding="Big5"?>', "Big5"),
        (b"<p>none</p>", None),
    ],
)
def test_the_declaration_in_a_source_is_found(source: bytes, name: str | None) -> None:
    assert declared_in_markup(b"<html><head>" + source) == name


@given(st.binary(max_size=300), st.sampled_from(DECLARATIONS))
def test_any_bytes_become_some_text(body: bytes, declared: str | None) -> None:
    text, name = decode(body, declared)
    assert isinstance(text, str)
    assert "".encode(name) is not None


@given(st.text(min_size=1), st.sampled_from(["utf-8", "utf-8-sig"]))
def test_what_is_utf8_is_read_back_exactly(text: str, written: str) -> None:
    if "\0" in text or text.startswith("\ufeff"):
        return
    assert decode(text.encode(written), None)[0] == text
