"""Invented messages for the tests of channels, one to look at and any number to break things with."""

import datetime as dt
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from monitor.types import Attachment, Hit, Message, Notice, NoticeKind, SourceDigest
from rules.model import Reason

NOW = dt.datetime(2025, 11, 24, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
TODAY = NOW.date()

_SENTENCE = "为深化医药集中采购改革，推动全省集中带量采购工作常态化开展，现公开征求意见。"
_AT = _SENTENCE.index("集中带量采购")

NOTICE = Notice(
    title="山西省医疗保障局关于公开征求《药品集中采购实施细则（征求意见稿）》意见的公告",
    agencies=("山西省医疗保障局",),
    agency_ids=("shanxi.nhsa",),
    provinces=("山西",),
    doc_number="晋医保函〔2025〕12号",
    written_date=dt.date(2025, 11, 20),
    published_date=dt.date(2025, 11, 21),
    category="药品采购",
    keywords=("集中采购", "征求意见"),
    body=_SENTENCE,
    attachments=(Attachment("实施细则.docx", "https://ybj.example.cn/a.docx"), Attachment("意见反馈表.xlsx")),
    is_consultation=True,
    comment_deadline=dt.date(2025, 11, 28),
    url="https://ybj.example.cn/tzgg/1121.html",
    digest=SourceDigest("医药政策汇编", "2025年第11期"),
    page=45,
    fingerprint="6f1e",
)
WORD = Reason("text", "集采", "集中带量采购", "body", _SENTENCE, _AT, _AT + 6)
PROVINCE = Reason("province", "山西", None, "provinces", "山西", 0, 2)
AGENCY = Reason("agency", "医保局", "医疗保障局", "agencies", "山西省医疗保障局", 3, 8)
HIT = Hit("山西集采", "省:山西 机构:医保局 集采", (PROVINCE, AGENCY, WORD))
ALERT = Message(delivery_id="d-1", notice=NOTICE, hits=(HIT,))
OPERATOR = Message(
    delivery_id="o-1",
    headline="来源“省医保局”连续 3 次检查失败",
    text="连接超时。\n请检查地址 <b>&amp;</b>。",
)


def clock() -> dt.datetime:
    """The time that the tests live in."""
    return NOW


def real_clock() -> dt.datetime:
    """For receivers that check how old a message is."""
    return dt.datetime.now(NOW.tzinfo)


def alert(delivery_id: str = "d-1", *, notice: dict[str, Any] | None = None, **changes: Any) -> Message:
    """The sample alert with changes to it and to its notice."""
    changed = replace(NOTICE, **(notice or {}))
    return replace(ALERT, delivery_id=delivery_id, notice=changed, **changes)


_text = st.text(max_size=80) | st.text("<>&\"'/ab集采\n\x00\u202e\ud800😀", max_size=400)
_long = st.builds(lambda text, times: text * times, st.text(min_size=1, max_size=20), st.integers(1, 400))
_words = _text | _long
_url = st.sampled_from([None, "javascript:alert(1)", "a.pdf", 'https://e.cn/?a="&b=<c>', "https://e.cn/x"])
_dates = st.none() | st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1))


@st.composite
def reasons(draw: st.DrawFn) -> Reason:
    """Any reason whose positions lie in its snippet."""
    snippet = draw(_words)
    start, end = sorted((draw(st.integers(0, len(snippet))), draw(st.integers(0, len(snippet)))))
    facet = draw(st.sampled_from(["text", "province", "agency", "new"]))
    return Reason(
        facet,
        draw(_words),
        draw(st.none() | _words),
        draw(st.sampled_from(["body", "x"])),
        snippet,
        start,
        end,
    )


notices = st.builds(
    Notice,
    kind=st.sampled_from(NoticeKind),
    title=_words,
    agencies=st.lists(_words, max_size=12).map(tuple),
    provinces=st.lists(_text, max_size=5).map(tuple),
    doc_number=st.none() | _words,
    written_date=_dates,
    comment_deadline=_dates,
    category=st.none() | _words,
    keywords=st.lists(_words, max_size=12).map(tuple),
    attachments=st.lists(st.builds(Attachment, _words, _url), max_size=12).map(tuple),
    is_consultation=st.booleans(),
    digest=st.none() | st.builds(SourceDigest, _words, st.none() | _words),
    page=st.none() | st.integers(0, 999),
    url=_url,
    fingerprint=_text,
    warnings=st.lists(_words, max_size=4).map(tuple),
)
alerts = st.builds(
    Message,
    delivery_id=st.uuids().map(str),
    language=st.sampled_from(["zh", "en"]),
    notice=notices,
    hits=st.lists(
        st.builds(Hit, _words, _words, st.lists(reasons(), min_size=1, max_size=9).map(tuple)),
        min_size=1,
        max_size=7,
    ).map(tuple),
    revision=st.integers(1, 3),
    published_late=st.none() | st.timedeltas(dt.timedelta(hours=1), dt.timedelta(days=900)),
    may_repeat=st.booleans(),
)
operator_messages = st.builds(
    Message,
    delivery_id=st.uuids().map(str),
    headline=_words,
    text=_words,
)
messages = alerts | operator_messages
