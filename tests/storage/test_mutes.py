from monitor.storage import MuteKind, Storage
from tests.making import NOW, a_destination, a_notice


def test_only_what_a_destination_muted_is_kept_from_it(storage: Storage) -> None:
    with storage.begin() as tx:
        one, two = a_destination(tx, "one"), a_destination(tx, "two")
        assert tx.mutes.add(one.id, MuteKind.NOTICE, "7", "a notice", NOW)
        assert not tx.mutes.add(one.id, MuteKind.NOTICE, "7", "a notice", NOW)
        tx.mutes.add(two.id, MuteKind.SOURCE, "inbox", "inbox", NOW)
        assert tx.mutes.deaf_to(7, a_notice(source_id="inbox")) == {one.id, two.id}
        assert tx.mutes.deaf_to(8, a_notice(source_id="other")) == set()
        (mute,) = tx.mutes.of_destination(one.id)
        assert tx.mutes.remove(two.id, mute.id) is None
        assert tx.mutes.remove(one.id, mute.id) == mute
        assert tx.mutes.deaf_to(7, a_notice()) == set()


def test_what_several_issued_together_is_muted_only_where_all_of_them_are(storage: Storage) -> None:
    joint = a_notice(agencies=("国家医保局", "某办公室"), agency_ids=("cn.nhsa", "cn.nhc"))
    with storage.begin() as tx:
        to = a_destination(tx)
        tx.mutes.add(to.id, MuteKind.AGENCY, "cn.nhsa", "国家医保局", NOW)
        assert tx.mutes.deaf_to(1, joint) == set()
        assert tx.mutes.deaf_to(1, a_notice(agency_ids=("cn.nhsa",))) == {to.id}
        tx.mutes.add(to.id, MuteKind.AGENCY, "cn.nhc", "国家卫生健康委", NOW)
        assert tx.mutes.deaf_to(1, joint) == {to.id}


def test_mutes_go_along_when_a_chat_moves_and_meet_those_that_are_there(storage: Storage) -> None:
    with storage.begin() as tx:
        old = a_destination(tx, "wang", "telegram", "-7")
        new = a_destination(tx, "wang", "telegram", "-1007")
        other = a_destination(tx, "li", "telegram", "-8")
        for to, value in ((old, "inbox"), (old, "feed"), (new, "inbox"), (other, "inbox")):
            tx.mutes.add(to.id, MuteKind.SOURCE, value, value, NOW)
        tx.move_chat("telegram", "-7", "-1007", NOW)
        assert tx.mutes.of_destination(old.id) == []
        assert sorted(mute.value for mute in tx.mutes.of_destination(new.id)) == ["feed", "inbox"]
        assert [mute.value for mute in tx.mutes.of_destination(other.id)] == ["inbox"]
        assert tx.mutes.deaf_to(1, a_notice(source_id="feed")) == {new.id}
