"""A walk through what the bot can do: what was said and pressed is noted, and every answer is read.

What is expected is named by its English text, as it stands in the code, and looked for in the language of the
walk; and no word of the other language may stand beside it. What was written by agencies or readers is data:
it is taken out before.
"""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from monitor.chat.commands.steps import AGENCIES, NATION, TOPICS
from monitor.chat.registry import named
from monitor.chat.texts import Texts
from monitor.words import Language
from rules import default_vocabulary
from tests.chat.stage import Person, Shown

PLACES = [region.short for region in default_vocabulary().provinces()]
NAMES = ("English", "中文", "inbox", "html_list", "webhook", "Group", "YAML", "KB", "DRG", "OR", "POST")
_DATA = "|".join(
    map(
        re.escape,
        sorted({NATION, "省:", "机构:", *PLACES, *AGENCIES, *TOPICS, *NAMES}, key=len, reverse=True),
    )
)
DATA = re.compile(
    rf"<(code|pre|blockquote)[^>]*>.*?</\1>|<a [^>]*>|</?\w+>|(?:https?|file)://\S+|/[a-z_]+\b|[\w.]+@[\w.]+"
    rf"|[A-Z][a-z]+/[A-Z]\w+|{_DATA}",
    re.DOTALL,
)
FOREIGN = {"en": re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]+"), "zh": re.compile("[A-Za-z]{2,}")}


@dataclass
class Walk:
    """Somebody who goes through everything. `data` are further words that are nobody's language."""

    person: Person
    language: Language
    kind: Literal["private", "group"]
    data: tuple[str, ...]
    said: set[str] = field(default_factory=set)
    pressed: set[str] = field(default_factory=set)

    def says(self, text: str, /, *expected: str, reply_to: Shown | None = None, **values: object) -> Shown:
        """Say it; the answer has these words. What is no command answers the last message."""
        is_command = text.startswith("/")
        if is_command:
            command = named(text[1:].split(maxsplit=1)[0])
            assert command is not None
            self.said.add(command.name)
        elif self.kind == "group":
            reply_to = reply_to or self.person.sees(unasked=False)
        return self.reads(self.person.says(text, reply_to.id if reply_to else None), *expected, **values)

    def presses(
        self, action: str, *expected: str, on: Shown | None = None, label: str = "", **values: object
    ) -> Shown:
        """Press the first button whose data begin so, with that label; the message that comes of it, or is
        changed."""
        before = self.person.changes()
        self.toasted(action, on=on, label=label)
        self.person.stage.until(lambda: self.person.changes() > before)
        return self.reads(self.person.sees(unasked=False), *expected, **values)

    def toasted(self, action: str, *expected: str, on: Shown | None = None, label: str = "") -> None:
        """The same press; the word that shows for a moment."""
        message = on or self.person.sees(unasked=False)
        buttons = [one for row in message.buttons for one in row if label in one["text"]]
        data = [one.get("callback_data", "") for one in buttons]
        found = next((one for one in data if f"{one}:".startswith(f"{action}:")), None)
        assert found is not None, f"no button {action} under {message.text}: {data}"
        self.pressed.add(found.split(":")[0])
        toast = self.person.press_data(found, message)
        self._read(html.escape(toast), expected, {})

    def hears(self, words: str, *expected: str) -> Shown:
        """A message with these words comes by itself."""
        return self.reads(self.person.hears(words), *expected)

    def reads(self, shown: Shown, *expected: str, **values: object) -> Shown:
        self._read("\n".join([shown.html, *map(html.escape, shown.labels)]), expected, values)
        return shown

    def _read(self, said: str, expected: tuple[str, ...], values: dict[str, object]) -> None:
        texts = Texts(self.language)
        for words in expected:
            wanted = texts.say(words, **values).striptags()
            assert wanted in _plain(said), f"{wanted!r} is not said: {_plain(said)}"
        own = re.sub("</?b>", "", said)
        for word in sorted(self.data, key=len, reverse=True):
            own = own.replace(html.escape(word), "")
        foreign = FOREIGN[self.language].findall(DATA.sub(" ", own))
        assert not foreign, f"{foreign} in {said}"

    def in_other_language(self, go: "Callable[[Walk], object]") -> None:
        """Go on in the other language for a moment."""
        self.language = "en" if self.language == "zh" else "zh"
        go(self)
        self.language = "en" if self.language == "zh" else "zh"


def _plain(said: str) -> str:
    return " ".join(html.unescape(re.sub("<[^>]*>", "", said)).split())
