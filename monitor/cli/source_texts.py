"""How sources and their health are written on a terminal."""

import datetime as dt
from collections.abc import Iterator

from monitor.cli.terminal import shown_time, words
from monitor.diagnosis import symptom_name
from monitor.standing import Condition, HealthReport, Standing
from monitor.storage import Check, Episode, Sample

_STATES = {
    Condition.DISABLED: words("停用", "disabled"),
    Condition.NEVER_CHECKED: words("尚未检查", "never checked"),
    Condition.PAUSED: words("暂停", "paused"),
    Condition.FAILING: words("失败", "failed"),
    Condition.WELL: words("正常", "well"),
}


def source_row(standing: Standing) -> tuple[str, ...]:
    """The cells of a source in the table of all."""
    source = standing.stored
    if source is None:
        return standing.source_id, state(standing), "", "", "", "", "", ""
    gap = source.rhythm.usual_gap
    return (
        standing.source_id,
        state(standing),
        _time(source.checked_at),
        _time(source.next_check_at),
        _time(source.new_at),
        words(f"{gap:g} 天", f"{gap:g} d") if gap is not None else "",
        str(source.failures or ""),
        source.message or "",
    )


def state(standing: Standing) -> str:
    """What is the matter, or how it is."""
    if standing.state is Condition.UNWELL:
        return words("、", ", ").join(symptom_name(symptom, words) for symptom in standing.symptoms)
    until = standing.stored.paused_until if standing.stored else None
    if standing.state is Condition.PAUSED and until:
        return words(f"暂停到 {shown_time(until)}", f"paused until {shown_time(until)}")
    return _STATES[standing.state]


def report_lines(report: HealthReport) -> Iterator[str]:
    """Everything about one source, line by line."""
    yield from _facts(report)
    source = report.standing.stored
    if source and source.sample:
        yield words("\n上次正常时的列表：", "\nThe list when it was last well:")
        yield from _rows(source.sample)
    for episode in report.episodes:
        yield from _episode(episode)
    if report.checks:
        yield words("\n最近的检查：", "\nThe latest checks:")
        yield from map(_check, report.checks)


def _facts(report: HealthReport) -> Iterator[str]:
    source = report.standing.stored
    yield f"{words('状况', 'state'):12}{state(report.standing)}"
    if source is None:
        return
    for name, time in (
        (words("上次检查", "checked"), source.checked_at),
        (words("上次成功", "succeeded"), source.succeeded_at),
        (words("上次有新", "new"), source.new_at),
        (words("下次检查", "next"), source.next_check_at),
    ):
        yield f"{name:12}{_time(time) or '-'}"
    rhythm = source.rhythm
    if rhythm.usual_gap is not None:
        yield words(
            f"节奏          平常每隔 {rhythm.usual_gap:g} 天，最长 {rhythm.longest_gap:g} 天，"
            f"最近一次 {rhythm.last_day}",
            f"rhythm      usually every {rhythm.usual_gap:g} days, at most {rhythm.longest_gap:g}, "
            f"last on {rhythm.last_day}",
        )
    failures = ", ".join(f"{cause} {count}" for cause, count in report.failures.items())
    yield words(f"30 天内失败    {failures or '无'}", f"failures    {failures or 'none'} in 30 days")
    if report.notices:
        yield words(
            f"30 天内公文    {report.notices} 条，无文号 {_percent(report.without_number)}，"
            f"无日期 {_percent(report.without_date)}，发布后 {_days(report.latency)} 天见到（中位数）",
            f"notices     {report.notices} in 30 days, {_percent(report.without_number)} without number, "
            f"{_percent(report.without_date)} without date, seen {_days(report.latency)} days after"
            " publication (median)",
        )
    if source.page_hash:
        yield words(f"上次好的页面  {source.page_hash}", f"good page   {source.page_hash}")


def _episode(episode: Episode) -> Iterator[str]:
    end = _time(episode.ended_at) or words("至今", "now")
    yield f"\n{_time(episode.began_at)} – {end}  {symptom_name(episode.symptom, words)}"
    yield f"  {episode.message}"
    for name, sample in ((words("此前", "before"), episode.good), (words("当时", "then"), episode.present)):
        if sample:
            yield f"  {name}:"
            yield from _rows(sample)


def _check(check: Check) -> str:
    counts = words(
        f"列出 {check.listed}，读取 {check.read}，新 {check.new}",
        f"{check.listed} listed, {check.read} read, {check.new} new",
    )
    cause = f"  {check.cause}" if check.cause else ""
    return f"  {_time(check.started_at)}  {check.outcome}{cause}  {counts}  {check.message or ''}".rstrip()


def _rows(sample: Sample) -> Iterator[str]:
    return (f"    {day or '-':10}  {title}" for title, day in sample)


def _time(time: dt.datetime | None) -> str:
    return shown_time(time) if time else ""


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.0%}"


def _days(days: float | None) -> str:
    return "-" if days is None else f"{days:g}"
