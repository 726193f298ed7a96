import datetime as dt
import threading

from monitor.storage import Storage
from tests.making import DAY, HOUR, NOW, a_notice, a_revision


def test_a_revision_comes_back_as_it_was_written(storage: Storage) -> None:
    notice = a_notice(
        provinces=("山西",),
        doc_number="晋医保发〔2026〕3号",
        published_date=dt.date(2026, 3, 1),
        body="各市：\n正文。",
    )
    with storage.begin() as tx:
        written = a_revision(tx, notice)
    with storage.read() as tx:
        assert tx.notices.revision(written.id) == written
        assert tx.notices.revisions(written.notice_id) == [written]
        assert written.notice == notice


def test_a_correction_begins_an_edition_and_a_variant_does_not(storage: Storage) -> None:
    with storage.begin() as tx:
        first = a_revision(tx, a_notice("关于药品集采的通知", doc_number="晋医保发〔2026〕3号"))
        variant = tx.notices.revise(
            first.notice_id,
            a_notice("药品集采的通知", doc_number="另", published_date=dt.date(2026, 3, 1)),
            [],
            corrected=False,
            now=NOW + HOUR,
        )
        corrected = tx.notices.revise(
            first.notice_id, a_notice("关于药品集采的通知（更正）"), [], corrected=True, now=NOW + DAY
        )
        stands = tx.notices.get(first.notice_id)
    numbers = [(r.number, r.edition, r.variant) for r in (first, variant, corrected)]
    assert numbers == [(1, 1, False), (2, 1, True), (3, 2, False)]
    assert stands is not None
    assert (stands.title, stands.edition) == ("关于药品集采的通知（更正）", 2)
    assert (stands.doc_number, stands.published_date) == ("晋医保发〔2026〕3号", dt.date(2026, 3, 1))


def test_candidates_share_a_key_or_were_seen_at_the_address(storage: Storage) -> None:
    with storage.begin() as tx:
        for source in "ab":
            tx.sources.ensure(source, "html_list", NOW)
        by_key = tx.notices.add(a_notice("一"), ["k1", "k2"], baseline=False, now=NOW)
        by_place = tx.notices.add(a_notice("二"), ["k3"], baseline=False, now=NOW)
        tx.notices.add(a_notice("三"), ["k4"], baseline=False, now=NOW)
        tx.notices.sight(by_place, "a", "/1", None, baseline=False, now=NOW)
        tx.notices.sight(by_key, "b", "/1", None, baseline=False, now=NOW)
        found = tx.notices.candidates(["k2", "k9"], "a", "/1")
        assert tx.notices.candidates(["k9"], "a", "/2") == []
    assert [candidate.notice.id for candidate in found] == [by_key.notice_id, by_place.notice_id]
    assert found[0].seen_here is None
    assert found[1].seen_here is not None
    assert found[1].seen_here.revision_id == by_place.id


def test_a_sighting_is_recorded_once_and_knows_when_it_was_last_seen(storage: Storage) -> None:
    with storage.begin() as tx:
        tx.sources.ensure("a", "html_list", NOW)
        revision = a_revision(tx)
        assert tx.notices.sight(revision, "a", "/1", "3", baseline=True, now=NOW)
        assert not tx.notices.sight(revision, "a", "/1", "4", baseline=False, now=NOW + DAY)
        (sighting,) = tx.notices.sightings(revision.notice_id)
    assert (sighting.first_seen_at, sighting.last_seen_at) == (NOW, NOW + DAY)
    assert (sighting.position, sighting.baseline) == ("4", True)


def test_a_notice_of_a_baseline_is_opened_once(storage: Storage) -> None:
    with storage.begin() as tx:
        revision = tx.notices.add(a_notice(), [], baseline=True, now=NOW)
        assert tx.notices.open(revision.notice_id, NOW + DAY)
        assert not tx.notices.open(revision.notice_id, NOW + 2 * DAY)
        stands = tx.notices.get(revision.notice_id)
    assert stands is not None
    assert (stands.first_seen_at, stands.opened_at) == (NOW, NOW + DAY)


def test_revisions_wait_until_they_were_matched(storage: Storage) -> None:
    with storage.begin() as tx:
        first, second = a_revision(tx), a_revision(tx)
        tx.notices.mark_matched(first.id, NOW)
        assert [revision.id for revision in tx.notices.unmatched()] == [second.id]


def test_notices_are_found_by_a_part_of_their_title_or_number(storage: Storage) -> None:
    with storage.begin() as tx:
        a_revision(tx, a_notice("100%覆盖集采药品的通知", doc_number="晋医保发〔2026〕3号"))
        a_revision(tx, a_notice("关于飞行检查的通告"))
        assert [found.title for found in tx.notices.latest(containing="飞行")] == ["关于飞行检查的通告"]
        assert len(tx.notices.latest(containing="晋医保发")) == 1
        assert len(tx.notices.latest(containing="%")) == 1
        assert len(tx.notices.latest(limit=1)) == 1
        assert tx.notices.latest(since=NOW + DAY) == []


def test_two_processes_do_not_record_at_the_same_time(storage: Storage) -> None:
    """Each adds the notice where it is missing; with both at once it would be there twice."""
    both_ready = threading.Barrier(2)

    def record() -> None:
        both_ready.wait()
        with storage.begin() as tx:
            if not tx.notices.candidates(["key"], "a", "/1"):
                a_revision(tx)

    threads = [threading.Thread(target=record) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with storage.read() as tx:
        assert len(tx.notices.latest()) == 1


def test_what_arrived_since_a_time_is_read_in_pieces(storage: Storage) -> None:
    with storage.begin() as tx:
        old = a_revision(tx, a_notice("旧"))
        told_late = tx.notices.add(a_notice("基线"), ["b"], baseline=True, now=NOW)
        corrected = tx.notices.revise(old.notice_id, a_notice("更正"), [], corrected=True, now=NOW + DAY)
        baseline = tx.notices.add(a_notice("新的基线"), ["c"], baseline=True, now=NOW + DAY)
        tx.notices.open(told_late.notice_id, NOW + DAY)
    with storage.read() as tx:
        since = NOW + HOUR
        first = tx.notices.arrived_since(since, limit=2)
        second = tx.notices.arrived_since(since, after=corrected.id)
        assert tx.notices.arrived_since(NOW + 2 * DAY) == []
    assert first == [(told_late, NOW + DAY), (corrected, NOW)]
    assert second == [(baseline, None)]


def test_a_notice_is_found_by_an_address_where_it_was_seen(storage: Storage) -> None:
    with storage.begin() as tx:
        tx.sources.ensure("a", "html_list", NOW)
        revision = a_revision(tx)
        tx.notices.sight(revision, "a", "https://www.example.gov.cn/n/1", None, baseline=False, now=NOW)
        for url in ("http://example.gov.cn/n/1/", "https://www.example.gov.cn/n/1#top"):
            assert [one.id for one in tx.notices.at_address(url)] == [revision.notice_id]
        assert tx.notices.at_address("https://www.example.gov.cn/n/2") == []


def test_the_text_that_stands_is_the_last_correction_and_no_variant(storage: Storage) -> None:
    with storage.begin() as tx:
        first = a_revision(tx, a_notice("甲"))
        tx.notices.revise(first.notice_id, a_notice("乙"), [], corrected=True, now=NOW)
        tx.notices.revise(first.notice_id, a_notice("丙"), [], corrected=False, now=NOW)
        assert {n: one.title for n, one in tx.notices.standing([first.notice_id]).items()} == {
            first.notice_id: "乙"
        }
