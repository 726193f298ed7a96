"""What a page is, is read from its bytes; what cannot be read is told in a sentence."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.documents.reading import read
from monitor.errors import ParseError
from monitor.types import Document, Page
from tests.documents.printing import Printer, archive, read_one, sentence, word

PDF = Printer().paragraph(sentence(95)).pdf()
DOCX = word("关于示例的通知", "", sentence(95))
HTML = "<!DOCTYPE html><html><body><h1>关于示例的通知</h1><p>正文</p></body></html>".encode()
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def refusal(body: bytes, url: str = "a.bin", media_type: str | None = None, **limits: int) -> str:
    with pytest.raises(ParseError) as caught:
        read(Page(url=url, body=body, media_type=media_type), **limits)
    return str(caught.value)


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (PDF, "application/pdf"),
        (b"\r\n" + PDF, "application/pdf"),
        (DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (HTML, "text/html"),
        (b"\xef\xbb\xbf\n <!-- x --> " + HTML, "text/html"),
        (HTML.decode().encode("utf-16"), "text/html"),
    ],
)
@pytest.mark.parametrize("name", ["a.pdf", "a.docx", "a.html", "a.txt", "a.zip", "a"])
@pytest.mark.parametrize("declared", [None, "text/html; charset=utf-8", "application/pdf", "text/plain"])
def test_the_bytes_decide_whatever_name_and_declaration_say(
    body: bytes, media_type: str, name: str, declared: str | None
) -> None:
    (document,) = read(Page(url=name, body=body, media_type=declared))
    assert document.media_type == media_type


def test_text_without_marks_is_what_it_is_declared_or_called() -> None:
    body = "关于示例的通知\n正文".encode("gbk")
    assert read_one(body, "a.html").media_type == "text/html"
    assert read_one(body, "a.txt").media_type == read_one(body, "a").media_type == "text/plain"
    (declared,) = read(Page(url="a.txt", body=body, media_type="text/html; charset=gbk"))
    assert declared.media_type == "text/html"


def test_markdown_that_begins_with_a_tag_stays_text_by_its_name() -> None:
    body = "<div align=center>\n\n# 标题\n".encode()
    assert read_one(body, "digest.md").lines[2] == "# 标题"
    assert read_one(body, "page").media_type == "text/html"


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b"", "is empty (0 bytes)."),
        (b" \r\n\t\n", "is empty (5 bytes)."),
        (b"\0" * 100, "is empty (100 bytes)."),
        ("\u200a\u3000\n".encode(), "is a text without a character to be seen."),
        (
            b"\x89PNG\r\n\x1a\n" + bytes(50),
            "is an image (PNG), which has no text; it must be recognised first.",
        ),
        (b"Rar!\x1a\x07" + bytes(50), "is a RAR archive, which is not read; supply it as ZIP."),
        (OLE + "Workbook".encode("utf-16-le"), "is an Excel workbook (.xls), which is not read."),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "is an Office document protected by a password"),
        (OLE, "is an old Office file of an unknown kind, or a damaged one."),
        (
            archive([("[Content_Types].xml", b"<x/>"), ("xl/workbook.xml", b"<x/>")]),
            "is an Excel workbook (.xlsx), which is not read.",
        ),
        (archive([("OFD.xml", b"<x/>")]), "is an OFD document, which is not read; supply it as PDF."),
        (DOCX[:-400], "is a damaged ZIP or Office file"),
        (
            b"MIME-Version: 1.0\r\nContent-Type: multipart/related",
            "is a web archive (MHTML), which is not read",
        ),
        (bytes(range(256)) * 8, "is of no format that is read (it begins with 00 01 02 03 04 05 06 07)."),
    ],
)
def test_what_is_not_read_is_named_with_what_to_do(body: bytes, found: str) -> None:
    assert refusal(body).startswith(f"a.bin: {found}")


def test_a_page_above_the_limit_is_refused() -> None:
    assert refusal(b"a" * 101, max_bytes=100) == "a.bin: has 101 bytes, more than the limit of 100."


def test_a_web_page_under_the_name_of_a_file_is_read_with_a_warning() -> None:
    document = read_one(HTML, "http://a.example/files/notice.pdf?id=3")
    assert document.blocks
    assert document.warnings == ("http://a.example/files/notice.pdf?id=3是网页，而按其名称应为PDF文件。",)


def test_links_of_a_redirected_page_start_from_where_it_was_found() -> None:
    page = Page(
        url="http://a.example/x", final_url="http://b.example/c/d", body=b"<html><p><a href=e>f</a></html>"
    )
    (document,) = read(page)
    assert document.blocks[0].links[0].url == "http://b.example/c/e"


def survives(body: bytes, name: str) -> None:
    """Read, or refused with a sentence of ours: never by the way of an error that no reader foresaw."""
    try:
        documents = read(Page(url=name, body=body), max_bytes=1 << 20)
    except ParseError as error:
        assert str(error).startswith(name)
    else:
        assert documents
        assert all(isinstance(document, Document) for document in documents)


BEGINNINGS = [
    b"",
    b"%PDF-1.4\n",
    b"PK\x03\x04",
    b"PK\x05\x06",
    OLE[:8],
    b"<html>",
    b"<?xml ",
    b"{\\rtf1",
    b"\xff\xfe",
]


@given(
    st.sampled_from(BEGINNINGS), st.binary(max_size=400), st.sampled_from(["a", "a.html", "a.txt", "a.zip"])
)
def test_any_bytes_are_read_or_refused(beginning: bytes, rest: bytes, name: str) -> None:
    if not beginning.startswith((b"{\\rtf", OLE[:8])):  # those start programs: see the tests of doc
        survives(beginning + rest, name)


@settings(max_examples=60)
@given(st.sampled_from([PDF, DOCX, HTML]), st.data())
def test_a_file_with_a_damaged_stretch_is_read_or_refused(body: bytes, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(body)))
    end = data.draw(st.integers(start, min(len(body), start + 200)))
    survives(body[:start] + data.draw(st.binary(max_size=20)) + body[end:], "a.bin")


@settings(max_examples=40)
@given(
    st.binary(max_size=200), st.sampled_from(["word/document.xml", "word/styles.xml", "word/numbering.xml"])
)
def test_a_word_document_with_any_part_is_read_or_refused(part: bytes, name: str) -> None:
    out = BytesIO()
    with ZipFile(BytesIO(DOCX)) as whole, ZipFile(out, "w") as package:
        for other in whole.namelist():
            package.writestr(other, part if other == name else whole.read(other))
    survives(out.getvalue(), "a.docx")
