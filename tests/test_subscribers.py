"""Who is told, as the configuration says it and as people choose it."""

from pathlib import Path

from monitor.config.load import load_config
from monitor.preferences import parse_frequency
from monitor.storage import Storage, Subscriber
from monitor.subscribers import adopt
from rules import default_vocabulary
from tests.making import NOW

TEAM = """
language: zh
channels:
  telegram: {{token: "1:abc"}}
subscribers:
  - name: team
    destinations: [{{channel: telegram, address: "78"}}]
    {}
"""


def started(storage: Storage, folder: Path, said: str) -> Subscriber:
    """The team, after a start with this configuration."""
    path = folder / "config.yaml"
    path.write_text(TEAM.format(said), "utf-8")
    with storage.begin() as tx:
        adopt(tx, load_config(path, {}), default_vocabulary(), NOW)
        found = tx.destinations.named("team")
        assert found is not None
        return found


def test_what_a_person_chose_holds_until_the_configuration_says_something_else(
    storage: Storage, tmp_path: Path
) -> None:
    team = started(storage, tmp_path, "language: zh\n    frequency: hourly\n    timezone: Europe/Berlin")
    assert (team.language, str(team.preferences.frequency), team.timezone) == (
        "zh",
        "hourly",
        "Europe/Berlin",
    )
    with storage.begin() as tx:
        tx.destinations.speak(team.id, "en")
        tx.destinations.prefer(team.id, frequency=parse_frequency("daily 08:00"), timezone="Asia/Tokyo")
    again = started(storage, tmp_path, "language: zh\n    frequency: hourly\n    timezone: Europe/Berlin")
    assert (again.language, str(again.preferences.frequency), again.timezone) == (
        "en",
        "daily 08:00",
        "Asia/Tokyo",
    )
    changed = started(storage, tmp_path, "language: zh\n    frequency: weekly mon 09:00")
    assert (changed.language, str(changed.preferences.frequency)) == ("en", "weekly mon 09:00")
    assert changed.timezone == "Asia/Tokyo"


def test_what_the_configuration_leaves_open_is_the_program_s_at_first_and_then_theirs(
    storage: Storage, tmp_path: Path
) -> None:
    team = started(storage, tmp_path, "quiet_hours: 22:00-08:00")
    assert (team.language, team.timezone) == ("zh", "Asia/Shanghai")
    with storage.begin() as tx:
        tx.destinations.speak(team.id, "en")
        tx.destinations.prefer(team.id, timezone="Asia/Tokyo", quiet_hours=None)
    again = started(storage, tmp_path, "quiet_hours: 22:00-08:00")
    assert (again.language, again.timezone, again.preferences.quiet_hours) == ("en", "Asia/Tokyo", None)
    said = started(storage, tmp_path, "quiet_hours: 22:00-07:00\n    language: zh")
    assert (said.language, str(said.preferences.quiet_hours)) == ("zh", "22:00-07:00")
