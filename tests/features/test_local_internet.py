"""The whole program on a small internet of its own: every family of sites, and everything that goes wrong.

Each site is a host of loopback. `policy-monitor check` runs as a user runs it; what it stored is looked at.
"""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from zlib import compressobj

import pytest
import yaml

from monitor.storage import Storage, StoredSource, Transaction
from tests.processes import run_program
from tests.servers import sites
from tests.servers.sites import Item
from tests.servers.web import Answer, Asked, Reply, WebServer

CHALLENGE = "<html><script>document.cookie='pass=1; path=/'; location.reload();</script></html>"
JSON_TYPE = {"Content-Type": "application/json"}


def packed_bomb() -> bytes:
    """A body of 200 MB in 200 KB of gzip."""
    packer = compressobj(9, wbits=31)
    return b"".join(packer.compress(bytes(1 << 20)) for _ in range(200)) + packer.flush()


def hostile(rows: list[Item]) -> str:
    """A list with rows that lead to scripts, to other hosts and into the machine itself."""
    links = ("javascript:alert(1)", "https://ads.example.com/1.html", "file:///etc/passwd")
    bad = "".join(
        f"<li><a href='{link}'>关于免费领取补贴的紧急通知</a><span>2026-09-30</span></li>" for link in links
    )
    return sites.trs(rows).replace("<ul class='list'>", f"<ul class='list'>{bad}")


def behind_wall(page: str) -> Callable[[Asked], Reply]:
    return lambda asked: Reply(page) if "pass=1" in asked.headers.get("cookie", "") else Reply(CHALLENGE, 412)


ROWS = sites.items(4)
LISTS: dict[str, tuple[str, Answer]] = {
    "trs": ("html_list", Reply(sites.trs(ROWS), headers={"ETag": '"1"'})),
    "hanweb": ("html_list", Reply(sites.hanweb(ROWS))),
    "ivs": ("html_list", Reply(sites.uli(ROWS))),
    "vsb": ("html_list", Reply(sites.vsb(ROWS))),
    "gkmlpt": ("json_list", Reply(sites.gkmlpt(ROWS), headers=JSON_TYPE)),
    "kaipuyun": ("json_list", Reply(sites.kaipuyun(ROWS), headers=JSON_TYPE)),
    "script": ("html_list", Reply(sites.scripted(ROWS))),
    "base64": ("html_list", Reply(sites.encoded(ROWS))),
    "wrong_charset": (
        "html_list",
        Reply(sites.trs(ROWS).encode("gb18030"), headers={"Content-Type": "text/html; charset=utf-8"}),
    ),
    "malformed": ("html_list", Reply(sites.trs(ROWS).replace("</li>", "").replace("</ul>", "</table>"))),
    "hostile": ("html_list", Reply(hostile(ROWS))),
}
FAILING: dict[str, tuple[Answer, str]] = {
    "slow": (Reply("late", delay=30), "timeout"),
    "dripping": (Reply("drop" * 1000, drip=0.5), "timeout"),
    "loop": (Reply(status=302, headers={"Location": "/list"}), "redirect"),
    "gone": (Reply("no such page", 404), "status"),
    "broken_off": (Reply("x" * 1000, cut=10), "connect"),
    "huge": (Reply(b"x" * (1 << 20), times=200), "too_large"),
    "bomb": (Reply(packed_bomb(), headers={"Content-Encoding": "gzip"}), "too_large"),
    "wall": (Reply(CHALLENGE, 412), "blocked"),
    "empty": (Reply(sites.around("<p>暂无数据</p>")), "parse"),
}


class Internet:
    """The sites, a configuration that watches them, and what the program made of it."""

    def __init__(self, web: WebServer, tls: WebServer, folder: Path) -> None:
        self.web, self.tls, self.folder = web, tls, folder
        self.sources: list[dict[str, Any]] = []
        self.timeout, self.private = "3s", True
        for row in ROWS:
            web.put(row.path, sites.notice(row))

    def add(self, name: str, kind: str, answer: Answer, **settings: Any) -> None:
        host = f"127.0.2.{len(self.sources) + 1}"
        self.add_address(name, kind, self.web.put("/list", answer, host=host), **settings)

    def add_address(self, name: str, kind: str, url: str, **settings: Any) -> None:
        self.sources.append({"id": name, "kind": kind, "url": url, **settings})

    def check(self, *names: str) -> subprocess.CompletedProcess[str]:
        config = {
            "fetch": {
                "gap": "0s",
                "timeout": self.timeout,
                "max_size": "4MB",
                "allow_private": self.private,
                "max_redirects": 4,
            },
            "check": {"concurrency": 4},
            "sources": self.sources,
            "channels": {"console": {}},
        }
        (self.folder / "config.yaml").write_text(yaml.safe_dump(config, allow_unicode=True), "utf-8")
        return run_program(self.folder, "check", *names)

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        url = f"sqlite:///{self.folder / 'policy-monitor.db'}"
        with closing(Storage(url)) as storage, storage.read() as tx:
            yield tx

    def stored(self) -> dict[str, StoredSource]:
        with self.reading() as tx:
            return {source.id: source for source in tx.sources.all()}

    def titles(self) -> set[str]:
        with self.reading() as tx:
            return {notice.title for notice in tx.notices.latest(limit=1000)}


@pytest.fixture
def internet(tmp_path: Path) -> Iterator[Internet]:
    with WebServer() as web, WebServer(tls=True) as tls:
        yield Internet(web, tls, tmp_path)


def test_every_family_is_read_and_everything_that_fails_is_named(internet: Internet) -> None:
    for name, (kind, answer) in LISTS.items():
        internet.add(name, kind, answer)
    for name, (answer, _) in FAILING.items():
        internet.add(name, "html_list", answer)
    internet.add_address("certificate", "html_list", internet.tls.url("/list"))
    feed = internet.web.put("/rss", Reply(sites.rss(ROWS, internet.web.url(""))))
    internet.add_address("feed", "feed", feed)
    result = internet.check()
    assert result.returncode == 1, result.stderr
    causes = {name: source.cause for name, source in internet.stored().items()}
    well = dict.fromkeys([*LISTS, "feed"])
    assert causes == well | {name: cause for name, (_, cause) in FAILING.items()} | {"certificate": "tls"}
    assert internet.titles() == {row.title for row in ROWS}
    asked = {asked.target for asked in internet.web.asked}
    assert not any("passwd" in target or "ads" in target for target in asked)


def test_what_is_unchanged_is_asked_for_with_its_validator_and_not_read_again(internet: Internet) -> None:
    internet.add("trs", *LISTS["trs"])
    internet.check()
    before = len(internet.web.paths())
    result = internet.check()
    assert internet.web.paths()[before:] == ["/list"]
    assert internet.web.asked[-1].headers["if-none-match"] == '"1"'
    assert "无变化" in result.stdout


def test_a_list_that_was_not_empty_and_is_now_is_a_failure(internet: Internet) -> None:
    internet.add("trs", "html_list", Reply(sites.trs(ROWS)))
    assert internet.check().returncode == 0
    internet.web.put("/list", sites.around("<p>暂无数据</p>"), host="127.0.2.1")
    assert internet.check().returncode == 1
    assert internet.stored()["trs"].cause == "parse"


def test_a_private_address_is_not_fetched_unless_that_is_allowed(internet: Internet) -> None:
    internet.add("inside", "html_list", Reply(sites.trs(ROWS)))
    internet.private = False
    assert internet.check().returncode == 1
    assert internet.stored()["inside"].cause == "forbidden_address"
    assert internet.web.asked == []


def test_dead_sites_hold_up_no_other(internet: Internet) -> None:
    internet.timeout = "8s"
    for name in ("slow", "dripping"):
        internet.add(name, "html_list", FAILING[name][0])
    internet.add("trs", *LISTS["trs"])
    internet.check()
    checked = {name: source.checked_at for name, source in internet.stored().items()}
    assert checked["trs"] < min(checked["slow"], checked["dripping"])


@pytest.mark.slow
def test_with_the_browser_the_notices_behind_a_wall_arrive(internet: Internet) -> None:
    pytest.importorskip("playwright")
    internet.add("wall", "html_list", behind_wall(sites.trs(ROWS)), fetch={"browser": "auto"})
    result = internet.check()
    if "chromium" in result.stdout:
        pytest.skip("there is no chromium")
    assert result.returncode == 0, result.stdout
    assert internet.titles() == {row.title for row in ROWS}
