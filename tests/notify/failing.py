"""Asserting how a send failed, and that its words give no secret away."""

import logging
import traceback
from collections.abc import Awaitable

import pytest

from monitor.errors import DeliveryError, SendOutcome
from monitor.types import Receipt


async def failure(sending: Awaitable[Receipt], outcome: SendOutcome) -> DeliveryError:
    """The error of a send that must fail with this outcome."""
    with pytest.raises(DeliveryError) as caught:
        await sending
    assert caught.value.outcome is outcome, str(caught.value)
    return caught.value


def assert_silent(error: BaseException, logs: pytest.LogCaptureFixture, *secrets: str) -> None:
    """Neither the error, nor anything in its chain, nor any log line down to debug holds a secret."""
    said = "".join(traceback.format_exception(error))
    said += repr(vars(error)) + "".join(logging.Formatter().format(record) for record in logs.records)
    for secret in secrets:
        assert secret not in said
