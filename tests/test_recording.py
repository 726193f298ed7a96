import datetime as dt

import pytest

from monitor.recording import Recorded, Status, record
from monitor.storage import Storage
from monitor.types import Notice, NoticeKind, SourceDigest
from tests.making import DAY, NOW, a_notice

BODY = "为规范药品集中带量采购，现通知如下：自2026年4月1日起执行，结算周期不超过30日。" * 3
NOTICE = a_notice(body=BODY, doc_number="晋医保发〔2026〕12号", published_date=dt.date(2026, 3, 1))
LITTLE = Notice(title="特别提醒第2期", body="现将有关事项通知如下。", published_date=dt.date(2026, 3, 1))
SITE = "https://example.org/12.html"


@pytest.fixture(autouse=True)
def sources(storage: Storage) -> None:
    with storage.begin() as tx:
        for source in ("site", "folder", "elsewhere"):
            tx.sources.ensure(source, "html_list", NOW)


def recorded(
    storage: Storage,
    notice: Notice = NOTICE,
    url: str = SITE,
    source: str = "site",
    *,
    position: str | None = None,
    baseline: bool = False,
    day: int = 0,
) -> Recorded:
    """What recording this on that day comes to, in a transaction of its own."""
    with storage.begin() as tx:
        now = NOW + day * DAY
        return record(tx, notice, source_id=source, url=url, position=position, baseline=baseline, now=now)


def changed(**fields: object) -> Notice:
    return Notice(
        **{name: getattr(NOTICE, name) for name in ("title", "body", "doc_number", "published_date")} | fields
    )  # type: ignore[arg-type]


def test_a_notice_is_new_once(storage: Storage) -> None:
    first, again = recorded(storage), recorded(storage, day=1)
    assert (first.status, first.to_match) == (Status.NEW, True)
    assert (again.status, again.to_match) == (Status.SEEN, False)
    assert again.revision.id == first.revision.id


def test_the_same_file_under_another_name_is_another_sighting(storage: Storage) -> None:
    first = recorded(storage, url="digest.txt", source="folder", position="12")
    copy = recorded(storage, url="copy of digest.txt", source="folder", position="12", day=1)
    assert copy.status is Status.SEEN
    with storage.read() as tx:
        assert [sighting.url for sighting in tx.notices.sightings(first.revision.notice_id)] == [
            "digest.txt",
            "copy of digest.txt",
        ]
        assert len(tx.notices.latest()) == 1


def test_a_text_changed_at_its_address_is_a_correction(storage: Storage) -> None:
    recorded(storage)
    corrected = recorded(storage, changed(body=BODY.replace("30日", "60日")), day=1)
    assert (corrected.status, corrected.to_match) == (Status.CORRECTED, True)
    assert (corrected.revision.number, corrected.revision.edition) == (2, 2)
    back = recorded(storage, day=2)
    assert (back.status, back.to_match) == (Status.SEEN, False)


def test_another_source_s_wording_is_a_variant(storage: Storage) -> None:
    recorded(storage)
    variant = recorded(storage, changed(body=BODY + "（编者按）"), "p. 12", "elsewhere", day=1)
    assert (variant.status, variant.to_match) == (Status.VARIANT, True)
    assert (variant.revision.number, variant.revision.edition) == (2, 1)
    assert recorded(storage, day=2).status is Status.SEEN


def test_each_address_is_compared_with_what_it_showed_itself(storage: Storage) -> None:
    recorded(storage)
    other = changed(body=BODY + "（编者按）")
    recorded(storage, other, "p. 12", "elsewhere", day=1)
    assert recorded(storage, other, "p. 12", "elsewhere", day=2).status is Status.SEEN
    corrected = changed(body=BODY.replace("30日", "60日"))
    assert recorded(storage, corrected, day=3).status is Status.CORRECTED


def test_a_baseline_is_recorded_and_not_told(storage: Storage) -> None:
    first = recorded(storage, baseline=True)
    again = recorded(storage, day=1)
    assert (first.status, first.to_match) == (Status.NEW, False)
    assert (again.status, again.to_match) == (Status.SEEN, False)
    with storage.read() as tx:
        assert tx.notices.unmatched() == []


def test_what_only_a_baseline_saw_is_told_when_it_turns_up_in_a_new_place(storage: Storage) -> None:
    first = recorded(storage, baseline=True)
    digest = recorded(storage, url="digest.txt", source="folder", position="12", day=1)
    assert (digest.status, digest.to_match) == (Status.SEEN, True)
    with storage.read() as tx:
        stands = tx.notices.get(first.revision.notice_id)
    assert stands is not None
    assert (stands.first_seen_at, stands.opened_at) == (NOW, NOW + DAY)


def test_a_further_field_at_the_same_address_does_not_tell_what_a_baseline_kept_silent(
    storage: Storage,
) -> None:
    recorded(storage, changed(doc_number=None), baseline=True)
    numbered = recorded(storage, day=1)
    assert (numbered.status, numbered.to_match) == (Status.VARIANT, False)
    with storage.read() as tx:
        assert tx.notices.unmatched() == []


def test_a_correction_of_what_a_baseline_saw_is_told(storage: Storage) -> None:
    recorded(storage, baseline=True)
    corrected = recorded(storage, changed(body=BODY.replace("30日", "60日")), day=1)
    assert (corrected.status, corrected.to_match) == (Status.CORRECTED, True)


def test_a_listed_title_and_its_later_text_are_one_notice(storage: Storage) -> None:
    listed = Notice(kind=NoticeKind.LISTED, title=NOTICE.title, published_date=NOTICE.published_date)
    recorded(storage, listed)
    whole = recorded(storage, day=1)
    assert (whole.status, whole.revision.edition, whole.to_match) == (Status.VARIANT, 1, True)


def test_several_notices_of_one_page_stay_apart_even_without_positions(storage: Storage) -> None:
    titles = ["关于公布药品目录（第一批）的通知", "关于公布药品目录（第一批）的通知（续）"]
    found = [recorded(storage, Notice(title=title, body=title * 20), "list.html") for title in titles]
    assert [each.status for each in found] == [Status.NEW, Status.NEW]


def test_lines_of_one_table_of_contents_stay_apart_when_it_is_read_again(storage: Storage) -> None:
    digest = SourceDigest("月度汇编", date=dt.date(2026, 3, 31))
    listed = [
        Notice(kind=NoticeKind.LISTED, title=title, digest=digest)
        for title in ("关于公布药品挂网目录的通知", "关于公布药品挂网目录的通知（续）")
    ]
    first = [recorded(storage, notice, "digest.txt", "folder") for notice in listed]
    again = [recorded(storage, notice, "digest.txt", "folder", day=1) for notice in listed]
    assert [each.status for each in again] == [Status.SEEN, Status.SEEN]
    assert [each.revision.id for each in again] == [each.revision.id for each in first]


def test_two_rows_of_one_list_with_the_same_title_are_two_notices(storage: Storage) -> None:
    row = Notice(title="某市药品集中采购中选结果公示", published_date=dt.date(2026, 3, 1), body="详见附件。")
    assert recorded(storage, row, "https://example.org/1").status is Status.NEW
    assert recorded(storage, row, "https://example.org/2").status is Status.NEW
    assert recorded(storage, row, "https://example.org/2", day=1).status is Status.SEEN
    assert recorded(storage, row, "https://elsewhere.example/1", "elsewhere").status is Status.SEEN


def test_a_page_that_two_columns_list_is_one_notice_however_little_its_title_says(storage: Storage) -> None:
    first = recorded(storage, LITTLE)
    again = recorded(storage, LITTLE, source="elsewhere")
    assert (again.status, again.to_match) == (Status.SEEN, True)  # no reader who was told is told again
    assert again.revision.notice_id == first.revision.notice_id


def test_files_of_one_name_in_two_folders_are_two_notices(storage: Storage) -> None:
    first = recorded(storage, LITTLE, url="2.txt", source="folder")
    other = recorded(storage, LITTLE, url="2.txt", source="elsewhere")
    assert other.revision.notice_id != first.revision.notice_id


def test_a_notice_whose_address_changed_is_known_by_its_text(storage: Storage) -> None:
    unnumbered = changed(doc_number=None)
    recorded(storage, unnumbered, "http://example.org/12.html")
    assert recorded(storage, unnumbered, "https://example.org/12.html", day=1).status is Status.SEEN


def test_a_title_mended_at_its_address_is_a_correction(storage: Storage) -> None:
    recorded(storage, changed(doc_number=None))
    mended = recorded(storage, changed(doc_number=None, title=NOTICE.title + "（更正版）"), day=1)
    assert mended.status is Status.CORRECTED


def test_an_old_text_in_a_new_place_is_told_as_it_reads_now(storage: Storage) -> None:
    recorded(storage)
    corrected = recorded(storage, changed(body=BODY.replace("30日", "60日")), day=1)
    reprint = recorded(storage, url="digest.txt", source="folder", position="12", day=2)
    assert (reprint.status, reprint.to_match) == (Status.SEEN, True)
    assert reprint.revision.id == corrected.revision.id


def test_the_reason_of_a_decision_is_kept_with_it(storage: Storage) -> None:
    recorded(storage)
    assert recorded(storage, url="digest.txt", source="folder").reason == (
        "the same number and a fitting title; nothing new"
    )
