"""/subscribe and what is understood as it: a rule becomes a subscription."""

import re

from monitor.chat.commands._shared import canonical, understood
from monitor.chat.commands.making import by_issuer, subscribed
from monitor.chat.commands.start import start
from monitor.chat.model import Answer, button, reply
from monitor.chat.registry import command, plain_text
from monitor.chat.texts import N_
from monitor.chat.turn import Turn
from rules.language import MAX_CHARACTERS

_ASKED = re.compile(
    r"(?:我要|我想|请|帮我)?(?:订阅|关注|subscribe(?: to)?)[\s:：]*(.+)", re.DOTALL | re.IGNORECASE
)


@command(
    "subscribe",
    N_("subscribe with a rule, or step by step"),
    usage=N_("RULE"),
    details=N_(
        "<code>/subscribe 省:山西,国家 机构:医保局 集采</code>\n"
        "All conditions must be met; values of one are alternatives; <code>-口腔</code> leaves out. "
        "Without a rule I ask step by step."
    ),
    words=("订阅", "sub", "add"),
    changes=True,
)
def subscribe(turn: Turn, rest: str) -> Answer:
    if not rest:
        return start(turn, "")
    return subscribed(turn, rest)


@plain_text(50)
def asked_in_words(turn: Turn, text: str) -> Answer:
    """“订阅 山西 医保局 集采”, or a rule by itself: propose it."""
    asked = _ASKED.fullmatch(text)
    written = (asked[1] if asked else text).strip()
    if asked is None and not _looks_like_a_rule(turn, written):
        return None
    plainer = written.replace("的", " ")  # 河北的集采
    rule = by_issuer(turn, written) or by_issuer(turn, plainer) or str(understood(turn, written, "subscribe"))
    plain = canonical(turn, written)
    rows = [[button(turn.label("Subscribe"), "subscribe", rule), button(turn.label("Preview"), "try", rule)]]
    if plain and plain != rule:
        rows.append([button(turn.label("Only as words: {rule}", rule=plain), "subscribe", plain)])
    rows.append([button(turn.label("Cancel"), "cancel")])
    return reply(turn.say("Subscribe to this?\n<code>{rule}</code>", rule=rule), rows=rows)


def _looks_like_a_rule(turn: Turn, text: str) -> bool:
    """Names a facet, or says in a few words where, who or what. A question is none."""
    if len(text) > MAX_CHARACTERS or "\n" in text or re.search("[?？吗]$", text):
        return False
    if by_issuer(turn, text):
        return len(text) <= 40
    if re.search(r"\w[:：<>]", text) and not re.search("https?:", text):
        return True
    return len(text) <= 20 and bool(turn.services.vocabulary.expand(text))
