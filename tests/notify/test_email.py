"""Alerts by mail, against a relay that can refuse and break off at every step."""

import asyncio
import logging
import socket
import ssl
from collections.abc import AsyncIterator, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import trustme
from hypothesis import given, settings
from pydantic import ValidationError

from monitor.compose import compose
from monitor.errors import DeliveryError, SendOutcome
from monitor.notify import CHANNELS
from monitor.notify._relay import Relay
from monitor.notify._text import render_text
from monitor.notify.email import EmailChannel, EmailSettings, check_address, render
from monitor.types import Message
from tests.notify.failing import assert_silent, failure
from tests.notify.samples import ALERT, NOW, OPERATOR, alert, clock, messages
from tests.servers._common import Fault
from tests.servers.smtp import PASSWORD, USER, SmtpServer, Upset

SENDER = "政策监测 <alerts@monitor.example>"


@pytest.fixture
def relay() -> Iterator[SmtpServer]:
    """A relay without encryption or login."""
    with SmtpServer() as server:
        yield server


def email_channel(relay: SmtpServer, **more: Any) -> EmailChannel:
    """The e-mail channel to that relay."""
    options = {"host": "127.0.0.1", "port": relay.port, "security": "none", "sender": SENDER, "timeout": "2s"}
    return EmailChannel(EmailSettings(**(options | more)), clock)


@pytest.fixture
async def channel(relay: SmtpServer) -> AsyncIterator[EmailChannel]:
    """That channel, closed in the end."""
    channel = email_channel(relay)
    yield channel
    await channel.aclose()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, Path]:
    """The relay's side of TLS, and the file of the authority that vouches for it."""
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
    file = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(str(file))
    return context, file


def body(mail: EmailMessage, subtype: str) -> str:
    """The text of one half of a mail."""
    part = mail.get_body((subtype,))
    assert part is not None
    return str(part.get_content())


async def test_an_alert_arrives_as_text_and_html(relay: SmtpServer, channel: EmailChannel) -> None:
    receipt = await channel.send("reader@example.org", ALERT)
    (mail,) = relay.mails
    assert (mail["From"], mail["To"]) == (SENDER, "reader@example.org")
    assert mail["Subject"].startswith("【山西 · 征求意见】山西省医疗保障局关于公开征求")
    assert mail["Subject"].endswith("意见的公告（2025-11-28 截止）")
    assert receipt.provider_id == mail["Message-ID"] == "<d-1@monitor.example>"
    assert receipt.answer.startswith("250")
    assert "意见截止：2025-11-28（周五，还有 4 天）" in body(mail, "plain")
    assert '<a href="https://ybj.example.cn/tzgg/1121.html"' in body(mail, "html")
    assert '">集中带量采购</b>工作常态化开展' in body(mail, "html")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"].datetime == NOW


async def test_every_try_of_a_delivery_carries_the_same_message_id(
    relay: SmtpServer, channel: EmailChannel
) -> None:
    relay.upsets.append(Upset("DATA", drop=True))
    await failure(channel.send("reader@example.org", alert("d-77")), SendOutcome.AMBIGUOUS)
    await channel.send("reader@example.org", alert("d-77"))
    assert [record["id"] for record in relay.log.records] == ["<d-77@monitor.example>"] * 2
    assert channel.repeat_safe


async def test_a_revision_is_a_reply_in_the_thread_of_the_first_mail(
    relay: SmtpServer, channel: EmailChannel
) -> None:
    for delivery, revision, told_first in (("d-1", 1, None), ("d-2", 2, "d-1"), ("d-3", 3, "d-1")):
        message = alert(delivery, revision=revision, told_first=told_first)
        await channel.send("reader@example.org", message)
    await channel.send("reader@example.org", OPERATOR)
    first, *later, other = relay.mails
    assert first["In-Reply-To"] is first["References"] is other["References"] is None
    for revision in later:
        assert revision["In-Reply-To"] == revision["References"] == first["Message-ID"]
        assert "修订" in revision["Subject"]


async def test_a_delivery_id_of_any_form_makes_a_sound_message_id(
    relay: SmtpServer, channel: EmailChannel
) -> None:
    await channel.send("reader@example.org", alert("d 1>\r\nBcc: everyone@example.org"))
    (mail,) = relay.mails
    assert mail["Bcc"] is None
    assert mail["Message-ID"].endswith("@monitor.example>")
    assert len(mail["Message-ID"]) < 100


async def test_a_mail_can_be_unsubscribed_from_in_one_click(relay: SmtpServer) -> None:
    channel = email_channel(relay, unsubscribe="https://monitor.example/leave?who={address}")
    await channel.send("reader+policy@example.org", ALERT)
    await channel.aclose()
    (mail,) = relay.mails
    assert mail["List-Unsubscribe"] == "<https://monitor.example/leave?who=reader%2Bpolicy%40example.org>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


async def test_a_mailto_offers_no_one_click(relay: SmtpServer) -> None:
    channel = email_channel(relay, unsubscribe="mailto:leave@monitor.example")
    await channel.send("reader@example.org", ALERT)
    await channel.aclose()
    assert relay.mails[0]["List-Unsubscribe"] == "<mailto:leave@monitor.example>"
    assert relay.mails[0]["List-Unsubscribe-Post"] is None


@given(messages)
@settings(max_examples=80, deadline=None)
def test_whatever_a_notice_holds_the_mail_can_be_carried_and_read(message: Message) -> None:
    settings = EmailSettings(host="127.0.0.1", sender=SENDER)
    content = render(message, settings, "reader@example.org", NOW)
    assert all(len(line) <= 998 and b"\n" not in line and line.isascii() for line in content.split(b"\r\n"))
    arrived = message_from_bytes(content, policy=policy.default)
    composition = compose(message, NOW.date())
    assert arrived["Subject"].split() == composition.subject.split()
    assert body(arrived, "plain").split() == render_text(composition).split()
    assert body(arrived, "html").startswith("<!DOCTYPE html>")


async def test_one_connection_carries_many_mails(relay: SmtpServer, channel: EmailChannel) -> None:
    for number in range(20):
        await channel.send("reader@example.org", alert(f"d-{number}"))
    assert (len(relay.mails), relay.connections) == (20, 1)


async def test_senders_at_the_same_time_share_the_connections(relay: SmtpServer) -> None:
    channel = email_channel(relay, connections=2)
    await asyncio.gather(*(channel.send("reader@example.org", alert(f"d-{n}")) for n in range(20)))
    await channel.aclose()
    assert (len(relay.mails), relay.connections) == (20, 2)


async def test_a_connection_that_the_relay_closed_meanwhile_is_replaced(
    relay: SmtpServer, channel: EmailChannel
) -> None:
    await channel.send("reader@example.org", alert("d-1"))
    relay.upsets.append(Upset("MAIL", drop=True))
    await channel.send("reader@example.org", alert("d-2"))
    assert [record["id"] for record in relay.log.records] == [
        "<d-1@monitor.example>",
        "<d-2@monitor.example>",
    ]


@pytest.mark.parametrize(
    ("upset", "outcome"),
    [
        (Upset("MAIL", "451 4.7.1 greylisted"), SendOutcome.RETRY),
        (Upset("MAIL", "550 5.7.1 sender not allowed"), SendOutcome.RETRY),
        (Upset("MAIL", drop=True), SendOutcome.RETRY),
        (Upset("RCPT", "450 4.2.1 busy"), SendOutcome.RETRY),
        (Upset("RCPT", "550 5.1.1 no such user"), SendOutcome.PERMANENT),
        (Upset("RCPT", "550 unknown"), SendOutcome.PERMANENT),
        (Upset("RCPT", "552 5.2.2 mailbox full"), SendOutcome.RETRY),
        (Upset("RCPT", "554 5.7.1 relaying denied"), SendOutcome.RETRY),
        (Upset("RCPT", drop=True), SendOutcome.RETRY),
        (Upset("DATA", "452 4.3.1 no space"), SendOutcome.RETRY),
        (Upset("DATA", "554 5.6.0 looks like spam"), SendOutcome.RETRY),
        (Upset("DATA", "550 5.1.1 no such user"), SendOutcome.PERMANENT),
        (Upset("DATA", drop=True), SendOutcome.AMBIGUOUS),
    ],
    ids=str,
)
async def test_each_way_to_fail_has_its_meaning_and_the_next_mail_goes(
    upset: Upset, outcome: SendOutcome, relay: SmtpServer, channel: EmailChannel
) -> None:
    relay.upsets.append(upset)
    error = await failure(channel.send("reader@example.org", alert("d-1")), outcome)
    assert upset.answer[:3] in error.answer
    taken = len(relay.mails)
    await channel.send("reader@example.org", alert("d-2"))
    assert relay.log.records[taken]["id"] == "<d-2@monitor.example>"


async def test_a_relay_that_does_not_confirm_in_time_leaves_it_open(relay: SmtpServer) -> None:
    channel = email_channel(relay, timeout="0.3s")
    relay.faults.order(Fault("slow", seconds=0.6))
    await failure(channel.send("reader@example.org", ALERT), SendOutcome.AMBIGUOUS)
    await channel.aclose()


async def test_who_finds_all_connections_busy_has_certainly_not_sent(relay: SmtpServer) -> None:
    options = {
        "hostname": "127.0.0.1",
        "port": relay.port,
        "use_tls": False,
        "start_tls": False,
        "timeout": 5,
    }
    sender = Relay(options, connections=1, patience=0.1)
    relay.faults.order(Fault("slow", seconds=0.5))
    slow = asyncio.create_task(sender.transmit("a@e.cn", "b@e.cn", b"Message-ID: <1@e.cn>\r\n\r\nx"))
    await asyncio.sleep(0.05)
    with pytest.raises(DeliveryError) as caught:
        await sender.transmit("a@e.cn", "c@e.cn", b"Message-ID: <2@e.cn>\r\n\r\nx")
    assert caught.value.outcome is SendOutcome.RETRY
    await slow
    await sender.aclose()
    assert [record["id"] for record in relay.log.records] == ["<1@e.cn>"]


async def test_a_relay_that_cannot_be_reached_was_certainly_not_sent_to() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        options = {"host": "127.0.0.1", "port": unused.getsockname()[1], "security": "none", "sender": SENDER}
        channel = EmailChannel(EmailSettings(**options), clock)
        await failure(channel.send("reader@example.org", ALERT), SendOutcome.RETRY)
        await channel.aclose()


@pytest.mark.parametrize("implicit", [False, True])
async def test_an_encrypted_relay_is_trusted_and_logged_in_to(
    implicit: bool, authority: tuple[ssl.SSLContext, Path]
) -> None:
    context, file = authority
    with SmtpServer(tls=context, implicit_tls=implicit, login=not implicit) as relay:
        options = {"security": "tls"} if implicit else {"username": USER, "password": PASSWORD}
        channel = email_channel(relay, **{"security": "starttls", "ca_file": file} | options)
        assert await channel.probe() == f"127.0.0.1:{relay.port} answers."
        await channel.send("reader@example.org", ALERT)
        await channel.aclose()
        assert len(relay.mails) == 1


async def test_a_relay_with_a_strangers_certificate_is_not_trusted(
    authority: tuple[ssl.SSLContext, Path],
) -> None:
    with SmtpServer(tls=authority[0], implicit_tls=True) as relay:
        channel = email_channel(relay, security="tls")
        await failure(channel.send("reader@example.org", ALERT), SendOutcome.RETRY)
        await channel.aclose()


async def test_a_relay_that_offers_no_encryption_is_sent_nothing(relay: SmtpServer) -> None:
    channel = email_channel(relay, security="starttls")
    await failure(channel.send("reader@example.org", ALERT), SendOutcome.RETRY)
    await channel.aclose()
    assert relay.log.records == []


async def test_a_wrong_password_is_the_operators_to_mend_and_is_not_shown(
    authority: tuple[ssl.SSLContext, Path], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    context, file = authority
    with SmtpServer(tls=context, login=True) as relay:
        channel = email_channel(relay, security="starttls", ca_file=file, username=USER, password="wr0ngp4ss")
        error = await failure(channel.send("reader@example.org", ALERT), SendOutcome.RETRY)
        assert "user name and password" in str(error)
        assert_silent(error, caplog, "wr0ngp4ss")
        await channel.aclose()


def test_a_password_in_the_clear_is_refused() -> None:
    with pytest.raises(ValidationError, match="anybody on the way") as caught:
        EmailSettings(
            host="mail.example.org", security="none", sender=SENDER, username="u", password="p4ssw0rd"
        )
    assert "p4ssw0rd" not in str(caught.value)


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        (" Reader.Name+tag@Example.ORG ", "Reader.Name+tag@example.org"),
        ("reader@医保.example", "reader@xn--ruqw5f.example"),
    ],
)
def test_an_address_is_taken_in_its_normal_form(typed: str, address: str) -> None:
    assert check_address(typed) == address


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "reader",
        "@example.org",
        "a b@example.org",
        "读者@example.org",
        "a@b@c",
        "a@example..org",
        "a@-x.cn\r\n",
    ],
)
def test_what_is_no_address_is_refused_with_a_sentence(typed: str) -> None:
    with pytest.raises(ValueError, match="looks like name@example"):
        CHANNELS["email"].check_address(typed)
