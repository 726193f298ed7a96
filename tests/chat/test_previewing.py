"""What /preview answers with, without a chat around it."""

from pathlib import Path

import pytest

from monitor.chat.commands.previewing import rehearsed
from monitor.chat.model import Reply
from monitor.chat.services import Services
from monitor.chat.texts import Texts
from monitor.config.model import Config
from monitor.storage import Storage
from rules import default_vocabulary
from tests.making import NOW, a_revision


@pytest.mark.parametrize(("too_many", "warned"), [(0, True), (1, False)])
async def test_a_rule_is_too_wide_from_the_number_that_the_configuration_sets(
    storage: Storage, too_many: int, warned: bool
) -> None:
    with storage.begin() as tx:
        a_revision(tx)
    services = Services(
        storage=storage,
        vocabulary=default_vocabulary(),
        config=Config(folder=Path(), rules={"too_many": too_many}),
        channels={},
        sources={},
        watch=lambda _: None,
        clock=lambda: NOW,
    )
    answer = await rehearsed(services, Texts("zh"), rule="集采", owner=None, then="")
    assert isinstance(answer, Reply)
    said = "\n".join(str(block.text) for block in answer.blocks)
    assert "会发送 1 条" in said
    assert ("太多：有 1 天超过 0 条" in said) is warned
