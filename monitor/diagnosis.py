"""What an operator is told about a source that is unwell: what it is, how it looked, and what to try."""

import datetime as dt

from monitor.health import Sample, Seen, Symptom, silent_after, silent_days
from monitor.rhythm import Rhythm
from monitor.words import Words

_NAMES = {
    Symptom.FAILING: ("读不到", "cannot be read"),
    Symptom.LOST_ROWS: ("条目大量减少", "lost most of its rows"),
    Symptom.LAYOUT: ("版式变了", "changed its layout"),
    Symptom.OLD_DATES: ("只见旧日期", "shows old dates"),
    Symptom.SILENT: ("久无更新", "has been silent for long"),
}
_LOOK = (
    "用浏览器打开它的网址看看；policy-monitor parse 网址 --as list 显示能读出什么",
    "open its address in a browser; policy-monitor parse ADDRESS --as list shows what can be read",
)
_MOVED = (
    "网址可能换了：在浏览器里找到新的列表页，改 url；policy-monitor sources verify {id} 可试读",
    "the address may have changed: find the list in a browser and set url;"
    " policy-monitor sources verify {id} tries it",
)
# What can be tried, by the cause of a failure.
_TRY = {
    "dns": _MOVED,
    "connect": (
        "在本机用浏览器打开看看；只在境内能访问的网站可设 fetch.proxy",
        "open it in a browser on this machine; a site that answers in China only may need fetch.proxy",
    ),
    "timeout": (
        "网站可能很慢：可调大 fetch.timeout，或用 fetch.proxy 换一条路",
        "the site may be slow: raise fetch.timeout, or take another way with fetch.proxy",
    ),
    "tls": (
        "旧网站可设 fetch.old_tls: true；证书属于别的主机时改用 http:// 网址",
        "set fetch.old_tls: true for an old site; use http:// where the certificate is another host's",
    ),
    "status": _MOVED,
    "redirect": _MOVED,
    "blocked": (
        "设 fetch.browser: auto（需安装 policy-monitor[browser]），或由境内的机器检查",
        "set fetch.browser: auto (needs policy-monitor[browser]), or check from a machine in China",
    ),
    "robots": (
        "网站的 robots.txt 不允许；有权读取时可设 fetch.ignore_robots: true",
        "robots.txt forbids it; where you may read it all the same, set fetch.ignore_robots: true",
    ),
    "too_large": ("内容超过 fetch.max_size，可调大", "it is over fetch.max_size, which can be raised"),
    "wrong_type": _MOVED,
    "forbidden_address": (
        "内网地址需设 fetch.allow_private: true",
        "an address of your own network needs fetch.allow_private: true",
    ),
    "file": ("检查文件夹是否存在、可读", "check that the folder exists and may be read"),
    "internal": ("请连同日志报告这个错误", "please report this error with the log"),
}
_TRY_FOR = {
    Symptom.LOST_ROWS: _LOOK,
    Symptom.LAYOUT: (
        "核对上面的标题和日期；读错时用 selectors 指定，policy-monitor sources verify {id} 可试读",
        "compare the titles and dates; where they are wrong, set selectors;"
        " policy-monitor sources verify {id} tries it",
    ),
    Symptom.OLD_DATES: _MOVED,
    Symptom.SILENT: _MOVED,
}


def symptom_name(symptom: str, words: Words) -> str:
    """What is the matter, in a phrase."""
    return words(*_NAMES[Symptom(symptom)])


def what_to_try(symptom: Symptom, cause: str | None, source_id: str, words: Words) -> str:
    """What can be done about it."""
    advice = _TRY.get(cause or "", _LOOK) if symptom is Symptom.FAILING else _TRY_FOR[symptom]
    return words(*advice).format(id=source_id)


def describe(symptom: Symptom, seen: Seen, message: str | None, words: Words) -> str:
    """What was found, in a sentence; `message` is what the check said itself."""
    match symptom:
        case Symptom.SILENT:
            return _silence(seen.rhythm, seen.now, words)
        case Symptom.LAYOUT:
            return words(
                f"列表原为 {seen.layouts[-1]}，现为 {seen.layout}。",
                f"The list was {seen.layouts[-1]} and is {seen.layout} now.",
            )
        case Symptom.LOST_ROWS if not seen.failed:
            usual = seen.usual_rows or 0
            return words(
                f"平常约 {usual:g} 条，现在 {seen.rows} 条。",
                f"Usually about {usual:g} rows, {seen.rows} now.",
            )
        case Symptom.OLD_DATES:
            return words("列表里只见较早的公文。", "Its list shows earlier notices than before.")
    return message or symptom_name(symptom, words)


def _silence(rhythm: Rhythm, now: dt.datetime, words: Words) -> str:
    days, limit, usual = silent_days(rhythm, now), silent_after(rhythm) or 0, rhythm.usual_gap or 0
    return words(
        f"已 {days} 天没有新公文；平常每隔 {usual:g} 天，超过 {limit:g} 天即提醒。",
        f"Nothing new for {days} days; usually every {usual:g} days, and {limit:g} are too many.",
    )


def headline_of(source_id: str, symptom: Symptom, words: Words) -> str:
    """The headline of the message that a source is unwell."""
    name = symptom_name(symptom, words)
    return words(f"来源 {source_id}：{name}", f"Source {source_id} {name}")


def unwell(sentence: str, good: Sample | None, present: Sample | None, advice: str, words: Words) -> str:
    """The text of the message that a source is unwell."""
    parts = [sentence]
    if good:
        parts.append(f"{words('上次正常时：', 'When it was last well:')}\n{_rows(good)}")
    if present:
        parts.append(f"{words('现在：', 'Now:')}\n{_rows(present)}")
    parts.append(words("可以尝试：", "To try: ") + advice)
    return "\n\n".join(parts)


def well_again(
    source_id: str, symptom: Symptom, began_at: dt.datetime, present: Sample | None, words: Words
) -> tuple[str, str]:
    """The headline and the text of the message that a source is well again."""
    name, since = symptom_name(symptom, words), f"{began_at:%Y-%m-%d %H:%M}"
    headline = words(f"来源 {source_id} 恢复正常", f"Source {source_id} is well again")
    text = words(f"{since} 起“{name}”，现已恢复。", f"Since {since} it “{name}”; that is over.")
    return headline, text + (f"\n\n{_rows(present)}" if present else "")


def _rows(sample: Sample) -> str:
    return "\n".join(f"· {day or '----------'}  {title}" for title, day in sample)
