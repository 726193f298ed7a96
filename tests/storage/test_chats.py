from monitor.storage import ChatUpdate, Conversation, Storage
from tests.making import DAY, HOUR, NOW

CHAT = "telegram:42"


def test_what_was_said_is_acted_upon_once(storage: Storage) -> None:
    with storage.begin() as tx:
        assert tx.chats.take_in("telegram", {5: {"text": "a"}, 6: {"text": "b"}}, NOW) == [5, 6]
        assert tx.chats.take_in("telegram", {6: {"text": "b"}, 7: {"text": "c"}}, NOW) == [7]
        assert tx.chats.finish("telegram", 5, None, NOW)
        assert not tx.chats.finish("telegram", 5, None, NOW)
        assert [update.id for update in tx.chats.unfinished("telegram")] == [6, 7]


def test_after_a_crash_what_was_not_done_and_what_was_not_replied_to_is_found(storage: Storage) -> None:
    with storage.begin() as tx:
        tx.chats.take_in("telegram", {5: {"text": "a"}, 6: {"text": "b"}, 7: {"text": "c"}}, NOW)
        tx.chats.finish("telegram", 5, [{"html": "x"}], NOW)
        tx.chats.finish("telegram", 6, [{"html": "y"}], NOW)
        tx.chats.replied("telegram", [6])
        assert tx.chats.unfinished("telegram") == [
            ChatUpdate(5, None, [{"html": "x"}]),
            ChatUpdate(7, {"text": "c"}, None),
        ]
        assert tx.chats.unfinished("other") == []


def test_a_question_stands_until_it_is_answered_replaced_or_too_old(storage: Storage) -> None:
    with storage.begin() as tx:
        tx.chats.ask(CHAT, "1", "start.topics", {"topics": ["集采"]}, NOW + HOUR)
        tx.chats.ask(CHAT, "1", "start.save", {}, NOW + HOUR)
        assert tx.chats.conversation(CHAT, "1", NOW) == Conversation("start.save", {})
        assert tx.chats.conversation(CHAT, "2", NOW) is None
        assert tx.chats.conversation(CHAT, "1", NOW + HOUR) is None
        assert tx.chats.end(CHAT, "1")
        assert not tx.chats.end(CHAT, "1")


def test_what_buttons_carry_belongs_to_their_chat_and_moves_with_it(storage: Storage) -> None:
    with storage.begin() as tx:
        number = tx.chats.keep(CHAT, {"rule": "省:山西"}, NOW)
        assert tx.chats.kept(CHAT, number) == {"rule": "省:山西"}
        assert tx.chats.kept("telegram:43", number) is None
        tx.chats.move(CHAT, "telegram:-1001")
        assert tx.chats.kept("telegram:-1001", number) == {"rule": "省:山西"}


def test_old_things_are_forgotten_and_what_is_unfinished_is_not(storage: Storage) -> None:
    with storage.begin() as tx:
        tx.chats.take_in("telegram", {5: {}, 6: {}}, NOW)
        tx.chats.finish("telegram", 5, None, NOW)
        number = tx.chats.keep(CHAT, 1, NOW)
        assert tx.chats.forget(NOW + DAY) == 2
        assert tx.chats.kept(CHAT, number) is None
        assert [update.id for update in tx.chats.unfinished("telegram")] == [6]


def test_an_invitation_lets_one_chat_in(storage: Storage) -> None:
    with storage.begin() as tx:
        code = tx.admissions.invite("telegram:1", NOW + DAY, NOW)
        assert tx.admissions.admitted(CHAT) is None
        assert not tx.admissions.redeem("wrong", CHAT, NOW)
        assert tx.admissions.redeem(code, CHAT, NOW)
        assert not tx.admissions.redeem(code, "telegram:43", NOW)
        assert tx.admissions.admitted(CHAT)
        tx.admissions.decide(CHAT, False, "telegram:1", NOW)
        assert tx.admissions.admitted(CHAT) is False
        late = tx.admissions.invite("telegram:1", NOW + DAY, NOW)
        assert not tx.admissions.redeem(late, "telegram:43", NOW + DAY)
