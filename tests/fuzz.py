"""Coverage-guided fuzzing of everything that reads what others wrote.

    python -m tests.fuzz FOLDER -max_total_time=600        # further options are libFuzzer's

FOLDER keeps inputs that led to new paths, and starts with pages of each family. The first byte of an input
says what it is read as. An error that is no `SourceError`, or an input that takes five seconds, ends the run
with the input in a file `crash-…` or `timeout-…` in FOLDER.
"""

import sys
from collections.abc import Callable
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["monitor"], enable_loader_override=False):
    from monitor.errors import SourceError
    from monitor.fetch.challenge import challenge
    from monitor.reading import read_notices
    from monitor.sources.lists import read_feed, read_list

from monitor.types import Page
from tests.servers import sites

_LONGEST = 20_000  # bytes


def _challenge(page: Page) -> None:
    challenge(page.body, page.status or 200)


READERS: tuple[Callable[[Page], object], ...] = (read_list, read_feed, read_notices, _challenge)
URL = "https://ybj.qinghe.gov.cn/a/index.html"


def read(data: bytes) -> None:
    """Read an input as its first byte says: something comes out, or a `SourceError` with a sentence."""
    if data:
        page = Page(url=URL, body=data[1:], media_type="text/html" if data[0] < 128 else None)
        try:
            READERS[data[0] % len(READERS)](page)
        except SourceError as error:
            if not str(error):
                raise AssertionError("an error without a sentence") from error


def seeds() -> list[bytes]:
    """A page of each family, for each reader."""
    rows = sites.items(3)
    lists = [sites.trs(rows, 3), sites.hanweb(rows, "/2"), sites.gkmlpt(rows), sites.kaipuyun(rows)]
    lists += [sites.scripted(rows), sites.encoded(rows), sites.jpaas(rows), sites.vsb(rows), sites.uli(rows)]
    pages = [*lists, sites.rss(rows), sites.notice(rows[0])]
    return [bytes([reader]) + page.encode() for page in pages for reader in range(len(READERS))]


def main() -> None:
    folder, *options = sys.argv[1:]
    for number, seed in enumerate(seeds()):
        (Path(folder) / f"seed-{number}").write_bytes(seed)
    kept = [f"-artifact_prefix={folder}/", "-timeout=5", f"-max_len={_LONGEST}"]
    atheris.Setup([sys.argv[0], *kept, *options, folder], read)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
