"""Metrics and health, asked for over HTTP."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from monitor.errors import ConfigError
from monitor.storage import Check, CheckOutcome, Episode, Storage
from monitor.web import Loops, WebServer, health_routes, metrics_routes
from tests.making import (
    DAY,
    HOUR,
    MINUTE,
    NOW,
    a_notice,
    claimed,
    finish_attempt,
    queued,
    sent,
    to_retry,
)
from tests.servers._common import free_port

SECRET = "https://example.org/a"  # the address of the destination that `queued` makes


@asynccontextmanager
async def serving(storage: Storage, loops: Loops | None = None) -> AsyncIterator[str]:
    port = free_port()
    routes = [*health_routes(storage, loops or Loops({})), *metrics_routes(storage, lambda: NOW)]
    server = asyncio.create_task(WebServer(f"127.0.0.1:{port}", routes).run())
    await asyncio.sleep(0.1)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.cancel()
        await asyncio.gather(server, return_exceptions=True)


async def get(url: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return answer.status, await answer.text()


async def metrics(url: str) -> dict[tuple[str, ...], float]:
    """(name, label value…) → value, as Prometheus reads it; labels by name."""
    status, text = await get(f"{url}/metrics")
    assert status == 200
    families = text_string_to_metric_families(text)
    return {
        (s.name, *(s.labels[k] for k in sorted(s.labels))): s.value
        for family in families
        for s in family.samples
    }


def check(storage: Storage, outcome: CheckOutcome, cause: str | None = None, **counts: int) -> None:
    with storage.begin() as tx:
        tx.sources.ensure("a", "html_list", NOW)
        check = Check(source_id="a", started_at=NOW, finished_at=NOW, outcome=outcome, cause=cause, **counts)
        tx.sources.add_checks(check)


async def test_checks_failures_and_notices_are_counted(storage: Storage) -> None:
    check(storage, CheckOutcome.OK, new=3)
    check(storage, CheckOutcome.OK, corrected=1)
    check(storage, CheckOutcome.FAILED, "blocked")
    async with serving(storage) as url:
        found = await metrics(url)
    assert found["policy_monitor_checks_total", "ok"] == 2
    assert found["policy_monitor_checks_total", "failed"] == 1
    assert found["policy_monitor_failures_total", "blocked"] == 1
    assert found["policy_monitor_notices_total", "new"] == 3
    assert found["policy_monitor_notices_total", "corrected"] == 1


async def test_a_count_does_not_go_back_when_old_checks_are_forgotten(storage: Storage) -> None:
    check(storage, CheckOutcome.UNCHANGED)
    with storage.begin() as tx:
        assert tx.sources.forget_checks(NOW + DAY, CheckOutcome.UNCHANGED) == 1
    async with serving(storage) as url:
        assert (await metrics(url))["policy_monitor_checks_total", "unchanged"] == 1


async def test_sources_are_counted_by_state_and_symptom(storage: Storage) -> None:
    with storage.begin() as tx:
        tx.agenda.enter(((name, "html_list") for name in ("ill", "paused", "late", "well")), NOW)
        tx.agenda.pause("paused")
        tx.agenda.put("late", NOW - HOUR, retries=0)
        tx.agenda.put("well", NOW + HOUR, retries=0)
        episode = {"symptom": "silent", "cause": None, "message": "m", "told": True, "good": None}
        tx.episodes.begin(
            Episode(source_id="ill", present=None, began_at=NOW, seen_at=NOW, **episode)  # type: ignore[arg-type]
        )
    async with serving(storage) as url:
        found = await metrics(url)
    assert found["policy_monitor_sources", "total"] == 4
    assert found["policy_monitor_sources", "paused"] == 1
    assert found["policy_monitor_sources", "overdue"] == 1
    assert found["policy_monitor_sources_unwell", "silent"] == 1


async def test_the_queue_and_what_became_of_sends_are_shown_without_addresses(storage: Storage) -> None:
    queued(storage, 3)
    one, two = claimed(storage, limit=2)
    with storage.begin() as tx:
        finish_attempt(tx, one.delivery_id, one.number, sent(), NOW + MINUTE)
        finish_attempt(tx, two.delivery_id, two.number, to_retry(NOW + HOUR, "429 slow down"), NOW)
        tx.counters.add({"rate_limit_waits:webhook": 2})
    async with serving(storage) as url:
        found = await metrics(url)
        _, text = await get(f"{url}/metrics")
    assert found["policy_monitor_deliveries", "webhook", "sent"] == 1
    assert found["policy_monitor_deliveries", "webhook", "pending"] == 1
    assert found["policy_monitor_attempts_total", "webhook", "sent"] == 1
    assert found["policy_monitor_rate_limit_refusals_total", "webhook"] == 1
    assert found["policy_monitor_rate_limit_waits_total", "webhook"] == 2
    assert found["policy_monitor_sent_lag_seconds", "1"] == 60
    assert SECRET not in text


async def test_the_lag_from_publication_counts_from_the_end_of_the_day(storage: Storage) -> None:
    with storage.begin() as tx:
        for number, days in enumerate((0, 3)):
            day = NOW.date() - dt.timedelta(days=days)
            notice = a_notice(f"第{number}号通知", published_date=day)
            tx.notices.add(notice, [f"key{number}"], baseline=False, now=NOW)
    async with serving(storage) as url:
        found = await metrics(url)
    assert found["policy_monitor_seen_lag_seconds", "0.5"] == 0
    assert 2 * DAY.total_seconds() < found["policy_monitor_seen_lag_seconds", "1"] < 3 * DAY.total_seconds()


async def test_a_process_that_answers_is_alive_and_one_that_works_is_ready(storage: Storage) -> None:
    loops = Loops({"check": 60.0})
    async with serving(storage, loops) as url:
        assert await get(f"{url}/healthz") == (200, "ok\n")
        assert await get(f"{url}/readyz") == (200, "ok\n")


async def test_a_loop_that_stands_still_is_named(storage: Storage) -> None:
    loops = Loops({"check": 0.05, "deliver": 60.0})
    async with serving(storage, loops) as url:
        loops.turned("check")
        await asyncio.sleep(0.1)
        status, text = await get(f"{url}/readyz")
        assert status == 503
        assert text.startswith("check: no turn for")
        assert "deliver" not in text
        assert (await get(f"{url}/healthz"))[0] == 200


async def test_without_its_database_it_is_alive_and_not_ready(tmp_path: object) -> None:
    nowhere = Storage("postgresql://nobody:hush@127.0.0.1:9/none")
    async with serving(nowhere) as url:
        assert (await get(f"{url}/healthz"))[0] == 200
        for path in ("readyz", "metrics"):
            status, text = await get(f"{url}/{path}")
            assert status == 503
            assert "no server answers there" in text
            assert "hush" not in text
    nowhere.close()


async def test_an_address_that_is_taken_is_said(storage: Storage) -> None:
    async with serving(storage) as url:
        with pytest.raises(ConfigError, match=r"web.listen: 127.0.0.1:\d+: .*in use"):
            await WebServer(url.removeprefix("http://"), []).run()
