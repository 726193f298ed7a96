"""Every command and every button, in private chats and groups, in Chinese and in English, by one bot."""

import datetime as dt
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from monitor.chat.model import ChatKind
from monitor.chat.registry import ACTIONS, COMMANDS
from monitor.types import Interpretation, Notice
from monitor.words import Language
from tests.chat.office import Office, office
from tests.chat.stage import OPERATOR, Person
from tests.chat.test_browsing import URL, recorded
from tests.chat.walk import Walk
from tests.databases import fresh_postgresql
from tests.servers import sites
from tests.servers.web import WebServer

PRIVATE_ONLY = {name for name in ACTIONS if name.startswith("destination")}
OPERATORS = {name for name, action in ACTIONS.items() if action.operator}
LANGUAGES: tuple[Language, ...] = ("zh", "en")
BATCHES = [f"关于走遍第{number}批的通知" for number in range(1, 11)]
DATA = (
    *BATCHES,
    *("关于走遍其他的公告", "走遍征求意见稿", "走遍市医疗保障局", "走遍医保", "专家说", "解读的话"),
    *(
        "山西省医疗保障局",
        "河北省医疗保障局",
        "国家医疗保障局",
        "安微",
        "安徽",
        "走遍",
        "我的规则",
        "集采",
        "走遍没有",
    ),
    *("各市医疗保障局：", "，请遵照执行。", "关于开展", "工作的通知", "走遍医保〔2026〕1号"),
)


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)], ids=str
)
def here(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with ExitStack() as stack:
        database = ""
        if request.param == "postgresql":
            request.getfixturevalue("postgresql_url")  # skips where there is no server
            database = stack.enter_context(fresh_postgresql())
        more = "fetch: {allow_private: true, gap: 0s}"
        folder = tmp_path_factory.mktemp("paths")
        made = stack.enter_context(office(folder, database=database, chat=", rate: 100000", more=more))
        today = dt.datetime.now(dt.UTC).date()
        notices = [Notice(title=title, provinces=("山西", "河北")) for title in BATCHES]
        due = Notice(
            title="走遍征求意见稿", is_consultation=True, comment_deadline=today + dt.timedelta(days=9)
        )
        full = Notice(
            title="关于走遍其他的公告",
            agencies=("走遍市医疗保障局",),
            doc_number="走遍医保〔2026〕1号",
            body="走遍",
            interpretations=(Interpretation("专家说", "解读的话"),),
        )
        recorded(made.bot, *notices, due)
        recorded(made.bot, full, url=URL.format("walk"))
        yield made


@pytest.mark.parametrize("kind", ["private", "group"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_a_reader_can_say_and_press(here: Office, language: Language, kind: str) -> None:
    person = here.bot.person() if kind == "private" else here.bot.group().administrator
    walk = Walk(person, language, "private" if kind == "private" else "group", DATA)
    person.says(f"/lang {language}")
    _an_alert(walk)  # at first: who talks much in a group has alerts wait for Telegram's limits
    _languages(walk)
    _guided_start(walk)
    _the_list(walk)
    _looking_things_up(walk)
    _rules_under_names_and_settings(walk)
    _files(walk)
    if walk.kind == "private":
        _further_destinations(walk, here)
    _the_rest(walk)
    where = ChatKind(walk.kind)
    assert [
        one.name for one in COMMANDS.values() if one.is_for(where, False) and one.name not in walk.said
    ] == []
    own = ACTIONS.keys() - OPERATORS - (set() if walk.kind == "private" else PRIVATE_ONLY)
    assert own - walk.pressed == set()


def _languages(walk: Walk) -> None:
    asked = walk.person.says("/lang")
    other, now = ("en", "zh") if walk.language == "zh" else ("zh", "en")
    spoken = "I speak English to you now, in alerts too."
    walk.in_other_language(lambda walk: walk.presses(f"speak:{other}", spoken, on=asked))
    walk.presses(f"speak:{now}", spoken, on=asked)
    walk.says("/lang", "Which language?")
    shown = walk.says("/start", "Which provinces? Tap as many as you like, or type names.")
    walk.in_other_language(lambda walk: walk.presses("language", "None chosen: all of them.", on=shown))
    walk.presses("language", "None chosen: all of them.")


def _guided_start(walk: Walk) -> None:
    over = "This is over. /start begins anew."
    how_often = "How often shall I tell you? This holds for everything subscribed here."
    walk.says("安微", "Yes: {rule}", rule="省:安徽")
    walk.presses("start_typed", "Chosen: <b>{names}</b>", names="安徽")
    walk.presses("start:toggle", "Next ›")
    walk.presses("start:next", "Which agencies? At any level, in the places you chose.")
    walk.presses(
        "start:next", "Which topics? Other words can be typed; other names of a topic are found too."
    )
    walk.presses("start:back", "Which agencies? At any level, in the places you chose.")
    walk.presses("start:next", "None chosen: everything these agencies issue.")
    walk.says("走遍", "Chosen: <b>{names}</b>", names="走遍")
    walk.presses("start:next", how_often)
    walk.presses("start:toggle", "Next ›")
    walk.presses("start:next", "Save ✓")
    walk.presses("start:back", how_often)
    preview = walk.presses("start:next", "Save ✓")
    rule = "省:安徽,国家 走遍"
    walk.presses("start:save", "Subscribed, number {number}:\n<code>{rule}</code>", number=1, rule=rule)
    walk.toasted("start:save", over, on=preview)
    walk.says("/start", "Which provinces? Tap as many as you like, or type names.")
    walk.presses("cancel", "Cancelled.")


def _the_list(walk: Walk) -> None:
    subscribed, now = (
        "Subscribed, number {number}:\n<code>{rule}</code>",
        "Number {number} is now:\n<code>{rule}</code>",
    )
    new_rule = (
        "Send the new rule for number {number}. A tap on the present one copies it:\n<code>{rule}</code>"
    )
    gone, on_again = (
        "Unsubscribed:\n<code>{rule}</code>",
        "These go on from now; what came during the pause is not sent:",
    )
    first, second = "省:安徽,国家 走遍", "省:河北 走遍"
    walk.says(f"/subscribe {second}", subscribed, number=2, rule=second)
    walk.presses("preview", "My list")
    walk.presses("ask_edit", new_rule, number=2, rule=second)
    walk.says("省:山西 走遍", now, number=2, rule="省:山西 走遍")
    walk.presses("edit", now, number=2, rule=second)
    walk.presses("list", "{number} Preview", number=1)
    walk.presses("pause_listed", "⏸ paused")
    walk.presses("resume_listed", "Pause")
    walk.presses("remove", gone, rule=first)
    walk.presses("restore", "My list")
    walk.says("/edit", "Which one do you want to change?")
    walk.presses("ask_edit", new_rule, number=1, rule=first)
    walk.presses("cancel", "Cancelled.")
    walk.says("/pause", "Which one do you want to pause?")
    walk.presses("pause", "Resume")
    walk.presses("resume", on_again)
    walk.says("/pause 1 7d", "Resume")
    walk.says("/list", "Resume")
    walk.says("/resume", "Which one shall go on?")
    walk.presses("resume", on_again)
    walk.says("/resume", "Nothing is paused.")
    walk.says("/unsubscribe", "Which one do you want to take away?")
    walk.presses("remove", gone, rule=first)
    walk.presses("restore", "My list")
    walk.says("/subscribe 省:安微 走遍", "Yes: {rule}", rule="省:安徽 走遍")
    walk.presses("subscribe", subscribed, number=3, rule="省:安徽 走遍")
    for number in (4, 5):
        walk.says("/subscribe " + " ".join(f"走遍{number}{n}" for n in range(400)), "Edit")
    walk.says("/list")
    walk.presses("page", label="›")
    walk.says("/unsubscribe all", "Undo")
    walk.presses("restore", "My list")
    walk.says("/unsubscribe 5", "Undo")
    walk.says("/unsubscribe 4", "Undo")
    walk.says("/edit 9 走遍")


def _looking_things_up(walk: Walk) -> None:
    walk.says("/latest", "<b>Latest notices</b>")
    walk.presses("latest", "‹ Newer")
    walk.says("/search 走遍", "<b>Archive</b>: <code>{query}</code>", query="走遍")
    walk.presses("search", "‹ Newer")
    walk.says("/search", "What shall I look for? For example <code>集采 DRG</code>")
    walk.says("走遍没有", "Nothing was found. Fewer or shorter words find more.")
    walk.says("/search 走遍其他")
    notice = walk.presses("notice", "<b>Seen at</b>", "Related")
    walk.presses("notice_text", "<b>Readings of it</b>", on=notice)
    walk.presses("related", "Nothing related is recorded.", on=notice)
    link = URL.format("nowhere")
    unknown = "The archive holds nothing from this address:\n<code>{url}</code>"
    walk.says(f"/notice {link}", unknown, url=link)
    walk.presses("suggest")
    walk.says("/deadlines", "<b>Open consultations</b> that your rules take, soonest first")
    walk.says("/preview 走遍", "<b>The latest</b>")
    walk.presses("subscribe", "Undo")


def _rules_under_names_and_settings(walk: Walk) -> None:
    name = "@我的规则"
    walk.says("/save 我的规则 走遍", "Saved. {name} stands for:", name=name)
    walk.presses("saved", "Forget {name}", name=name)
    walk.presses("try", "Subscribe")
    saved = walk.says("/saved", "Subscribe")
    walk.presses("forget", "Forgotten: {name}", name=name, on=saved)
    walk.presses("save", "Saved. {name} stands for:", name=name)
    walk.says("/digest", "Cancel")
    walk.presses("digest")
    walk.says("/digest 1 每天 9点")
    walk.says("/quiet", "No quiet hours")
    walk.presses("quiet")
    walk.says("/quiet off", "There are no quiet hours.")
    walk.says("/timezone", "Cancel")
    walk.presses("timezone", "Times are meant in <b>{zone}</b>.", zone="Asia/Shanghai")


def _files(walk: Walk) -> None:
    walk.says("/export")
    assert "@我的规则" not in walk.person.gets_file()[1]
    walk.says("/import 省:广东 走遍\n省:安微", "<b>Taken: {count}</b>", "<b>Skipped: {count}</b>", count=1)
    walk.presses("take_back")
    walk.says("/import", "Send the file, or the rules as text: one per line, or YAML.")
    walk.says("/cancel", "Cancelled.")
    walk.says("/cancel", "There was nothing to cancel.")


def _an_alert(walk: Walk) -> None:
    stage, number = walk.person.stage, abs(walk.person.chat) % 10_000
    title = f"关于开展走遍{number}工作的通知"
    walk.data += (title, title[4:-3])
    walk.says(f"/subscribe ={title[4:-3]}")
    walk.says("/digest 即时")
    stage.publish(title)
    alert = walk.hears(title)
    why = "Why you got <b>{title}</b>:"
    walk.presses("why", why, on=alert, title=title)
    walk.says("/why", why, reply_to=alert, title=title)
    walk.says("/mute", "Corrections of this notice", reply_to=alert)
    walk.presses("mute_this", "Muted: <b>{what}</b>. /list shows what is muted.", what=title)
    walk.presses("unmute", "You hear of it again: <b>{what}</b>", what=title)
    walk.presses("mute", "All of {what}", what="山西省医疗保障局", on=alert)
    walk.says("/unsubscribe 1", "Undo")


def _further_destinations(walk: Walk, here: Office) -> None:
    address = f"walk.{walk.language}@example.org"
    confirmed = "Confirmed. All subscriptions of this chat go there, too, later ones included."
    shown = walk.says("/destinations", "Alerts come to this chat.")
    walk.presses("destination_add:email", "Which e-mail address? A code is mailed to it.", on=shown)
    sent = "A code is on its way to <code>{address}</code>. Write it here within 30 minutes."
    walk.says(address, sent, address=address)
    walk.says("wrong", "That is not the code, or it ran out. Write it again, or begin anew.")
    walk.says(here.code(address), confirmed)
    walk.presses("destination_rules", "Later ones, too")
    walk.presses("destination_rule", "Later ones, too")
    walk.presses("destination_later", "All destinations")
    walk.presses("destinations", "Which subscriptions")
    walk.presses("destination_remove", "Nothing goes to {address} any more.", address=address)
    walk.presses("destination_add:webhook", on=shown)
    walk.says(here.url, confirmed)


def _the_rest(walk: Walk) -> None:
    walk.says(
        "/feedback", "Write what the operator should know: a source that is missing, a mistake, a wish."
    )
    walk.says("/help", "I am waiting for an answer of yours; /cancel leaves that.")
    walk.says("走遍", "Sent to the operator:\n<blockquote>{text}</blockquote>", text="走遍")
    walk.says("/help pause", "pause one or all subscriptions")
    mistyped = walk.person.says("/lst")
    walk.reads(mistyped, "There is no command /{name}. Did you mean /{near}?", name="lst", near="list")
    walk.presses("run", "Edit")
    walk.says("/delete_me", "Delete everything")
    walk.presses("delete_me")


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_an_operator_can_say_and_press(here: Office, language: Language) -> None:
    operator = Person(here.bot, OPERATOR, OPERATOR)
    operator.says(f"/lang {language}")
    rows = sites.items(6, day=dt.date.today())
    walk = Walk(
        operator,
        language,
        "private",
        (*DATA, *(row.title for row in rows), "通知公告", "TRS", "utf-8", "zwgk"),
    )
    walk.says("/sources inbox", "Pause")
    walk.toasted("source_check", "It is checked as soon as there is a free hand.")
    walk.presses("source_pause", "⏸ paused")
    walk.presses("source_resume", "Pause")
    with WebServer() as web:
        address = web.put(f"/{language}/zwgk/index.html", sites.trs(rows))
        walk.says(f"/source_add {address}", "Cancel")
        walk.presses("source_save", "Sources")
    walk.presses("run")
    walk.says("/health", "Figures")
    walk.says("/stats")
    walk.says("/broadcast", "What shall I tell all subscribers? You see it once more before it goes.")
    walk.says("走遍", "Send")
    walk.presses("broadcast")
    walk.says("/invite", "In a group it is said as {command}", command="")
    walk.says("/ban 123456", "{number} may not use the bot any more and is told nothing.", number=123456)
    walk.presses("unban", "{number} may use the bot; what was held is sent.", number=123456)
    walk.says("/unban 123456", "{number} may use the bot; what was held is sent.", number=123456)
    operator.says("/lang zh")
    own = {one.name for one in COMMANDS.values() if not one.is_for(ChatKind.PRIVATE, operator=False)}
    assert own <= walk.said
    assert walk.pressed >= OPERATORS
