"""/notice: one notice in full, and a pasted link that is looked up."""

import asyncio
import re
from collections.abc import Iterator, Sequence

from markupsafe import Markup

from monitor.chat.arguments import StaleButtonError
from monitor.chat.commands._found import entry, opened
from monitor.chat.commands._marking import marked
from monitor.chat.model import Answer, Block, Button, Later, UserError, button, reply
from monitor.chat.registry import action, command, job, plain_text
from monitor.chat.services import Services
from monitor.chat.texts import N_, Texts, bold
from monitor.chat.turn import Turn
from monitor.compose import compose
from monitor.compose.parts import clip, web_address
from monitor.compose.reasons import FIELDS
from monitor.storage import Found, Revision, Sighting, StoredNotice, Transaction
from monitor.types import Message, Notice, Reference, Relation
from rules.text import normalise

RELATED = 5
"""Related notices of each kind that are shown."""
PLACES = 10
"""Places where a notice was seen that are shown."""
_LINK = re.compile(r"https?://[^\s<>\"，。；、）】》]+", re.IGNORECASE)


@command(
    "notice",
    N_("one notice: fields, deadline, history, sources"),
    usage=N_("NUMBER|LINK"),
    words=("公文", "查看", "n"),
)
def notice(turn: Turn, rest: str) -> Answer:
    if link := _LINK.search(rest):
        return _at(turn, link[0])
    number = re.fullmatch(r"[#＃]?(\d{1,9})", rest)
    if number is None:
        raise UserError(
            turn.say(
                "Write the notice's number after it, as /search and /latest show it, or its link: "
                "<code>/notice 12</code>"
            )
        )
    return _shown(turn, int(number[1]))


@action("notice")
def notice_pressed(turn: Turn, notice_id: int) -> Answer:
    return _shown(turn, notice_id)


@plain_text(10)
def pasted(turn: Turn, text: str) -> Answer:
    """A link is looked up in the archive."""
    link = _LINK.search(text)
    return _at(turn, link[0]) if link else None


def _at(turn: Turn, url: str) -> Answer:
    found = turn.tx.notices.at_address(url)
    if len(found) == 1:
        return _shown(turn, found[0].id)
    if found:
        head = turn.say("{count} notices were seen at this address:", count=len(found))
        blocks = [_entry(turn.texts, number, one) for number, one in enumerate(found, 1)]
        return reply(head, *blocks, edit=False)
    said = turn.say("The archive holds nothing from this address:\n<code>{url}</code>", url=url)
    rows = (
        [[button(turn.label("Watch it"), "run", "source_add", url)]]
        if turn.caller.is_operator
        else [[button(turn.label("Ask the operator to watch it"), "suggest", url)]]
    )
    return reply(said, rows=rows, edit=False)


def _entry(texts: Texts, number: int, one: StoredNotice) -> Block:
    day = one.published_date or one.written_date or ""
    return Block(entry(texts, number, one, day), ((opened(one.id, one.title),),))


def _shown(turn: Turn, notice_id: int) -> Answer:
    """The notice as it stands."""
    texts = turn.tx.notices.revisions(notice_id)
    if not texts:
        raise UserError(
            turn.say("There is no notice {number}. /search finds notices by their words.", number=notice_id)
        )
    now = turn.tx.notices.standing([notice_id])[notice_id]
    message = Message(delivery_id="", language=turn.texts.language, notice=now)
    parts = [Markup("\n").join(map(marked, part.lines)) for part in compose(message, turn.today).parts]
    return reply(
        Markup("{}\n{}").format(turn.say("Notice {number}", number=notice_id), parts[0]),
        *parts[1:],
        *_history(turn, texts),
        *_seen(turn, turn.tx.notices.sightings(notice_id)),
        rows=[_ways(turn, notice_id, now)],
        edit=False,
    )


def _ways(turn: Turn, notice_id: int, now: Notice) -> Iterator[Button]:
    if now.body or now.summary or now.interpretations:
        yield button(turn.label("Text"), "notice_text", notice_id)
    yield button(turn.label("Related"), "related", notice_id)
    if link := web_address(now.url):
        yield Button(turn.label("Original"), url=link)


def _history(turn: Turn, texts: Sequence[Revision]) -> Iterator[Markup]:
    """Its texts after the first, each with what it changed."""
    if len(texts) == 1:
        return
    lines = [turn.say("<b>History</b>")]
    before: Revision | None = None
    for one in texts:
        day = one.recorded_at.astimezone(turn.zone).date()
        if before is None:
            lines.append(turn.say("{day} first recorded", day=day))
        elif one.variant:
            lines.append(turn.say("{day} the same in other words, at another place", day=day))
        else:
            what = turn.texts.listed(_changed(turn.texts, before.notice, one.notice))
            lines.append(turn.say("{day} corrected: {what}", day=day, what=what))
        before = before if before and one.variant else one
    yield Markup("\n").join(lines)


_NAMES = {
    **FIELDS,
    "written_date": ("成文日期", "date written"),
    "published_date": ("发布日期", "date published"),
    "comment_deadline": ("意见截止", "comments due"),
    "effective_date": ("施行日期", "in force"),
    "expiry_date": ("有效期", "valid until"),
    "attachments": ("附件", "attachments"),
}
_DATES = ("comment_deadline", "effective_date", "expiry_date")


def _changed(texts: Texts, before: Notice, now: Notice) -> Iterator[str]:
    """What a correction changed; of dates, from when to when."""
    for field, (chinese, english) in _NAMES.items():
        was, is_ = getattr(before, field, None), getattr(now, field, None)
        if was != is_:
            name = texts.words(chinese, english)
            yield f"{name} {was or '-'} → {is_ or '-'}" if field in _DATES else name


def _seen(turn: Turn, sightings: Sequence[Sighting]) -> Iterator[Markup]:
    lines = [turn.say("<b>Seen at</b>")]
    for one in sightings[:PLACES]:
        day = one.first_seen_at.astimezone(turn.zone)
        link = web_address(one.url)
        place = Markup('<a href="{}">{}</a>').format(link, one.source_id) if link else one.source_id
        page = f" · {one.position}" if one.position else ""
        lines.append(Markup("{} {}{}").format(f"{day:%Y-%m-%d %H:%M}", place, page))
    if len(sightings) > PLACES:
        left = len(sightings) - PLACES
        lines.append(turn.counted("and one more place", "and {count} more places", left))
    if sightings:
        yield Markup("\n").join(lines)


def _standing(turn: Turn, notice_id: int) -> Notice:
    """Raises `StaleButtonError` where there is none."""
    found = turn.tx.notices.standing([notice_id])
    if notice_id not in found:
        raise StaleButtonError
    return found[notice_id]


@action("notice_text")
def text_of(turn: Turn, notice_id: int) -> Answer:
    now = _standing(turn, notice_id)
    paragraphs = [line for line in (now.body or now.summary or "").splitlines() if line.strip()]
    readings = [
        Markup("{}\n{}").format(bold(one.title), "\n".join(one.body.splitlines()))
        for one in now.interpretations
    ]
    head = turn.say("<b>Readings of it</b>") if readings else Markup()
    return reply(bold(now.title), *map(Markup.escape, paragraphs), head, *readings, edit=False)


@action("related")
def related(turn: Turn, notice_id: int) -> Answer:
    _standing(turn, notice_id)
    return Later("related", {"notice_id": notice_id})


@job("related")
async def related_found(services: Services, texts: Texts, *, notice_id: int) -> Answer:
    def look() -> list[Block]:
        with services.storage.read() as tx:
            return list(_related(tx, texts, notice_id))

    blocks = await asyncio.to_thread(look)
    head = texts.say("<b>Related to notice {number}</b>", number=notice_id)
    return reply(head, *(blocks or [Block(texts.say("Nothing related is recorded."))]), edit=False)


_RELATIONS = {
    Relation.BASIS: N_("its basis"),
    Relation.REPEALS: N_("repeals"),
    Relation.AMENDS: N_("amends"),
    Relation.REISSUE_OF: N_("a reissue of"),
    Relation.CITES: N_("cites"),
}


def _related(tx: Transaction, texts: Texts, notice_id: int) -> Iterator[Block]:
    """What it refers to, what refers to it or has its number, and what its agency issued last."""
    now = tx.notices.standing([notice_id])[notice_id]
    shown = {notice_id}
    for reference in now.references:
        found = [one for one in _named(tx, reference) if one.notice.id not in shown]
        shown |= {one.notice.id for one in found}
        name = " ".join(filter(None, (reference.title, reference.doc_number)))
        said = texts.say(
            "{what}: {text}", what=texts.say(_RELATIONS[reference.relation]), text=clip(name, 200)
        )
        yield Block(said, tuple((opened(one.notice.id, one.notice.title),) for one in found))
    if now.doc_number:
        naming = tx.notices.search(f'"{now.doc_number}"', limit=RELATED + len(shown))
        yield from _group(texts, texts.say("<b>Name its number</b>"), naming, shown)
    for agency in now.agencies[:1]:
        issued = tx.notices.search(f'"{agency}"', limit=4 * RELATED + len(shown))
        notices = tx.notices.standing([one.notice.id for one in issued])
        own = [one for one in issued if agency in notices[one.notice.id].agencies]
        yield from _group(texts, texts.say("<b>Also of {agency}</b>", agency=agency), own, shown)


def _named(tx: Transaction, reference: Reference) -> list[Found]:
    """The notices that a reference means: those of its number, else of its title."""
    wanted = normalise(reference.doc_number or reference.title or "")
    if not wanted:
        return []
    found = tx.notices.search(f'"{reference.doc_number or reference.title}"', limit=50)
    if reference.doc_number:
        same = (one for one in found if normalise(one.notice.doc_number or "") == wanted)
    else:
        same = (one for one in found if wanted in normalise(one.notice.title))
    return list(same)[:2]


def _group(texts: Texts, head: Markup, found: Sequence[Found], shown: set[int]) -> Iterator[Block]:
    """Notices that were not shown yet, with buttons; nothing where there are none."""
    fresh = [one for one in found if one.notice.id not in shown][:RELATED]
    shown |= {one.notice.id for one in fresh}
    if fresh:
        lines = [entry(texts, number, one.notice, one.day) for number, one in enumerate(fresh, 1)]
        rows = tuple((opened(one.notice.id, one.notice.title),) for one in fresh)
        yield Block(Markup("\n").join([head, *lines]), rows)
