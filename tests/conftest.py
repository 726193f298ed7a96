"""Fixtures that every test may want."""

import os
import signal
from pathlib import Path

import pytest
from hypothesis import settings

pytest_plugins = ["tests.databases"]

# Where this forbids to keep compiled modules, every process that a test starts compiles all of them anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# What a script starts in the background ignores Ctrl-C and hands that down, to programs that are to heed it.
signal.signal(signal.SIGINT, signal.default_int_handler)

# How long an example takes says more about the machine than about the program.
settings.register_profile("policy-monitor", deadline=None, max_examples=50)
settings.load_profile("policy-monitor")

SHARED = Path(__file__).resolve().parents[1] / ".." / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real documents beside the checkout; its text is other people's and stays out of it."""
    if not (SHARED / "corpus").is_dir():
        pytest.skip("the corpus of real documents (../shared) is not beside this checkout")
    return SHARED.resolve()
