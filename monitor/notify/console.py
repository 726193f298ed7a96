"""Alerts on the terminal: boxes and colours for a person, plain text for a pipe or a file."""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from rich.box import ROUNDED
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.measure import Measurement
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from monitor.compose import Composition, Line, Part, PartKind, Room, compose
from monitor.errors import DeliveryError, SendOutcome
from monitor.limits import Limits
from monitor.notify._channel import ChannelKind, ChannelSettings, Clock
from monitor.notify._text import render_text, visible
from monitor.types import Message, Receipt

_WIDTH = 100
_RULE = "─" * 72
_LABEL_WIDTH = {"zh": 8, "en": 12}
_HIT = "bold black on yellow"
# What stays together when a line is broken: a Latin word or one wide character, and what closes it.
_UNIT = re.compile(r"(?:[!-~]+|.)[，。、；：？！）》」】”…]*\s*")
_STYLES = {
    PartKind.HEAD: "bold",
    PartKind.DEADLINE: "bold red",
    PartKind.NOTES: "yellow",
    PartKind.ISSUER: "cyan",
    PartKind.GROUP: "bold cyan",
    PartKind.SOURCE: "dim",
    PartKind.FILES: "dim",
}


class ConsoleSettings(ChannelSettings):
    """The terminal needs no settings; the address says which stream."""


def check_address(address: str) -> str:
    """`stdout`, which is also meant by no address at all, or `stderr`."""
    name = address.strip().lower() or "stdout"
    if name not in ("stdout", "stderr"):
        raise ValueError(f"A console address is stdout or stderr, not {address!r}.")
    return name


def create(settings: ConsoleSettings, clock: Clock) -> "ConsoleChannel":
    """The console channel."""
    return ConsoleChannel(clock)


KIND = ChannelKind("console", ConsoleSettings, create, check_address, Room(30_000))


class ConsoleChannel:
    """Prints alerts. `stream` replaces the streams that addresses name."""

    name = "console"
    repeat_safe = False
    paced = False

    def __init__(self, clock: Clock, stream: IO[str] | None = None) -> None:
        self._clock = clock
        self._stream = stream

    def limits(self, address: str) -> Limits:
        """A terminal has none."""
        return ()

    async def send(self, address: str, message: Message) -> Receipt:
        """Print and flush. A stream that takes no more (a closed pipe) can be tried again."""
        stream = self._stream or (sys.stderr if address == "stderr" else sys.stdout)
        composition = compose(message, self._clock().date())
        try:
            print_composition(composition, stream)
            stream.flush()
        except (OSError, ValueError) as error:
            raise DeliveryError(
                f"The console did not take the message: {error}.", outcome=SendOutcome.RETRY
            ) from error
        return Receipt("printed")

    async def probe(self) -> str:
        """A terminal is always there."""
        return "Prints to the terminal."

    async def aclose(self) -> None:
        """Nothing to give back."""


def print_composition(composition: Composition, stream: IO[str]) -> None:
    """A box in colours where `stream` is a terminal, plain text and a rule elsewhere."""
    console = Console(file=stream, highlight=False, emoji=False, markup=False)
    if not console.is_terminal:
        stream.write(f"{render_text(composition)}\n{_RULE}\n")
        return
    console.width = min(console.width, _WIDTH)
    console.print(render(composition))


def render(composition: Composition) -> Panel:
    """A panel with one row per part; labels dim, hits highlighted, links clickable."""
    rows: list[RenderableType] = []
    for part in composition.parts:
        rows += _part(part, _LABEL_WIDTH.get(composition.language, 8))
    return Panel(Group(*rows), box=ROUNDED, border_style="cyan", padding=(0, 1))


def _part(part: Part, label_width: int) -> list[RenderableType]:
    style = _STYLES.get(part.kind, "")
    if part.kind is PartKind.REASONS:
        return [Text(), Text(part.heading, style="bold"), *(_reason(line) for line in part.lines), Text()]
    if all(line.label for line in part.lines):
        return [_table(part, style, label_width)]
    return [_text(line, style, spell_links=part.kind is not PartKind.HEAD) for line in part.lines]


def _table(part: Part, style: str, label_width: int) -> Table:
    """Labels in a column of their own, so that values align down the box."""
    table = Table.grid(padding=(0, 1))
    table.add_column(style="dim", no_wrap=True, min_width=label_width)
    table.add_column(style=style, overflow="fold")
    for line in part.lines:
        table.add_row(line.label, _text(line))
    return table


def _reason(line: Line) -> RenderableType:
    if line.label:
        return Text.assemble((line.label, "bold"), " ", (line.text, "dim"))
    table = Table.grid(padding=(0, 1))
    table.add_row(" ·", _text(line))
    return table


def _text(line: Line, style: str = "", *, spell_links: bool = True) -> "_Wrapped":
    text = Text(style=style, overflow="fold")
    for span in line.spans:
        shown = visible(span) if spell_links else span.text
        text.append(shown, _HIT if span.hit else f"link {span.url}" if span.url else "")
    return _Wrapped(text)


@dataclass(frozen=True, slots=True)
class _Wrapped:
    """Text broken as Chinese is, between any two characters; Rich itself breaks at spaces only."""

    text: Text

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        return Measurement(2, max(2, self.text.cell_len))

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield from self.text.divide(_breaks(self.text.plain, options.max_width))


def _breaks(text: str, width: int) -> Iterator[int]:
    """The offsets at which lines of at most `width` columns begin, but for the first."""
    used = 0
    for unit in _UNIT.finditer(text):
        if used and used + cell_len(unit[0].rstrip()) > width:
            yield unit.start()
            used = 0
        used += cell_len(unit[0])
