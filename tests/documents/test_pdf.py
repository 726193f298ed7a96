"""PDF files: what is text stays, in paragraphs; what belongs to the page goes."""

import pytest

from monitor.documents.reading import read
from monitor.errors import ParseError
from monitor.types import BlockKind, Link, Page
from tests.documents.printing import CHARACTERS, HEIGHT, LEFT, ROWS, TOP, Printer, read_one, sentence

TITLE = "关于做好示例药品集中采购工作的通知"


def refusal(body: bytes, **limits: int) -> str:
    with pytest.raises(ParseError) as caught:
        read(Page(url="notice.pdf", body=body), **limits)
    return str(caught.value)


def test_hard_line_ends_inside_a_paragraph_are_joined_without_a_gap() -> None:
    first, second = sentence(100), sentence(80, seed=1)
    document = read_one(Printer().paragraph(first).paragraph(second).pdf())
    assert [line for line in document.lines if line] == [first, second]


def test_a_sentence_broken_by_a_page_is_joined_without_a_gap() -> None:
    printer = Printer()
    for number in range(ROWS - 1):
        printer.line(f"第{number}项")
    body = sentence(100)
    document = read_one(printer.paragraph(body).pdf())
    assert document.lines[-1] == body


def test_paragraphs_that_fill_their_last_line_stay_apart_by_their_indents() -> None:
    texts = [sentence(CHARACTERS * 2 - 2, seed) for seed in range(4)]  # each ends exactly at the margin
    printer = Printer()
    for text in texts:
        printer.paragraph(text)
    assert [line for line in read_one(printer.pdf()).lines if line] == texts


def test_heads_feet_and_page_numbers_are_taken_out() -> None:
    texts = [sentence(200, seed) for seed in range(20)]
    printer = Printer(head="示例政策月度汇编  2024年第3期", foot="— {page} —")
    for text in texts:
        printer.paragraph(text)
    assert [line for line in read_one(printer.pdf()).lines if line] == texts


def test_a_page_number_on_the_only_page_is_taken_out() -> None:
    document = read_one(Printer(foot="- {page} -").paragraph(sentence(90)).pdf())
    assert document.lines == (sentence(90),)


def test_a_gap_between_lines_begins_a_block() -> None:
    printer = Printer().line("目录").gap().line("发文机关：示例市医疗保障局").line("发布日期：2024年3月1日")
    printer.gap().paragraph(sentence(95)).paragraph(sentence(95, seed=2))
    assert read_one(printer.pdf()).lines[:4] == (
        "目录",
        "",
        "发文机关：示例市医疗保障局",
        "发布日期：2024年3月1日",
    )


def test_short_lines_and_labels_stay_on_lines_of_their_own() -> None:
    value = "示例省卫生健康委员会、示例省医疗保障局、示例省药品监督管理局、示例省中医药局、示例省财政厅"
    block = [f"发文机关：{value}", "标 题：关于示例的通知", "发布日期：2024年3月1日", "关 键 字：示例"]
    printer = Printer().paragraph(sentence(95), indent=0).gap()
    printer.line(block[0][:CHARACTERS]).line(block[0][CHARACTERS:])
    for line in block[1:]:
        printer.line(line)
    assert list(read_one(printer.pdf()).lines[2:]) == block


def test_a_label_after_a_full_line_is_not_joined_to_it() -> None:
    full = "下载附件请登录示例网站政策法规通知公告栏目关于示例工作的通知书"[:CHARACTERS]
    labels = ["发文机关：示例市医疗保障局", "成文日期：2024年3月1日", "类 别：医保"]
    printer = Printer().paragraph(sentence(95), indent=0).gap().line(full)
    for label in labels:
        printer.line(label)
    assert list(read_one(printer.pdf()).lines[-4:]) == [full, *labels]


def test_a_title_that_the_margin_has_broken_is_one_line_and_a_heading() -> None:
    title = "示例省医疗保障局示例省卫生健康委员会关于印发实施方案的通知"
    printer = Printer().centred(title[:18], size=18).centred(title[18:], size=18).gap()
    document = read_one(printer.paragraph(sentence(200)).pdf())
    assert document.blocks[0].kind is BlockKind.HEADING
    assert document.blocks[0].lines == (title,)


def test_contents_keep_one_entry_to_a_line() -> None:
    entries = [f"- {page:02} {TITLE}第{page}号文件的内容提要部分" for page in range(1, 9)]
    printer = Printer()
    for entry in entries:
        printer.line(entry)
    assert list(read_one(printer.pdf()).lines) == entries


def test_latin_words_are_joined_with_a_space_and_broken_ones_without() -> None:
    words = "This notice concerns the transfer of medical devices and vaccines against COVID-19 in China"
    rows = [
        "This notice concerns the transfer of medi-",
        "cal devices and vaccines against COVID-",
        "19 in China",
    ]
    printer = Printer().paragraph(sentence(95), indent=0).gap()
    for row in rows:
        printer.line(row)
    assert read_one(printer.pdf()).lines[-1] == words


def test_lines_of_latin_words_are_joined_where_the_next_word_did_not_fit() -> None:
    printer = Printer().paragraph(sentence(95), indent=0).gap()
    printer.line("The administration of medicine publishes every procurement").line(
        "announcement on its website."
    )
    assert read_one(printer.pdf()).lines[-1] == (
        "The administration of medicine publishes every procurement announcement on its website."
    )


def test_spaces_that_only_layout_made_are_left_out() -> None:
    printer = Printer()
    printer.print("共采购", y=TOP)
    printer.print("33", x=LEFT + 3 * 12 + 3, y=TOP)  # a quarter of an em, as word processors set it
    printer.print("种药品", x=LEFT + 3 * 12 + 3 + 12 + 3, y=TOP)
    assert read_one(printer.pdf()).lines == ("共采购33种药品",)


def test_a_space_between_two_names_is_kept() -> None:
    printer = Printer()
    printer.print("国家医保局", y=TOP)
    printer.print("财政部", x=LEFT + 5 * 12 + 4, y=TOP)
    assert read_one(printer.pdf()).lines == ("国家医保局 财政部",)


def test_letters_set_apart_to_fill_a_line_are_no_words() -> None:
    printer = Printer()
    for number, character in enumerate("为进一步规范医疗服务价格"):
        printer.print(character, x=LEFT + number * 15.5, y=TOP)
    assert read_one(printer.pdf()).lines == ("为进一步规范医疗服务价格",)


@pytest.mark.parametrize(
    "following",
    ["示医保发〔2024〕12号", "来源：示例日报", "（一）加强领导。", "• 医院管理 •", "发布日期：2024年3月1日"],
)
def test_a_line_that_opens_something_is_not_joined_to_a_full_one(following: str) -> None:
    full = sentence(CHARACTERS)
    printer = Printer().paragraph(sentence(95), indent=0).gap().line(full).line(following)
    assert read_one(printer.pdf()).lines[-2:] == (full, following)


def test_a_label_with_its_letters_apart_keeps_its_distance_from_the_value_before_it() -> None:
    printer = Printer()
    places = [("类", 0), ("别：医保", 1.3), ("关", 5.6), ("键", 6.9), ("字：集采", 8.2)]
    for text, ems in places:
        printer.print(text, x=LEFT + ems * 12, y=TOP)
    assert read_one(printer.pdf()).lines == ("类 别：医保 关 键 字：集采",)


def test_columns_of_one_row_are_divided_by_a_tab() -> None:
    printer = Printer()
    printer.print("示例市医疗保障局", y=TOP)
    printer.print("示例市财政局", x=LEFT + 250, y=TOP)
    assert read_one(printer.pdf()).lines == ("示例市医疗保障局\t示例市财政局",)


def test_two_columns_are_read_one_after_the_other() -> None:
    left, right = sentence(135), sentence(135, seed=3)
    printer = Printer()
    for x, text in ((LEFT, left), (LEFT + 240, right)):
        for row in range(10):
            printer.print(text[row * 14 : row * 14 + 14], x=x, y=TOP + row * 18)
    assert [line for line in read_one(printer.pdf()).lines if line] == [left, right]


def test_a_watermark_across_the_page_is_left_out() -> None:
    printer = Printer().paragraph(sentence(95))
    printer.print("仅供内部使用", x=200, y=500, size=40, tilt=45)
    assert read_one(printer.pdf()).lines == (sentence(95),)


def test_a_turned_page_reads_like_an_upright_one() -> None:
    first, second = sentence(60), sentence(60, seed=1)
    printer = Printer(rotation=90)
    for row, line in enumerate([first[:40], first[40:], "", second[:40], second[40:]]):
        if line:
            printer.print(line, x=90 + row * 20, y=HEIGHT - 100, tilt=90)
    assert [line for line in read_one(printer.pdf()).lines if line] == [first, second]


def test_links_lead_where_they_lead_on_paper() -> None:
    printer = (
        Printer().line("附件：采购清单").link("https://www.example.gov.cn/a.xlsx", x=LEFT, y=TOP, width=84)
    )
    (block,) = read_one(printer.pdf()).blocks
    assert block.links == (Link("附件：采购清单", "https://www.example.gov.cn/a.xlsx"),)


def test_an_encrypted_pdf_is_refused_with_what_to_do() -> None:
    message = refusal(Printer(password="geheim").line("正文").pdf())
    assert message == "notice.pdf: is an encrypted PDF that opens with a password only; supply it without."


def test_a_scanned_pdf_is_refused_with_what_to_do() -> None:
    message = refusal(Printer().picture().page().picture().pdf())
    assert "scanned PDF: 2 page(s) of pictures without a text layer" in message
    assert "OCR" in message


def test_an_empty_pdf_is_refused() -> None:
    assert "is an empty PDF: nothing is printed on its 1 page(s)" in refusal(Printer().page().pdf())


def test_scanned_pages_among_others_are_named_in_a_warning() -> None:
    printer = Printer().paragraph(sentence(95)).page().picture().page().paragraph(sentence(95, seed=1))
    (warning,) = read_one(printer.pdf()).warnings
    assert warning == "第2页没有文字层（图片或扫描件），未能读取。"


def test_too_many_pages_are_refused() -> None:
    body = Printer().line("一").page().line("二").page().line("三").pdf()
    assert "has 3 pages, more than the limit of 2" in refusal(body, max_pages=2)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_pdf_cut_off_is_refused_or_read_with_a_warning(share: float) -> None:
    body = Printer().paragraph(sentence(300)).page().paragraph(sentence(300, seed=1)).pdf()
    try:
        document = read_one(body[: int(len(body) * share)])
    except ParseError as error:
        assert "damaged PDF" in str(error) or "PDF without pages" in str(error) or "empty PDF" in str(error)
    else:
        assert any("没有结束标记" in warning for warning in document.warnings)


def test_garbage_that_calls_itself_a_pdf_is_refused() -> None:
    assert "damaged PDF that cannot be opened" in refusal(b"%PDF-1.7\n" + bytes(range(256)) * 20)
