import uuid

import pytest

from monitor.callbacks import AlertAction, AlertButton, alert_button, button_data


@pytest.mark.parametrize("action", AlertAction)
def test_a_button_names_its_action_and_its_delivery_within_telegrams_64_bytes(action: AlertAction) -> None:
    message_id = uuid.uuid4().hex
    data = button_data(action, message_id)
    assert len(data.encode()) <= 64
    assert alert_button(data) == AlertButton(action, message_id)


@pytest.mark.parametrize("data", ["", "why", "why:12", f"burn:{'0' * 32}", f"why:{'0' * 32}\n", "list:2"])
def test_what_no_alert_carries_is_none(data: str) -> None:
    assert alert_button(data) is None


def test_the_form_stays_what_messages_sent_long_ago_carry() -> None:
    assert button_data(AlertAction.WHY, "0a" * 16) == "why:" + "0a" * 16
    assert button_data(AlertAction.MUTE, "0a" * 16) == "mute:" + "0a" * 16
