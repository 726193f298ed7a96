"""Running heads and page numbers go; whatever could be a line of the text stays."""

import pytest

from tests.documents.printing import HEIGHT, LEFT, Printer, lines, read_one, sentence


def printed(printer: Printer) -> list[str]:
    return lines(read_one(printer.pdf()).lines)


@pytest.mark.parametrize(
    "foot", ["{page}", "- {page} -", "— {page} —", "第 {page} 页 共 6 页", "Page {page} of 6", "·{page}·"]
)
def test_a_page_number_in_any_dress_is_taken_out(foot: str) -> None:
    texts = [sentence(900, seed) for seed in range(5)]
    printer = Printer(foot=foot)
    for text in texts:
        printer.paragraph(text)
    assert printed(printer) == texts


def test_heads_that_alternate_between_left_and_right_pages_are_taken_out() -> None:
    texts = [sentence(860, seed) for seed in range(8)]
    printer = Printer()
    for page, text in enumerate(texts):
        printer.print("示例汇编" if page % 2 else "政策法规", x=LEFT if page % 2 else 400, y=50, size=9)
        printer.paragraph(text).page()
    assert printed(printer) == texts


def test_a_head_that_changes_with_the_chapter_is_taken_out() -> None:
    texts = [sentence(860, seed) for seed in range(9)]
    printer = Printer()
    for page, text in enumerate(texts):
        printer.print(f"第{'一二三'[page // 3]}部分", y=50, size=9)
        printer.paragraph(text).page()
    assert printed(printer) == texts


def test_a_name_and_a_number_on_one_row_are_taken_out_together() -> None:
    texts = [sentence(860, seed) for seed in range(6)]
    printer = Printer()
    for page, text in enumerate(texts):
        printer.print("示例政策月度汇编", y=HEIGHT - 40, size=9)
        printer.print(f"{page + 17}", x=480, y=HEIGHT - 40, size=9)
        printer.paragraph(text).page()
    assert printed(printer) == texts


def test_a_head_in_small_type_close_to_the_text_is_taken_out() -> None:
    texts = [sentence(600, seed) for seed in range(6)]
    printer = Printer(head="示例网 2024/3/1", foot="http://a.example/  {page}/6")
    for text in texts:
        printer.gap(-1).paragraph(text).page()
    assert printed(printer) == texts


def test_an_agency_that_opens_several_pages_running_stays() -> None:
    """One notice to a page, all of one agency: the same words at the same place, but of the text."""
    printer, expected = Printer(), []
    for page in range(6):
        block = [
            "发文机关：示例省医疗保障局",
            f"标题：关于第{page}号事项的通知",
            f"成文日期：2024年3月{page * 3 + 2}日",
        ]
        for line in block:
            printer.line(line)
        printer.gap().paragraph(sentence(300, page)).page()
        expected += [*block, sentence(300, page)]
    assert printed(printer) == expected


def test_annexes_that_count_with_the_pages_keep_their_headings() -> None:
    printer, expected = Printer(foot="- {page} -").paragraph(sentence(600)).page(), [sentence(600)]
    for number in range(1, 5):
        printer.line(f"附件{number}").gap().paragraph(sentence(300, number)).page()
        expected += [f"附件{number}", sentence(300, number)]
    assert printed(printer) == expected


def test_a_date_at_the_foot_of_pages_stays() -> None:
    printer, expected = Printer(), []
    for day in range(1, 5):
        printer.paragraph(sentence(300, day))
        printer.line(f"2024年3月{day}日", indent=18).page()
        expected += [sentence(300, day), f"2024年3月{day}日"]
    assert printed(printer) == expected


def test_a_line_that_repeats_inside_the_page_stays() -> None:
    printer, expected = Printer(), []
    for seed in range(5):
        printer.paragraph(sentence(300, seed)).line("特此通知。").paragraph(sentence(300, seed + 1)).page()
        expected += [sentence(300, seed), "特此通知。", sentence(300, seed + 1)]
    assert printed(printer) == expected
