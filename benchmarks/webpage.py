"""How long a notice's page takes to read, against the floor of parsing its HTML and against named peers.

    python -m benchmarks.webpage [FILE.html ...]

Without files it reads an invented page of about 30 KB. CPU time of one process, the best of many rounds;
peers: lxml building the tree and no more (the floor), BeautifulSoup and trafilatura taking the text out.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import trafilatura
from bs4 import BeautifulSoup
from lxml import etree

from monitor.parsing.webpage import read_notice
from monitor.types import Document

ROUNDS = 60


def invented_page() -> str:
    """A page with a block, a text of 120 paragraphs and 120 links around it."""
    cells = "<td>索引号</td><td>A1/2031-1</td><td>发文字号</td><td>某医保发〔2031〕1号</td>"
    sentence = "各地要加强组织领导，明确责任分工，完善配套措施，及时总结经验做法。"
    text = f'<p style="text-indent: 2em"><span>{sentence}</span></p>' * 120
    menu = "".join(f'<li><a href="/a/{n}.html">某某栏目{n}</a></li>' for n in range(120))
    table = f"<table><tr>{cells}</tr></table>"
    article = f'<h1>关于某某工作的通知</h1><div id="zoom"><p>各有关单位：</p>{text}</div>'
    head = "<head><title>关于某某工作的通知</title></head>"
    return f"<html>{head}<body><ul>{menu}</ul>{table}{article}</body></html>"


def best(work: Callable[[], object]) -> float:
    """The shortest CPU time of `work`, in milliseconds."""
    times = []
    for _ in range(ROUNDS):
        started = time.process_time()
        work()
        times.append(time.process_time() - started)
    return 1000 * min(times)


def measure(name: str, markup: str) -> None:
    """Prints one row: our time, and how many times the floor and the peers it is."""
    document = Document(blocks=(), url="https://www.example.gov.cn/1.html", markup=markup)
    source = markup.encode()
    ours = best(lambda: read_notice(document))
    floor = best(lambda: etree.fromstring(source, etree.HTMLParser(encoding="utf-8")))
    soup = best(lambda: BeautifulSoup(source, "lxml").get_text())
    extracted = best(lambda: trafilatura.extract(markup))
    print(
        f"{name:40} {len(source) / 1024:6.1f} KB  {ours:6.2f} ms  {ours / floor:4.1f} × lxml tree  "
        f"{ours / soup:4.2f} × BeautifulSoup  {ours / extracted:4.2f} × trafilatura"
    )


if __name__ == "__main__":
    files = [Path(argument) for argument in sys.argv[1:]]
    pages = {path.name[:40]: path.read_text(encoding="utf-8") for path in files}
    for page_name, page_markup in (pages or {"invented": invented_page()}).items():
        measure(page_name, page_markup)
