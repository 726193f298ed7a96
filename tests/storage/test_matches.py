from monitor.storage import Storage
from tests.making import NOW, REASON, a_notice, a_revision, a_subscription, met


def test_a_match_comes_back_with_its_rule_and_reasons(storage: Storage) -> None:
    with storage.begin() as tx:
        subscription, revision = a_subscription(tx), a_revision(tx)
        assert met(tx, revision, subscription) == 1
        (match,) = tx.matches.of_notice(revision.notice_id)
    assert (match.subscription, match.rule, match.reasons) == ("集采", "集采", (REASON,))
    assert match.delivery_id is None


def test_a_subscription_meets_an_edition_once_and_its_correction_once_more(storage: Storage) -> None:
    with storage.begin() as tx:
        subscription, first = a_subscription(tx), a_revision(tx)
        corrected = tx.notices.revise(first.notice_id, a_notice(), [], corrected=True, now=NOW)
        added = [met(tx, revision, subscription) for revision in (first, first, corrected, corrected)]
    assert added == [1, 0, 1, 0]


def test_a_variant_is_met_only_by_who_never_met_the_notice(storage: Storage) -> None:
    with storage.begin() as tx:
        told, other, first = a_subscription(tx, "told"), a_subscription(tx, "other"), a_revision(tx)
        assert met(tx, first, told) == 1
        tx.notices.revise(first.notice_id, a_notice(), [], corrected=True, now=NOW)
        variant = tx.notices.revise(first.notice_id, a_notice(), [], corrected=False, now=NOW)
        assert met(tx, variant, told, other) == 1
        assert met(tx, variant, told, other) == 0


def test_who_met_an_earlier_edition_is_known_until_they_met_this_one(storage: Storage) -> None:
    with storage.begin() as tx:
        stays, leaves, paused = (a_subscription(tx, name) for name in ("stays", "leaves", "paused"))
        first = a_revision(tx)
        met(tx, first, stays, leaves, paused)
        tx.subscriptions.set_active(paused.id, False)
        corrected = tx.notices.revise(first.notice_id, a_notice(), [], corrected=True, now=NOW)
        met(tx, corrected, stays)
        (earlier,) = tx.matches.met_before(corrected)
    assert (earlier.subscription_id, earlier.reasons) == (leaves.id, (REASON,))
