"""The catalogues hold what the code says, no more, and say it with the same places and marks."""

from tests.chat.catalogue import ids, in_code, marks, places, translated, translations

CODE = {ids(message) for message in in_code() if message.id}
CHINESE = {ids(message): translations(message) for message in translated() if message.id}


def test_everything_that_is_said_is_translated_and_nothing_else() -> None:
    assert CHINESE.keys() == CODE
    assert [message for message, said in CHINESE.items() if not all(said)] == []


def test_translations_have_the_places_of_the_original() -> None:
    wrong = [
        message
        for message, said in CHINESE.items()
        for text in said
        if places(text) != set().union(*map(places, message))
    ]
    assert wrong == []


def test_translations_are_marked_up_as_the_original() -> None:
    assert [m for m, said in CHINESE.items() if any(marks(text) != marks(m[0]) for text in said)] == []
