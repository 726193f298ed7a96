"""One bot for all tests that only talk to it; each test brings its own people."""

from collections.abc import Iterator

import pytest

from tests.chat.stage import Stage, stage


@pytest.fixture(scope="session")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A bot that runs."""
    folder = tmp_path_factory.mktemp("bot")
    with stage(folder, f"sqlite:///{folder / 'monitor.db'}") as made:
        made.start()
        made.until(lambda: len(made.telegram.commands) == 8, seconds=60)
        yield made
        assert made.telegram.refused == []
        assert made.stop() == 0, made.log()
