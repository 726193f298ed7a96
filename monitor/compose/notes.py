"""What a reader should be careful about, in words: late, perhaps told before, how long there is left."""

import datetime as dt

from monitor.compose.parts import Line, line
from monitor.types import Cause, Lateness
from monitor.words import Words


def repeat(say: Words) -> Line:
    return line(say("可能重复：上一次发送没有得到确认", "May be a repeat: the last try went unanswered"))


def lateness(late: Lateness, say: Words) -> Line:
    """How late, and why."""
    by = length(late.by, say)
    return line(
        {
            Cause.QUIET_HOURS: say(f"按您的免打扰时间延后 {by}", f"Held {by}: your quiet hours"),
            Cause.DAILY_CAP: say(f"超过您的每日上限，延后 {by}", f"Held {by}: above your daily cap"),
            Cause.NOT_SENT: say(
                f"迟到 {by}：其间程序没有运行，或此去处已停用",
                f"Late by {by}: the program did not run, or this destination was switched off",
            ),
            Cause.NOT_TAKEN: say(
                f"迟到 {by}：多次尝试后才送达", f"Late by {by}: it took several tries to deliver"
            ),
            Cause.NOT_READ: say(
                f"可能迟到 {by}：其间没有检查来源",
                f"Late by up to {by}: its source was not checked meanwhile",
            ),
        }[late.cause]
    )


def last_of_day(cap: int, say: Words) -> Line:
    return line(
        say(
            f"今天已达每日 {cap} 条上限；其余的明天早上汇总发送",
            f"Your daily cap of {cap} is reached; the rest comes in one summary tomorrow morning",
        )
    )


def days_left(days: int, say: Words) -> str:
    if days in (0, 1):
        return say("明天截止", "due tomorrow") if days else say("今天截止", "due today")
    if days < 0:
        return say(f"已过 {-days} 天", f"{-days} day{'s' * (days < -1)} ago")
    return say(f"还有 {days} 天", f"{days} days left")


def length(time: dt.timedelta, say: Words) -> str:
    """Whole days, hours or minutes."""
    for size, chinese, english in ((86400, "天", "day"), (3600, "小时", "hour"), (60, "分钟", "minute")):
        if count := int(time.total_seconds() // size):
            return say(f"{count} {chinese}", f"{count} {english}{'s' * (count > 1)}")
    return say("不到 1 分钟", "less than a minute")
