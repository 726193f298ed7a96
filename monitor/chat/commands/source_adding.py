"""/source_add: an address is tried, shown, and saved as a source."""

import asyncio
import json

from markupsafe import Markup

from monitor.chat.model import Answer, Later, button, reply, toast
from monitor.chat.registry import action, command, job
from monitor.chat.services import Services
from monitor.chat.texts import N_, Texts, code
from monitor.chat.turn import Turn
from monitor.config.overlay import add_sources, as_written
from monitor.discovery import Finding, advice, doubtful, summary
from monitor.discovery.addresses import typed_address
from monitor.errors import SourceError
from monitor.new_sources import Known, known, tried
from monitor.sources import SOURCE_KINDS

_ROWS = 5


@command(
    "source_add",
    N_("try an address, and add it as a source"),
    usage=N_("URL"),
    words=("添加来源",),
    operator=True,
)
def source_add(turn: Turn, rest: str) -> Answer:
    if not rest:
        return reply(turn.say("Write the address after it: <code>/source_add ybj.shanxi.gov.cn/zwgk/</code>"))
    return Later("try_source", {"address": rest})


@job("try_source")
async def try_source(services: Services, texts: Texts, *, address: str) -> Answer:
    """Try it as `policy-monitor sources add` does."""
    try:
        there = known(typed_address(address)[0], list(services.sources.values()))
        if there is None or not there.watched:
            found = await tried(
                address, list(services.sources.values()), services.config.fetch, services.vocabulary
            )
            there = known(found.address, list(services.sources.values()))
    except SourceError as error:
        return reply(*(Markup("{}").format(sentence) for sentence in advice(error, texts.words)), edit=False)
    if there is not None and there.watched:
        return reply(_watched(texts, there), edit=False)
    return await asyncio.to_thread(_found, services, texts, found, there)


def _watched(texts: Texts, there: Known) -> Markup:
    return texts.say("This address is watched already: <code>{source}</code>", source=there.id)


def _found(services: Services, texts: Texts, found: Finding, there: Known | None) -> Answer:
    """What the address shows, and whether to save it."""
    words = texts.words
    facts = [code(found.address), Markup("{} {}").format(found.settings.kind, summary(found, words))]
    if found.agency:
        facts.append(texts.say("Agency: {agency}", agency=found.agency))
    if found.feed:
        facts.append(texts.say("The page also names a feed: {feed}", feed=found.feed))
    rows = [
        Markup("· {} {}").format(entry.date or texts.say("undated"), entry.title or entry.url)
        for entry in found.entries[:_ROWS]
    ]
    doubt = found.doubt(services.clock().date())
    warnings = [*found.warnings, *([doubtful(doubt, words)] if doubt else [])]
    if there is not None:
        warnings.append(
            texts.label(
                "The catalogue of sources has it, as {name} ({source}).", name=there.name, source=there.id
            )
        )
    return reply(
        Markup("\n").join(facts),
        Markup("\n").join(rows),
        Markup("\n").join(Markup("⚠️ {}").format(warning) for warning in warnings),
        rows=[
            [
                button(
                    texts.label("Add as {source}", source=found.settings.id), "source_save", _written(found)
                ),
                button(texts.label("Cancel"), "cancel"),
            ]
        ],
        edit=False,
    )


def _written(found: Finding) -> str:
    return found.settings.model_dump_json(exclude_unset=True)


@action("source_save", operator=True)
def saved(turn: Turn, written: str) -> Answer:
    """Saved beside the configuration, and checked from now on."""
    kind = SOURCE_KINDS[json.loads(written)["kind"]]
    settings = kind.settings.model_validate_json(written)
    sources = turn.services.sources
    if settings.id in sources:
        return toast(turn.label("It was added already."))
    add_sources(turn.services.config.folder, as_written(settings))
    turn.services.watch(settings)
    return reply(
        turn.say(
            "Added: <code>{source}</code>. It is checked from now on; what it lists already is recorded "
            "without telling anybody.",
            source=settings.id,
        ),
        rows=[[button(turn.label("Sources"), "run", "sources", settings.id)]],
    )
