"""YAML as people write it."""

from pathlib import Path

import pytest

from monitor.config.yaml_tree import YamlTree, read_yaml


def read(text: str, folder: Path = Path(), **environ: str) -> YamlTree:
    return read_yaml(text, environ, folder)


@pytest.mark.parametrize(
    ("written", "value"),
    [("no", "no"), ("012", "012"), ("12:30", "12:30"), ("1e3", "1e3"), ("0x10", "0x10"), ("on", "on")],
)
def test_what_yaml_would_turn_into_something_else_stays_text(written: str, value: str) -> None:
    assert read(f"key: {written}").values == {"key": value}


@pytest.mark.parametrize(
    ("written", "value"), [("true", True), ("12", 12), ("0.5", 0.5), ("-3", -3), ("null", None), ("", None)]
)
def test_what_is_plainly_a_number_or_a_truth_value_is_one(written: str, value: object) -> None:
    assert read(f"key: {written}").values == {"key": value}


def test_every_setting_knows_its_line() -> None:
    tree = read("a: 1\nb:\n  - c: 2\n    d: 3\n")
    assert tree.place(("b", 0, "d")) == "b.0.d (line 4)"


def test_a_missing_setting_is_placed_where_it_should_stand() -> None:
    assert read("a:\n  b: 1\n").place(("a", "c")) == "a.c (line 2)"


def test_a_key_given_twice_is_a_problem() -> None:
    tree = read("a: 1\nb: 2\na: 3\n")
    assert tree.problems == ["a (line 3): is given twice; keep one"]


def test_variables_are_filled_from_the_environment() -> None:
    assert read("token: ${TOKEN}", TOKEN="x1").values == {"token": "x1"}


def test_a_variable_may_have_a_default() -> None:
    assert read("port: ${PORT:-8080}").values == {"port": "8080"}


def test_every_missing_variable_is_named_with_its_place() -> None:
    tree = read("a: ${ONE}\nb: ${TWO}\n")
    assert tree.problems == [
        "a (line 1): needs the environment variable ONE, which is not set",
        "b (line 2): needs the environment variable TWO, which is not set",
    ]


def test_a_secret_is_read_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s3cret\n")
    assert read("token_file: secret", tmp_path).values == {"token": "s3cret"}


def test_a_secret_whose_file_is_missing_is_a_problem(tmp_path: Path) -> None:
    tree = read("token_file: nowhere", tmp_path)
    assert tree.problems == ["token_file (line 1): cannot be read from nowhere: No such file or directory"]


def test_what_is_not_yaml_is_said_with_its_place() -> None:
    assert read("a: [1,\nb: 2").problems[0].startswith("line 2, column")


def test_a_hostile_tag_makes_no_object() -> None:
    assert read("a: !!python/object/apply:os.system ['true']").values == {"a": ["true"]}
