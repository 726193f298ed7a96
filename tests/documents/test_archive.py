"""ZIP archives: each file a document, a broken one loses no other, and none is a bomb."""

import struct
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from monitor.documents.reading import read
from monitor.errors import ParseError
from monitor.types import Page
from tests.documents.printing import Printer, archive, sentence, word

TEXT = "关于示例的通知".encode()


def refusal(body: bytes, **limits: int) -> str:
    with pytest.raises(ParseError) as caught:
        read(Page(url="a.zip", body=body), **limits)
    return str(caught.value)


def test_each_file_is_a_document_with_its_path() -> None:
    files = [
        ("通知.txt", TEXT),
        ("附件/一.pdf", Printer().paragraph(sentence(95)).pdf()),
        ("附件/二.docx", word("附件二")),
    ]
    documents = read(Page(url="http://a.example/a.zip", body=archive(files)))
    assert [(d.url, d.lines[0]) for d in documents] == [
        ("http://a.example/a.zip!/通知.txt", "关于示例的通知"),
        ("http://a.example/a.zip!/附件/一.pdf", sentence(95)),
        ("http://a.example/a.zip!/附件/二.docx", "附件二"),
    ]


def test_names_in_gbk_are_read() -> None:
    """As Windows in China writes them: GBK bytes, and no mark that they are not CP437."""
    body = archive([("AAAABBBB.txt", TEXT)]).replace(b"AAAABBBB", "医保通知".encode("gbk"))
    (document,) = read(Page(url="a.zip", body=body))
    assert document.url == "a.zip!/医保通知.txt"


def test_archives_inside_archives_are_opened() -> None:
    inner = archive([("b.txt", TEXT)])
    (document,) = read(Page(url="a.zip", body=archive([("inner.zip", inner)])))
    assert document.url == "a.zip!/inner.zip!/b.txt"


def test_a_file_that_cannot_be_read_is_told_and_loses_no_other() -> None:
    files = [
        ("坏.pdf", b"%PDF-1.4 broken"),
        ("好.txt", TEXT),
        ("图.png", b"\x89PNG\r\n\x1a\n" + bytes(30)),
        ("空.txt", b""),
    ]
    broken, good, picture, empty = read(Page(url="a.zip", body=archive(files)))
    assert good.lines == ("关于示例的通知",)
    assert (broken.blocks, picture.blocks, empty.blocks) == ((), (), ())
    assert broken.warnings == (
        "无法读取（a.zip!/坏.pdf: is a damaged PDF that cannot be opened; fetch or send it again.）",
    )
    assert "a.zip!/图.png: is an image (PNG)" in picture.warnings[0]
    assert empty.warnings == ("无法读取（a.zip!/空.txt: is empty (0 bytes).）",)


def test_a_file_damaged_inside_the_archive_loses_no_other() -> None:
    content = bytes(range(33, 126)) * 20
    body = archive([("a.txt", content), ("b.txt", TEXT)])
    place = body.index(b"a.txt") + 40
    damaged, good = read(Page(url="a.zip", body=body[:place] + b"\xff" * 8 + body[place + 8 :]))
    assert "a.zip!/a.txt: is damaged inside and cannot be unpacked" in damaged.warnings[0]
    assert good.blocks


def test_a_file_with_a_password_is_told_and_loses_no_other() -> None:
    body = bytearray(archive([("a.txt", TEXT), ("b.txt", TEXT)]))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = body.index(mark) + offset
        struct.pack_into("<H", body, place, struct.unpack_from("<H", body, place)[0] | 1)
    locked, good = read(Page(url="a.zip", body=bytes(body)))
    assert locked.warnings == (
        "无法读取（a.zip!/a.txt: is protected by a password; supply it without protection.）",
    )
    assert good.blocks


def test_what_systems_leave_in_archives_is_passed_over() -> None:
    body = archive(
        [("__MACOSX/._a.txt", b"\0\5\x16\7"), ("Thumbs.db", b"x"), ("dir/", b""), ("dir/a.txt", TEXT)]
    )
    assert [document.url for document in read(Page(url="a.zip", body=body))] == ["a.zip!/dir/a.txt"]


def test_an_archive_in_which_nothing_can_be_read_is_refused_with_every_reason() -> None:
    message = refusal(archive([("a.png", b"\x89PNG\r\n\x1a\n"), ("b.txt", b"")]))
    assert message.split("\n") == [
        "a.zip!/a.png: is an image (PNG), which has no text; it must be recognised first.",
        "a.zip!/b.txt: is empty (0 bytes).",
    ]


def test_an_empty_archive_is_refused() -> None:
    assert refusal(archive([])) == "a.zip: is an empty ZIP archive."


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = archive([(f"{n}.txt", b"0" * 3_000_000) for n in range(4)])
    assert len(bomb) < 20_000
    message = refusal(bomb, max_bytes=10_000_000)
    assert message == "a.zip: unpacks to 12,000,000 bytes, more than the limit allows (10,000,000 left)."


def test_a_bomb_inside_an_archive_counts_with_what_is_around_it() -> None:
    inner = archive([("b.txt", b"0" * 6_000_000)])
    first, second = read(
        Page(url="a.zip", body=archive([("1.zip", inner), ("2.zip", inner)])), max_bytes=10_000_000
    )
    assert first.blocks
    assert "a.zip!/2.zip: unpacks to 6,000,000 bytes, more than the limit allows" in second.warnings[0]


def test_a_file_larger_than_it_says_is_not_unpacked_beyond_that() -> None:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as package:
        package.writestr("a.txt", b"0" * 5_000_000)
    body = out.getvalue().replace(struct.pack("<I", 5_000_000), struct.pack("<I", 1000))
    assert "is damaged inside" in refusal(body, max_bytes=100_000)


def test_too_many_files_are_refused() -> None:
    body = archive([(f"{n}.txt", TEXT) for n in range(1001)])
    assert refusal(body) == "a.zip: holds 1,001 files, more than the limit allows (1,000 left)."


def test_archives_nested_without_end_are_not_followed() -> None:
    body = archive([("a.txt", TEXT)])
    for _ in range(5):
        body = archive([("deeper.zip", body)])
    assert "is an archive inside 3 others, which is deeper than is read" in refusal(body)
