"""Checking sources: a real web server, a real folder, real databases."""

import datetime as dt
import errno
import os
import zipfile
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from monitor.archive import Archive
from monitor.check import Checker
from monitor.fetch import Fetcher, FetchSettings
from monitor.matching import SubscriptionIndex
from monitor.reading import ReadingOptions
from monitor.recording import Status
from monitor.sandbox import Sandbox
from monitor.sources import SOURCE_KINDS, SourceSettings, SourceState
from monitor.storage import CheckOutcome, Delivery, Origin, Storage
from monitor.tally import CheckReport
from monitor.types import Entry, Listing, Page
from monitor.words import Words
from rules import default_vocabulary
from tests.documents.printing import Printer, word
from tests.servers.web import Reply, WebServer

START = dt.datetime(2026, 11, 20, 9, 0, tzinfo=dt.UTC)


class Clock:
    """Moves when it is told to."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> dt.datetime:
        return self.now

    def pass_(self, **time: float) -> None:
        self.now += dt.timedelta(**time)


class Bench:
    """A checker with a source or two, and what came of its checks."""

    def __init__(self, checker: Checker, clock: Clock, folder: Path) -> None:
        self.checker, self.clock, self.folder = checker, clock, folder
        self._sources: dict[str, Any] = {}

    async def check(self, kind: str, dry_run: bool = False, **settings: Any) -> CheckReport:
        key = f"{kind} {settings}"
        model = SOURCE_KINDS[kind].settings.model_validate({"id": "agency", "kind": kind, **settings})
        if key not in self._sources:
            self._sources[key] = SOURCE_KINDS[kind].create(model, self.folder)
        self.clock.pass_(minutes=1)
        return await self.checker.check(self._sources[key], model, dry_run=dry_run)

    def subscribe(self, rule: str) -> None:
        with self.checker.storage.begin() as tx:
            person = tx.destinations.ensure_subscriber("wang", now=START)
            chat = tx.destinations.ensure(person.id, "console", "stdout", START)
            tx.subscriptions.ensure(chat.id, rule, rule, origin=Origin.CLI, now=START)

    def add_operator(self) -> None:
        with self.checker.storage.begin() as tx:
            operator = tx.destinations.ensure_subscriber("operator", operator=True, now=START)
            tx.destinations.ensure(operator.id, "console", "stderr", START)

    def deliveries(self, to: str = "wang") -> list[Delivery]:
        with self.checker.storage.read() as tx:
            return list(reversed(tx.deliveries.latest(subscriber=to)))

    def told(self) -> list[str]:
        with self.checker.storage.read() as tx:
            found = [tx.notices.revision(d.revision_id) for d in self.deliveries() if d.revision_id]
            return [revision.notice.title for revision in found]

    def kept(self) -> dict[str, tuple[str, str | None]]:
        """Path of each page in the archive → its role, and why it could not be read."""
        with self.checker.storage.read() as tx:
            pages = tx.pages.latest()
        return {urlsplit(page.url).path: (page.role.value, page.problem) for page in pages}

    def said(self) -> list[str]:
        return [(delivery.content or {})["text"] for delivery in self.deliveries("operator")]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with_limits = Sandbox(workers=1)
    yield with_limits
    with_limits.close()


@pytest.fixture
async def bench(storage: Storage, sandbox: Sandbox, tmp_path: Path) -> AsyncIterator[Bench]:
    clock = Clock()
    settings = FetchSettings(allow_private=True, gap=dt.timedelta(0), timeout=dt.timedelta(seconds=5))
    async with Fetcher(settings) as fetcher:
        checker = Checker(
            storage=storage,
            fetcher=fetcher,
            sandbox=sandbox,
            index=SubscriptionIndex(default_vocabulary()),
            options=ReadingOptions(),
            alarm_after=3,
            words=Words("zh"),
            clock=clock,
            archive=Archive(tmp_path / "pages", dt.timedelta(days=30), 1 << 30),
        )
        yield Bench(checker, clock, tmp_path)


@pytest.fixture
def web() -> Iterator[WebServer]:
    with WebServer() as server:
        yield server


def list_page(*rows: tuple[str, str, str]) -> str:
    items = "".join(
        f'<li><a href="{path}" title="{title}">{title}</a><span>{date}</span></li>'
        for path, title, date in rows
    )
    return f"<html><head><meta charset='utf-8'></head><body><ul class='list'>{items}</ul></body></html>"


def notice_page(title: str, text: str) -> str:
    return (
        f"<html><head><meta charset='utf-8'><meta name='ArticleTitle' content='{title}'>"
        f"<meta name='PubDate' content='2026-11-18'></head>"
        f"<body><h1>{title}</h1><div class='TRS_Editor'><p>{text}</p></div></body></html>"
    )


OLD = ("/1.html", "关于做好冬季门诊服务工作的通知", "2026-11-10")
NEW = ("/2.html", "关于开展中成药集中带量采购的通知", "2026-11-18")
NEWER = ("/3.html", "关于公布集中带量采购中选结果的通知", "2026-11-19")


def publish(web: WebServer, *rows: tuple[str, str, str]) -> str:
    for path, title, _ in rows:
        web.put(
            path, notice_page(title, "各市医疗保障局：现将有关事项通知如下。请各单位认真执行，并做好衔接。")
        )
    return web.put("/list/", list_page(*rows))


async def test_the_first_check_records_and_tells_nothing(bench: Bench, web: WebServer) -> None:
    bench.subscribe("集采")
    report = await bench.check("html_list", url=publish(web, OLD, NEW))
    assert report.check.baseline
    assert (report.check.new, report.check.queued) == (2, 0)
    assert bench.told() == []


async def test_the_first_check_tells_where_it_is_asked_to(bench: Bench, web: WebServer) -> None:
    bench.subscribe("集采")
    await bench.check("html_list", url=publish(web, OLD, NEW), first_check="alert")
    assert bench.told() == [NEW[1]]


async def test_what_is_new_after_the_baseline_is_told_once(bench: Bench, web: WebServer) -> None:
    bench.subscribe("集采")
    url = publish(web, OLD)
    await bench.check("html_list", url=url)
    publish(web, NEW, OLD)
    await bench.check("html_list", url=url)
    publish(web, NEWER, NEW, OLD)
    await bench.check("html_list", url=url)
    report = await bench.check("html_list", url=url)
    assert report.check.outcome is CheckOutcome.UNCHANGED
    assert bench.told() == [NEW[1], NEWER[1]]


async def test_what_only_the_list_says_completes_the_notice(bench: Bench, web: WebServer) -> None:
    web.put(
        "/2.html",
        f"<body><h1>{NEW[1]}</h1><div id='zoom'><p>各市医疗保障局：请认真执行。</p></div></body>",
    )
    report = await bench.check("html_list", url=web.put("/list/", list_page(NEW)))
    [(_, notice)] = report.notices
    assert notice.published_date == dt.date(2026, 11, 18)
    assert notice.source_id == "agency"
    assert notice.url == web.url("/2.html")


async def test_a_page_that_fails_is_read_again_and_a_304_does_not_hide_it(
    bench: Bench, web: WebServer
) -> None:
    bench.subscribe("集采")
    await bench.check("html_list", url=publish(web, OLD))
    publish(web, NEW, OLD)
    url = web.put("/list/", Reply(list_page(NEW, OLD), headers={"ETag": '"a"', "Content-Type": "text/html"}))
    web.put("/2.html", Reply("later", 503))
    report = await bench.check("html_list", url=url)
    assert report.check.outcome is CheckOutcome.PARTIAL
    assert bench.told() == []
    web.put("/2.html", notice_page(NEW[1], "各市医疗保障局：现将有关事项通知如下，请认真执行。"))
    bench.clock.pass_(hours=1)
    await bench.check("html_list", url=url)
    assert bench.told() == [NEW[1]]


async def test_a_page_that_stays_away_is_told_by_its_title_and_not_again_with_its_text(
    bench: Bench, web: WebServer
) -> None:
    bench.subscribe("集采")
    bench.subscribe("门诊慢特病")
    await bench.check("html_list", url=publish(web, OLD))
    url = publish(web, NEW, OLD)
    web.put("/2.html", Reply("later", 503))
    for _ in range(3):
        bench.clock.pass_(hours=1)
        await bench.check("html_list", url=url)
    assert bench.told() == [NEW[1]]
    web.put("/2.html", notice_page(NEW[1], "各市医疗保障局：门诊慢特病用药同步调整，请认真执行。"))
    bench.clock.pass_(hours=8)
    await bench.check("html_list", url=url)
    with bench.checker.storage.read() as tx:
        met = Counter(m.subscription for d in bench.deliveries() for m in tx.matches.of_delivery(d.id))
    assert met == {"集采": 1, "门诊慢特病": 1}


async def test_a_corrected_page_is_told_once_more(bench: Bench, web: WebServer) -> None:
    bench.subscribe("集采")
    url = web.put("/notice.html", notice_page(NEW[1], "各市医疗保障局：报名截止时间为2026年12月1日。" * 3))
    await bench.check("page", url=url, first_check="alert")
    web.put("/notice.html", notice_page(NEW[1], "各市医疗保障局：报名截止时间为2026年12月8日。" * 3))
    report = await bench.check("page", url=url, first_check="alert")
    assert report.check.corrected == 1
    await bench.check("page", url=url, first_check="alert")
    assert bench.told() == [NEW[1], NEW[1]]


async def test_the_operator_is_told_once_that_a_source_is_down_and_once_that_it_is_back(
    bench: Bench, web: WebServer
) -> None:
    bench.add_operator()
    url = web.put("/list/", Reply("no", 500))
    for _ in range(5):
        report = await bench.check("html_list", url=url)
        assert report.check.cause == "status"
    assert len(bench.said()) == 1
    publish(web, OLD)
    for _ in range(2):
        await bench.check("html_list", url=url)
    assert len(bench.said()) == 2
    assert "恢复" in bench.said()[1]


async def test_a_broken_file_is_said_once_and_the_rest_goes_on(bench: Bench) -> None:
    bench.add_operator()
    bench.subscribe("集采")
    inbox = bench.folder / "inbox"
    inbox.mkdir()
    await bench.check("folder", path="inbox")
    (inbox / "a broken.pdf").write_bytes(b"%PDF-1.7 and then nothing")
    (inbox / "notice.html").write_text(notice_page(NEW[1], "各市医疗保障局：请认真执行，做好衔接。"))
    for _ in range(3):
        await bench.check("folder", path="inbox")
    assert bench.told() == [NEW[1]]
    [said] = bench.said()
    assert "broken.pdf" in said


async def test_a_broken_file_is_not_read_at_every_check_but_at_once_when_it_changes(bench: Bench) -> None:
    inbox = bench.folder / "inbox"
    inbox.mkdir()
    (inbox / "a.html").write_bytes(b"%PDF-1.7 and then nothing")
    reports = [await bench.check("folder", path="inbox") for _ in range(6)]
    assert sum(report.check.failed for report in reports) <= 4
    (inbox / "a.html").write_text(notice_page(NEW[1], "各市医疗保障局：请认真执行，做好衔接。"))
    report = await bench.check("folder", path="inbox")
    assert report.check.read == 1


async def test_the_rest_of_an_archive_goes_on_without_its_broken_part(bench: Bench) -> None:
    bench.add_operator()
    inbox = bench.folder / "inbox"
    inbox.mkdir()
    with zipfile.ZipFile(inbox / "two.zip", "w") as archive:
        archive.writestr("broken.pdf", b"%PDF-1.7 and then nothing")
        archive.writestr("notice.html", notice_page(NEW[1], "各市医疗保障局：请认真执行，做好衔接。"))
    report = await bench.check("folder", path="inbox")
    assert [status for status, _ in report.notices] == [Status.NEW]
    assert any("broken.pdf" in sentence for sentence in bench.said())


async def test_a_rehearsal_finds_the_same_and_keeps_nothing(bench: Bench, web: WebServer) -> None:
    url = publish(web, OLD, NEW)
    rehearsed = await bench.check("html_list", dry_run=True, url=url)
    real = await bench.check("html_list", url=url)
    assert [n.title for _, n in rehearsed.notices] == [n.title for _, n in real.notices]
    assert (rehearsed.check.new, real.check.new) == (2, 2)


async def test_an_empty_list_where_there_was_one_is_a_failure(bench: Bench, web: WebServer) -> None:
    url = publish(web, OLD, NEW)
    await bench.check("html_list", url=url)
    web.put("/list/", "<html><body><p>系统维护中</p></body></html>")
    report = await bench.check("html_list", url=url)
    assert report.check.outcome is CheckOutcome.FAILED
    assert report.check.cause == "parse"


class HalfBroken:
    """A source with a mistake of ours in it: one of its two entries cannot even be asked for."""

    id, kind = "half", "folder"

    async def list(self, fetcher: Fetcher, state: SourceState) -> Listing:
        html = notice_page(NEW[1], "各市医疗保障局：请认真执行，做好衔接。").encode()
        good = Entry(url="good", version="1", page=Page(url="good.html", body=html))
        return Listing(entries=(Entry(url="bad", version="1"), good), warnings=("a row has no link",))

    async def read(self, fetcher: Fetcher, entry: Entry) -> Page:
        raise ZeroDivisionError("a mistake of ours")

    async def settle(self, entry: Entry, ok: bool) -> None:
        raise PermissionError("cannot be moved")


async def test_a_mistake_of_ours_costs_one_entry_and_is_said(bench: Bench) -> None:
    bench.add_operator()
    settings = SourceSettings.model_validate({"id": "half", "kind": "folder"})
    report = await bench.checker.check(HalfBroken(), settings)
    assert [notice.title for _, notice in report.notices] == [NEW[1]]
    assert report.check.outcome is CheckOutcome.PARTIAL
    assert any("ZeroDivisionError" in said for said in bench.said())
    assert any("no link" in said for said in bench.said())
    assert any("cannot be moved" in problem for problem in report.problems)


async def test_a_recorded_file_that_a_crash_left_in_the_inbox_is_moved(bench: Bench) -> None:
    inbox = bench.folder / "inbox"
    inbox.mkdir()
    html = notice_page(NEW[1], "各市医疗保障局：请认真执行，做好衔接。")
    (inbox / "notice.html").write_text(html)
    await bench.check("folder", path="inbox")
    report = await bench.check("folder", path="inbox", after="move")
    assert report.check.read == 0
    assert [path.name for path in (inbox / "done").iterdir()] == ["notice.html"]


async def test_every_page_of_a_check_is_kept_so_that_reading_it_can_be_repeated(
    bench: Bench, web: WebServer
) -> None:
    await bench.check("html_list", url=publish(web, OLD, NEW))
    assert bench.kept() == {
        "/list/": ("list", None),
        "/1.html": ("notice", None),
        "/2.html": ("notice", None),
    }
    archive = bench.checker.archive
    assert archive is not None
    with bench.checker.storage.read() as tx:
        (page,) = tx.pages.latest(containing="/2.html")
    assert archive.page(page).body.decode() == notice_page(
        NEW[1], "各市医疗保障局：现将有关事项通知如下。请各单位认真执行，并做好衔接。"
    )


async def test_pages_that_cannot_be_read_are_kept_with_the_reason(bench: Bench, web: WebServer) -> None:
    url = publish(web, OLD)
    web.put("/1.html", Reply(b"%PDF-1.7 the rest is lost", headers={"Content-Type": "application/pdf"}))
    await bench.check("html_list", url=url)
    web.put("/list/", "<html><body>正在维护</body></html>")
    await bench.check("html_list", url=url)
    kept = bench.kept()
    assert "PDF" in (kept["/1.html"][1] or "")
    with bench.checker.storage.read() as tx:
        now, before = tx.pages.latest(containing="/list/")
    assert "no list of notices" in (now.problem or "")
    assert before.problem is None


async def test_an_unchanged_list_is_not_kept_again(bench: Bench, web: WebServer) -> None:
    url = publish(web, OLD)
    await bench.check("html_list", url=url)
    with bench.checker.storage.read() as tx:
        first = tx.pages.latest()
    await bench.check("html_list", url=url)
    with bench.checker.storage.read() as tx:
        assert tx.pages.latest() == first


async def test_a_full_disk_keeps_no_notice_from_being_told(
    bench: Bench, web: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.add_operator()
    bench.subscribe("集采")
    await bench.check("html_list", url=publish(web, OLD))

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Archive, "put", full)
    report = await bench.check("html_list", url=publish(web, OLD, NEW))
    assert bench.told() == [NEW[1]]
    assert any("未能存档（No space left on device）" in problem for problem in report.problems)
    assert any("未能存档" in text for text in bench.said())


async def test_a_rehearsal_keeps_no_page(bench: Bench, web: WebServer) -> None:
    await bench.check("html_list", dry_run=True, url=publish(web, OLD))
    assert bench.kept() == {}
    assert not (bench.folder / "pages").exists()


def pointing(title: str, *links: str) -> str:
    """The page of a notice that says only where its text is."""
    return notice_page(title, f"各有关单位：<br>详见附件。</p><p>{'</p><p>'.join(links)}")


WORDS = (
    "关于开展中成药集中带量采购的通知",
    "青医保发〔2026〕7号",
    "各市医疗保障局：",
    "集中带量采购自2026年12月1日起执行。",
)


def a_file(kind: str) -> bytes:
    if kind == "docx":
        return word(*WORDS)
    printer = Printer()
    for line in WORDS:
        printer.line(line)
    return printer.pdf()


@pytest.mark.parametrize("kind", ["docx", "pdf"])
async def test_the_text_of_a_notice_that_is_its_attachment_is_the_attachments(
    bench: Bench, web: WebServer, kind: str
) -> None:
    bench.subscribe("自2026年12月1日起执行")
    await bench.check("html_list", url=publish(web, OLD))
    url = publish(web, OLD, NEW)
    web.put(NEW[0], pointing(NEW[1], f"<a href='/f/1.{kind}'>附件：{NEW[1]}.{kind}</a>"))
    web.put(f"/f/1.{kind}", Reply(a_file(kind), headers={"Content-Type": "application/octet-stream"}))
    await bench.check("html_list", url=url)
    assert bench.told() == [NEW[1]]
    assert bench.kept()[f"/f/1.{kind}"] == ("notice", None)
    with bench.checker.storage.read() as tx:
        (found,) = tx.notices.latest(containing=NEW[1])
    assert found.doc_number == "青医保发〔2026〕7号"


async def test_a_notice_whose_attachment_cannot_be_had_says_so(bench: Bench, web: WebServer) -> None:
    bench.subscribe("集采")
    await bench.check("html_list", url=publish(web, OLD))
    url = publish(web, OLD, NEW)
    web.put(NEW[0], pointing(NEW[1], "<a href='/f/1.pdf'>附件.pdf</a>"))
    report = await bench.check("html_list", url=url)
    assert bench.told() == [NEW[1]]
    assert any("404" in problem for problem in report.problems)
    ((_, notice),) = report.notices
    assert any("未能读取" in warning for warning in notice.warnings)


async def test_a_row_that_is_a_file_keeps_the_title_of_the_list(bench: Bench, web: WebServer) -> None:
    bench.subscribe("自2026年12月1日起执行")
    await bench.check("html_list", url=publish(web, OLD))
    url = publish(web, OLD, ("/f/9.docx", "药品目录（第九批）", "2026-11-19"))
    web.put("/f/9.docx", Reply(word("品种　说明　自2026年12月1日起执行"), headers={"Content-Type": "a/b"}))
    report = await bench.check("html_list", url=url)
    assert (report.check.new, report.check.failed) == (1, 0)
    assert len(bench.told()) == 1


async def test_a_notice_with_a_text_of_its_own_leaves_its_attachments_alone(
    bench: Bench, web: WebServer
) -> None:
    text = "各市医疗保障局：现将有关事项通知如下。请各单位认真执行，并做好衔接。附件请自行下载。"
    web.put("/1.html", notice_page(OLD[1], f"{text}<a href='/f/1.docx'>附件1.docx</a>"))
    await bench.check("html_list", url=web.put("/list/", list_page(OLD)))
    assert "/f/1.docx" not in web.paths()
