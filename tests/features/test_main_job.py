"""The whole path: documents are dropped, and each subscriber is told what concerns them, once."""

import json
import random
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.features.story import Stage, stage
from tests.office import converted

# What a careful reader of the corpus expects, by the order of the notices in their digests. 集采 was looked
# up by eye and by grep, under each of its names, in titles and texts.
EXPECTED = {
    "health insurance": {"monthly": [40], "reference": [2, 5, 6]},
    "procurement": {
        "monthly": [18, 43, 55, 57, 69, 75, 78, 91, 95],
        "reference": [1, 2],
        "weekly": [1, 3, 7, 9, 10],
        "notice": [1],
    },
    "consultations": {"monthly": [36, 37]},
}
GOLD = {
    "monthly": "monthly-2022-12",
    "reference": "reference-2022-07-31",
    "weekly": "weekly-2021-08-15",
    "notice": "notice-shanxi-2022-83",
}
CORRUPT = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\nthe rest is lost"


def titles(shared: Path) -> dict[str, list[str]]:
    """Digest → the titles of its notices in order, as the careful reader took them down."""
    found = {}
    for name, file in GOLD.items():
        gold = json.loads((shared / "gold" / f"{file}.json").read_text("utf-8"))
        items = gold.get("notices") or gold.get("items") or [gold]
        found[name] = [item["title"] for item in items]
    return found


def expected(titles: dict[str, list[str]]) -> dict[str, Counter[str]]:
    return {
        who: Counter(titles[name][order - 1] for name, orders in wanted.items() for order in orders)
        for who, wanted in EXPECTED.items()
    }


def drop_everything(stage: Stage, shared: Path, pdf: bytes) -> None:
    """The four documents: one as PDF, one twice, one under another name too; and a file that is broken."""
    text = {name: (shared / "corpus" / f"{file}.txt").read_bytes() for name, file in GOLD.items()}
    stage.drop("weekly.pdf", pdf)
    stage.drop("monthly.txt", text["monthly"])
    stage.drop("broken.pdf", CORRUPT)
    stage.drop("reference.txt", text["reference"])
    stage.drop("reference again.txt", text["reference"])
    stage.drop("notice.txt", text["notice"])
    stage.drop("晋政办发〔2022〕83号.txt", text["notice"])


@pytest.fixture(scope="module")
def weekly_pdf(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    source = shared / "corpus" / f"{GOLD['weekly']}.txt"
    return converted(source, "pdf", tmp_path_factory.mktemp("pdf")).read_bytes()


def told_as_expected(stage: Stage, shared: Path) -> None:
    known = titles(shared)
    told = stage.told(title for some in known.values() for title in some)
    assert told == expected(known)
    assert {delivery.state.value for delivery in stage.deliveries()} == {"sent"}
    assert any("broken.pdf" in message for message in stage.operator_messages())


@pytest.mark.slow
def test_everybody_is_told_what_concerns_them_once(
    empty_database_url: str, tmp_path: Path, shared: Path, weekly_pdf: bytes
) -> None:
    with stage(tmp_path, empty_database_url) as scene:
        scene.start()
        scene.until(scene.baseline_done)
        drop_everything(scene, shared, weekly_pdf)
        scene.until(scene.read_everything, seconds=120)
        assert scene.stop() == 0
        told_as_expected(scene, shared)


@pytest.mark.slow
def test_kills_at_any_moment_and_restarts_change_nothing(
    empty_database_url: str, tmp_path: Path, shared: Path, weekly_pdf: bytes
) -> None:
    chance = random.Random(20221231)
    with stage(tmp_path, empty_database_url) as scene:
        scene.start()
        scene.until(scene.baseline_done)
        drop_everything(scene, shared, weekly_pdf)
        for _ in range(12):
            time.sleep(chance.uniform(0.2, 2.5))
            scene.kill()
            scene.start()
        scene.until(scene.read_everything, seconds=180)
        assert scene.stop() == 0
        told_as_expected(scene, shared)
