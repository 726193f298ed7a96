"""The texts of the chat as they stand in its code, and the catalogues that translate them.

`python -m tests.chat.catalogue` brings locale/zh.po up to date: new texts are added without a translation,
those that nothing says any more are taken out, and what is missing is printed.
"""

import re
import string
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

import monitor.chat

CHAT = Path(monitor.chat.__file__).parent
CATALOGUE = CHAT / "locale" / "zh.po"
HEADER = rb"""msgid ""
msgstr ""
"Language: zh\n"
"Content-Type: text/plain; charset=utf-8\n"
"Plural-Forms: nplurals=1; plural=0;\n"

"""
KEYWORDS = {"say": None, "label": None, "N_": None, "counted": (1, 2)}


def in_code() -> Catalog:
    """Every text that the code says."""
    found = Catalog(project="policy-monitor", charset="utf-8")
    for name, _, message, _, _ in sorted(
        extract_from_dir(str(CHAT), [("**.py", "python")], {}, KEYWORDS, ()), key=lambda one: (one[0], one[1])
    ):
        found.add(message, locations=[(name, 0)])
    return found


def translated() -> Catalog:
    """The catalogue of Chinese."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="zh")


def ids(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def translations(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def places(text: str) -> set[str]:
    """The names in braces."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def marks(text: str) -> list[str]:
    return sorted(re.findall(r"</?\w+>", text))


def update() -> None:
    wanted, old = in_code(), translated() if CATALOGUE.exists() else Catalog()
    new = Catalog(locale="zh", project="policy-monitor", charset="utf-8", fuzzy=False)
    for message in wanted:
        if message.id:
            known = old.get(message.id)
            new.add(message.id, known.string if known else None, locations=message.locations)
            if not known or not all(translations(known)):
                print("no translation:", repr(message.id))
    with CATALOGUE.open("wb") as file:
        file.write(HEADER)
        write_po(file, new, omit_header=True, include_lineno=False, width=110, sort_by_file=True)


if __name__ == "__main__":
    update()
