"""The catalogue and one's own addresses, as a person works with them: against real sites on loopback."""

import datetime as dt
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml
from click.testing import Result
from typer.testing import CliRunner

from monitor.cli.sources import group
from monitor.config.load import load_config
from tests.processes import Program
from tests.servers import sites
from tests.servers.web import Reply, WebServer

LIST = "/zwgk/tzgg/index.html"
RECALLS, NEWS, INSPECTIONS = "shanxi.nmpa.recalls", "shanxi.nhc.news", "shanxi.nmpa.inspections"
Command = Callable[..., Result]


@pytest.fixture(scope="module")
def web() -> Iterator[WebServer]:
    today = dt.date.today()  # a list whose newest row is old would be doubted
    page = sites.trs(sites.items(6, day=today), pages=2)
    with WebServer() as server:
        server.put(LIST, page.replace("<title>通知公告", "<title>通知公告-山西省医疗保障局"))
        server.put("/zwgk/tzgg/index_1.html", sites.trs(sites.items(6, 7, today), pages=2, page=1))
        server.put("/rss.xml", sites.rss(sites.items(3, day=today)))
        wall = "<script>$_ts=1;document.cookie='a=1';location.reload()</script>"
        server.put("/wall", Reply(wall, status=412))
        server.put("/slow", Reply("x", delay=30), "127.0.0.2")
        row = sites.items(1)[0]
        server.put(row.path, sites.notice(row))
        yield server


@pytest.fixture
def command(tmp_path: Path, web: WebServer, monkeypatch: pytest.MonkeyPatch) -> Command:
    """`command("verify")` in a folder whose configuration leads entries of 山西 to the server.

    In this process: starting one for each command would take most of the time.
    """
    (tmp_path / "config.yaml").write_text(
        f"""
language: en
fetch: {{allow_private: true, gap: 0s}}
sources:
  catalogue: [{RECALLS}, {NEWS}, {INSPECTIONS}, shanxi.nhsa]
  overrides:
    {RECALLS}: {{url: "{web.url(LIST)}"}}
    {NEWS}: {{url: "{web.url("/wall")}"}}
    {INSPECTIONS}: {{url: "{web.url("/gone")}"}}
""",
        "utf-8",
    )
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, answers: str = "") -> Result:
        return CliRunner().invoke(group, arguments, input=answers)

    return run


def replaced(folder: Path, *pairs: tuple[str, str]) -> None:
    """Change the configuration."""
    text = (folder / "config.yaml").read_text("utf-8")
    for before, after in pairs:
        text = text.replace(before, after)
    (folder / "config.yaml").write_text(text, "utf-8")


def checked(folder: Path) -> set[str]:
    return {source.id for source in load_config(folder / "config.yaml").sources if source.enabled}


def test_verify_tries_what_waits_says_what_came_and_keeps_it(command: Command, tmp_path: Path) -> None:
    before = command()
    assert "尚未验证" in before.stdout
    assert "shanxi.nhsa" in before.stdout
    result = command("verify")
    assert result.exit_code == 1
    assert f"✓ {RECALLS}  6 条，最新 {dt.date.today()}，TRS，utf-8，能翻页" in result.stdout
    assert "关于公示医疗服务价格项目调整结果（第1号）的公告" in result.stdout
    assert f"✗ {NEWS}  被网站的脚本验证拦截" in result.stdout
    assert f"✗ {INSPECTIONS}  服务器答复出错" in result.stdout
    assert checked(tmp_path) == {RECALLS}
    after = command().stdout
    assert "有 2 个验证时未能读取" in after
    assert "有 1 个没有可用的网址：shanxi.nhsa" in after


def test_a_mistyped_place_names_the_nearest(command: Command) -> None:
    result = command("verify", "山希")
    assert result.exit_code == 2
    assert "是不是 山西" in result.stderr


def test_enable_has_those_checked_that_pass_though_nobody_selected_them(
    command: Command, tmp_path: Path, web: WebServer
) -> None:
    replaced(tmp_path, (f"catalogue: [{RECALLS}, ", "catalogue: ["))
    assert checked(tmp_path) == set()
    assert command("verify", RECALLS, "--enable").exit_code == 0
    assert checked(tmp_path) == {RECALLS}


def test_an_interrupted_verify_keeps_what_it_learned(
    command: Command, tmp_path: Path, web: WebServer
) -> None:
    replaced(tmp_path, (web.url("/gone"), web.url("/slow", "127.0.0.2")))
    output, errors = tmp_path / "output", tmp_path / "errors"
    process = Program("sources", "verify", folder=tmp_path, output=output, errors=errors)
    overlay = tmp_path / "sources.local.yaml"
    until = time.monotonic() + 60
    while time.monotonic() < until and not (overlay.exists() and RECALLS in overlay.read_text("utf-8")):
        time.sleep(0.1)
    process.interrupt()
    assert process.wait(60) == 130
    assert "已中断" in errors.read_text("utf-8")
    assert "Traceback" not in errors.read_text("utf-8")
    assert checked(tmp_path) == {RECALLS}


def test_add_recognises_asks_and_saves(command: Command, tmp_path: Path, web: WebServer) -> None:
    replaced(tmp_path, (LIST, "/elsewhere"))
    no = command("add", f"127.0.0.1:{web.port}{LIST}", answers="\nn\n")
    assert no.exit_code == 1
    assert "html_list  6 条" in no.stdout
    assert "山西省医疗保障局" in no.stdout
    assert not (tmp_path / "sources.local.yaml").exists()
    yes = command("add", f"127.0.0.1:{web.port}{LIST}", answers="\ny\n")
    assert yes.exit_code == 0, yes.stderr
    assert "已添加 shanxi.nhsa" in yes.stdout
    assert "shanxi.nhsa" in checked(tmp_path)  # it stands for the entry that had no address
    again = command("add", web.url(LIST), "--yes")
    assert again.exit_code == 2
    assert "已在监测这个网址：shanxi.nhsa" in again.stderr


def test_add_takes_an_id_and_a_kind_from_the_reader(command: Command, tmp_path: Path, web: WebServer) -> None:
    assert command("add", web.url("/rss.xml"), "--id", "feed", "-y").exit_code == 0
    config = load_config(tmp_path / "config.yaml")
    assert [source.kind for source in config.sources if source.id == "feed"] == ["feed"]
    taken = command("add", web.url(LIST), "--id", "feed", "-y")
    assert taken.exit_code == 2
    assert "编号 feed 已用于另一来源" in taken.stderr
    assert command("add", web.url(LIST), "--id", "a b", "-y").exit_code == 2


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("htp:/医保局", "不是网址"),
        ("/wall", "--browser auto"),
        ("/gone", "网页已不在"),
        (sites.items(1)[0].path, "一条公文的页面"),
        ("http://www.nhsa.gov.cn/col/col109/index.html", "national.nhsa.notices"),
    ],
)
def test_a_wrong_address_gets_a_sentence_and_a_way_on(
    command: Command, web: WebServer, tmp_path: Path, address: str, sentence: str
) -> None:
    replaced(tmp_path, ("/wall", "/a"), ("/gone", "/b"))
    result = command("add", web.url(address) if address.startswith("/") else address, "--yes")
    assert result.exit_code in (1, 2)
    assert sentence in result.stderr
    assert "Traceback" not in result.stderr


def test_disable_and_enable(command: Command, tmp_path: Path) -> None:
    assert command("enable", RECALLS).exit_code == 0
    assert checked(tmp_path) == {RECALLS}
    assert command("disable", RECALLS).exit_code == 0
    assert checked(tmp_path) == set()
    wrong = command("enable", "shanxi.nmpa.recals")
    assert wrong.exit_code == 2
    assert f"是不是 {RECALLS}" in wrong.stderr
    nowhere = command("enable", "shanxi.nhsa")
    assert nowhere.exit_code == 2
    assert "sources add 网址 --id shanxi.nhsa" in nowhere.stderr


def test_the_catalogue_is_shown_by_facet_with_how_each_entry_stands(command: Command) -> None:
    shown = command("catalogue", "山西").stdout
    assert "shanxi.nhsa" in shown
    assert "只知道网站" in shown
    assert "待验证" in shown
    assert "beijing" not in shown


def test_export_and_import_round_trip(command: Command, tmp_path: Path, web: WebServer) -> None:
    command("enable", RECALLS)
    command("add", web.url("/rss.xml"), "--id", "feed", "-y")
    for name in ("all.yaml", "feeds.opml"):
        assert command("export", name).exit_code == 0
    assert {item["id"] for item in yaml.safe_load((tmp_path / "all.yaml").read_text("utf-8"))["sources"]} == {
        RECALLS,
        "feed",
    }
    same = command("import", "all.yaml")
    assert "导入 0，跳过 2" in same.stdout
    assert "网址已有：feed" in same.stdout
    (tmp_path / "sources.local.yaml").unlink()
    assert "导入 1，跳过 0" in command("import", "feeds.opml").stdout
    assert checked(tmp_path) == {"feed"}
    assert command("import", "nowhere.yaml").exit_code == 2
    (tmp_path / "broken.yaml").write_text("sources:\n  - id: a\n   kind: feed\n", "utf-8")
    broken = command("import", "broken.yaml")
    assert broken.exit_code == 2
    assert "broken.yaml 无法导入" in broken.stderr  # the file, not the configuration, has a problem
