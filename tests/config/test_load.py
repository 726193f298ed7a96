"""A configuration file becomes a Config, or everything wrong with it is said at once."""

from pathlib import Path

import pytest

from monitor.config.load import load_config
from monitor.config.model import Config
from monitor.errors import ConfigError

EXAMPLE = Path(__file__).parents[2] / "config.example.yaml"


def load(tmp_path: Path, text: str, **environ: str) -> Config:
    path = tmp_path / "config.yaml"
    path.write_text(text, "utf-8")
    return load_config(path, environ)


def problems(tmp_path: Path, text: str, **environ: str) -> list[str]:
    with pytest.raises(ConfigError) as raised:
        load(tmp_path, text, **environ)
    return raised.value.problems


def test_the_example_works_unedited() -> None:
    config = load_config(EXAMPLE, {})
    assert [source.id for source in config.sources] == ["samples", "nhsa.policy", "nmpa.drugs"]
    assert list(config.channels) == ["console"]


def test_an_empty_file_is_a_configuration_of_defaults(tmp_path: Path) -> None:
    assert load(tmp_path, "").language == "zh"


def test_everything_wrong_is_said_at_once_with_its_place(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        "language: en\n"
        "databse: sqlite:///x.db\n"
        "reading: {workers: many, time: 90}\n"
        "sources:\n"
        "  - {id: a, kind: folder}\n"
        "  - {id: b, kind: html_lst, url: https://example.org/}\n"
        "channels: {telegram: {token: '${TOKEN}'}}\n"
        "subscribers:\n"
        "  - name: x\n"
        "    destinations: [{channel: email, address: a@example.org}]\n"
        "    subscriptions: [{rule: '省:山西x'}]\n",
    )
    joined = "\n".join(found)
    for expected in (
        "databse (line 2): is not a setting; did you mean database?",
        "reading.workers (line 3): expected a whole number, found 'many'",
        "reading.time (line 3): a duration needs a unit",
        "sources.0.path (line 5): is missing",
        "sources.1.kind (line 6): expected one of",
        "channels.telegram.token (line 7): needs the environment variable TOKEN",
    ):
        assert expected in joined


def test_a_subscriber_without_its_channel_and_a_misspelt_rule_are_placed(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        "subscribers:\n"
        "  - name: x\n"
        "    destinations: [{channel: email, address: a@example.org}]\n"
        "    subscriptions: [{rule: '省:山东省西'}]\n",
    )
    assert any(line.startswith("subscribers.0.destinations.0.channel (line 3)") for line in found)
    rule = next(line for line in found if line.startswith("subscribers.0.subscriptions.0.rule (line 4)"))
    assert "山东" in rule


def test_a_bad_address_is_refused_before_anything_is_sent(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        "channels: {console: }\noperator: {destinations: [{channel: console, address: printer}]}\n",
    )
    assert found[0].startswith("operator.destinations.0.address (line 2)")


def test_two_sources_of_one_name_are_a_problem(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        "language: en\nsources:\n  - {id: a, kind: folder, path: x}\n  - {id: a, kind: folder, path: y}\n",
    )
    assert found == ["sources.1.id (line 4): a names another source already"]


def test_a_wrong_cron_expression_and_a_wrong_layout_are_problems(tmp_path: Path) -> None:
    found = problems(
        tmp_path, "sources:\n  - {id: a, kind: folder, path: x, cron: every day, layout: montly}\n"
    )
    assert [line.split(" ")[0] for line in found] == ["sources.0.layout", "sources.0.cron"]


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.yaml"):
        load_config(tmp_path / "nowhere.yaml", {})


def test_a_secret_does_not_show_when_the_configuration_is_printed(tmp_path: Path) -> None:
    config = load(tmp_path, "channels: {telegram: {token: '${TOKEN}'}}", TOKEN="123:very-secret")
    assert "very-secret" not in repr(config)


def test_an_own_vocabulary_with_a_mistake_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "words.yaml").write_text("nonsense: 1\n")
    assert problems(tmp_path, "vocabulary: [words.yaml]")[0].startswith("vocabulary (line 1)")


def test_a_robot_that_is_not_set_up_is_refused_before_anything_is_sent(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        "language: en\n"
        "channels: {feishu: {robots: {policy: {url: 'https://example.org/hook'}}}}\n"
        "operator: {destinations: [{channel: feishu, address: polcy}]}\n",
    )
    assert found == ["operator.destinations.0.address (line 3): polcy is not set up; there are: policy"]
