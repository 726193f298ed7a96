"""Imports point one way: from the command line down to the nouns."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# What each part may import. A part is a package or module of `monitor`; `rules` stands beside it.
NOUNS = {"types", "errors", "words", "units", "limits", "callbacks", "rules", "__version__"}
SHELLS = {
    "archive",
    "keeping",
    "prepared_rules",
    "recording",
    "matching",
    "planning",
    "messages",
    "new_sources",
    "operator",
    "settling",
    "saved_rules",
    "subscribers",
    "chat",
    "check",
    "beginning",
    "check_lease",
    "page_recorder",
    "ending",
    "entry_reader",
    "opening",
    "watch",
    "care",
    "standing",
    "web",
    "tally",
    "deliver",
    "hands",
    "sending",
    "repair",
}
PARTS = {
    "rules": {"rules"},
    "types": {"rules"},
    "errors": set[str](),
    "words": set[str](),
    "units": set[str](),
    "workers": set[str](),
    "addresses": set[str](),
    "callbacks": set[str](),
    "limits": set[str](),
    "memory": set[str](),
    "preferences": {"words"},
    "windows": {"preferences"},
    "rhythm": set[str](),
    "health": NOUNS | {"rhythm"},
    "diagnosis": NOUNS | {"rhythm", "health"},
    "schedule": {"rhythm", "units"},
    "printing": NOUNS,
    "identity": NOUNS | {"printing"},
    "explain": NOUNS,
    "documents": NOUNS,
    "parsing": NOUNS,
    "reading": NOUNS | {"documents", "parsing"},
    "sandbox_worker": NOUNS,
    "sandbox": NOUNS | {"sandbox_worker"},
    "fetch": NOUNS | {"addresses"},
    "storage": NOUNS | {"preferences", "rhythm"},
    "sources": NOUNS | {"fetch", "documents", "parsing"},
    "discovery": NOUNS | {"fetch", "sources", "documents", "explain"},
    "rehearsal": NOUNS | {"storage"},
    "compose": NOUNS,
    "notify": NOUNS | {"addresses", "compose", "preferences"},
    "config": NOUNS | {"sources", "notify", "fetch", "parsing", "preferences"},
}
ALLOWED = PARTS | {shell: NOUNS | SHELLS | set(PARTS) for shell in SHELLS}


def modules() -> Iterator[tuple[str, Path]]:
    """(part, file) of every module below the shells."""
    for path in sorted([*ROOT.glob("monitor/**/*.py"), *ROOT.glob("rules/**/*.py")]):
        parts = path.relative_to(ROOT).with_suffix("").parts
        part = "rules" if parts[0] == "rules" else parts[1]
        if part in ALLOWED:
            yield part, path


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """(line, part) of every import of our own packages."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
            if node.module == "monitor":
                names = [f"monitor.{alias.name}" for alias in node.names]
        for name in names:
            top, _, rest = name.partition(".")
            if top == "rules":
                yield node.lineno, "rules"
            elif top == "monitor" and rest:
                yield node.lineno, rest.split(".")[0]


@pytest.mark.parametrize(("part", "path"), list(modules()), ids=lambda value: getattr(value, "name", value))
def test_a_module_imports_only_what_stands_below_it(part: str, path: Path) -> None:
    allowed = ALLOWED[part] | {part}
    wrong = [(line, name) for line, name in imports(path) if name not in allowed]
    assert not wrong, "\n".join(f"{path.relative_to(ROOT)}:{line} imports {name}" for line, name in wrong)
