"""The tables of docs/reference/bot.md: every command, who may use it, and where. `python -m
tests.chat.reference` brings them up to date."""

import re
from pathlib import Path

import monitor.chat.commands  # noqa: F401 - makes them known
from monitor.chat.registry import COMMANDS, Command, Scope
from monitor.chat.texts import Texts

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "bot.md"
TABLES = {
    "readers": lambda one: Scope.OPERATOR not in one.scopes,
    "operators": lambda one: Scope.OPERATOR in one.scopes,
}


def table(name: str) -> str:
    """The rows of the commands that one of the tables holds."""
    return "\n".join(_row(one) for one in COMMANDS.values() if TABLES[name](one))


def _row(one: Command) -> str:
    english, chinese = Texts("en"), Texts("zh")
    usage = f" {english.label(one.usage)}" if one.usage else ""
    written = f"`/{one.name}{usage}`".replace("|", "\\|")
    names = ", ".join(f"`/{word}`" for word in one.words)
    what = f"{english.label(one.summary)}<br>{chinese.label(one.summary)}"
    if Scope.OPERATOR in one.scopes:
        return f"| {written} | {names} | {what} |"
    where = "anywhere" if Scope.GROUP in one.scopes else "private chats"
    who = "administrators" if one.changes else "everybody"
    return f"| {written} | {names} | {what} | {where} | {who} |"


def page(text: str) -> str:
    """The page with its tables as they are to be."""
    for name in TABLES:
        between = re.compile(rf"(<!-- {name} -->\n(?:\|.*\n){{2}})(?:\|.*\n)*(?=<!-- /{name} -->)")
        text = between.sub(lambda found, name=name: f"{found[1]}{table(name)}\n", text)  # type: ignore[misc]
    return text


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text("utf-8")), "utf-8")
