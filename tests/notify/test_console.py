"""Alerts on the terminal."""

import io
import os
import pty

import pytest
from hypothesis import given, settings
from rich.cells import cell_len
from rich.console import Console

from monitor.compose import compose
from monitor.errors import SendOutcome
from monitor.notify import CHANNELS
from monitor.notify.console import ConsoleChannel, check_address, render
from monitor.types import Message
from tests.notify.failing import failure
from tests.notify.samples import ALERT, OPERATOR, TODAY, clock, messages


async def test_a_pipe_gets_plain_text_with_every_link_spelled_out() -> None:
    stream = io.StringIO()
    await ConsoleChannel(clock, stream).send("stdout", ALERT)
    text = stream.getvalue()
    assert "\x1b" not in text
    assert text.splitlines()[0].startswith("【山西 · 征求意见】山西省医疗保障局")
    assert "推动全省«集中带量采购»工作常态化开展" in text
    assert "来源：《医药政策汇编》 2025年第11期 · 第 45 页 · https://ybj.example.cn/tzgg/1121.html" in text
    assert set(text.splitlines()[-1]) == {"─"}


async def test_a_terminal_gets_a_box_in_colours() -> None:
    reading, writing = pty.openpty()
    with os.fdopen(writing, "w") as terminal:
        await ConsoleChannel(clock, terminal).send("stdout", ALERT)
        shown = os.read(reading, 1 << 16).decode()
    os.close(reading)
    assert "╭" in shown
    assert "\x1b[" in shown


@given(messages)
@settings(max_examples=60, deadline=None)
def test_no_line_is_wider_than_the_terminal(message: Message) -> None:
    stream = io.StringIO()
    Console(file=stream, width=60, highlight=False, emoji=False, markup=False).print(
        render(compose(message, TODAY))
    )
    assert {cell_len(line) for line in stream.getvalue().splitlines()} == {60}


def test_chinese_is_broken_at_the_edge_and_not_at_the_last_space() -> None:
    stream = io.StringIO()
    Console(file=stream, width=60).print(render(compose(ALERT, TODAY)))
    first = stream.getvalue().splitlines()[1]
    assert cell_len(first.strip("│ ")) > 50


@pytest.mark.parametrize(("address", "shown_on"), [("stdout", "out"), ("stderr", "err")])
async def test_the_address_says_which_stream(
    address: str, shown_on: str, capsys: pytest.CaptureFixture[str]
) -> None:
    await ConsoleChannel(clock).send(address, OPERATOR)
    captured = capsys.readouterr()
    assert OPERATOR.headline in getattr(captured, shown_on)
    assert captured.out == "" or captured.err == ""


async def test_a_closed_pipe_is_tried_again() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    stream = os.fdopen(writing, "w")
    await failure(ConsoleChannel(clock, stream).send("stdout", ALERT), SendOutcome.RETRY)
    with pytest.raises(BrokenPipeError):
        stream.close()


def test_no_address_means_standard_output() -> None:
    assert [check_address(typed) for typed in ("", " STDERR ")] == ["stdout", "stderr"]
    with pytest.raises(ValueError, match="stdout or stderr"):
        CHANNELS["console"].check_address("printer")


async def test_the_terminal_is_always_there() -> None:
    channel = ConsoleChannel(clock)
    assert await channel.probe()
    await channel.aclose()
