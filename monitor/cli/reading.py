"""Commands that read a file or an address: how it is fetched and read, and how failures are said."""

import asyncio
import datetime as dt
import mimetypes
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from monitor.cli.terminal import ZONE, err, words
from monitor.errors import FetchCause, FetchError, SourceError
from monitor.explain import explain
from monitor.fetch.challenge import challenge
from monitor.reading import Reading, ReadingOptions, read_notices
from monitor.sandbox import Sandbox
from monitor.types import Page

BLOCKED_STATUS = 3
"""Exit status when the page is a script challenge instead of content."""


def load_page(source: str, base_url: str | None = None) -> Page:
    """The bytes of a file or an address; `base_url` is where a saved page came from. Raises `FetchError`."""
    if source.startswith(("http://", "https://")):
        return asyncio.run(_fetch(source))
    try:
        body = Path(source).read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise FetchError(f"{source}: {reason}", cause=FetchCause.FILE, url=source) from error
    return Page(url=base_url or source, body=body, media_type=mimetypes.guess_type(source)[0])


async def _fetch(url: str) -> Page:
    from monitor.fetch import Fetcher  # noqa: PLC0415 - a file needs none of it

    async with Fetcher() as fetcher:
        page = await fetcher.get(url)
    assert page is not None, "only a conditional request can be answered with 304"
    return page


def read_page(page: Page, layout: str = "auto", vocabulary: tuple[Path, ...] = ()) -> Reading:
    """The notices of a page, read in a process of its own; `vocabulary` are files that add names to it.

    Raises `SourceError`.
    """
    blocked = challenge(page.body, page.status)
    if blocked:
        raise FetchError(f"{page.url}: blocked: {blocked}", cause=FetchCause.BLOCKED, url=page.url)
    options = ReadingOptions(vocabulary=vocabulary)
    sandbox = Sandbox(workers=1)
    try:
        return sandbox.call(read_notices, page, layout, dt.datetime.now(ZONE).date(), options)
    finally:
        sandbox.close()


def print_problems(reading: Reading) -> None:
    """Say aloud which parts could not be read."""
    for problem in reading.problems:
        err.print(problem, style="red", markup=False)


@contextmanager
def failures_said() -> Iterator[None]:
    """End the command with a sentence where something cannot be read: status 3 when blocked, else 1."""
    try:
        yield
    except SourceError as error:
        err.print(explain(error, words), style="red", markup=False)
        blocked = isinstance(error, FetchError) and error.cause is FetchCause.BLOCKED
        raise typer.Exit(BLOCKED_STATUS if blocked else 1) from None
