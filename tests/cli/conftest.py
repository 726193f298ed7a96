"""The real command, in a process of its own, on a folder of its own."""

import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.processes import run_program

ROOT = Path(__file__).parents[2]
Command = Callable[..., subprocess.CompletedProcess[str]]

CONFIG = f"""
sources:
  - {{id: samples, kind: folder, path: "{ROOT / "samples"}", first_check: alert}}
  - {{id: nowhere, kind: html_list, url: "http://127.0.0.1:9/list/", fetch: {{allow_private: true}}}}
channels: {{console: {{}}}}
subscribers:
  - name: demo
    destinations: [{{channel: console, address: stdout}}]
    subscriptions: [{{name: 集采, rule: 集采}}]
"""


@pytest.fixture
def command(tmp_path: Path) -> Command:
    """`command("check", "samples")` runs in a folder with a config.yaml and answers with what was printed."""
    return command_in(tmp_path)


def command_in(folder: Path) -> Command:
    """The command in a folder, which is given a config.yaml."""
    (folder / "config.yaml").write_text(CONFIG, "utf-8")
    return partial(run_program, folder)
