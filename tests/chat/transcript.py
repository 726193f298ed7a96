"""A talk with the bot, written down: the one that the README shows.

A line that begins with `>` is the reader's, `[…]` is a button. Presses in a row stand on one line, and what
came of the last one below it. An alert comes after an empty line. Left out are the address of the file that
a notice came in, and the day on which this was written down, in whose place stands always the same.
"""

import re
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from monitor.storage import Storage
from tests.chat.stage import Person, Shown, Stage, stage

ROW = 8
"""Most buttons that are shown of a message."""
WRITTEN, TODAY = "2026-11-20", "2026-11-22"
"""The date that `Stage.publish` gives a notice, and what stands for the day of the talk."""
SUBJECTS = {"zh": ("山西", "中成药"), "en": ("河北", "人工关节")}
"""The province and the thing that notices are about, by language: neither reader hears of the other's."""
_DATE = re.compile(rf"(?!{WRITTEN})\d{{4}}-\d\d-\d\d")


@dataclass
class Talk:
    """What was said so far, line by line."""

    person: Person
    lines: list[str] = field(default_factory=list)

    def says(self, text: str, reply_to: Shown | None = None) -> None:
        shown = self.person.says(text, reply_to.id if reply_to else None)
        self._write(f"> {text}", shown)

    def presses(self, *labels: str) -> None:
        for label in labels:
            shown = self.person.presses(label)
        self._write(f"> {' '.join(f'[{label}]' for label in labels)}", shown)

    def hears(self, words: str) -> Shown:
        shown = self.person.hears(words)
        self._write("", shown)
        return shown

    def _write(self, said: str, shown: Shown) -> None:
        labels = [f"[{label}]" for label in shown.labels]
        buttons = " ".join([*labels[:ROW], *(["…"] if len(labels) > ROW else [])])
        told = [line for line in shown.text.splitlines() if line.strip() and "file://" not in line]
        self.lines += [said, *(_DATE.sub(TODAY, line) for line in told), *([buttons] if buttons else [])]


def talk(bot: Stage, language: str) -> str:
    """A guided start, a typing mistake, a preview, an alert with its reasons, and an undo."""
    place, thing = SUBJECTS[language]
    zh = language == "zh"
    person = bot.person(language)
    bot.publish(f"关于公布{place}省{thing}集采中选结果的通知", issuer=f"{place}省医疗保障局")
    with bot.opened() as storage:
        bot.until(lambda: _known(storage, thing), seconds=30)
    here, onwards = Talk(person), "下一步" if zh else "Next"
    here.says("/start")
    skip, save = ("跳过", "保存") if zh else ("Skip", "Save")
    here.presses(place, onwards, skip, "集采", onwards, skip, save)
    here.says("/subscribe 省:安微 集采")
    here.presses(f"{'改为：' if zh else 'Yes: '}省:安徽 集采")
    here.says(f"/preview {thing}")
    title = f"关于开展{place}省胰岛素集采的通知"
    bot.publish(title, issuer=f"{place}省医疗保障局")
    alert = here.hears(title)
    bot.until(lambda: not bot.sending(), seconds=30)  # what it was told as is noted a moment later
    here.says("/why", alert)
    here.says("/unsubscribe 2")
    here.presses("撤销" if zh else "Undo")
    return "\n".join(here.lines)


def _known(storage: Storage, thing: str) -> bool:
    """Whether a notice about it is recorded, and was told whomever it concerned."""
    with storage.read() as tx:
        known = any(thing in one.title for one in tx.notices.latest())
        return known and not tx.notices.unmatched()


def talks() -> dict[str, str]:
    """The same talk in both languages, with a bot of its own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        with stage(path, f"sqlite:///{path / 'monitor.db'}") as bot:
            bot.start()
            bot.until(lambda: len(bot.telegram.commands) == 8, seconds=60)
            return {language: talk(bot, language) for language in SUBJECTS}
