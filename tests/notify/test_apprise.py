"""Alerts by way of Apprise, to a real receiver of its JSON."""

import asyncio
import json
import logging
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import ValidationError

from monitor.errors import SendOutcome
from monitor.notify import CHANNELS, Channel
from tests.notify.failing import assert_silent, failure
from tests.notify.samples import ALERT, OPERATOR, alert, clock
from tests.servers.web import Reply, WebServer

pytest.importorskip("apprise", reason="apprise is not installed")

KIND = CHANNELS["apprise"]
PASSWORD, PATH, KEY = "open-sesame", "secret-path", "key-of-the-house"
SECRETS = (PASSWORD, PATH, KEY)


@pytest.fixture
def web() -> Iterator[WebServer]:
    with WebServer() as server:
        yield server


def opened(team: str, **others: str) -> Channel:
    return KIND.create(KIND.settings(urls={"team": team, **others}), clock)


def service(port: int, more: str = "") -> str:
    return f"json://me:{PASSWORD}@127.0.0.1:{port}/{PATH}?+X-Key={KEY}{more}"


def received(web: WebServer) -> list[dict[str, Any]]:
    return [json.loads(asked.body) for asked in web.asked]


async def test_an_alert_arrives_with_its_title_link_and_reasons(web: WebServer) -> None:
    web.put(f"/{PATH}", "ok")
    channel = opened(service(web.port))
    await channel.send("team", ALERT)
    await channel.send("team", OPERATOR)
    first, second = received(web)
    assert ALERT.notice is not None
    assert ALERT.notice.title in first["message"]
    for words in ("https://ybj.example.cn/tzgg/1121.html", "2025-11-28", "«集中带量采购»"):
        assert words in first["message"]
    assert "<b>&amp;</b>" in second["message"]
    assert second["title"]


async def test_a_long_alert_is_cut_to_what_the_service_takes(web: WebServer) -> None:
    web.put(f"/{PATH}", "ok")
    channel = opened(service(web.port, "&overflow=upstream"))
    await channel.send(
        "team", alert(notice={"title": "题\ud800" * 900, "warnings": ("疑\ud800" * 900,) * 99})
    )
    (message,) = received(web)
    assert len(message["title"]) <= 250
    assert "https://ybj.example.cn/tzgg/1121.html" in message["message"]


@pytest.mark.parametrize(
    ("status", "outcome"), [(500, SendOutcome.RETRY), (404, SendOutcome.RETRY), (502, SendOutcome.AMBIGUOUS)]
)
async def test_a_refusal_says_why_and_is_tried_again(
    web: WebServer, status: int, outcome: SendOutcome, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    web.put(f"/{PATH}", Reply(PASSWORD, status))
    error = await failure(opened(service(web.port)).send("team", ALERT), outcome)
    assert f"error={status}" in error.answer
    assert_silent(error, caplog, *SECRETS)


async def test_a_service_out_of_reach_has_not_got_it_and_a_lost_answer_leaves_that_open(
    web: WebServer, caplog: pytest.LogCaptureFixture, unused_tcp_port: int
) -> None:
    caplog.set_level(logging.DEBUG)
    error = await failure(opened(service(unused_tcp_port)).send("team", ALERT), SendOutcome.RETRY)
    assert_silent(error, caplog, *SECRETS)
    web.put(f"/{PATH}", Reply("late", delay=2))
    error = await failure(opened(service(web.port, "&rto=0.2")).send("team", ALERT), SendOutcome.AMBIGUOUS)
    assert len(web.asked) == 1
    assert_silent(error, caplog, *SECRETS)


async def test_a_success_says_nothing_secret_either(web: WebServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    web.put(f"/{PATH}", "ok")
    receipt = await opened(service(web.port)).send("team", ALERT)
    assert_silent(Exception(receipt), caplog, *SECRETS)


async def test_a_slow_service_holds_up_neither_the_program_nor_the_others(web: WebServer) -> None:
    web.put("/slow", Reply("ok", delay=1))
    web.put("/quick", "ok")
    channel = opened(f"json://127.0.0.1:{web.port}/slow", quick=f"json://127.0.0.1:{web.port}/quick")
    start = time.monotonic()
    slow = asyncio.create_task(channel.send("team", ALERT))
    await asyncio.sleep(0)
    await channel.send("quick", ALERT)
    assert time.monotonic() - start < 0.9
    await slow


async def test_an_unknown_name_is_the_operators_to_mend(web: WebServer) -> None:
    error = await failure(opened(service(web.port)).send("nobody", ALERT), SendOutcome.RETRY)
    assert "'nobody'" in str(error)


@pytest.mark.parametrize(
    ("url", "ours"),
    [
        ("mailto://me:word@example.org", "email"),
        ("mailtos://me:word@example.org", "email"),
        ("tgram://123456789:abcdefghijklmnopqrstuvwxyz012345678/42", "telegram"),
        ("feishu://abcdefgh", "feishu"),
        ("lark://abcdefgh", "feishu"),
        ("dingtalk://abcdefgh", "dingtalk"),
        ("wecombot://abcdefgh", "wecom"),
        (
            "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=12345678-1234-1234-1234-123456789abc",
            "wecom",
        ),
    ],
)
def test_what_has_a_channel_of_its_own_is_sent_there(url: str, ours: str) -> None:
    with pytest.raises(ValidationError, match=f"the channel {ours}"):
        KIND.settings(urls={"team": url})


@pytest.mark.parametrize("url", ["pigeon://coop", "", "json://"])
def test_a_url_that_apprise_does_not_know_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ValidationError, match="knows no such URL") as caught:
        KIND.settings(urls={"team": url})
    assert "coop" not in str(caught.value)


def test_without_the_extra_the_settings_say_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    with pytest.raises(ValidationError, match=r"pip install 'policy-monitor\[apprise\]'"):
        KIND.settings(urls={"team": "json://127.0.0.1/"})


@pytest.mark.parametrize("typed", ["", "json://127.0.0.1/", "a b"])
def test_an_address_is_a_name(typed: str) -> None:
    assert KIND.check_address(" team ") == "team"
    with pytest.raises(ValueError, match="the name"):
        KIND.check_address(typed)
