"""The documents say what is so: links lead somewhere, examples are taken, references are complete."""

import re
from collections.abc import Iterator
from dataclasses import fields
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from typer.main import get_command

from monitor.cli import CONTENTS, app
from monitor.config.load import load_config
from monitor.types import Attachment, Interpretation, Notice, NoticeKind, Reference, Relation, SourceDigest
from rules import Vocabulary, default_vocabulary, parse_rule
from tests.config.environment import ENVIRONMENT

ROOT = Path(__file__).parents[1]
FOLDERS = ("docs", "rules", "monitor", "tests", "benchmarks", "samples")
PAGES = sorted([*ROOT.glob("*.md"), *(page for name in FOLDERS for page in ROOT.glob(f"{name}/**/*.md"))])
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]
REFERENCE = ROOT / "docs" / "reference"


def blocks(page: Path, language: str) -> list[str]:
    """The fenced blocks of a page in this language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", page.read_text("utf-8"), re.DOTALL | re.MULTILINE)


def prose(page: Path) -> str:
    """A page without its code."""
    text = re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"`[^`\n]*`", lambda code: "x" * len(code[0]), text)


def links(page: Path) -> list[str]:
    """Where its relative links lead."""
    targets = re.findall(r"\]\(([^)\s]+)\)", prose(page))
    return [unquote(target) for target in targets if not urlsplit(target).scheme]


def anchors(page: Path) -> set[str]:
    """What a link may name in it, as GitHub makes it of the headings."""
    text = re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    titles = re.findall(r"^#+ +(.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def rows(page: Path, heading: str) -> list[list[str]]:
    """The cells of every table whose first heading is this."""
    tables = re.findall(r"(?:^\|.*\n)+", page.read_text("utf-8"), re.MULTILINE)
    cells = [[cells_of(line) for line in table.splitlines()] for table in tables]
    return [row for head, _, *body in cells if head[0] == heading for row in body]


def cells_of(line: str) -> list[str]:
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    broken = []
    for link in links(page):
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


def configurations() -> Iterator[Any]:
    """The YAML of the guides and READMEs; what starts with a dash is a source."""
    for page in (*READMES, ROOT / "docs" / "quickstart.md", *sorted(ROOT.glob("docs/howto/*.md"))):
        for number, block in enumerate(blocks(page, "yaml"), 1):
            text = f"sources:\n{block}" if block.lstrip().startswith("-") else block
            yield pytest.param(text, id=f"{page.relative_to(ROOT)}, block {number}")


@pytest.mark.parametrize("text", [*configurations()])
def test_every_example_of_configuration_is_taken(text: str, tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(text, "utf-8")
    config = load_config(path, ENVIRONMENT)
    assert config.sources or config.channels or config.subscribers


@pytest.mark.parametrize(("readme", "heading"), [*zip(READMES, ("rule", "规则"), strict=True)])
def test_every_rule_of_the_readme_can_be_written(readme: Path, heading: str) -> None:
    written = [re.findall(r"`(.+)`", cells[0])[0] for cells in rows(readme, heading)]
    assert len(written) >= 5
    for rule in written:
        assert parse_rule(rule)


def test_the_readmes_have_the_same_commands_examples_rules_and_links() -> None:
    english, chinese = READMES
    for language in ("sh", "yaml", "text"):
        assert blocks(english, language) == blocks(chinese, language)
    rules_of = [
        [cells[0] for cells in rows(page, name)] for page, name in zip(READMES, ("rule", "规则"), strict=True)
    ]
    assert rules_of[0] == rules_of[1]
    assert in_english(links(english)) == in_english(links(chinese))


def in_english(targets: list[str]) -> set[str]:
    """Links to a page and to its Chinese form are links to the same."""
    return {target.replace(".zh-CN.md", ".md") for target in targets}


def test_the_notice_record_is_described_field_by_field() -> None:
    page = REFERENCE / "notice-record.md"
    assert [cells[0] for cells in rows(page, "field")] == [f"`{field.name}`" for field in fields(Notice)]
    assert [cells[0] for cells in rows(page, "`kind`")] == [f"`{kind}`" for kind in NoticeKind]
    assert [cells[0] for cells in rows(page, "`relation`")] == [f"`{relation}`" for relation in Relation]
    for part in (Attachment, Interpretation, Reference, SourceDigest):
        assert f"`{{{', '.join(field.name for field in fields(part))}}}`" in page.read_text("utf-8")


def commands() -> Iterator[tuple[str, Any]]:
    """Every command and group with its full name, the program itself with none."""
    for module, _ in CONTENTS.values():
        import_module(f"monitor.cli.{module}")
    waiting = [("", get_command(app))]
    while waiting:
        name, command = waiting.pop()
        yield name, command
        inner = getattr(command, "commands", {})
        waiting += [(f"{name} {child}".strip(), inner[child]) for child in inner]


def test_every_command_is_described_with_its_options() -> None:
    text = (REFERENCE / "commands.md").read_text("utf-8")
    sections = {
        part.partition("\n")[0].strip("# "): part for part in re.split(r"^(?=##+ )", text, flags=re.MULTILINE)
    }
    sections[""] = sections.pop("Commands")
    missing = []
    for name, command in commands():
        options = {o for p in command.params for o in p.opts if o.startswith("--")} - {"--config", "--help"}
        described = set(re.findall(r"^\| `(--[\w-]+)`", sections.get(name, ""), re.MULTILINE))
        if name not in sections or described != options:
            missing.append(f"{name}: {sorted(options ^ described)}")
        sections.pop(name, None)
    assert missing == []
    assert sections == {}, "commands that do not exist"


def test_the_example_of_an_own_vocabulary_does_what_the_page_says(tmp_path: Path) -> None:
    (block,) = blocks(REFERENCE / "vocabulary.md", "yaml")
    path = tmp_path / "my-words.yaml"
    path.write_text(block, "utf-8")
    own, shipped = Vocabulary.load(path), default_vocabulary()
    assert "团采" in {expansion.alias for expansion in own.expand("集采")}
    assert "医院制剂调剂使用" in {expansion.alias for expansion in own.expand("院内制剂调剂")}
    for name, agency_id in (
        ("太原市医疗保障和价格局", "140100.nhsa"),
        ("山西省短缺药品监测中心", "shanxi.shortages"),
    ):
        found = own.agency(name)
        assert found is not None
        assert found.id == agency_id
        assert shipped.agency(name) is None
    assert [region.name for region in own.regions_in("并州路上的并州")] == ["太原市"]
    assert own.issuer_of_number("并医保发〔2026〕1号").region == own.region("太原")
