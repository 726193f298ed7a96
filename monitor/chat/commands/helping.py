"""/help, /cancel and /lang."""

from markupsafe import Markup

from monitor.chat.commands.start import start
from monitor.chat.model import Answer, ChatKind, button, reply
from monitor.chat.registry import COMMANDS, Command, action, command, named
from monitor.chat.texts import N_, bold
from monitor.chat.turn import Turn
from monitor.words import Language

_LANGUAGES: dict[str, Language] = {
    **dict.fromkeys(("zh", "cn", "中文", "chinese"), "zh"),
    **dict.fromkeys(("en", "英文", "english"), "en"),
}


@command("help", N_("what I can do"), usage=N_("[COMMAND]"), words=("帮助", "?", "？", "h"))
def help_(turn: Turn, rest: str) -> Answer:
    caller = turn.caller
    asked = named(rest.lstrip("/")) if rest else None
    if asked and asked.is_for(caller.kind, caller.is_operator):
        return reply(_described(turn, asked))
    offered = [one for one in COMMANDS.values() if one.is_for(caller.kind, caller.is_operator)]
    lines = [Markup("/{} {}").format(one.name, turn.say(one.summary)) for one in offered]
    hint = _context(turn)
    tail = turn.say(
        "<code>/help pause</code> explains one. You can also just write: <code>订阅 山西 医保局 集采</code>"
    )
    return reply(hint, Markup("\n").join(lines), tail)


def _described(turn: Turn, one: Command) -> Markup:
    usage = f" {turn.label(one.usage)}" if one.usage else ""
    lines = [
        bold(f"/{one.name}{usage}"),
        turn.say(one.summary),
        *([turn.say(one.details)] if one.details else []),
    ]
    return Markup("\n").join(lines)


def _context(turn: Turn) -> Markup:
    """What to do next, from where the user stands."""
    if turn.conversation is not None:
        return turn.say("I am waiting for an answer of yours; /cancel leaves that.")
    if not turn.subscriptions():
        return turn.say("Nothing is subscribed here yet: /start asks you a few questions.")
    if turn.caller.kind is not ChatKind.PRIVATE and not turn.caller.is_admin:
        return turn.say("Administrators change what this group is told; everybody can look.")
    return turn.counted(
        "One subscription is set up here; /list shows it.",
        "{count} subscriptions are set up here; /list shows them.",
        len(turn.subscriptions()),
    )


@command("cancel", N_("stop what I am being asked"), words=("取消", "算了"))
def cancel(turn: Turn, rest: str = "") -> Answer:
    return reply(turn.say("Cancelled.") if turn.done() else turn.say("There was nothing to cancel."))


@action("cancel")
def cancel_pressed(turn: Turn) -> Answer:
    turn.done()
    return reply(turn.say("Cancelled."))


@command("lang", N_("中文 or English"), usage=N_("zh|en"), words=("语言", "language"), changes=True)
def lang(turn: Turn, rest: str) -> Answer:
    wanted = _LANGUAGES.get(rest.lower())
    if wanted is None:
        return reply(
            turn.say("Which language?"),
            rows=[[button("中文", "speak", "zh"), button("English", "speak", "en")]],
        )
    return speak(turn, wanted)


@action("speak", changes=True)
def speak(turn: Turn, language: Language) -> Answer:
    _use(turn, language)
    return reply(turn.say("I speak English to you now, in alerts too."))


@action("language", changes=True)
def language_of_start(turn: Turn, language: Language) -> Answer:
    """The button under the welcome: the same in the other language."""
    _use(turn, language)
    return start(turn, "")


def _use(turn: Turn, language: Language) -> None:
    turn.tx.destinations.speak(turn.home().subscriber_id, language)
    turn.use(language)
