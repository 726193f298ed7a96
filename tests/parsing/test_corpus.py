"""Real documents as text, PDF and DOCX: every field of every notice against what a careful reader took."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from monitor.documents.reading import read
from monitor.parsing.layout import parse
from monitor.types import Page
from tests.office import converted

DOCUMENTS = ("monthly-2022-12", "reference-2022-07-31", "weekly-2021-08-15", "notice-shanxi-2022-83")


def life_cycle(gold: Path, name: str) -> object:
    """Deadlines, validity and references of a document's notices; None for one that is only news."""
    if (own := gold / f"{name}.lifecycle.json").exists():
        return json.loads(own.read_text(encoding="utf-8"))
    others = json.loads((gold / "other.lifecycle.json").read_text(encoding="utf-8"))["files"]
    return next((file for file in others.values() if file["source"] == f"{name}.txt"), None)


def score(shared: Path, name: str, path: Path, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    [document] = read(Page(url=path.name, body=path.read_bytes()))
    records = "".join(json.dumps(n.to_record(), ensure_ascii=False) + "\n" for n in parse(document))
    command = [sys.executable, shared / "acceptance/score.py", "--show", "--min", "0.99"]
    command += ["--gold", shared / "gold" / f"{name}.json"]
    if expected := life_cycle(shared / "gold", name):
        (tmp_path / "lifecycle.json").write_text(json.dumps(expected))
        command += ["--lifecycle", tmp_path / "lifecycle.json"]
    return subprocess.run(command, input=records, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_field_of_a_real_document_is_read(name: str, shared: Path, tmp_path: Path) -> None:
    result = score(shared, name, shared / "corpus" / f"{name}.txt", tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.slow
@pytest.mark.parametrize("name", DOCUMENTS)
@pytest.mark.parametrize("suffix", ["pdf", "docx"])
def test_the_same_document_from_a_word_processor_reads_the_same(
    name: str, suffix: str, shared: Path, tmp_path: Path
) -> None:
    result = score(shared, name, converted(shared / "corpus" / f"{name}.txt", suffix, tmp_path), tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr
