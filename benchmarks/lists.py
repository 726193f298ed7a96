"""How long a list page takes to read, against the floor of parsing its HTML and against a named peer.

    python -m benchmarks.lists [FILE.html ...]

Without files it reads an invented page of about 30 KB with 20 rows. CPU time of one process, the best of many
rounds; the peer is BeautifulSoup, which builds its tree and takes the links' texts and no more.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

from bs4 import BeautifulSoup
from lxml import etree

from monitor.sources.lists import read_list
from tests.servers import sites

ROUNDS = 100
BASE = "https://ybj.qinghe.gov.cn/zwgk/tzgg/index.html"


def invented_page() -> str:
    """Twenty rows between menus, scripts and styles, as much as on a real page."""
    menu = "".join(f"<li class='m'><a href='/zwgk/c{n}/index.html'>政务公开{n}</a></li>" for n in range(60))
    style = (
        "<style>" + "div.gray a:hover { border: #A0A0A0 1px solid; background: #FFF; }\n" * 300 + "</style>"
    )
    page = sites.trs(sites.items(20), 17)
    return page.replace("<div class='main'>", f"{style}<ul class='side'>{menu}</ul><div class='main'>")


def best(work: Callable[[], object]) -> float:
    """The shortest CPU time of `work`, in milliseconds."""
    times = []
    for _ in range(ROUNDS):
        started = time.process_time()
        work()
        times.append(time.process_time() - started)
    return 1000 * min(times)


def measure(name: str, markup: str) -> None:
    """Print one row: our time, and how many times the floor and the peer it is."""
    source = markup.encode()
    ours = best(lambda: read_list(markup, BASE))
    floor = best(lambda: etree.fromstring(source, etree.HTMLParser(encoding="utf-8")))
    soup = best(lambda: [link.get_text() for link in BeautifulSoup(source, "lxml").find_all("a")])
    rows = len(read_list(markup, BASE).rows)
    print(
        f"{name:40} {len(source) / 1024:6.1f} KB {rows:4} rows {ours:6.2f} ms  "
        f"{ours / floor:4.1f} × lxml tree  {ours / soup:4.2f} × BeautifulSoup"
    )


if __name__ == "__main__":
    pages = {Path(name).name[:40]: Path(name).read_text("utf-8", "replace") for name in sys.argv[1:]}
    for page_name, page_markup in (pages or {"invented": invented_page()}).items():
        measure(page_name, page_markup)
