"""Annexes (附件) by their printed names: `附件：1.某某表`, one below the other or all in a line."""

import re
from collections.abc import Sequence

from monitor.parsing.signature import signs
from monitor.parsing.text import compact, is_blank, join, squeeze

_NUMBER = r"\d{1,2}(?:[-－]\d{1,2})?"
_LIST = re.compile(rf"^附\s{{0,4}}[件表]?\s{{0,4}}(?:{_NUMBER})?\s{{0,4}}[:：]\s{{0,8}}(?P<name>.{{0,600}})$")
_ALONE = re.compile(r"^附\s{0,4}件\s{0,4}(?:\d{1,2}|[一二三四五六七八九十]{1,2})?$")
_NUMBERED = re.compile(rf"^[（(]?{_NUMBER}\s{{0,2}}[.、．）)：:]\s{{0,4}}(?=\D)")
_IN_LINE = re.compile(r"(?<=[\s；;，。）)》表单案录书件])\d{1,2}\s{0,2}[.、．]\s{0,4}(?=[^\d\s.])")
_END = re.compile(
    r"附件下载|下载链接|下载地址|https?://|^www\.|^[（(]?此件|^相关链接|^联系(?:人|电话|方式|单位)\s{0,4}[:：]|^抄送|^信息公开"
    r"|^[一二三四五六七八九十]{1,3}、|。.{2}"
)
_COMPLETE = re.compile(
    r"(?:[表书单案录法则准范南程图划见知告定件函明项点版说据库集册簿卷标图]|[）)》])[；;。.，,、]?$"
)
_OPEN = re.compile(r"[、，,的及和与（(《]$|[（(《][^）)》]{0,80}$")
_TRAILING = re.compile(
    r"(?:[（(](?:见附件|略|另附|附后|另发|请点击.{0,10}|点击下载|下载)[）)]|[；;。.，,、\s])+$"
)
_MOST = 80  # lines of a list
_LONGEST = 160  # characters of a name


def named_annexes(lines: Sequence[str]) -> list[str]:
    """The names that the list of annexes prints, without their numbers; [] where there is no list.

    Blank lines count: where names bear no numbers they tell a new one from the rest of a wrapped one.
    """
    start = next((number for number in range(len(lines)) if _opens_list(lines, number)), None)
    if start is None:
        return []
    names: list[str] = []
    numbered = after_blank = False
    for text in (line.strip() for line in lines[start : start + _MOST]):
        if is_blank(text):
            after_blank = True
            continue
        opening = _LIST.match(text)
        if not opening and not _ALONE.match(text) and _ends_list(text):
            break
        for name in _split(opening["name"] if opening else "" if _ALONE.match(text) else text):
            new = bool(opening or _NUMBERED.match(name) or not names)
            numbered = numbered or bool(_NUMBERED.match(name))
            if new or _is_whole(names[-1], numbered, after_blank):
                names.append(name)
            else:
                names[-1] = join(names[-1], name)
        after_blank = False
    return [name for name in map(_tidy, names) if 2 <= len(name) <= _LONGEST]


def _is_whole(name: str, numbered: bool, after_blank: bool) -> bool:
    """A line without a number begins a new name, for the name above it does not go on."""
    if after_blank and not numbered:
        return not _OPEN.search(name)
    return bool(_COMPLETE.search(name)) and (after_blank or not numbered)


def _opens_list(lines: Sequence[str], number: int) -> bool:
    text = lines[number].strip()
    if len(text) > _LONGEST * 4 or not (match := _LIST.match(text) or _ALONE.match(text)):
        return False
    if match.re is _LIST and match["name"].strip():
        return not _ends_list(match["name"].strip())
    following = next((line.strip() for line in lines[number + 1 :] if not is_blank(line)), "")
    return bool(_NUMBERED.match(following)) or (match.re is _LIST and 0 < len(following) <= _LONGEST)


def _ends_list(text: str) -> bool:
    return bool(_END.search(text)) or signs(text)


def _split(text: str) -> list[str]:
    """1.甲表 2.乙表 in one line → both; a name with a figure in it stays one."""
    if not _NUMBERED.match(text):
        return [text] if text else []
    cuts = [match.start() for match in _IN_LINE.finditer(text)]
    return [text[a:b].strip() for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]


def _tidy(name: str) -> str:
    name = _NUMBERED.sub("", squeeze(name), count=1)
    name = _TRAILING.sub("", name)
    if name.startswith("《") and name.endswith("》") and name.count("《") == 1:
        name = name[1:-1]
    return name.strip() if compact(name) not in ("略", "无") else ""
