import datetime as dt
import itertools
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.identity import Change, belongs, change, compare, keys
from monitor.reading import read_notices
from monitor.types import Attachment, Interpretation, Notice, NoticeKind, Page, SourceDigest

WRITTEN, PUBLISHED = dt.date(2026, 2, 24), dt.date(2026, 3, 2)
BODY = (
    "各市医疗保障局、财政局：\n为规范药品集中带量采购货款结算，现就有关事项通知如下。\n"
    "一、自2026年4月1日起，由医保基金与企业直接结算，结算周期不超过30日。\n"
    "二、各市应于2026年3月20日前报送实施方案，联系电话0351-1234567。\n"
    "三、定点医疗机构应按月申报，逾期未申报的不予受理，并按协议扣减年度考核分数5分。\n"
    "四、经办机构应当在收到申报后10个工作日内完成审核，审核结果在省医药采购平台公示3日。\n"
    "五、本通知由省医疗保障局负责解释，此前规定与本通知不一致的，以本通知为准。\n"
    "某某省医疗保障局\n2026年2月24日\n（此件主动公开）"
)
NOTICE = Notice(
    title="山西省医疗保障局关于做好药品集中带量采购货款直接结算工作的通知",
    agencies=("山西省医疗保障局",),
    agency_ids=("shanxi.nhsa",),
    provinces=("山西",),
    doc_number="晋医保发〔2026〕12号",
    written_date=WRITTEN,
    published_date=PUBLISHED,
    body=BODY,
)
DIGEST = SourceDigest(
    "全国医药政策月度汇编", period_start=dt.date(2026, 3, 1), period_end=dt.date(2026, 3, 31)
)
BULLETIN = Notice(
    title="某市传染病防控领导小组办公室通告",
    published_date=dt.date(2026, 1, 4),
    body="2026年1月4日0至24时，我市新增病例3例，其中城区2例，现有隔离人员15人。" * 6,
)


def with_other(notice: Notice = NOTICE, **fields: object) -> Notice:
    return replace(notice, **fields)  # type: ignore[arg-type]


SAME = {
    "in other brackets, widths and spaces": with_other(
        title="山西省医疗保障局　关于做好药品集中 带量采购货款直接结算工作的通知",
        doc_number="晋医保发[２０２６] 12 号",
    ),
    "with words run into its number": with_other(doc_number="的通知晋医保发〔2026〕12号"),
    "without its issuer in the title": with_other(title="关于做好药品集中带量采购货款直接结算工作的通知"),
    "with the province before its title": with_other(
        title="山西：关于做好药品集中带量采购货款直接结算工作的通知", doc_number=None
    ),
    "with a title worded otherwise": with_other(title="关于做好药品带量采购货款结算的通知"),
    "without number, published on the day": with_other(doc_number=None, written_date=None),
    "without number, written date only": with_other(doc_number=None, published_date=None),
    "without any date": with_other(written_date=None, published_date=None, doc_number=None),
    "without issuer": with_other(agencies=(), agency_ids=(), provinces=(), doc_number=None),
    "by its number alone": with_other(
        body="", agencies=(), agency_ids=(), written_date=None, published_date=None
    ),
    "only listed in a source digest": Notice(
        kind=NoticeKind.LISTED,
        title="山西省医疗保障局关于做好药品集中带量采购货款直接结算工作的通知",
        digest=DIGEST,
    ),
    "reprinted two days later": with_other(
        doc_number=None, written_date=None, published_date=PUBLISHED + dt.timedelta(days=2)
    ),
    "shortened": with_other(doc_number=None, body=BODY[: len(BODY) // 2]),
    "with a site's menu around its text": with_other(
        doc_number=None,
        body=f"首页 > 政务公开 > 通知公告\n{BODY}\n扫一扫在手机打开当前页\n相关链接：政策解读",
    ),
    "from a PDF with radicals for characters": with_other(doc_number=None, body=BODY.replace("长", "⻓")),
    "in traditional characters": with_other(
        title="山西省醫療保障局關於做好藥品集中帶量採購貨款直接結算工作的通知", doc_number=None
    ),
}
OTHER = {
    "last year's": with_other(
        doc_number="晋医保发〔2025〕12号",
        written_date=WRITTEN.replace(year=2025),
        published_date=PUBLISHED.replace(year=2025),
        body=BODY.replace("2026", "2025"),
    ),
    "last year's, without number": with_other(
        doc_number=None,
        written_date=WRITTEN.replace(year=2025),
        published_date=PUBLISHED.replace(year=2025),
        body=BODY.replace("2026", "2025"),
    ),
    "the next number": with_other(doc_number="晋医保发〔2026〕13号"),
    "of another province": with_other(
        title="陕西省医疗保障局关于做好药品集中带量采购货款直接结算工作的通知",
        agencies=("陕西省医疗保障局",),
        agency_ids=("shaanxi.nhsa",),
        provinces=("陕西",),
        doc_number=None,
    ),
    "of another agency of the province": with_other(
        agencies=("山西省财政厅",), agency_ids=("shanxi.mof",), doc_number=None
    ),
    "a notice that forwards it": with_other(
        title="太原市医疗保障局转发山西省医疗保障局关于做好药品集中带量采购货款直接结算工作的通知的通知",
        agencies=("太原市医疗保障局",),
        agency_ids=("taiyuan.nhsa",),
        doc_number="并医保发〔2026〕5号",
    ),
    "of the same day with another text": with_other(
        doc_number=None,
        body="经研究，现将第二批参加货款直接结算的生产企业名单予以公布，共计118家，请各地遵照执行。" * 5,
    ),
    "on another subject": with_other(title="关于开展定点药店飞行检查的通知", doc_number=None),
}


@pytest.mark.parametrize("other", SAME.values(), ids=SAME.keys())
def test_it_is_the_same_notice(other: Notice) -> None:
    verdict = compare(NOTICE, other)
    assert verdict.same, verdict.reason
    assert compare(other, NOTICE).same
    assert keys(NOTICE) & keys(other)


def test_the_keys_are_those_that_databases_have_stored() -> None:
    """Whoever changes these writes a migration that computes the stored ones anew."""
    assert keys(NOTICE) == {
        "title:关于做好药品集中带量采购货款直接结算工作的通知",
        "subject:药品集中带量采购货款",
        "number:晋医保发(2026)12",
    }
    announced = Notice(title="国家药监局关于修订甲注射剂说明书的公告（2026年第98号）")
    assert keys(announced) == {
        "title:关于修订甲注射剂说明书的公告",
        "subject:甲注射剂说明书的公告",
        "number:公告(2026)98",
    }


@pytest.mark.parametrize("other", OTHER.values(), ids=OTHER.keys())
def test_it_is_another_notice(other: Notice) -> None:
    verdict = compare(NOTICE, other)
    assert not verdict.same, verdict.reason
    assert not compare(other, NOTICE).same


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("关于发布仿制药参比制剂目录（第九十五批）的通告", "关于发布仿制药参比制剂目录（第九十六批）的通告"),
        ("关于做好2025年城乡居民医保参保工作的通知", "关于做好2026年城乡居民医保参保工作的通知"),
        ("关于修订甲注射剂说明书的公告（2026年第98号）", "关于修订甲注射剂说明书的公告（2026年第99号）"),
        ("关于修订甲注射剂说明书的公告（2026年第98号）", "关于修订甲注射剂说明书的通告（2026年第98号）"),
        ("关于注销甲公司药品经营许可证的公告", "关于注销乙公司药品经营许可证的公告"),
        ("基本医疗保险异地就医经办规程", "关于进一步做好基本医疗保险异地就医工作的通知"),
        ("关于印发医疗机构管理办法的通知", "《关于印发医疗机构管理办法的通知》政策解读"),
        ("关于印发医疗机构管理办法的通知", "关于废止《关于印发医疗机构管理办法的通知》的通知"),
        ("特别提醒", "特别提醒"),
        ("", ""),
    ],
)
def test_titles_that_differ_by_little_are_of_two_notices(one: str, other: str) -> None:
    first, second = (Notice(title=title, published_date=PUBLISHED) for title in (one, other))
    assert not compare(first, second).same


def test_a_number_that_many_agencies_gave_needs_the_title_too() -> None:
    one = Notice(title="国家药监局关于修订甲注射剂说明书的公告（2026年第98号）", published_date=PUBLISHED)
    other = Notice(title="关于修订甲注射剂说明书的公告", doc_number="2026年 第98号", written_date=WRITTEN)
    assert compare(one, other).same
    assert not compare(one, with_other(doc_number="2026年第98号")).same


def test_an_interpretation_that_took_over_the_number_of_its_notice_is_another_document() -> None:
    interpretation = with_other(title=f"《{NOTICE.title}》政策解读", body="一、为什么要直接结算？" * 30)
    assert not compare(NOTICE, interpretation).same


def test_bulletins_that_repeat_their_title_stay_apart() -> None:
    next_week = with_other(
        BULLETIN,
        published_date=dt.date(2026, 1, 14),
        body=BULLETIN.body.replace("1月4日", "1月14日").replace("3例", "1例"),
    )
    assert not compare(BULLETIN, next_week).same
    assert not compare(
        with_other(BULLETIN, published_date=None), with_other(next_week, published_date=None)
    ).same


def test_bulletins_that_only_point_to_an_attachment_stay_apart() -> None:
    texts = "现将本期药品注册证书待领取信息予以公布，请相关企业及时领取，详见附件。" * 8
    one = Notice(title="药品注册证书待领取信息公告", published_date=dt.date(2026, 1, 4), body=texts)
    assert not compare(one, with_other(one, published_date=dt.date(2026, 1, 11))).same


def test_a_line_of_a_table_of_contents_does_not_join_two_bulletins() -> None:
    listed = Notice(
        kind=NoticeKind.LISTED, title=BULLETIN.title, digest=replace(DIGEST, period_end=dt.date(2026, 1, 31))
    )
    assert belongs(BULLETIN, [listed]).same
    next_week = with_other(
        BULLETIN, published_date=dt.date(2026, 1, 14), body=BULLETIN.body.replace("3例", "1例")
    )
    assert belongs(next_week, [listed]).same
    assert not belongs(next_week, [listed, BULLETIN]).same


def test_a_sure_sign_outweighs_a_text_that_was_corrected_since() -> None:
    corrected = with_other(
        doc_number=None,
        body=BODY.replace("30日", "60日"),
        published_date=dt.date(2026, 3, 20),
        written_date=None,
    )
    assert belongs(with_other(doc_number=None), [corrected, NOTICE]).same


def test_one_address_that_shows_a_fitting_title_shows_the_same_notice() -> None:
    mended = with_other(doc_number="晋医保发〔2026〕21号", published_date=PUBLISHED + dt.timedelta(days=30))
    assert not compare(NOTICE, mended).same
    assert compare(NOTICE, mended, same_address=True).same


def test_one_address_that_shows_something_else_shows_another_notice() -> None:
    other = Notice(title="关于开展定点药店飞行检查的通知", body="现将飞行检查有关事项通知如下。" * 20)
    assert not compare(NOTICE, other, same_address=True).same


# --- what changed


def changed(now: Notice, shown: Notice | None = NOTICE, told: tuple[Notice, ...] = (NOTICE,)) -> Change:
    return change(now, shown=shown, told=told, known=told)[0]


def test_layout_widths_counters_and_page_breaks_are_no_change() -> None:
    body = BODY.replace("：\n", ":\n\n").replace("2026年3月20日", "２０２６年3月\n20 日")
    body = body.replace("结算周期", "结结算周期") + "\n浏览次数：1234次"
    assert changed(with_other(body=body)) is Change.NONE


def test_a_changed_figure_at_the_same_address_is_a_correction() -> None:
    assert changed(with_other(body=BODY.replace("30日", "60日"))) is Change.CORRECTION


@pytest.mark.parametrize(
    "fields",
    [
        {"title": NOTICE.title + "（更正）"},
        {"doc_number": "晋医保发〔2026〕21号"},
        {"attachments": (Attachment("实施方案"),)},
        {"interpretations": (Interpretation("政策解读", "为什么要直接结算"),)},
    ],
)
def test_whatever_a_reader_would_call_the_text_can_be_corrected(fields: dict[str, object]) -> None:
    assert changed(with_other(NOTICE, **fields)) is Change.CORRECTION


def test_other_words_in_another_place_are_a_variant() -> None:
    assert changed(with_other(body=BODY.replace("30日", "60日")), shown=None) is Change.VARIANT


def test_a_text_where_there_was_none_is_a_variant() -> None:
    listed = with_other(body="")
    assert changed(NOTICE, shown=listed, told=(listed,)) is Change.VARIANT


def test_a_text_that_went_missing_is_no_change() -> None:
    assert changed(with_other(body="")) is Change.NONE


def test_a_number_where_there_was_none_is_a_variant() -> None:
    unnumbered = with_other(doc_number=None)
    assert changed(NOTICE, shown=unnumbered, told=(unnumbered,)) is Change.VARIANT


def test_an_address_that_goes_back_and_forth_corrects_once() -> None:
    corrected = with_other(body=BODY.replace("30日", "60日"))
    assert changed(NOTICE, shown=corrected, told=(NOTICE, corrected)) is Change.NONE
    assert changed(corrected, shown=NOTICE, told=(NOTICE, corrected)) is Change.NONE


def test_a_correction_that_a_digest_printed_first_is_still_one() -> None:
    corrected = with_other(body=BODY.replace("30日", "60日"))
    what, _ = change(corrected, shown=NOTICE, told=[NOTICE], known=[NOTICE, corrected])
    assert what is Change.CORRECTION


# --- printings of one document, made at random

PLACES = ["山西", "陕西", "广东", "内蒙古"]
SUBJECTS = ["药品集中带量采购", "门诊共济保障", "托育机构管理", "中药饮片炮制规范", "医疗器械唯一标识"]
FORMS = ["关于做好{}工作的通知", "关于印发《{}实施细则（试行）》的通知", "关于公开征求《{}办法》意见的公告"]
SENTENCES = ["各单位应当在{}年{}月{}日前报送{}份材料。", "截至{}年{}月{}日，全省共有{}家机构通过审核。"]


@st.composite
def notices(draw: st.DrawFn) -> Notice:
    place, day = draw(st.sampled_from(PLACES)), draw(st.dates(dt.date(2022, 1, 1), dt.date(2026, 12, 1)))
    figures = st.tuples(st.integers(2020, 2030), st.integers(1, 12), st.integers(1, 28), st.integers(1, 999))
    lines = draw(st.lists(st.tuples(st.sampled_from(SENTENCES), figures), min_size=6, max_size=20))
    text = "".join(sentence.format(*numbers) for sentence, numbers in lines)
    return Notice(
        title=f"{place}省医疗保障局" + draw(st.sampled_from(FORMS)).format(draw(st.sampled_from(SUBJECTS))),
        agencies=(f"{place}省医疗保障局",),
        agency_ids=(f"{place}.nhsa",),
        provinces=(place,),
        doc_number=f"某医保发〔{day.year}〕{draw(st.integers(1, 400))}号",
        written_date=day,
        published_date=day + dt.timedelta(days=draw(st.integers(0, 40))),
        body=f"{text}\n{day.year}年{day.month}月{day.day}日",
    )


def full_width(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


PRINTERS = {
    "full width": lambda n: replace(n, title=full_width(n.title), body=full_width(n.body)),
    "wrapped": lambda n: replace(n, title=" ".join(n.title), body="\n".join(n.body)),
    "brackets": lambda n: replace(
        n, doc_number=n.doc_number and n.doc_number.replace("〔", "[").replace("〕", "] ")
    ),
    "no issuer": lambda n: replace(
        n, title=n.title.partition("局")[2] or n.title, agencies=(), agency_ids=()
    ),
    "digest style": lambda n: replace(n, title=f"{n.provinces[0]}：{n.title.partition('局')[2] or n.title}"),
    "written only": lambda n: replace(n, published_date=None),
    "published only": lambda n: replace(n, written_date=None),
    "no number": lambda n: replace(n, doc_number=None),
    "counter": lambda n: replace(n, body=f"{n.body}\n阅读次数：99"),
}


@given(notices(), st.sets(st.sampled_from(sorted(PRINTERS))), st.sets(st.sampled_from(sorted(PRINTERS))))
@settings(max_examples=60, deadline=None)
def test_however_a_document_is_printed_it_is_recognised(
    notice: Notice, one: set[str], other: set[str]
) -> None:
    printed = [notice, notice]
    for position, names in enumerate((one, other)):
        for name in sorted(names):
            printed[position] = PRINTERS[name](printed[position])
    verdict = compare(*printed)
    assert verdict.same, verdict.reason
    assert compare(*reversed(printed)).same
    assert keys(printed[0]) & keys(printed[1])


@given(
    notices(),
    st.sampled_from(["year", "number", "subject", "place"]),
    st.sets(st.sampled_from(sorted(PRINTERS))),
)
@settings(max_examples=60, deadline=None)
def test_another_document_is_never_taken_for_it(notice: Notice, what: str, names: set[str]) -> None:
    assert notice.written_date and notice.published_date and notice.doc_number
    year = notice.written_date.year
    other = {
        "year": replace(
            notice,
            doc_number=notice.doc_number.replace(str(year), str(year + 1)),
            written_date=notice.written_date + dt.timedelta(days=365),
            published_date=notice.published_date + dt.timedelta(days=365),
            body=notice.body.replace(str(year), str(year + 1)),
        ),
        "number": replace(notice, doc_number=notice.doc_number.replace("〕", "〕9")),
        "subject": replace(
            notice, title=f"关于废止《{notice.title}》的通知", body="经研究决定予以废止，请遵照执行。" * 20
        ),
        "place": replace(
            notice, agency_ids=("海南.nhsa",), provinces=("海南",), agencies=("海南省医疗保障局",)
        ),
    }[what]
    if what != "number":
        other = replace(other, doc_number=None)
    for name in sorted(names - ({"no number"} if what == "number" else {"no issuer", "digest style"})):
        other = PRINTERS[name](other)
    verdict = compare(notice, other)
    assert not verdict.same, verdict.reason


# --- real documents


@pytest.fixture(scope="module")
def corpus(shared: Path) -> dict[str, tuple[Notice, ...]]:
    """The notices of each document, as the parsers read them."""
    return {
        path.stem: read_notices(
            Page(url=path.name, body=path.read_bytes()), today=dt.date(2026, 1, 1)
        ).notices
        for path in sorted((shared / "corpus").glob("*.txt"))
    }


def test_the_notices_of_real_documents_are_all_different(corpus: dict[str, tuple[Notice, ...]]) -> None:
    notices = [notice for document in corpus.values() for notice in document]
    taken = [(a.title, b.title) for a, b in itertools.combinations(notices, 2) if compare(a, b).same]
    assert len(notices) > 120
    assert taken == []


def test_real_notices_read_again_without_their_numbers_are_recognised(
    corpus: dict[str, tuple[Notice, ...]],
) -> None:
    for notice in (notice for document in corpus.values() for notice in document):
        reprint = replace(notice, doc_number=None, written_date=None, title=notice.title.replace("（", "("))
        assert compare(notice, reprint).same, (notice.title, compare(notice, reprint).reason)
        assert keys(notice) & keys(reprint)
