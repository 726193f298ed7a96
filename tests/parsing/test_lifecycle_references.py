"""Other documents that a notice names, and what it does with them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.parsing.lifecycle import life_cycle
from monitor.types import Notice, NoticeKind, Reference, Relation

TITLE = "某省医保局关于印发《某省门诊慢特病管理办法》的通知"
A = ("甲办法", "某卫发〔2010〕1号")
B = ("乙办法", "某卫发〔2011〕2号")


def read(body: str, title: str = TITLE, kind: NoticeKind = NoticeKind.NOTICE) -> tuple[Reference, ...]:
    notice = Notice(title=title, body=body, doc_number="某医保发〔2022〕9号", kind=kind)
    return life_cycle(notice).references


def related(relation: Relation, *documents: tuple[str | None, str | None]) -> tuple[Reference, ...]:
    return tuple(Reference(title, number, relation) for title, number in documents)


@pytest.mark.parametrize(
    ("sentence", "documents"),
    [
        ("根据《甲办法》（某卫发〔2010〕1号）和《乙办法》（某卫发〔2011〕2号），制定本办法。", (A, B)),
        ("按照《甲办法》（某卫发〔2010〕1 号）、《乙办法》（某卫发[2011]2号）等文件要求，", (A, B)),
        ("为贯彻落实国家卫生健康委等六部门《甲办法》（某卫发〔2010〕1号）精神，提出以下意见。", (A,)),
        ("根据《甲办法》（某卫发〔2010〕1号，以下简称《办法》），制定本细则。各地落实《办法》。", (A,)),
        ("根据某卫发〔2010〕1号文件精神，制定本办法。", ((None, A[1]),)),
        ("根据某卫发〔2010〕1号《甲办法》，制定本办法。", (A,)),
        (
            "按照国家医保局关于做好甲事的通知（某卫发〔2010〕1号）要求，",
            (("国家医保局关于做好甲事的通知", A[1]),),
        ),
        (
            "依据《某局关于印发〈甲办法〉的通知》，制定了《某省门诊慢特病管理办法》。",
            (("某局关于印发〈甲办法〉的通知", None),),
        ),
        ("根据《甲条例》（国务院令第735号），制定本办法。", (("甲条例", "国务院令第735号"),)),
        ("第一条 根据《甲法》，制定本办法。", (("甲法", None),)),
        ("一、总体要求\n坚持原则。\n第一条 依据《甲法》，制定本办法。", (("甲法", None),)),
    ],
)
def test_what_a_notice_rests_on_is_its_basis(sentence: str, documents: tuple[tuple[str, str]]) -> None:
    assert read(sentence) == related(Relation.BASIS, *documents)


@pytest.mark.parametrize(
    ("sentence", "documents"),
    [
        ("《甲办法》（某卫发〔2010〕1号）、《乙办法》（某卫发〔2011〕2号）同时废止。", (A, B)),
        ("《甲办法》（某卫发〔2010〕1号）及《乙办法》（某卫发〔2011〕2号）自本通知印发之日起废止。", (A, B)),
        ("本办法自2023年1月1日起施行，原《甲办法》（某卫发〔2010〕1号）即行废止。", (A,)),
        ("自本通知印发之日起，《甲办法》（某卫发〔2010〕1号）停止执行。", (A,)),
        ("《甲办法》（某卫发〔2010〕1号）自2023年1月1日起不再执行。", (A,)),
        ("《甲办法》（某卫发〔2010〕1号）自本办法施行之日起废止。", (A,)),
        ("原省卫生厅、省财政厅2010年1月印发的《甲办法》（某卫发〔2010〕1号）自行废止。", (A,)),
        (
            "《甲办法》（某卫发〔2010〕1号）中的甲、《乙办法》（某卫发〔2011〕2号）中的乙（综合）同时废止。",
            (A, B),
        ),
        ("同时废止《甲办法》（某卫发〔2010〕1号）和《乙办法》（某卫发〔2011〕2号）。", (A, B)),
        ("经研究，决定废止《甲办法》（某卫发〔2010〕1号）等3件规范性文件。", (A,)),
        (
            "以下文件同时废止：\n1.《甲办法》（某卫发〔2010〕1号）；\n2.《乙办法》（某卫发〔2011〕2号）。\n特此通知。",
            (A, B),
        ),
        (
            "下列文件自印发之日起废止：\n1.关于做好甲事的通知（某卫发〔2010〕1号）",
            (("关于做好甲事的通知", A[1]),),
        ),
        (
            "《关于印发《甲办法》的通知》（某卫发〔2010〕1号）同时废止。",
            (("关于印发《甲办法》的通知", A[1]),),
        ),
        (
            "《关于印发〈甲办法〉的通知〉（某卫发〔2010〕1号）中的有关规定同时废止。",
            (("关于印发〈甲办法〉的通知〉", A[1]),),
        ),
        ("原某卫发〔2010〕1号文件同时废止。", ((None, A[1]),)),
    ],
)
def test_what_a_notice_puts_out_of_force_is_repealed(
    sentence: str, documents: tuple[tuple[str, str]]
) -> None:
    assert read(sentence) == related(Relation.REPEALS, *documents)


@pytest.mark.parametrize(
    "sentence",
    [
        "《甲办法》与本办法不一致的，以本办法为准。",
        "不得擅自废止《甲办法》。",
        "2022年6月废止的《甲办法》规定了责任。",
        "《甲办法》废止前签订的协议继续有效。",
        "一、依据《甲办法》处理，此前有关规定同时废止。",
        "对《甲办法》的修改或者废止，按程序办理。",
    ],
)
def test_what_stays_in_force_is_only_cited(sentence: str) -> None:
    assert read(sentence) == related(Relation.CITES, ("甲办法", None))


@pytest.mark.parametrize(
    ("sentence", "documents"),
    [
        ("对《甲办法》（某卫发〔2010〕1号）作如下修改：", (A,)),
        ("我局对《甲办法》（某卫发〔2010〕1号）和《乙办法》（某卫发〔2011〕2号）进行了修订。", (A, B)),
        ("将《甲办法》（某卫发〔2010〕1号）第五条修改为：应当备案。", (A,)),
        ("《甲办法》（某卫发〔2010〕1号）有效期延长至2025年12月31日。", (A,)),
    ],
)
def test_what_a_notice_changes_is_amended(sentence: str, documents: tuple[tuple[str, str]]) -> None:
    assert read(sentence) == related(Relation.AMENDS, *documents)


def test_what_a_notice_passes_on_is_reissued() -> None:
    sentence = "现将《甲办法》（某卫发〔2010〕1号）转发给你们，请遵照执行。"
    assert read(sentence, "某省关于转发《甲办法》的通知") == related(Relation.REISSUE_OF, A)


@pytest.mark.parametrize(
    ("title", "relation", "named"),
    [
        ("某局关于废止《甲办法》的通知", Relation.REPEALS, "甲办法"),
        ("某局关于修改《甲办法》的决定", Relation.AMENDS, "甲办法"),
        ("某局关于延长《甲办法》有效期的通知", Relation.AMENDS, "甲办法"),
        ("某局关于《甲办法》的补充通知", Relation.AMENDS, "甲办法"),
        ("某局关于更正《甲公告》的公告", Relation.AMENDS, "甲公告"),
        ("某局关于贯彻落实《甲办法》的实施意见", Relation.BASIS, "甲办法"),
        ("某局转发国家医保局关于做好甲事的通知的通知", Relation.REISSUE_OF, "国家医保局关于做好甲事的通知"),
        ("某局关于转发国家医保局做好甲事通知的通知", Relation.REISSUE_OF, "国家医保局做好甲事通知"),
        ("《某省门诊慢特病管理办法》政策解读", Relation.CITES, "某省门诊慢特病管理办法"),
    ],
)
def test_a_title_tells_what_is_done_to_a_document(title: str, relation: Relation, named: str) -> None:
    assert read("", title) == related(relation, (named, None))


@pytest.mark.parametrize(
    "sentence",
    [
        "我局制定了《某省门诊慢特病管理办法》，现印发给你们。",
        "《某省门诊慢特病管理办法》（以下简称《办法》）已经审议通过。各地要落实《办法》。",
        "请填写《申请表》（附件1），载明《药品经营许可证》编号。",
        "凡与本办法不一致的规定同时废止。",
        "原《执业证书》同时作废。",
        "某省医保局文件 某医保发〔2022〕9号",
        "请提交《承诺书》《处罚决定书》。",
    ],
)
def test_own_documents_and_forms_are_no_references(sentence: str) -> None:
    assert read(sentence) == ()


def test_a_document_is_named_once_with_its_strongest_relation_and_its_number() -> None:
    body = "根据《甲办法》，制定本办法。\n一、按照《甲办法》（某卫发〔2010〕1号）执行。"
    assert read(body) == related(Relation.BASIS, A)
    body += "\n二、某卫发〔2010〕1号同时废止。"
    assert read(body) == related(Relation.REPEALS, A)


def test_a_title_is_taken_as_printed_with_the_space_between_two_agencies() -> None:
    sentence = "根据《国家医保局 财政部关于做好 甲事的通知》 （医保发〔2022〕1 号），制定本办法。"
    assert read(sentence) == related(
        Relation.BASIS, ("国家医保局 财政部关于做好甲事的通知", "医保发〔2022〕1号")
    )


def test_the_number_below_the_title_is_the_notice_itself() -> None:
    notice = Notice(title="某局关于甲事的公告", body="（2022年第61号）", doc_number="公告（2022年第61号）")
    assert life_cycle(notice).references == ()


def test_the_same_number_of_another_agency_is_another_document() -> None:
    notice = Notice(
        title="某局关于甲事的通知", body="根据医保发〔2021〕5号文件，", doc_number="湘医保发〔2021〕5号"
    )
    assert life_cycle(notice).references == related(Relation.BASIS, (None, "医保发〔2021〕5号"))


def test_a_draft_repeals_nothing_yet_and_an_article_only_cites() -> None:
    sentence = "《甲办法》（某卫发〔2010〕1号）同时废止。"
    assert read(sentence, "某局关于公开征求《乙办法（征求意见稿）》意见的公告") == related(Relation.CITES, A)
    assert read(sentence, kind=NoticeKind.NEWS) == related(Relation.CITES, A)


@given(
    st.text(alphabet="根据《》〈〉（）国办发〔2021〕1号、和，同时废止转发现将对修改自起。\n一", max_size=300)
)
def test_any_text_is_read_without_an_error(body: str) -> None:
    for reference in read(body):
        assert reference.title or reference.doc_number
