"""Labelled values (`索引号：…`), as the public-information block of a page prints them.

The same fields come in many dresses: cells of a table, definition lists, spans, `label：value` in a line, a
row of labels above a row of values. Whoever flattens a document marks where a cell and where an inline
element begins or ends; what is a label and what is its value is decided here.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from monitor.parsing.text import compact

CELL = "\x1e"  # between two cells of a row
EDGE = "\x1f"  # where an inline element begins or ends


class Field(StrEnum):
    """What a label stands for, by its usual name."""

    INDEX = "索引号"
    NUMBER = "文号"
    ISSUER = "发文机关"
    SOURCE = "来源"
    WRITTEN = "成文日期"
    PUBLISHED = "发布日期"
    TITLE = "标题"
    EFFECTIVE = "施行日期"
    EXPIRY = "失效日期"
    KEYWORDS = "主题词"
    OTHER = "其他"  # of no use, but the value before it ends here


_PRINTED: Mapping[Field, str] = {
    Field.INDEX: "索引号 索取号 信息索引 信息索引号 索引码 索引编号",
    Field.NUMBER: """
        发文字号 文号 文件编号 文件字号 公文字号 发文文号 发文号 文件号 文件文号 发文编号
        """,
    Field.ISSUER: """
        发文机关 发布机构 发文单位 制发机关 发布单位 发布机关 发文机构 制定机关 印发机关 公开机构 公开主体
        公开单位 信息公开主体 发布部门 发文部门 颁布单位 颁布机关 公布机关 制发单位 印发单位 发布主体 责任部门
        公开责任部门
        """,
    Field.SOURCE: """
        来源 信息来源 文章来源 稿件来源 稿源 新闻来源 内容来源 来源单位 来源部门 供稿单位 信息提供单位
        """,
    Field.WRITTEN: """
        成文日期 发文日期 生成日期 签发日期 印发日期 制发日期 颁布日期 成文时间 发文时间 生成时间 签发时间
        印发时间
        """,
    Field.PUBLISHED: """
        发布日期 发布时间 公开日期 公开时间 公布日期 公布时间 发表日期 发表时间 上传时间 时间 日期
        """,
    Field.TITLE: "标题 名称 信息名称 文件名称 文件标题 信息标题 公文名称 公文标题",
    Field.EFFECTIVE: "施行日期 生效日期 实施日期 执行日期 施行时间 生效时间 实施时间",
    Field.EXPIRY: "失效日期 废止日期 失效时间 废止时间 有效期至 有效期限至",
    Field.KEYWORDS: "主题词 关键词 关键字",
    Field.OTHER: """
        主题分类 信息分类 分类 服务对象分类 所属主题 主题 组配分类 体裁分类 体裁 文种 公文种类 文件类型
        公开方式 公开形式 公开类别 公开范围 公开属性 公开程序 公开时限 有效性 效力状态 时效性 时效 是否有效
        有效期 规范性文件有效性 文件状态 状态 内容概述 信息概述 概述 摘要 内容摘要 浏览次数 浏览量 浏览
        阅读次数 阅读量 阅读 访问次数 访问量 点击次数 点击数 点击量 点击 次数 字号 字体 字体大小 作者 撰稿
        责任编辑 编辑 审核 审核人 校对 打印 分享 分享到 收藏 语种 更新时间 更新日期 统一编号 统一登记号
        规范性文件编号 登记号 有效区域 所属栏目 栏目 适用范围 信息格式 生命周期 著录日期 解读链接 相关解读
        保护视力色 视力保护色
        """,
}
LABELS: Mapping[str, Field] = {label: field for field, labels in _PRINTED.items() for label in labels.split()}

_TOLD = frozenset((Field.INDEX, Field.NUMBER, Field.ISSUER, Field.WRITTEN))
_LONGEST_PRINTED = 3 * max(map(len, LABELS))  # with padding between the characters
_RUN = re.compile(
    r"(?:^|(?<=[\s|｜,，;；【\[（(】\]）)·•\x1f]))(?P<label>"
    + "|".join(r"[\s\x1f]{0,6}".join(label) for label in sorted(LABELS, key=len, reverse=True))
    + r")[\s\x1f]{0,6}(?:[】\]][\s\x1f]{0,6}[:：]?|[:：])"  # 【索引号】 needs no colon
)
_MARKED = re.compile(f"[:：】{CELL}{EDGE}]")
_NO_VALUE = re.compile(r"(?:当前|您(?:现在|当前|所在)?的?|所在)位置|首页|搜索|登录")
_TOO_LONG = 1200  # characters; a longer line is a text, not a block of labels


class Labelled(NamedTuple):
    """A labelled value; label and value stand in `lines[first:last]`."""

    field: Field
    value: str
    first: int
    last: int


def label_of(text: str) -> Field | None:
    """The field that a text names if it is a label and nothing else (`索 引 号：`)."""
    if len(text) > _LONGEST_PRINTED:
        return None
    return LABELS.get(_bare(text).strip("：:[]【】*"))


def read_labels(lines: Sequence[str]) -> list[Labelled]:
    """Every labelled value of the lines in order; empty values too, for a block can leave a field open."""
    found: list[Labelled] = []
    number = 0
    in_turn = False  # labels and values take turns, a line each
    while number < len(lines):
        line = lines[number].strip(EDGE)
        following = lines[number + 1] if number + 1 < len(lines) else ""
        in_turn = (in_turn or _alone(lines, number + 2)) and _alone(lines, number)
        taken = 1
        if len(line) > _TOO_LONG or not (_MARKED.search(line) or label_of(line)):
            pass
        elif (columns := _column_heads(line)) and not _is_row(lines, number + 2, len(columns)):
            found += _below(columns, following, number)
            taken = 2
        elif (field := label_of(line)) and CELL not in line:
            taken = 2 if in_turn and not starts_with_label(following) and len(following) <= _TOO_LONG else 1
            found.append(Labelled(field, _plain(following) if taken == 2 else "", number, number + taken))
        else:
            found += [Labelled(field, value, number, number + 1) for field, value in _in_line(line)]
        number += taken
    return found


def _alone(lines: Sequence[str], number: int) -> bool:
    """A label is all that the line holds."""
    return number < len(lines) and CELL not in lines[number] and label_of(lines[number]) is not None


def _column_heads(line: str) -> list[Field] | None:
    """The fields of a row that holds labels only, two or more: its values are in the one row below."""
    cells = [cell for cell in line.split(CELL) if _plain(cell)]
    fields = [label_of(cell) for cell in cells]
    if len(fields) < 2 or None in fields or any(_plain(cell).endswith(("：", ":")) for cell in cells):
        return None
    return [field for field in fields if field is not None]


def _is_row(lines: Sequence[str], number: int, cells: int) -> bool:
    """A second row of as many cells that are no labels: what stands above it is a table of data."""
    if number >= len(lines) or lines[number].count(CELL) != cells - 1:
        return False
    return _column_heads(lines[number]) is None


def _below(columns: list[Field], line: str, number: int) -> list[Labelled]:
    values = line.split(CELL)
    if len(values) != len(columns):
        return []
    return [
        Labelled(field, _plain(value), number, number + 2)
        for field, value in zip(columns, values, strict=True)
    ]


def starts_with_label(line: str) -> bool:
    first = line.split(CELL, 1)[0]
    return bool(_NO_VALUE.match(first)) or label_of(first) is not None or any(True for _ in _in_line(line))


def _in_line(line: str) -> Iterator[tuple[Field, str]]:
    """`label value` in neighbouring cells or elements, and `label：value label：value` inside of one."""
    waiting: Field | None = None  # a label at the end of its cell: its value is the next cell, be it empty
    for cell in line.split(CELL):
        for field, value, last in _in_cell(cell):
            if waiting:
                yield waiting, value if field is None else ""
            waiting = None
            if field and last and not value:
                waiting = field
            elif field:
                yield field, value
    if waiting:
        yield waiting, ""


def _in_cell(cell: str) -> Iterator[tuple[Field | None, str, bool]]:
    """What stands before the first label (as None), then each label's value; and whether it is the last."""
    parts = cell.split(EDGE)
    text = EDGE.join(part.rstrip("：:") + "：" if label_of(part) else part for part in parts)
    run = list(_RUN.finditer(text)) if any(mark in text for mark in ":：】") else []
    starts = [match.start() for match in run] + [len(text)]
    if before := _plain(text[: starts[0]]):
        yield None, before, not run
    elif not run:
        yield None, "", True
    for match, end in zip(run, starts[1:], strict=True):
        yield LABELS[_bare(match["label"])], _plain(text[match.end() : end]), end == len(text)


def _bare(label: str) -> str:
    return compact(label.replace(EDGE, ""))


def _plain(text: str) -> str:
    return " ".join(text.replace(EDGE, "").split()).strip("：: 　|｜【[】]")


def first_values(found: Iterable[Labelled]) -> tuple[dict[Field, str], list[str]]:
    """The first value of each field that has one, and sentences about those printed differently elsewhere."""
    values: dict[Field, str] = {}
    conflicts: list[str] = []
    for labelled in found:
        name, value = labelled.field, labelled.value
        if not value or name is Field.OTHER:
            continue
        kept = values.setdefault(name, value)
        if compact(kept) != compact(value) and name in _TOLD:
            conflicts.append(f"页面所列{name}不一，有「{kept}」和「{value}」，采用前者。")
    return values, conflicts
