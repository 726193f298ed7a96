"""A rehearsal and a judgement in words; each function gives sentences of one language."""

import datetime as dt
from collections.abc import Iterable, Iterator

from monitor.rehearsal.judge import Judgement
from monitor.rehearsal.rehearse import Rehearsal
from monitor.rehearsal.suspects import Suspect
from monitor.words import Words
from rules.conditions import Condition, Not


def summary(rehearsal: Rehearsal, say: Words) -> str:
    """How many messages in which time, how many a day, and most on which day."""
    first, last, total, busiest = rehearsal.first, rehearsal.last, rehearsal.total, rehearsal.busiest
    looked = say(
        f"{_from(first, last, ' 至 ')} 的 {rehearsal.notices} 份公文",
        f"{rehearsal.notices} notice(s) of {_from(first, last, ' to ')}",
    )
    if not busiest:
        return say(f"{looked}，一条也不会发送。", f"{looked}: none would have been sent.")
    if rehearsal.length == 1:
        return say(f"{looked}，会发送 {total} 条。", f"{looked}: {total} would have been sent.")
    average = _rounded(rehearsal.average)
    count, day = busiest.count, busiest.first
    return say(
        f"{looked}，会发送 {total} 条：平均每天 {average} 条，最多的一天 {count} 条（{day}）。",
        f"{looked}: {total} would have been sent, {average} a day, at most {count} ({day}).",
    )


def notes(rehearsal: Rehearsal, most: int, say: Words) -> Iterator[str]:
    """What to know about the numbers: too many for a day, or days that are not those of an alert."""
    busy, busiest = rehearsal.busy_days(most), rehearsal.busiest
    if busy and busiest:
        yield say(
            f"太多：有 {len(busy)} 天超过 {most} 条，最多 {busiest.count} 条。"
            "可以加上 省:、机构: 或 -词 来收窄，或写成 标题:词。",
            f"Too many: on {len(busy)} day(s) more than {most}, up to {busiest.count}. "
            "Narrow it with 省:, 机构: or -word, or write 标题:word.",
        )
    if rehearsal.baseline:
        yield say(
            f"其中 {rehearsal.baseline} 份只在首次检查中见过，按发布日期计入。",
            f"{rehearsal.baseline} of the notices were only seen by a first check; they count on the day of "
            "their publication.",
        )


def hindrances(rehearsal: Rehearsal, say: Words) -> Iterator[str]:
    """Why nothing would have been sent, and what would have been with another word."""
    if blocker := rehearsal.blocker:
        yield _blame(blocker, rehearsal, say)
        found = [(one.condition, one.matches) for one in blocker.nearby]
        if found:
            yield say("换一个条件，会发送：", "With another in its place: ") + _counted(found, "条", say)
        return
    if not rehearsal.suspects:
        return
    alone = [(suspect.condition, suspect.alone) for suspect in rehearsal.suspects]
    yield say(
        "去掉任何一个条件，也还是一条都没有。单独看：",
        "Without any one of the conditions there would still be none. By themselves: ",
    ) + _counted(alone, "份", say)
    for suspect in rehearsal.suspects:
        if suspect.nearby:
            found = [(one.condition, one.alone) for one in suspect.nearby]
            like = say(f"与“{suspect.condition}”相近的有", f"Like {suspect.condition}: ")
            yield like + _counted(found, "份", say)


def verdict(judgement: Judgement, say: Words) -> Iterator[str]:
    """What failed first, and what to know about the text that was judged."""
    explanation, arrival = judgement.explanation, judgement.arrival
    if not explanation.matched:
        yield say(explanation.chinese, explanation.english)
    elif arrival.baseline:
        yield say(
            "只在首次检查中见过，所以不会提醒。", "Only seen by a first check, so nobody is told of it."
        )
    if judgement.texts > 1:
        yield say(
            f"按第 {arrival.number} 版判断，共 {judgement.texts} 版。",
            f"Judged by text {arrival.number} of {judgement.texts}.",
        )


def _blame(blocker: Suspect, rehearsal: Rehearsal, say: Words) -> str:
    condition, alone, count = blocker.condition, blocker.alone, blocker.without
    if isinstance(condition, Not):
        return say(
            f"问题在“{condition}”：它排除了本来会发送的 {count} 条。",
            f"The blocker is {condition}: it excludes {count} that would have been sent.",
        )
    if alone:
        return say(
            f"问题在“{condition}”：符合它的 {alone} 份公文都不符合其余条件；去掉它，会发送 {count} 条。",
            f"The blocker is {condition}: {alone} notice(s) meet it and not the other conditions; "
            f"without it, {count} would have been sent.",
        )
    if len(rehearsal.suspects) == 1:
        return say(f"没有一份公文符合“{condition}”。", f"No notice meets {condition}.")
    return say(
        f"问题在“{condition}”：没有一份公文符合它；去掉它，会发送 {count} 条。",
        f"The blocker is {condition}: no notice meets it; without it, {count} would have been sent.",
    )


def _counted(found: Iterable[tuple[Condition, int]], unit: str, say: Words) -> str:
    listed = (say(f"“{what}” {count} {unit}", f"{what} {count}") for what, count in found)
    return say("，", ", ").join(listed) + say("。", ".")


def _from(first: dt.date, last: dt.date, to: str) -> str:
    return f"{first}{to}{last}" if first < last else str(last)


def _rounded(number: float) -> str:
    return f"{number:.1f}" if number >= 1 else f"{number:.1g}"
