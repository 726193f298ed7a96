"""Word documents: all that a reader of the print would see, in order."""

from io import BytesIO
from zipfile import ZipFile

import docx
import pytest
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt

from monitor.documents.reading import read
from monitor.errors import ParseError
from monitor.types import Block, BlockKind, Link, Page
from tests.documents.printing import read_one, saved, word

LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"


def blocks(document: WordDocument) -> tuple[Block, ...]:
    return read_one(saved(document)).blocks


def with_xml(xml: str) -> WordDocument:
    """A document of one more piece of WordprocessingML."""
    document = docx.Document()
    document.element.body.insert(0, parse_xml(f"<w:body {nsdecls('w')}>{xml}</w:body>")[0])
    return document


def test_paragraphs_without_space_are_lines_of_a_block_and_an_empty_one_ends_it() -> None:
    document = read_one(word("发文机关：甲", "成文日期：乙", "", "正文"))
    assert document.lines == ("发文机关：甲", "成文日期：乙", "", "正文")


def test_a_gap_an_indent_or_another_alignment_begins_a_block() -> None:
    document = docx.Document()
    document.add_paragraph("标题").alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.add_paragraph("各单位：").paragraph_format.space_after = Pt(12)
    document.add_paragraph("一行")
    document.add_paragraph("首行缩进").paragraph_format.first_line_indent = Pt(24)
    document.add_paragraph("　　全角缩进")
    assert [block.lines for block in blocks(document)] == [
        ("标题",), ("各单位：",), ("一行",), ("首行缩进",), ("　　全角缩进",)
    ]  # fmt: skip


def test_headings_have_levels() -> None:
    document = docx.Document()
    document.add_heading("第一章", level=1)
    document.add_heading("第一节", level=2)
    document.add_paragraph("正文")
    assert [(b.kind, b.level) for b in blocks(document)] == [
        (BlockKind.HEADING, 1), (BlockKind.HEADING, 2), (BlockKind.PARAGRAPH, 0)
    ]  # fmt: skip


def test_tables_stand_where_they_stand() -> None:
    document = docx.Document()
    document.add_paragraph("前")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(table._cells, ("品种", "价格", "甲", "1.5"), strict=True):
        cell.text = text
    document.add_paragraph("后")
    before, middle, after = blocks(document)
    assert (before.lines, after.lines) == (("前",), ("后",))
    assert middle.rows == (("品种", "价格"), ("甲", "1.5"))


def test_a_table_that_arranges_the_page_is_looked_through() -> None:
    document = docx.Document()
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text = "导航"
    table.cell(0, 1).text = "长文" * 400
    assert [block.lines for block in blocks(document)] == [("导航",), ("长文" * 400,)]


def test_line_breaks_and_tabs_are_kept() -> None:
    document = docx.Document()
    document.add_paragraph("甲\t乙\n丙")
    assert blocks(document)[0].lines == ("甲\t乙", "丙")


def test_links_of_both_kinds_are_found() -> None:
    document = docx.Document()
    target = document.part.relate_to("https://a.example/1.pdf", LINK, is_external=True)
    paragraph = document.add_paragraph("见")
    paragraph._p.append(
        parse_xml(
            f'<w:hyperlink {nsdecls("w", "r")} r:id="{target}"><w:r><w:t>附件</w:t></w:r></w:hyperlink>'
        )
    )
    for xml in (
        '<w:fldChar w:fldCharType="begin"/>',
        '<w:instrText> HYPERLINK "https://a.example/2" </w:instrText>',
        '<w:fldChar w:fldCharType="separate"/>',
        "<w:t>网站</w:t>",
        '<w:fldChar w:fldCharType="end"/>',
    ):
        paragraph._p.append(parse_xml(f"<w:r {nsdecls('w')}>{xml}</w:r>"))
    (block,) = blocks(document)
    assert block.lines == ("见附件网站",)
    assert block.links == (Link("附件", "https://a.example/1.pdf"), Link("网站", "https://a.example/2"))


@pytest.mark.parametrize(
    ("xml", "seen"),
    [
        ("<w:sdt><w:sdtContent><w:p><w:r><w:t>目录条目</w:t></w:r></w:p></w:sdtContent></w:sdt>", "目录条目"),
        (
            "<w:p><w:ins w:id='1'><w:r><w:t>插入</w:t></w:r></w:ins><w:r><w:t>的字</w:t></w:r></w:p>",
            "插入的字",
        ),
        (
            "<w:p><w:del><w:r><w:delText>删</w:delText></w:r></w:del><w:r><w:t>留下</w:t></w:r></w:p>",
            "留下",
        ),
        ("<w:p><w:smartTag><w:r><w:t>国家医保局</w:t></w:r></w:smartTag></w:p>", "国家医保局"),
        (
            "<w:p><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>框内</w:t></w:r></w:p></w:txbxContent></w:pict></w:r></w:p>",
            "框内",
        ),
    ],
)
def test_what_stands_in_controls_insertions_and_boxes_is_read(xml: str, seen: str) -> None:
    assert ["".join(block.lines) for block in blocks(with_xml(xml))] == [seen]


def test_a_text_box_in_a_cell_is_read_once() -> None:
    """Word writes it twice: as a choice and as a fallback for old readers."""
    box = "<w:txbxContent><w:p><w:r><w:t>框内</w:t></w:r></w:p></w:txbxContent>"
    document = docx.Document()
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 1).text = "价格"
    run = table.cell(0, 0).paragraphs[0].add_run("品种")._r
    run.append(
        parse_xml(
            f"<mc:AlternateContent {nsdecls('w')} xmlns:mc='urn:mc'>"
            f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
        )
    )
    (block,) = blocks(document)
    assert block.rows == (("品种 框内", "价格"),)


def test_a_main_part_under_another_name_is_found() -> None:
    out = BytesIO()
    with ZipFile(BytesIO(word("正文"))) as whole, ZipFile(out, "w") as package:
        for name in whole.namelist():
            renamed = name.replace("document.xml", "document2.xml")
            package.writestr(renamed, whole.read(name).replace(b"document.xml", b"document2.xml"))
    assert read_one(out.getvalue()).lines == ("正文",)


def numbered(document: WordDocument, form: str, pattern: str) -> str:
    """Adds a list to a document; its id."""
    numbering = document.part.numbering_part.element
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for level, text in enumerate((pattern, "%1.%2"))
    )
    numbering.insert(
        0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90">{levels}</w:abstractNum>')
    )
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="91"><w:abstractNumId w:val="90"/></w:num>'))
    return "91"


def in_list(document: WordDocument, text: str, list_id: str, level: int = 0) -> None:
    properties = document.add_paragraph(text)._p.get_or_add_pPr()
    properties.append(
        parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>')
    )


@pytest.mark.parametrize(
    ("form", "pattern", "labels"),
    [
        ("chineseCountingThousand", "%1、", ["一、", "二、", "三、"]),
        ("chineseCounting", "（%1）", ["（一）", "（二）", "（三）"]),
        ("decimal", "第%1条", ["第1条", "第2条", "第3条"]),
        ("upperRoman", "%1.", ["I. ", "II. ", "III. "]),
        ("lowerLetter", "%1)", ["a) ", "b) ", "c) "]),
        ("decimalEnclosedCircle", "%1", ["①", "②", "③"]),
        ("bullet", "\uf0b7", ["• ", "• ", "• "]),
    ],
)
def test_automatic_numbers_are_printed(form: str, pattern: str, labels: list[str]) -> None:
    document = docx.Document()
    list_id = numbered(document, form, pattern)
    for _ in labels:
        in_list(document, "事项", list_id)
    assert [line for block in blocks(document) for line in block.lines] == [
        f"{label}事项" for label in labels
    ]


def test_deeper_numbers_begin_anew_under_each_higher_one() -> None:
    document = docx.Document()
    list_id = numbered(document, "decimal", "%1.")
    for level in (0, 1, 1, 0, 1):
        in_list(document, "项", list_id, level)
    assert [line for block in blocks(document) for line in block.lines] == [
        "1. 项",
        "1.1 项",
        "1.2 项",
        "2. 项",
        "2.1 项",
    ]


def test_a_document_without_text_is_refused() -> None:
    with pytest.raises(ParseError, match="is a Word document without text"):
        read(Page(url="a.docx", body=word("")))


def test_a_damaged_document_is_refused() -> None:
    broken = BytesIO()
    with ZipFile(BytesIO(word("正文"))) as whole, ZipFile(broken, "w") as package:
        for name in whole.namelist():
            content = whole.read(name)
            package.writestr(name, content[: len(content) // 2] if name == "word/document.xml" else content)
    with pytest.raises(ParseError, match="is a damaged Word document"):
        read(Page(url="a.docx", body=broken.getvalue()))


def test_a_document_that_unpacks_beyond_the_limit_is_refused() -> None:
    with pytest.raises(ParseError, match="more than the limit allows"):
        read(Page(url="a.docx", body=word("重复" * 400_000)), max_bytes=1_000_000)
