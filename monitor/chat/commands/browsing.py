"""/latest, /search and /deadlines: what the archive holds."""

import asyncio
import datetime as dt
from collections.abc import Iterable

from markupsafe import Markup

from monitor.chat.commands._found import SHOWN, Place, listed, opened, place_of
from monitor.chat.commands._shared import asked, understood
from monitor.chat.model import Answer, Block, Later, reply
from monitor.chat.registry import action, command, job, question
from monitor.chat.services import Services
from monitor.chat.texts import N_, Texts, bold
from monitor.chat.turn import Turn
from monitor.compose.parts import clip
from monitor.saved_rules import read_rule
from monitor.storage import Found, Revision
from rules import RuleError, RuleIndex

AT_ONCE, FURTHEST = 200, 5000
"""Notices read in one go, and looked at for one page of /latest RULE."""


@command(
    "latest",
    N_("the latest notices, or those that a rule takes"),
    usage=N_("[RULE|NUMBER]"),
    details=N_("<code>/latest</code>, <code>/latest 省:山西 集采</code>, <code>/latest 2</code>"),
    words=("最新", "new"),
)
def latest(turn: Turn, rest: str) -> Answer:
    own = turn.subscriptions()
    if rest.isdecimal() and 1 <= int(rest) <= len(own):
        return older(turn, own[int(rest) - 1].rule)
    return older(turn, str(understood(turn, rest, "latest")) if rest else "")


@action("latest")
def older(turn: Turn, rule: str, *cursors: str) -> Answer:
    """A page of what a rule takes, or of everything; its place is the last of the cursors."""
    rule = str(understood(turn, rule, "latest")) if rule else ""
    owner = turn.destination.subscriber_id if turn.destination else None
    _check(cursors)
    return Later("latest", {"rule": rule, "owner": owner, "cursors": list(cursors)})


@job("latest")
async def latest_found(
    services: Services, texts: Texts, *, rule: str, owner: int | None, cursors: list[str]
) -> Answer:
    after = place_of(cursors[-1]) if cursors else None
    found, more = await asyncio.to_thread(_latest, services, rule, owner, after)
    head = texts.say("<b>Latest notices</b>")
    if rule:
        head = texts.say("<b>Latest notices</b> for <code>{rule}</code>", rule=rule)
    if not found and not more:
        return reply(head, texts.say("There is nothing more.") if cursors else texts.say("There is nothing."))
    shown = listed(texts, head, found, turning=("latest", rule), before=cursors, more=more)
    if more and len(found) < SHOWN:
        looked = texts.say("Looked back to {day}; “Older” looks further.", day=more[0])
        return reply(*shown.blocks, looked, rows=shown.rows)
    return shown


def _latest(
    services: Services, text: str, owner: int | None, after: Place | None
) -> tuple[list[Found], Place | None]:
    """What a rule takes, beginning after that place; and where to go on, None where all was looked at."""
    index = RuleIndex(services.vocabulary)
    if text:
        with services.storage.read() as tx:
            index.add(0, read_rule(tx, owner, text, services.vocabulary))
    today = services.clock().date()
    taken: list[Found] = []
    for _ in range(FURTHEST // AT_ONCE):
        with services.storage.read() as tx:
            found = tx.notices.search(after=after, limit=AT_ONCE if text else SHOWN + 1)
            notices = tx.notices.standing([one.notice.id for one in found]) if text else {}
        for one in found:
            if len(taken) == SHOWN:
                return taken, taken[-1].place
            if not text or index.match(notices[one.notice.id], today=today).rule_ids:
                taken.append(one)
        if len(found) < AT_ONCE:
            return taken, None
        after = found[-1].place
    return taken, after


@command(
    "search",
    N_("search the archive"),
    usage=N_("WORDS"),
    details=N_(
        "<code>/search 集采 DRG</code> finds notices with all these words, anywhere in them. "
        "Words in quotation marks are one: <code>/search “国药监〔2022〕1号”</code>"
    ),
    words=("搜索", "查找", "检索", "find", "s"),
)
def search(turn: Turn, rest: str) -> Answer:
    if rest:
        return found_again(turn, rest)
    return asked(turn, "search", turn.say("What shall I look for? For example <code>集采 DRG</code>"))


@question("search")
def search_answered(turn: Turn, text: str) -> Answer:
    turn.done()
    return found_again(turn, text)


@action("search")
def found_again(turn: Turn, query: str, *cursors: str) -> Answer:
    _check(cursors)
    return Later("search", {"query": query, "cursors": list(cursors)})


@job("search")
async def searched(services: Services, texts: Texts, *, query: str, cursors: list[str]) -> Answer:
    def look() -> tuple[list[Found], int]:
        with services.storage.read() as tx:
            after = place_of(cursors[-1]) if cursors else None
            return tx.notices.search(query, after=after, limit=SHOWN + 1), tx.notices.not_searchable()

    found, missing = await asyncio.to_thread(look)
    head = texts.say("<b>Archive</b>: <code>{query}</code>", query=query)
    hints = []
    if missing:
        hints.append(
            texts.counted(
                "One older text cannot be searched yet.",
                "{count} older texts cannot be searched yet; that is being worked on.",
                missing,
            )
        )
    if not found:
        nothing = texts.say("Nothing was found. Fewer or shorter words find more.")
        return reply(head, nothing, *hints)
    more = found[SHOWN - 1].place if len(found) > SHOWN else None
    shown = listed(texts, head, found[:SHOWN], turning=("search", query), before=cursors, more=more)
    return reply(*shown.blocks, *hints, rows=shown.rows)


def _check(cursors: Iterable[str]) -> None:
    """Raises `StaleButtonError`, which a job could not."""
    for cursor in cursors:
        place_of(cursor)


@command(
    "deadlines",
    N_("open consultations that my rules take, soonest first"),
    words=("截止", "征求意见", "due"),
)
def deadlines(turn: Turn, rest: str = "") -> Answer:
    rules = [one.rule for one in turn.subscriptions() if one.active]
    owner = turn.destination.subscriber_id if turn.destination else None
    return Later("deadlines", {"rules": rules, "owner": owner, "today": turn.today.isoformat()})


@job("deadlines")
async def open_consultations(
    services: Services, texts: Texts, *, rules: list[str], owner: int | None, today: str
) -> Answer:
    day = dt.date.fromisoformat(today)
    found = await asyncio.to_thread(_open, services, rules, owner, day)
    if not rules:
        head = texts.say("<b>Open consultations</b>. Nothing is subscribed here, so these are all of them.")
    else:
        head = texts.say("<b>Open consultations</b> that your rules take, soonest first")
    if not found:
        return reply(head, texts.say("There are none."))
    return reply(head, *(_due(texts, number, one, day) for number, one in enumerate(found, 1)))


def _open(services: Services, rules: list[str], owner: int | None, today: dt.date) -> list[Revision]:
    index = RuleIndex(services.vocabulary)
    with services.storage.read() as tx:
        for number, text in enumerate(rules):
            try:
                index.add(number, read_rule(tx, owner, text, services.vocabulary))
            except RuleError:
                continue  # repair tells the operators of it
        found = tx.notices.consultations(today)
    return [one for one in found if not rules or index.match(one.notice, today=today).rule_ids]


def _due(texts: Texts, number: int, one: Revision, today: dt.date) -> Block:
    due = one.notice.comment_deadline
    assert due is not None, "it was looked for by its deadline"
    left = texts.counted("one day left", "{count} days left", (due - today).days)
    text = Markup("{}. {}\n{} · {}").format(
        number, bold(clip(one.notice.title, 200)), due, left if due > today else texts.say("ends today")
    )
    return Block(text, ((opened(one.notice_id, one.notice.title),),))
