"""The metadata block that opens each notice of the digest: labels, with values that wrap as they like.

Labels stand one to a line or two; in the order of rows or of columns; with blank lines between all, some
or none of them; a value can be empty, or go on over several lines without a label and without an indent.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from monitor.parsing.dates import parse_date
from monitor.parsing.text import GENRE, is_blank, join_lines, key


class Label(StrEnum):
    """The labels of a block, by their usual names."""

    AGENCIES = "发文机关"
    TITLE = "标题"
    NUMBER = "发文字号"
    CATEGORY = "类别"
    WRITTEN = "成文日期"
    PUBLISHED = "发布日期"
    KEYWORDS = "关键字"


_PRINTED = {
    Label.AGENCIES: "发文机关 发布机关 发文机构 发布机构 发文单位 发布单位 发文部门 制发机关",
    Label.TITLE: "标题 文件标题 政策标题",
    Label.NUMBER: "发文字号 发文文号 文件编号 发文号 文号",
    Label.CATEGORY: "类别 政策类别 所属类别 分类",
    Label.WRITTEN: "成文日期 成文时间 发文日期 印发日期",
    Label.PUBLISHED: "发布日期 发布时间 公布日期 公开日期",
    Label.KEYWORDS: "关键字 关键词 主题词 主题",
}
_LABEL_OF = {name: label for label, names in _PRINTED.items() for name in names.split()}
_SIMPLIFIED = str.maketrans("發機關標題類別單鍵詞時間號構編門開", "发机关标题类别单键词时间号构编门开")
_DISTINCT = ("发文机关", "发文字号", "成文日期", "发布日期")  # labels wherever they stand, colon or not


def _spaced(names: Iterable[str]) -> str:
    longest_first = sorted(names, key=len, reverse=True)
    return "|".join(r"\s{0,4}".join(name) for name in longest_first)


_COLON = r"[\s*]{0,4}[:：﹕∶][\s*]{0,4}"
_AT_START = re.compile(
    rf"[\s*#>|•·-]{{0,8}}(?:(?P<any>{_spaced(_LABEL_OF)}){_COLON}|(?P<distinct>{_spaced(_DISTINCT)})(?:[\s|]|$))"
)
_WITHIN = re.compile(
    rf"(?:(?<=[\s:：|*])(?P<any>{_spaced(_LABEL_OF)})|(?P<distinct>{_spaced(_DISTINCT)})){_COLON}"
)
_LONGEST_WRAP = 60  # characters; a longer line is running text and no value's continuation
_LONGEST_LAST_WRAP = 30  # the same for the last value, which the body follows
_MOST_WRAPS = 6  # lines between two labels
_MOST_LAST_WRAPS = 3
_LONGEST_BLOCK = 60  # lines
_LINES_TO_TITLE = 6
_TITLE = re.compile(rf"(?:.{{2,8}}[：:])?[^，。；：:]{{8,200}}{GENRE}(?:[（(].{{0,24}}[）)])?")
_FEWEST_LABELS = 3


@dataclass
class Block:
    """One metadata block: `lines[start:end]`, and the printed lines of each label's value.

    `title` is the block's own; where the line with it is lost, the one that the text below begins with.
    """

    start: int
    end: int
    values: dict[Label, list[str]] = field(default_factory=dict)
    title: str = ""

    def text(self, label: Label) -> str:
        """The value of a label with its line ends taken out; empty where nothing is printed."""
        return join_lines(self.values.get(label, ()))


def label_at(line: str) -> Label | None:
    """The label that a line opens with."""
    match = _AT_START.match(line.translate(_SIMPLIFIED))
    return _label(match) if match else None


def _label(match: re.Match[str]) -> Label:
    return _LABEL_OF["".join((match["any"] or match["distinct"]).split())]


def find_blocks(lines: Sequence[str]) -> list[Block]:
    """Every metadata block in the lines, in order."""
    blocks = [read_block(lines, start, end) for start, end in _runs(lines)]
    for block in blocks:
        block.title = block.text(Label.TITLE) or title_below(lines, block.end)
    return [block for block in blocks if len(block.values) >= _FEWEST_LABELS and _names_one(block)]


def _names_one(block: Block) -> bool:
    return bool(block.title) or Label.AGENCIES in block.values


def title_below(lines: Sequence[str], start: int) -> str:
    """The title that stands on the first printed lines: it ends with 通知, 公告… before a text begins."""
    title = ""
    for line in [line for line in lines[start : start + _LINES_TO_TITLE] if not is_blank(line)]:
        title = join_lines((title, line))
        if _TITLE.fullmatch(title):
            return title
        if len(line) > _LONGEST_WRAP:
            break
    return ""


def _runs(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Stretches of lines from a first label to the line after the last one, short wraps in between."""
    labelled = [(number, label) for number, line in enumerate(lines) if (label := label_at(line))]
    start, seen = 0, set[Label]()
    for index, (number, label) in enumerate(labelled):
        between = lines[labelled[index - 1][0] + 1 : number] if index else ()
        if seen and (number - start > _LONGEST_BLOCK or _restarts(between, label, again=label in seen)):
            yield start, number - len(between)
            seen.clear()
        if not seen:
            start = number
        seen.update(label for label, _ in _pieces(lines[number]))
    if seen:
        yield start, labelled[-1][0] + 1


def _restarts(between: Sequence[str], label: Label, *, again: bool) -> bool:
    """A label after these lines belongs to the next block: what is between is a text and no wrap."""
    printed = [line for line in between if not is_blank(line)]
    is_text = len(printed) > _MOST_WRAPS or any(map(_is_text, printed))
    return is_text or (again and (bool(printed) or label in (Label.AGENCIES, Label.TITLE)))


def _is_text(line: str) -> bool:
    return len(line) > _LONGEST_WRAP or line.rstrip().endswith("。")


def read_block(lines: Sequence[str], start: int, end: int) -> Block:
    """The block whose labels stand in `lines[start:end]`, with the wraps of its last value."""
    block = Block(start, end)
    for line in lines[start:end]:
        if label_at(line):
            for label, value in _pieces(line):
                block.values.setdefault(label, [])
                if value and not block.values[label]:
                    block.values[label].append(value)
        elif not is_blank(line):
            _continue(block, line)
    for line in lines[end : end + _MOST_LAST_WRAPS]:
        if not _goes_on(block, line):
            break
        _continue(block, line)
        block.end += 1
    return block


def _pieces(line: str) -> list[tuple[Label, str]]:
    """The labels of a line and what stands after each."""
    simplified = line.translate(_SIMPLIFIED)
    first = _AT_START.match(simplified)
    if not first:
        return []
    labels = [first, *_WITHIN.finditer(simplified, first.end())]
    # A label straight after a colon (发文字号：发布日期：) is one too: its own colon has been taken.
    ends = [*(label.start() for label in labels[1:]), len(line)]
    return [
        (_label(label), line[label.end() : end].strip(" \t|*\u3000"))
        for label, end in zip(labels, ends, strict=True)
    ]


def _continue(block: Block, line: str) -> None:
    """Gives a line without a label to the latest value that can still go on."""
    owner = next((label for label in reversed(block.values) if _takes(block, label, line)), None)
    if owner:
        block.values[owner].append(line.strip())


_PART_OF_NUMBER = re.compile(
    r"[〔\[［﹝【]|[（(]\s?[12１２]\s?[90９０]|\d\s?[号號]|^[\d\s〔〕\[\]（）()年第号號]+$"
)
_COMPLETE_NUMBER = re.compile(r"[^（(]*[号號]|.*[）)]")
_PART_OF_DATE = re.compile(r"\d\s?[年月日/.-]|^\s*[日号]\s*$")


def _takes(block: Block, label: Label, line: str) -> bool:
    """Whether the value printed so far can go on with the line."""
    printed = block.text(label)
    match label:
        case Label.WRITTEN | Label.PUBLISHED:
            return parse_date(printed) is None and bool(_PART_OF_DATE.search(line))
        case Label.NUMBER:
            return not _COMPLETE_NUMBER.fullmatch(printed) and bool(_PART_OF_NUMBER.search(line))
        case Label.CATEGORY:
            return not printed and len(line) <= 12
        case _:
            return True


def _goes_on(block: Block, line: str) -> bool:
    """Whether the line after the last label belongs to its value, and not to the body."""
    last = next(reversed(block.values), None)
    if last is None or is_blank(line) or len(line) > _LONGEST_LAST_WRAP:
        return False
    if label_at(line) or not _takes(block, last, line):
        return False
    title, opening = key(block.text(Label.TITLE)), key(line)
    return not title or not (title.startswith(opening[:8]) or opening.startswith(title[:8]))
