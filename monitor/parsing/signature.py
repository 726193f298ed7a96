"""Issuers as they are printed: in a signature (names above a date), before a title, in a cell.

A name is told by its shape (…局, …委, …办公室), never by a list, so that an agency nobody has heard of is
taken too; what the names stand for is resolved elsewhere.
"""

import datetime as dt
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from monitor.parsing.dates import find_dates
from monitor.parsing.text import is_blank
from rules.vocabulary import default_vocabulary

_ENDS = (
    *(
        "委",
        "局",
        "部",
        "厅",
        "司",
        "署",
        "院",
        "办公室",
        "办公厅",
        "办",
        "中心",
        "政府",
        "会",
        "人大",
        "政协",
        "组",
    ),
    *(
        "机制",
        "所",
        "银行",
        "残联",
        "妇联",
        "科协",
        "团中央",
        "中央",
        "总队",
        "兵团",
        "处",
        "公司",
        "网",
        "社",
        "联盟",
    ),
    *("平台", "大学", "集团", "站", "专班"),
)
_SIMPLIFIED = str.maketrans("廳會處辦組機關於轉發聯", "厅会处办组机关于转发联")  # what a shape is told by
_MEETING = re.compile(
    r"(?:座谈|发布|研讨|大|年|培训|推进|听证|见面|交流|评审|论证|宣讲|社)会$|(?:其中|以下|集)中心$|全社$"
)
_NAME = re.compile(r"[\u4e00-\u9fff]{2,40}(?:[（(][\u4e00-\u9fff]{1,12}[）)])?")
_INNER = re.compile(r"(?:办公厅|办公室|综合司|秘书处|综合处|[\u4e00-\u9fff]{2,6}司)$")
_NOT_A_NAME = re.compile(
    r"^(?:附件|附表|抄送|主送|各|关于|联系|此|来源|印章|公章)|有关|以下|上述|以及|负责|关于|印发|转发|发布|同意|审议|通过"
)
_RUNNING = re.compile(r"[。：:？?！!《》“”\d]")  # never in a list of agencies
_LONGEST = 300  # characters of a list of agencies
_OF_TABLES = re.compile(r"(?:公司|集团|大学|医院|学院|卫生院|诊所|药[店房])$")  # rather a row of a table
_TWO_NAMES = 8  # characters; shorter names are never two
_LAST_OF_A_DATE = "日号發发）)0123456789０１２３４５６７８９"
_GAP = re.compile(r"[\s、，,；;]+")
_BEFORE_TITLE = re.compile(r"^(?P<names>.{2,160}?)(?P<rest>关于|印发|转发|发布|公布|公告|通告|令第|批转)")
_JOINED = re.compile(r"联合|会同|和|与|及")
_SEAL = re.compile(r"[（(](?:代?章|印章?|公章|盖章)[）)]")
_AND_OTHERS = re.compile(r"等(?:[\d一二三四五六七八九十]{1,3}个?(?:部门|单位|部委|委办局))?$")


class Signature(NamedTuple):
    """Who signed and when; `first` and `last` are the indexes of its lines."""

    agencies: tuple[str, ...]
    truncated: bool
    date: dt.date | None
    first: int
    last: int


def is_agency(name: str) -> bool:
    """The text has the shape of an agency's name."""
    name = name.translate(_SIMPLIFIED)
    return (
        bool(_NAME.fullmatch(name))
        and _unbracketed(name).endswith(_ENDS)
        and not (_NOT_A_NAME.search(name) or _MEETING.search(name))
    )


def _unbracketed(name: str) -> str:
    return re.split(r"[（(]", name, maxsplit=1)[0]


def split_agencies(text: str) -> tuple[tuple[str, ...], bool]:
    """The agencies of a text that holds nothing else, and whether it ended in 等 or 等五部门.

    `((), False)` for a text that holds anything else.
    """
    if len(text) > _LONGEST or _RUNNING.search(text):
        return (), False
    text = _SEAL.sub("", text.strip())
    alone = _AND_OTHERS.sub("", text)
    tokens = _whole([token for token in _GAP.split(alone) if token])
    names = [name for token in tokens for name in _split_joined(token)]
    if not names or not all(map(is_agency, names)):
        return (), False
    parted = [part for name in names for part in _parted(name)]
    return tuple(dict.fromkeys(parted)), alone != text


def _whole(tokens: list[str]) -> list[str]:
    """Tokens of one name put together: letter-spaced names, and an office printed after its agency."""
    if len(tokens) > 2 and all(len(token) == 1 for token in tokens):
        return ["".join(tokens)]
    names: list[str] = []
    for token in tokens:
        if names and (_INNER.fullmatch(token) or not is_agency(names[-1])):
            names[-1] += token
        else:
            names.append(token)
    return names


@lru_cache(maxsize=4096)
def _parted(name: str) -> tuple[str, ...]:
    """Names that the printer ran together (国家卫生健康委国家发展改革委), told apart by the vocabulary."""
    parts = default_vocabulary().split_agencies(name)[0] if len(name) >= _TWO_NAMES else []
    return tuple(parts) if len(parts) > 1 and all(map(is_agency, parts)) else (name,)


def _split_joined(token: str) -> list[str]:
    """国家医保局联合财政部 → two names; 国家发展和改革委员会 stays one."""
    for match in _JOINED.finditer(token):
        first, second = token[: match.start()], token[match.end() :]
        if is_agency(first) and is_agency(second) and len(second) > 2:
            return [first, *_split_joined(second)]
    return [token]


def title_agencies(title: str) -> tuple[tuple[str, ...], bool]:
    """The agencies before the title proper (国家医保局 财政部关于…), and whether they ended in 等."""
    title = title.strip()
    match = _BEFORE_TITLE.match(title.translate(_SIMPLIFIED))
    return split_agencies(title[: match.end("names")]) if match else ((), False)


def only_date(line: str) -> dt.date | None:
    """The date of a line that holds a date and nothing else."""
    text = line.strip()
    if not 6 <= len(text) <= 60 or text[-1] not in _LAST_OF_A_DATE:
        return None
    dates = find_dates(text)
    if len(dates) != 1:
        return None
    before, after = text[: dates[0].start].strip(), text[dates[0].end :].strip()
    return dates[0].value if before in ("", "（", "(") and after in ("", "）", ")", "印发") else None


def signs(line: str) -> bool:
    """The line can be one of a signature: agencies, a date, or both."""
    return only_date(line) is not None or bool(split_agencies(line)[0]) or _names_and_date(line) is not None


def find_signature(lines: Sequence[str], start: int = 0) -> Signature | None:
    """The first signature from line `start` on: agencies above (or before) a date."""
    signatures = (_signature_at(lines, number, start) for number in range(start, len(lines)))
    return next(
        (found for found in signatures if found and not all(map(_OF_TABLES.search, found.agencies))), None
    )


def _signature_at(lines: Sequence[str], number: int, start: int) -> Signature | None:
    """The signature whose date stands on line `number`."""
    if (date := only_date(lines[number])) and (found := _names_above(lines, number, start)):
        return Signature(*found[:2], date, found[2], number)
    if not (inline := _names_and_date(lines[number])):
        return None
    agencies, truncated, date = inline
    above = _names_above(lines, number, start)
    first = above[2] if above else number
    return Signature((*(above[0] if above else ()), *agencies), truncated, date, first, number)


def _names_and_date(line: str) -> tuple[tuple[str, ...], bool, dt.date] | None:
    """国家医保局 财政部 2022年6月30日, in one line."""
    if len(line) > _LONGEST or line.rstrip()[-1:] not in _LAST_OF_A_DATE:
        return None
    dates = find_dates(line)
    if len(dates) != 1 or line[dates[0].end :].strip():
        return None
    agencies, truncated = split_agencies(line[: dates[0].start])
    return (agencies, truncated, dates[0].value) if agencies else None


def _names_above(lines: Sequence[str], number: int, start: int) -> tuple[tuple[str, ...], bool, int] | None:
    """The lines of agencies that end above line `number`, and the index of the first of them."""
    rows: list[str] = []
    first = number
    for above in range(number - 1, start - 1, -1):
        line = lines[above]
        if is_blank(line):
            continue
        if not (split_agencies(line)[0] or (rows and _runs_on(line, rows[0]))):
            break
        rows.insert(0, line)
        first = above
    agencies, truncated = split_agencies(" ".join(_joined_rows(rows))) if rows else ((), False)
    return (agencies, truncated, first) if agencies else None


def _runs_on(line: str, below: str) -> bool:
    """The line is the first part of a name that the printer broke: 某省药品集中采购工作领导小 / 组办公室."""
    head, rest = line.strip(), below.strip()
    if (
        not 4 <= len(head) <= 30
        or len(rest) > 8
        or rest[:1] in "省市区县州"
        or is_agency(head)
        or not is_agency(head + rest)
    ):
        return False
    vocabulary = default_vocabulary()
    return vocabulary.agency(rest) is None and vocabulary.agency_kind(rest) is None


def _joined_rows(rows: list[str]) -> list[str]:
    joined: list[str] = []
    for row in rows:
        if joined and _runs_on(joined[-1], row):
            joined[-1] = joined[-1].strip() + row.strip()
        else:
            joined.append(row)
    return joined
