"""The cover of a digest: which publication, which issue, whose, of when."""

import re
from collections.abc import Sequence

from monitor.parsing.dates import find_dates
from monitor.parsing.text import compact, is_blank, squeeze
from monitor.types import SourceDigest

_COVER_LINES = 40
_LONGEST = 40  # characters; a title on a cover is short
_TITLE = re.compile(r"[\u4e00-\u9fff]{2,20}(?:汇编|月报|月刊|周刊|周报|半月刊|简报|动态|参考|摘编|速递|通讯)")
_ISSUE = re.compile(r"(?:19|20)\d{2}年(?:第?\d{1,3}期|\d{1,2}月(?:刊|号)?(?!\d*日))")
_TOTAL = re.compile(r"总第?(\d{1,4})期")
_PUBLISHER = re.compile(r"(?:主办(?:单位)?|编印|编制|出品|发布单位)[:：]?|[:：]")
_COMPANY = re.compile(r"[\u4e00-\u9fff（）()]{4,30}(?:公司|协会|学会|中心|研究院|研究会|出版社|杂志社)")


def read_cover(lines: Sequence[str]) -> SourceDigest | None:
    """The publication as the lines before the contents name it; None where they name none."""
    printed = [line for line in lines[:_COVER_LINES] if not is_blank(line) and len(line) <= _LONGEST]
    words = [compact(line).strip("*#") for line in printed]
    title = next((match[0] for word in words if (match := _TITLE.fullmatch(word))), None)
    if title is None:
        return None
    return SourceDigest(
        title=title,
        issue=_first(_ISSUE, words),
        total_issue=int(total) if (total := _first(_TOTAL, words, group=1)) else None,
        publisher=next((squeeze(m[0]) for w in words if (m := _COMPANY.search(_PUBLISHER.sub("", w)))), None),
        date=next((printed.value for word in words for printed in find_dates(word)), None),
    )


def _first(pattern: re.Pattern[str], words: Sequence[str], group: int = 0) -> str | None:
    return next((match[group] for word in words if (match := pattern.search(word))), None)
