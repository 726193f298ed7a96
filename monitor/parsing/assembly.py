"""One notice from what its labels, its title, its text and its page say: precedence and contradictions."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from monitor.parsing.dates import parse_date
from monitor.parsing.issuers import Claim, decide
from monitor.parsing.labels import Field
from monitor.parsing.notice_text import NoticeText
from monitor.parsing.numbers import find_numbers, normalise_number
from monitor.parsing.signature import split_agencies, title_agencies
from monitor.parsing.text import compact
from monitor.types import Attachment, Notice
from rules.vocabulary import default_vocabulary

_AT_END = re.compile(r"[（(](?P<number>[^（()）]{4,40})[）)]$")
_KINDS = ("通知", "公告", "通告", "意见", "决定", "办法", "方案", "函", "批复")  # what a title ends with
_QUOTED = re.compile(r"《[^《》]{0,200}》")


@dataclass(slots=True)
class Evidence:
    """What was found of one notice.

    `labels`: field → value as printed; `published`: a date of publication without a label; `source` and
    `site`: whom they make the issuer.
    """

    title: str
    text: NoticeText
    body: str
    labels: Mapping[Field, str] = field(default_factory=dict)
    published: dt.date | None = None
    source: list[Claim] = field(default_factory=list)
    site: list[Claim] = field(default_factory=list)
    province: str | None = None
    source_name: str | None = None
    attachments: tuple[Attachment, ...] = ()
    urls: tuple[str, ...] = ()
    url: str | None = None
    warnings: list[str] = field(default_factory=list)


def assemble(evidence: Evidence) -> Notice:
    """The notice that the evidence speaks for; what contradicts it becomes a warning, nothing is guessed."""
    warnings = [*evidence.warnings, *evidence.text.warnings]
    number = _number(evidence, warnings)
    issuer, contradictions = decide(_claims(evidence, number), province=evidence.province)
    written = _written(evidence, warnings)
    published = _published(evidence, warnings)
    labels = evidence.labels
    return Notice(
        title=evidence.title,
        agencies=issuer.agencies if issuer else (),
        agencies_truncated=issuer.truncated if issuer else False,
        doc_number=number,
        written_date=written,
        published_date=published,
        effective_date=_date(evidence, Field.EFFECTIVE, warnings),
        expiry_date=_date(evidence, Field.EXPIRY, warnings),
        keywords=tuple(word for word in re.split(r"[\s;；,，、]+", labels.get(Field.KEYWORDS, "")) if word),
        index_number=compact(labels.get(Field.INDEX, "")) or None,
        source_name=evidence.source_name,
        body=evidence.body,
        attachments=evidence.attachments,
        urls=evidence.urls,
        url=evidence.url,
        warnings=tuple(dict.fromkeys((*warnings, *contradictions))),
    )


def _claims(evidence: Evidence, number: str | None) -> list[Claim]:
    """Issuers in the order in which they are believed."""
    text, cell = evidence.text, evidence.labels.get(Field.ISSUER, "")
    agencies, truncated = split_agencies(cell)
    if cell and not agencies:
        agencies = (cell,)  # an office or a short name of no known shape, printed as the issuer all the same
    claims = [
        Claim("信息栏", agencies, truncated),
        Claim("红头", text.head.issuers, text.head.truncated),
        Claim("标题", *title_agencies(evidence.title)),
        Claim("正文上方的标题", *title_agencies(text.head.title)),
    ]
    if text.signature:
        claims.append(Claim("落款", text.signature.agencies, text.signature.truncated))
    claims += [Claim("印发栏", text.imprint.agencies), *evidence.source]
    if number and (
        agency := default_vocabulary().issuer_of_number(number, province=evidence.province).agency
    ):
        claims.append(Claim("文号", (agency.name,)))
    return [*claims, *evidence.site]


def _number(evidence: Evidence, warnings: list[str]) -> str | None:
    printed = evidence.labels.get(Field.NUMBER, "")
    number = normalise_number(printed)
    own = evidence.text.head.doc_number or number_of_title(evidence.title)
    if printed and not number and any(c.isdigit() for c in printed):
        warnings.append(f"文号一栏所填「{printed}」是索引号，不是文号。")
    if number and own and compact(number) != compact(own) and own not in number:
        warnings.append(f"信息栏所列文号为「{number}」，文中所印为「{own}」。")
    return number or own


def number_of_title(title: str) -> str | None:
    """The number that a title carries: in brackets at its end, or as the whole of it.

    国家药监局关于……的公告（2022年第126号）, …的通知 医保发〔2022〕1号, 国家药监局公告2022年第126号; never
    one inside 《》 or in mid-title.
    """
    plain = _QUOTED.sub("", title)
    if match := _AT_END.search(plain):
        numbers = find_numbers(match["number"])
        return numbers[0].value if numbers else None
    numbers = find_numbers(plain)
    if len(numbers) != 1:
        return None
    alone = "关于" not in plain and "转发" not in plain
    behind = numbers[0].end == len(plain) and plain[: numbers[0].start].rstrip().endswith(_KINDS)
    return numbers[0].value if alone or behind else None


def _written(evidence: Evidence, warnings: list[str]) -> dt.date | None:
    labelled = _date(evidence, Field.WRITTEN, warnings)
    signature = evidence.text.signature
    signed = signature.date if signature else evidence.text.closing_date
    if labelled and signature and signed and labelled != signed:
        warnings.append(f"信息栏所列成文日期为{labelled}，落款日期为{signed}。")
    return labelled or signed


def _published(evidence: Evidence, warnings: list[str]) -> dt.date | None:
    labelled = _date(evidence, Field.PUBLISHED, warnings)
    if labelled and evidence.published and labelled != evidence.published:
        warnings.append(f"信息栏所列发布日期为{labelled}，页面另一处为{evidence.published}。")
    return labelled or evidence.published or evidence.text.imprint.date


def _date(evidence: Evidence, name: Field, warnings: list[str]) -> dt.date | None:
    """The date of a labelled field; an unreadable one is told."""
    printed = evidence.labels.get(name, "")
    date = parse_date(printed) if printed else None
    if printed and date is None and any(c.isdigit() for c in printed):
        warnings.append(f"{name}「{printed}」无法识别。")
    return date
