"""Deadlines, validity and references of a real digest against what a careful reader took."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from monitor.documents import read
from monitor.parsing import parse
from monitor.types import Page

NAME = "monthly-2022-12"


@pytest.mark.slow
def test_every_date_and_relation_of_a_real_digest_is_read(shared: Path) -> None:
    [document] = read(Page(url=NAME, body=(shared / f"corpus/{NAME}.txt").read_bytes()))
    records = "".join(json.dumps(n.to_record(), ensure_ascii=False) + "\n" for n in parse(document))
    gold = shared / "gold" / NAME
    files = ["--gold", f"{gold}.json", "--lifecycle", f"{gold}.lifecycle.json"]
    command = [sys.executable, shared / "acceptance/score.py", *files, "--min", "0.98", "--show"]
    result = subprocess.run(command, input=records, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
