"""Alerts into team chats, against robots that refuse as theirs do."""

import json
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from importlib import import_module
from typing import Any

import pytest
from hypothesis import given, settings

from monitor.compose import compose, fitting
from monitor.errors import SendOutcome
from monitor.notify import CHANNELS
from monitor.notify._robots import Dialect, RobotChannel, RobotSettings, encoded
from monitor.types import Message
from tests.notify.failing import assert_silent, failure
from tests.notify.samples import ALERT, OPERATOR, TODAY, alert, messages, real_clock
from tests.servers._cards import takes
from tests.servers._common import Fault
from tests.servers.robots import KEY, SECRET, RobotsServer

ROBOTS = ["dingtalk", "discord", "feishu", "slack", "teams", "wecom"]
SIGNING = ["dingtalk", "feishu"]
LONG = alert(notice={"title": "题" * 900, "keywords": ("词" * 50,) * 50, "warnings": ("疑" * 900,) * 9})


@pytest.fixture
def robots() -> Iterator[RobotsServer]:
    """All six chat programs."""
    with RobotsServer() as server:
        yield server


Opener = Callable[..., RobotChannel]


@pytest.fixture
async def opened(robots: RobotsServer) -> AsyncIterator[Opener]:
    """Opens a chat program's channel with one robot, called team; closes all in the end."""
    channels: list[RobotChannel] = []

    def open_channel(name: str, **robot: Any) -> RobotChannel:
        known = {"url": robots.address(name)} | ({"secret": SECRET} if name in SIGNING else {}) | robot
        settings = RobotSettings(robots={"team": known}, timeout="1s")
        channel = CHANNELS[name].create(settings, real_clock)
        assert isinstance(channel, RobotChannel)
        channels.append(channel)
        return channel

    yield open_channel
    for channel in channels:
        await channel.aclose()


def dialect(name: str) -> Dialect:
    """What the channel's module says of its chat program."""
    spoken = import_module(f"monitor.notify.{name}").DIALECT
    assert isinstance(spoken, Dialect)
    return spoken


@pytest.mark.parametrize("name", ROBOTS)
async def test_an_alert_arrives_with_its_title_link_deadline_and_reasons(
    name: str, robots: RobotsServer, opened: Opener
) -> None:
    sender = opened(name)
    receipt = await sender.send("team", ALERT)
    assert receipt.answer[:3] in ("200", "202")
    (card,) = robots.cards(name)
    said = json.dumps(card, ensure_ascii=False)
    for words in (
        "药品集中采购实施细则",
        "https://ybj.example.cn/tzgg/1121.html",
        "2025-11-28",
        "集中带量采购",
    ):
        assert words in said


@pytest.mark.parametrize("name", ROBOTS)
async def test_a_message_to_the_operator_and_a_very_long_alert_arrive_too(
    name: str, robots: RobotsServer, opened: Opener
) -> None:
    for message in (OPERATOR, LONG):
        await opened(name).send("team", message)
    assert len(robots.cards(name)) == 2


@pytest.mark.parametrize("name", SIGNING)
async def test_a_wrong_secret_is_the_operators_to_mend(
    name: str, robots: RobotsServer, opened: Opener
) -> None:
    sender = opened(name, secret="another")
    error = await failure(sender.send("team", ALERT), SendOutcome.RETRY)
    assert "sign" in error.answer
    assert robots.cards(name) == []


@pytest.mark.parametrize("name", SIGNING)
async def test_a_robot_without_signing_needs_no_secret(
    name: str, robots: RobotsServer, opened: Opener
) -> None:
    robots.signing = False
    await opened(name, secret=None).send("team", ALERT)
    assert len(robots.cards(name)) == 1


@pytest.mark.parametrize("name", ["dingtalk", "discord", "feishu", "slack", "wecom"])
async def test_a_robot_that_is_no_more_is_refused_for_good(
    name: str, robots: RobotsServer, opened: Opener
) -> None:
    sender = opened(name, url=robots.address(name, "removed"))
    await failure(sender.send("team", ALERT), SendOutcome.PERMANENT)


@pytest.mark.parametrize(
    ("name", "answer", "seconds"),
    [
        ("feishu", '{"code": 11232, "msg": "frequency limited"}', 60),
        ("dingtalk", '{"errcode": 130101, "errmsg": "send too fast"}', 600),
        ("wecom", '{"errcode": 45009, "errmsg": "api freq out of limit"}', 61),
    ],
)
async def test_a_limit_told_with_a_200_is_not_taken_for_success(
    name: str, answer: str, seconds: float, robots: RobotsServer, opened: Opener
) -> None:
    robots.faults.order(Fault("refuse", status=200, body=answer))
    sender = opened(name)
    error = await failure(sender.send("team", ALERT), SendOutcome.RETRY)
    assert error.retry_after == seconds


@pytest.mark.parametrize(
    ("name", "fault", "seconds"),
    [
        ("slack", Fault("refuse", status=429, headers={"retry-after": "30"}), 30),
        ("discord", Fault("refuse", status=429, body='{"retry_after": 1.5, "global": false}'), 1.5),
        ("teams", Fault("refuse", status=429, headers={"retry-after": "7"}), 7),
    ],
)
async def test_a_429_says_when_to_come_back(
    name: str, fault: Fault, seconds: float, robots: RobotsServer, opened: Opener
) -> None:
    robots.faults.order(fault)
    sender = opened(name)
    error = await failure(sender.send("team", ALERT), SendOutcome.RETRY)
    assert error.retry_after == seconds


@pytest.mark.parametrize("name", ["dingtalk", "feishu", "wecom"])
@pytest.mark.parametrize("body", ["", "<html>log in</html>", "[]", "{}"])
async def test_a_200_that_is_not_the_programs_own_answer_leaves_it_open(
    name: str, body: str, robots: RobotsServer, opened: Opener
) -> None:
    robots.faults.order(Fault("refuse", status=200, body=body))
    sender = opened(name)
    await failure(sender.send("team", ALERT), SendOutcome.AMBIGUOUS)


@pytest.mark.parametrize("name", ROBOTS)
@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (Fault("accept_and_drop"), SendOutcome.AMBIGUOUS),
        (Fault("refuse", status=502), SendOutcome.AMBIGUOUS),
        (Fault("refuse", status=500), SendOutcome.RETRY),
        (Fault("refuse", status=400, body="odd"), SendOutcome.RETRY),
        (Fault("refuse", status=302), SendOutcome.RETRY),
    ],
    ids=str,
)
async def test_each_way_to_fail_has_its_meaning(
    name: str, fault: Fault, outcome: SendOutcome, robots: RobotsServer, opened: Opener
) -> None:
    robots.faults.order(fault)
    sender = opened(name)
    await failure(sender.send("team", ALERT), outcome)


@pytest.mark.parametrize("name", ROBOTS)
async def test_no_failure_shows_the_address_or_the_secret(
    name: str, robots: RobotsServer, opened: Opener, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    body = f"{robots.address(name)} {KEY} {SECRET if name in SIGNING else ''}"
    robots.faults.order(Fault("refuse", status=400, body=body))
    sender = opened(name)
    error = await failure(sender.send("team", ALERT), SendOutcome.RETRY)
    assert_silent(error, caplog, KEY, SECRET)
    assert str(robots.port) in str(error)


@pytest.mark.parametrize("name", ROBOTS)
async def test_a_name_that_no_robot_has_is_said(name: str, robots: RobotsServer, opened: Opener) -> None:
    sender = opened(name)
    error = await failure(sender.send("marketing", ALERT), SendOutcome.RETRY)
    assert "'marketing'" in str(error)
    assert await sender.probe()


@pytest.mark.parametrize("name", ROBOTS)
@given(message=messages)
@settings(max_examples=30, deadline=None)
def test_whatever_a_notice_holds_it_fits_the_program(name: str, message: Message) -> None:
    spoken = dialect(name)
    card = fitting(message, TODAY, spoken.render, spoken.fits)
    assert spoken.fits(card)
    assert takes(name, encoded(card))
    assert encoded(spoken.render(compose(message, TODAY)))


@pytest.mark.parametrize("name", ROBOTS)
async def test_what_may_be_there_already_says_so(name: str, robots: RobotsServer, opened: Opener) -> None:
    sender = opened(name)
    assert not sender.repeat_safe
    for may_repeat in (False, True):
        await sender.send("team", alert(may_repeat=may_repeat))
    first, second = (json.dumps(card, ensure_ascii=False) for card in robots.cards(name))
    assert ("重复" in first, "重复" in second) == (False, True)


def test_words_that_look_like_markup_stay_words() -> None:
    message = alert(notice={"title": "关于*印发*[通知](x)_的_<font>#1"}, hits=())
    composition = compose(message, TODAY)
    feishu = dialect("feishu").render(composition)["card"]["elements"][0]["content"]
    assert "关于&#42;印发&#42;&#91;通知&#93;&#40;x&#41;&#95;的&#95;&#60;font&#62;&#35;1" in feishu
    discord = dialect("discord").render(composition)["embeds"][0]
    assert discord["title"].endswith("关于*印发*[通知](x)_的_<font>#1")
    wecom = dialect("wecom").render(composition)["markdown"]["content"]
    assert r"关于\*印发\*\[通知\](x)\_的\_\<font\>#1" in wecom


def test_an_address_is_the_name_of_a_robot() -> None:
    check = CHANNELS["feishu"].check_address
    assert check(" 市场部 ") == "市场部"
    with pytest.raises(ValueError, match="its URL stays there"):
        check("https://open.feishu.cn/open-apis/bot/v2/hook/x")
