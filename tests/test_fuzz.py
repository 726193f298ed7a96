"""Any bytes in: notices or an error with a sentence, never a crash or a hang; a short search for exceptions.

A longer one: `python -m tests.fuzz FOLDER -max_total_time=600`.
"""

import subprocess
import sys
from pathlib import Path

import pytest

SECONDS = 30


@pytest.mark.slow
def test_no_bytes_are_found_that_crash_or_hang_a_reader(tmp_path: Path) -> None:
    pytest.importorskip("atheris", reason="there is no atheris for this system")
    command = [sys.executable, "-m", "tests.fuzz", str(tmp_path), f"-max_total_time={SECONDS}"]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        timeout=20 * SECONDS,
        cwd=Path(__file__).parents[1],
    )
    found = [*tmp_path.glob("crash-*"), *tmp_path.glob("timeout-*"), *tmp_path.glob("oom-*")]
    assert done.returncode == 0, done.stderr[-3000:]
    assert not found, found[0].read_bytes()
    assert "DONE" in done.stderr
