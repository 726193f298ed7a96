"""The check loop: real sources on a real server, one process or two."""

import asyncio
import contextlib
import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import pairwise

import pytest

from monitor.check import Checker
from monitor.fetch import Fetcher, FetchSettings
from monitor.matching import SubscriptionIndex
from monitor.reading import ReadingOptions
from monitor.sandbox import Sandbox
from monitor.sources import SOURCE_KINDS, SourceSettings
from monitor.storage import Storage
from monitor.watch import Watch, chosen, host, pace
from monitor.words import Words
from rules import default_vocabulary
from tests.making import HOUR, MINUTE
from tests.servers.web import Asked, Reply, WebServer
from tests.test_check import NEW, OLD, list_page, notice_page

NOW = dt.datetime.now(dt.UTC)


def page_source(number: int, web: WebServer, **settings: object) -> SourceSettings:
    url = web.put("/list/", list_page(OLD, NEW), host=f"127.0.1.{number}")
    values = {"id": f"s{number}", "kind": "html_list", "url": url, "every": "1s", **settings}
    model: SourceSettings = SOURCE_KINDS["html_list"].settings.model_validate(values)
    return model


@pytest.fixture
def web() -> Iterator[WebServer]:
    with WebServer() as server:
        for path, title, _ in (OLD, NEW):
            server.put(path, notice_page(title, "各市医疗保障局：现将有关事项通知如下，请认真执行。"))
        yield server


async def watching(
    storage: Storage,
    sources: list[SourceSettings],
    enough: Callable[[], bool],
    *,
    processes: int = 1,
    concurrency: int = 8,
    clock: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
) -> None:
    """The loop, in so many processes' stead, until there is enough to see."""
    settings = FetchSettings(allow_private=True, gap=dt.timedelta(0), timeout=dt.timedelta(seconds=5))
    async with contextlib.AsyncExitStack() as stack:
        loops = []
        for _ in range(processes):
            own = stack.enter_context(closing(Storage(storage.url.render_as_string(hide_password=False))))
            sandbox = Sandbox(workers=1)
            stack.push_async_callback(sandbox.aclose)
            checker = Checker(
                storage=own,
                fetcher=await stack.enter_async_context(Fetcher(settings)),
                sandbox=sandbox,
                index=SubscriptionIndex(default_vocabulary()),
                options=ReadingOptions(),
                alarm_after=3,
                words=Words("zh"),
                clock=clock,
            )
            made = {s.id: (SOURCE_KINDS[s.kind].create(s, None), s) for s in sources}

            async def check(name: str, checker: Checker = checker, made: dict = made) -> None:  # type: ignore[type-arg]
                await checker.check_due(*made[name])

            watch = Watch(
                storage=own,
                sources={s.id: s for s in sources},
                check=check,
                clock=clock,
                concurrency=concurrency,
                per_host=1,
                looked=lambda: None,
            )
            loops.append(asyncio.create_task(watch.run()))
        async with asyncio.timeout(30):
            while not enough():  # noqa: ASYNC110 - what it waits for happens elsewhere
                await asyncio.sleep(0.05)
        for loop in loops:
            loop.cancel()
        await asyncio.gather(*loops, return_exceptions=True)


async def test_two_processes_share_the_work_and_never_check_a_source_at_once(
    storage: Storage, web: WebServer
) -> None:
    under_way, doubles = Counter[str](), list[str]()

    sources = [page_source(number, web) for number in range(1, 4)]

    def slow(asked: Asked) -> Reply:
        return Reply(list_page(OLD, NEW), delay=0.3)

    for source in sources:
        web.put("/list/", slow, host=host(source))

    def lists() -> list[Asked]:
        return [asked for asked in web.asked if asked.path == "/list/"]

    await watching(storage, sources, lambda: len(lists()) >= 9, processes=2)
    for source in sources:
        times = [asked.at for asked in lists() if asked.host == host(source)]
        gaps = [after - before for before, after in pairwise(times)]
        doubles += [source.id for gap in gaps if gap < 0.3]
        under_way[source.id] = len(times)
    assert doubles == []
    assert all(under_way.values())
    with storage.read() as tx:
        stored = tx.sources.all()
    assert {s.lease_until for s in stored} == {None}, "what was broken off is given back"


async def test_a_dead_host_with_many_sources_does_not_slow_the_others(
    storage: Storage, web: WebServer
) -> None:
    dead = [page_source(9, web, id=f"dead{n}", url=web.url(f"/{n}/", "127.0.1.9")) for n in range(6)]
    for source in dead:
        web.put(source.url.rpartition(str(web.port))[2], Reply("late", delay=60))  # type: ignore[attr-defined]
    alive = page_source(1, web)
    seen = 0

    def enough() -> bool:
        nonlocal seen
        seen = sum(asked.path == "/list/" for asked in web.asked)
        return seen >= 4

    await watching(storage, [*dead, alive], enough, concurrency=3)
    assert sum(asked.host == "127.0.1.9" for asked in web.asked if asked.path != "/robots.txt") <= 2


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_clock_that_goes_back_does_not_stop_the_checks(storage: Storage, web: WebServer) -> None:
    ahead, asked_before = HOUR, 0

    def again() -> bool:
        nonlocal ahead, asked_before
        asked = sum(asked.path == "/list/" for asked in web.asked)
        if not ahead:
            return asked > asked_before
        with storage.read() as tx:
            if any(source.checked_at for source in tx.sources.all()):
                ahead, asked_before = 0 * HOUR, asked
        return False

    await watching(storage, [page_source(1, web)], again, clock=lambda: dt.datetime.now(dt.UTC) + ahead)


async def test_a_restart_goes_on_where_it_was(storage: Storage, web: WebServer) -> None:
    sources = [page_source(number, web, every="1h") for number in (1, 2)]
    now = dt.datetime.now(dt.UTC)  # not NOW: the tests before this one may have taken minutes
    with storage.begin() as tx:
        tx.agenda.enter(((s.id, s.kind) for s in sources), now)
        tx.agenda.put("s1", now + HOUR / 2, retries=0)
        tx.agenda.put("s2", now - MINUTE, retries=0)

    def checked() -> list[str]:
        with storage.read() as tx:
            return [s.id for s in tx.sources.all() if s.checked_at]

    await watching(storage, sources, lambda: bool(checked()))
    await watching(storage, sources, lambda: True)
    assert checked() == ["s2"]
    with storage.read() as tx:
        untouched, done = tx.sources.get("s1"), tx.sources.get("s2")
    assert untouched is not None
    assert done is not None
    assert untouched.next_check_at == now + HOUR / 2
    assert done.next_check_at is not None
    assert 50 * MINUTE < done.next_check_at - now < 62 * MINUTE


async def test_a_shorter_interval_counts_from_the_next_start(storage: Storage, web: WebServer) -> None:
    source = page_source(1, web, every="1s")
    with storage.begin() as tx:
        tx.agenda.enter([(source.id, source.kind)], NOW)
        tx.agenda.put(source.id, NOW + 5 * HOUR, retries=0)  # as it was with `every: 6h`
    await watching(storage, [source], lambda: "/list/" in web.paths())


async def test_a_paused_source_is_not_checked_and_a_removed_one_neither(
    storage: Storage, web: WebServer
) -> None:
    paused, watched = page_source(1, web), page_source(2, web)
    with storage.begin() as tx:
        tx.agenda.enter([(paused.id, paused.kind), ("removed", "folder")], NOW)
        tx.agenda.pause(paused.id)
    await watching(storage, [paused, watched], lambda: len(web.paths()) >= 4)
    assert {asked.host for asked in web.asked} == {"127.0.1.2"}


def test_of_what_is_due_each_host_gets_its_share() -> None:
    hosts = {"a1": "a", "a2": "a", "a3": "a", "b": "b", "c": "c"}
    due = ["a1", "a2", "removed", "a3", "b", "c"]
    assert chosen(due, hosts, [], limit=9, per_host=1) == ["a1", "b", "c"]
    assert chosen(due, hosts, ["a", "c"], limit=9, per_host=2) == ["a1", "b", "c"]
    assert chosen(due, hosts, [], limit=2, per_host=2) == ["a1", "a2"]
    assert chosen(due, hosts, [], limit=0, per_host=2) == []


def test_the_pace_is_a_little_more_than_the_sources_need() -> None:
    def sources(count: int, every: str) -> list[SourceSettings]:
        return [SourceSettings(id=f"s{n}", kind="html_list", every=every) for n in range(count)]  # type: ignore[arg-type]

    assert pace(sources(3, "auto")) == 1
    assert pace(sources(1000, "auto")) == 2  # a thousand at once take eight minutes
    assert pace(sources(1000, "6h")) == 2
    assert pace(sources(60, "1s")) == 66
