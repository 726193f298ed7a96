"""Real documents as text, PDF and DOCX: every field of every notice against what a careful reader took."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from monitor.documents import read
from monitor.parsing import parse
from monitor.types import Page
from tests.office import converted

DOCUMENTS = ("monthly-2022-12", "reference-2022-07-31", "weekly-2021-08-15", "notice-shanxi-2022-83")


def score(shared: Path, name: str, path: Path) -> subprocess.CompletedProcess[str]:
    [document] = read(Page(url=path.name, body=path.read_bytes()))
    records = "".join(json.dumps(n.to_record(), ensure_ascii=False) + "\n" for n in parse(document))
    command = [sys.executable, shared / "acceptance/score.py", "--show", "--min", "0.99"]
    gold = shared / "gold" / f"{name}.json"
    return subprocess.run(
        [*command, "--gold", gold], input=records, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_field_of_a_real_document_is_read(name: str, shared: Path) -> None:
    result = score(shared, name, shared / "corpus" / f"{name}.txt")
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.slow
@pytest.mark.parametrize("name", DOCUMENTS)
@pytest.mark.parametrize("suffix", ["pdf", "docx"])
def test_the_same_document_from_a_word_processor_reads_the_same(
    name: str, suffix: str, shared: Path, tmp_path: Path
) -> None:
    result = score(shared, name, converted(shared / "corpus" / f"{name}.txt", suffix, tmp_path))
    assert result.returncode == 0, result.stdout + result.stderr
