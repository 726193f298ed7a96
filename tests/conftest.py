"""Fixtures that every test may want."""

from pathlib import Path

import pytest

pytest_plugins = ["tests.databases"]

SHARED = Path(__file__).resolve().parents[1] / ".." / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real documents beside the checkout; its text is other people's and stays out of it."""
    if not (SHARED / "corpus").is_dir():
        pytest.skip("the corpus of real documents (../shared) is not beside this checkout")
    return SHARED.resolve()
