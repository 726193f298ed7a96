"""`/metrics`: what Prometheus asks for, read from the database at that moment.

So any of several processes gives the same answer, and nothing is lost when one ends. Labels are names of
states, causes and channels, never addresses or sources' URLs.
"""

import asyncio
import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from monitor.errors import StorageError
from monitor.rhythm import BEIJING
from monitor.storage import Storage, Transaction

_P = "policy_monitor"
_RECENT = dt.timedelta(days=1)
_QUANTILES = (0.5, 0.9, 1.0)


def metrics_routes(storage: Storage, clock: Callable[[], dt.datetime]) -> list[web.RouteDef]:
    """`/metrics` in Prometheus' text format; 503 while the database does not answer."""
    registry = CollectorRegistry()
    registry.register(_Figures(storage, clock))

    async def metrics(_: web.Request) -> web.Response:
        try:
            text = await asyncio.to_thread(generate_latest, registry)
        except StorageError as error:
            return web.Response(text=f"{error}\n", status=503)
        return web.Response(body=text, headers={"Content-Type": CONTENT_TYPE_LATEST})

    return [web.get("/metrics", metrics)]


class _Figures(Collector):
    """The families of metrics, from one state of the database."""

    def __init__(self, storage: Storage, clock: Callable[[], dt.datetime]) -> None:
        self._storage = storage
        self._clock = clock

    def describe(self) -> Iterable[Metric]:
        """Nothing: to be registered must not need a database."""
        return ()

    def collect(self) -> Iterator[Metric]:
        with self._storage.read() as tx:
            now = self._clock()
            yield from _checks(tx)
            yield from _sources(tx, now)
            yield from _deliveries(tx, now)
            yield from _lags(tx, now)


def _checks(tx: Transaction) -> Iterator[Metric]:
    for kind, label, text in (
        ("checks", "outcome", "Checks of sources"),
        ("failures", "cause", "Checks that failed"),
        ("notices", "change", "Notices recorded, new or corrected"),
    ):
        family = CounterMetricFamily(f"{_P}_{kind}", text, labels=[label])
        for name, count in sorted(tx.counters.of(kind).items()):
            family.add_metric([name], count)
        yield family


def _sources(tx: Transaction, now: dt.datetime) -> Iterator[Metric]:
    counts = tx.figures.sources(now)
    family = GaugeMetricFamily(f"{_P}_sources", "Sources that were ever watched, by state", labels=["state"])
    for state, count in counts._asdict().items():
        family.add_metric([state], count)
    yield family
    family = GaugeMetricFamily(f"{_P}_sources_unwell", "Sources with a symptom", labels=["symptom"])
    for symptom, count in sorted(tx.figures.unwell().items()):
        family.add_metric([symptom], count)
    yield family


def _deliveries(tx: Transaction, now: dt.datetime) -> Iterator[Metric]:
    family = GaugeMetricFamily(f"{_P}_deliveries", "Deliveries by state", labels=["state", "channel"])
    for labels, count in sorted(tx.figures.deliveries().items()):
        family.add_metric(labels, count)
    yield family
    oldest = tx.figures.oldest_due()
    waited = max((now - oldest).total_seconds(), 0.0) if oldest else 0.0
    yield GaugeMetricFamily(
        f"{_P}_queue_oldest_seconds", "How long the oldest due delivery waits", value=waited
    )
    attempts = CounterMetricFamily(f"{_P}_attempts", "Tries to send", labels=["outcome", "channel"])
    for labels, count in sorted(tx.figures.attempts().items()):
        attempts.add_metric(labels, count)
    yield attempts
    for name, text, values in (
        ("rate_limit_waits", "Sends that waited for a slot", tx.counters.of("rate_limit_waits")),
        ("rate_limit_refusals", "Tries that a provider put off as too many", tx.figures.rate_limited()),
    ):
        limited = CounterMetricFamily(f"{_P}_{name}", text, labels=["channel"])
        for channel, value in sorted(values.items()):
            limited.add_metric([channel], value)
        yield limited


def _lags(tx: Transaction, now: dt.datetime) -> Iterator[Metric]:
    """Quantiles over the last day. Publishers name a day: what is seen on it, or on the next, has no lag."""
    seen = [_past_day(day, first) for day, first in tx.figures.publication_lags(now - _RECENT)]
    yield _quantiles("seen_lag_seconds", "From the end of the day of publication to first sight", seen)
    sent = [lag.total_seconds() for lag in tx.figures.delivery_lags(now - _RECENT)]
    yield _quantiles("sent_lag_seconds", "From first sight to the alert being sent", sent)


def _past_day(day: dt.date, seen: dt.datetime) -> float:
    end = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), BEIJING)
    return max((seen - end).total_seconds(), 0.0)


def _quantiles(name: str, text: str, values: Sequence[float]) -> Metric:
    family = GaugeMetricFamily(f"{_P}_{name}", f"{text}, of the last day", labels=["quantile"])
    ordered = sorted(values)
    for quantile in _QUANTILES if ordered else ():
        family.add_metric([f"{quantile:g}"], ordered[round(quantile * (len(ordered) - 1))])
    return family
