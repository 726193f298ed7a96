"""Plain text and Markdown: as printed."""

from monitor.documents.plain import read_text


def test_a_run_of_lines_is_a_block_and_a_blank_line_ends_it() -> None:
    document = read_text("# 标题\n\n发文机关：甲\n成文日期：乙\n \u200a\n**正文**  \n", url=None)
    assert [block.lines for block in document.blocks] == [
        ("# 标题",),
        ("发文机关：甲", "成文日期：乙"),
        ("**正文**",),
    ]


def test_every_kind_of_line_end_is_one() -> None:
    assert read_text("一\r\n二\r三\u2028四\x85五", url=None).lines == ("一", "二", "三", "四", "五")


def test_marks_of_pages_and_bytes_are_dropped_and_nothing_else() -> None:
    assert read_text("\ufeff　　首行缩进\x00\n第一页\n\f第二页\t表格", url=None).lines == (
        "　　首行缩进",
        "第一页",
        "第二页\t表格",
    )
