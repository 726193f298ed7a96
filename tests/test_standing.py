"""How sources stand, for whoever looks at them."""

import datetime as dt

from monitor.health import Symptom
from monitor.standing import Condition, health_report, standings
from monitor.storage import Check, CheckOutcome, Episode, Storage
from tests.making import DAY, HOUR, NOW, a_notice


def check(storage: Storage, source_id: str, outcome: CheckOutcome, cause: str | None = None) -> None:
    with storage.begin() as tx:
        tx.sources.ensure(source_id, "html_list", NOW)
        tx.sources.add_checks(
            Check(source_id=source_id, started_at=NOW, finished_at=NOW, outcome=outcome, cause=cause)
        )


def fall_ill(storage: Storage, source_id: str, symptom: Symptom) -> None:
    with storage.begin() as tx:
        tx.episodes.begin(
            Episode(
                source_id=source_id,
                symptom=symptom,
                cause="blocked",
                message="被拦截",
                told=True,
                good=[("通知", "2026-03-01")],
                present=None,
                began_at=NOW,
                seen_at=NOW,
            )
        )


def test_each_source_is_in_the_worst_condition_that_holds(storage: Storage) -> None:
    check(storage, "well", CheckOutcome.OK)
    check(storage, "once", CheckOutcome.FAILED, "dns")
    check(storage, "ill", CheckOutcome.FAILED, "blocked")
    check(storage, "paused", CheckOutcome.OK)
    fall_ill(storage, "ill", Symptom.FAILING)
    with storage.begin() as tx:
        tx.agenda.pause("paused", NOW + DAY)
        names = ("well", "once", "ill", "paused", "off", "new")
        found = {s.source_id: s for s in standings(tx, [(name, name != "off") for name in names], NOW)}
        later = standings(tx, [("paused", True)], NOW + 2 * DAY)
    assert {name: s.state for name, s in found.items()} == {
        "well": Condition.WELL,
        "once": Condition.FAILING,
        "ill": Condition.UNWELL,
        "paused": Condition.PAUSED,
        "off": Condition.DISABLED,
        "new": Condition.NEVER_CHECKED,
    }
    assert found["ill"].symptoms == (Symptom.FAILING,)
    assert later[0].state is Condition.WELL


def test_a_report_counts_causes_latency_and_what_notices_lack(storage: Storage) -> None:
    check(storage, "a", CheckOutcome.OK)
    for cause in ("dns", "blocked", "dns"):
        check(storage, "a", CheckOutcome.FAILED, cause)
    fall_ill(storage, "a", Symptom.FAILING)
    with storage.begin() as tx:
        for number, (days, numbered) in enumerate([(0, True), (2, False), (None, False)]):
            notice = a_notice(
                f"第{number}号通知",
                published_date=None if days is None else NOW.date() - dt.timedelta(days=days),
                doc_number="国卫〔2026〕1号" if numbered else None,
            )
            revision = tx.notices.add(notice, [f"key{number}"], baseline=False, now=NOW)
            tx.notices.sight(revision, "a", f"http://a/{number}", None, baseline=False, now=NOW)
    with storage.read() as tx:
        report = health_report(tx, "a", NOW + HOUR)
    assert report.failures == {"dns": 2, "blocked": 1}
    assert (report.notices, report.latency) == (3, 1)
    assert (report.without_number, report.without_date) == (2 / 3, 1 / 3)
    assert len(report.checks) == 4
    assert [episode.message for episode in report.episodes] == ["被拦截"]


def test_a_source_that_was_never_mentioned_has_an_empty_report(storage: Storage) -> None:
    with storage.read() as tx:
        report = health_report(tx, "nobody", NOW)
    assert report.standing.state is Condition.NEVER_CHECKED
    assert (report.failures, report.notices, report.latency) == ({}, 0, None)
