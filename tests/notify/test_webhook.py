"""Webhooks, against a receiver that checks every signature."""

import json
import logging
import socket
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from aiohttp.abc import ResolveResult
from aiohttp.resolver import ThreadedResolver
from hypothesis import given, settings
from pydantic import ValidationError

from monitor.errors import SendOutcome
from monitor.notify import CHANNELS
from monitor.notify.webhook import WebhookChannel, WebhookSettings, check_address, render
from monitor.types import Message, Notice
from tests.notify.failing import assert_silent, failure
from tests.notify.samples import ALERT, NOTICE, NOW, OPERATOR, alert, messages, real_clock
from tests.servers._common import Fault
from tests.servers.webhook import SECRET, WebhookServer

OTHER_KEY = "whsec_" + "b3RoZXIga2V5IG9mIHRoaXJ0eS10d28gYnl0ZXMhIQ=="
SCHEMA = json.loads((Path(__file__).parents[2] / "docs/reference/webhook.schema.json").read_text())


def event(receiver: WebhookServer) -> dict[str, Any]:
    """The only event that arrived."""
    (record,) = receiver.log.records
    event: dict[str, Any] = record["event"]
    return event


async def test_an_alert_arrives_signed_with_the_whole_record_and_the_reasons(
    receiver: WebhookServer, webhook_channel: WebhookChannel
) -> None:
    receipt = await webhook_channel.send(f"{receiver.url}/alerts?tenant=7", ALERT)
    assert receipt.answer == "204"
    assert receiver.log.records[0]["path"] == "/alerts?tenant=7"
    data = event(receiver)["data"]
    assert event(receiver)["type"] == "notice.matched"
    assert Notice.from_record(data["notice"]) == NOTICE
    assert data["hits"][0]["reasons"][2]["alias"] == "集中带量采购"
    assert data["text"].startswith("【山西 · 征求意见】山西省")


async def test_every_try_of_a_delivery_carries_the_same_id(
    receiver: WebhookServer, webhook_channel: WebhookChannel
) -> None:
    receiver.faults.order(Fault("accept_and_drop"))
    await failure(webhook_channel.send(receiver.url, alert("d-77")), SendOutcome.AMBIGUOUS)
    await webhook_channel.send(receiver.url, alert("d-77"))
    assert [record["id"] for record in receiver.log.records] == ["d-77", "d-77"]
    assert webhook_channel.repeat_safe


async def test_a_revision_and_a_message_to_the_operator_are_events_of_their_own(
    receiver: WebhookServer, webhook_channel: WebhookChannel
) -> None:
    await webhook_channel.send(receiver.url, alert(revision=2))
    await webhook_channel.send(receiver.url, OPERATOR)
    assert [record["event"]["type"] for record in receiver.log.records] == [
        "notice.revised",
        "operator.message",
    ]
    assert receiver.log.records[1]["event"]["data"]["subject"] == OPERATOR.headline


@pytest.mark.parametrize("known", [SECRET, OTHER_KEY])
async def test_while_a_key_is_replaced_receivers_with_either_believe_the_event(known: str) -> None:
    channel = WebhookChannel(WebhookSettings(secrets=[SECRET, OTHER_KEY], allow_private=True), real_clock)
    with WebhookServer(secret=known) as receiver:
        await channel.send(receiver.url, ALERT)
        assert len(receiver.log.records) == 1
    await channel.aclose()


async def test_a_receiver_with_another_key_does_not_believe_it(webhook_channel: WebhookChannel) -> None:
    with WebhookServer(secret=OTHER_KEY) as receiver:
        error = await failure(webhook_channel.send(receiver.url, ALERT), SendOutcome.RETRY)
        assert error.answer == "401 No matching signature found"
        assert receiver.log.records == []


async def test_an_endpoint_is_named_instead_of_shown_and_has_its_own_key() -> None:
    with WebhookServer(secret=OTHER_KEY) as receiver:
        endpoints = {"crm": {"url": f"{receiver.url}/s3cret-path", "secrets": [OTHER_KEY]}}
        channel = WebhookChannel(WebhookSettings(secrets=[SECRET], endpoints=endpoints), real_clock)
        await channel.send("crm", ALERT)
        assert receiver.log.records[0]["path"] == "/s3cret-path"
        error = await failure(channel.send("erp", ALERT), SendOutcome.RETRY)
        assert "'erp'" in str(error)
        await channel.aclose()


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (410, SendOutcome.PERMANENT),
        (301, SendOutcome.RETRY),
        (400, SendOutcome.RETRY),
        (401, SendOutcome.RETRY),
        (404, SendOutcome.RETRY),
        (408, SendOutcome.RETRY),
        (429, SendOutcome.RETRY),
        (500, SendOutcome.RETRY),
        (503, SendOutcome.RETRY),
        (502, SendOutcome.AMBIGUOUS),
        (504, SendOutcome.AMBIGUOUS),
    ],
)
async def test_only_410_is_for_good(
    status: int, outcome: SendOutcome, receiver: WebhookServer, webhook_channel: WebhookChannel
) -> None:
    receiver.faults.order(Fault("refuse", status=status))
    await failure(webhook_channel.send(receiver.url, ALERT), outcome)


@pytest.mark.parametrize(
    ("header", "seconds"), [("120", 120), ("Wed, 21 Oct 2015 07:28:00 GMT", 0), ("soon", None)]
)
async def test_a_receiver_may_say_when_to_come_back(
    header: str, seconds: float | None, receiver: WebhookServer, webhook_channel: WebhookChannel
) -> None:
    receiver.faults.order(Fault("refuse", status=429, headers={"retry-after": header}))
    error = await failure(webhook_channel.send(receiver.url, ALERT), SendOutcome.RETRY)
    assert error.retry_after == seconds


async def test_a_redirect_is_not_followed(receiver: WebhookServer, webhook_channel: WebhookChannel) -> None:
    receiver.faults.order(Fault("refuse", status=307, headers={"location": f"{receiver.url}/elsewhere"}))
    await failure(webhook_channel.send(receiver.url, ALERT), SendOutcome.RETRY)
    assert receiver.log.records == []


@pytest.mark.parametrize("kind", ["drop", "accept_and_drop"])
async def test_a_connection_that_breaks_after_the_request_is_ambiguous(
    kind: str, receiver: WebhookServer, webhook_channel: WebhookChannel
) -> None:
    await webhook_channel.send(receiver.url, alert("first"))  # also on a connection used before
    receiver.faults.order(Fault(kind))
    await failure(webhook_channel.send(receiver.url, alert("second")), SendOutcome.AMBIGUOUS)


async def test_an_answer_that_does_not_come_in_time_is_ambiguous(receiver: WebhookServer) -> None:
    channel = WebhookChannel(
        WebhookSettings(secrets=[SECRET], allow_private=True, timeout="0.3s"), real_clock
    )
    receiver.faults.order(Fault("slow", seconds=0.6))
    await failure(channel.send(receiver.url, ALERT), SendOutcome.AMBIGUOUS)
    await channel.aclose()


async def test_what_cannot_be_reached_was_certainly_not_sent_to(webhook_channel: WebhookChannel) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/"
        await failure(webhook_channel.send(url, ALERT), SendOutcome.RETRY)
    await failure(webhook_channel.send("http://no-such-host.invalid/", ALERT), SendOutcome.RETRY)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]"])
async def test_loopback_is_refused_for_good_unless_allowed(host: str, receiver: WebhookServer) -> None:
    channel = WebhookChannel(WebhookSettings(secrets=[SECRET]), real_clock)
    url = f"http://{host}:{receiver.port}/"
    error = await failure(channel.send(url, ALERT), SendOutcome.PERMANENT)
    assert "private or local" in str(error)
    assert receiver.log.records == []
    await channel.aclose()


async def test_a_name_that_leads_to_loopback_the_second_time_is_refused_at_the_socket(
    receiver: WebhookServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, answers = (
        ThreadedResolver.resolve,
        iter(["192.0.0.9", "127.0.0.1"]),
    )  # the first is public, nobody's

    async def resolve(self: ThreadedResolver, host: str, *rest: Any, **more: Any) -> list[ResolveResult]:
        return await real(self, next(answers) if host == "rebound.example" else host, *rest, **more)

    monkeypatch.setattr(ThreadedResolver, "resolve", resolve)
    channel = WebhookChannel(WebhookSettings(secrets=[SECRET], timeout="0.5s"), real_clock)
    url = f"http://rebound.example:{receiver.port}/"
    error = await failure(channel.send(url, ALERT), SendOutcome.RETRY)
    assert "could not be reached" in str(error)
    session = channel._public._transport().client  # type: ignore[attr-defined]
    session.connector.clear_dns_cache()  # as time does
    error = await failure(channel.send(url, ALERT), SendOutcome.PERMANENT)
    assert "private or local" in str(error)
    assert receiver.log.records == []
    assert next(answers, None) is None
    await channel.aclose()


@pytest.mark.parametrize(
    "fault",
    [
        Fault("drop"),
        Fault("slow", seconds=1.2),
        Fault("refuse", status=404, body="no /hooks/T0PS3CRET?key=0therS3cret at user:p4ssw0rd here"),
        Fault("refuse", status=301, headers={"location": "https://e.cn/hooks/T0PS3CRET"}),
        Fault("refuse", status=500, body="key 0therS3cret\n\n\nis known"),
    ],
)
async def test_no_failure_shows_the_address_beyond_its_host(
    fault: Fault, receiver: WebhookServer, webhook_channel: WebhookChannel, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    receiver.faults.order(fault)
    url = f"http://user:p4ssw0rd@127.0.0.1:{receiver.port}/hooks/T0PS3CRET?key=0therS3cret"
    with pytest.raises(Exception) as caught:
        await webhook_channel.send(url, ALERT)
    assert f"127.0.0.1:{receiver.port}" in str(caught.value)
    assert_silent(caught.value, caplog, "T0PS3CRET", "0therS3cret", "p4ssw0rd", SECRET)


async def test_an_answer_that_echoes_the_address_is_kept_without_it(
    receiver: WebhookServer, webhook_channel: WebhookChannel
) -> None:
    receiver.faults.order(Fault("refuse", status=200, body="ok for /hooks/T0PS3CRET " + "x" * 9999))
    receipt = await webhook_channel.send(f"{receiver.url}/hooks/T0PS3CRET", ALERT)
    assert receipt.answer.startswith("200 ok for ***")
    assert len(receipt.answer) == 200


@given(messages)
@settings(max_examples=80, deadline=None)
def test_every_event_is_what_the_schema_promises(message: Message) -> None:
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(render(message, NOW)))


def test_the_schema_lists_the_fields_of_a_notice_and_no_others() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert set(SCHEMA["$defs"]["notice"]["properties"]) == set(NOTICE.to_record())
    assert set(SCHEMA["$defs"]["notice"]["required"]) == set(NOTICE.to_record())


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        (" HTTPS://Example.org/x#top ", "https://Example.org/x"),
        ("http://example.org", "http://example.org/"),
        ("https://[2001:db8::1]:8443/a?b=c", "https://[2001:db8::1]:8443/a?b=c"),
        ("crm", "crm"),
    ],
)
def test_an_address_is_taken_in_its_normal_form(typed: str, address: str) -> None:
    assert check_address(typed) == address


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ftp://example.org/",
        "https://",
        "https://exa mple.org/",
        "http://e.cn:99999/",
        "//e.cn/x",
        "http://[::1/",
    ],
)
def test_what_is_no_url_is_refused_with_a_sentence(typed: str) -> None:
    with pytest.raises(ValueError, match="https://"):
        CHANNELS["webhook"].check_address(typed)


@pytest.mark.parametrize("key", ["", "whsec_", "whsec_c2hvcnQ=", "whsec_not base64", "plain words"])
def test_a_weak_or_broken_key_is_refused_without_being_shown(key: str) -> None:
    with pytest.raises(ValidationError, match="24 to 64 random bytes") as caught:
        WebhookSettings(secrets=[key])
    assert len(key) < 8 or key not in str(caught.value)


async def test_probing_contacts_nobody(webhook_channel: WebhookChannel) -> None:
    assert "1 key" in await webhook_channel.probe()
