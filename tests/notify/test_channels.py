"""What all channels have in common."""

import pytest
from pydantic import SecretStr

from monitor.notify import CHANNELS, ChannelSettings
from monitor.notify._channel import safe_answer


def test_every_module_without_an_underscore_is_a_channel() -> None:
    assert {"console", "email", "telegram", "webhook"} <= set(CHANNELS)
    assert len(CHANNELS) == len(list(CHANNELS))
    for name in CHANNELS:
        assert CHANNELS[name].name == name


def test_there_is_no_channel_of_another_name() -> None:
    assert "pigeon" not in CHANNELS
    with pytest.raises(KeyError):
        CHANNELS["_http"]


@pytest.mark.parametrize("name", list(CHANNELS))
def test_every_setting_says_what_it_is(name: str) -> None:
    settings = CHANNELS[name].settings
    assert issubclass(settings, ChannelSettings)
    assert [field for field, info in settings.model_fields.items() if not info.description] == []


@pytest.mark.parametrize("name", list(CHANNELS))
def test_whatever_is_called_a_secret_is_kept_as_one(name: str) -> None:
    for field, info in CHANNELS[name].settings.model_fields.items():
        if any(word in field for word in ("token", "password", "secret")):
            assert SecretStr.__name__ in str(info.annotation), field


def test_a_providers_words_are_cut_to_a_line_without_secrets() -> None:
    said = safe_answer("token  abcdef\nin\tabcdefghi " + "x" * 500, "abcdef", "abcdefghi", "")
    assert said.startswith("token *** in *** xxx")
    assert len(said) == 200
