"""config.example.yaml holds every setting with its comment; it works unedited, and with everything in use."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from pydantic import BaseModel

from monitor.config.load import load_config
from monitor.config.model import Config, Settings
from monitor.config.sources import CatalogueSettings
from monitor.notify import CHANNELS
from monitor.sources import SOURCE_KINDS
from tests.config import reference
from tests.config.environment import ENVIRONMENT
from tests.config.settings import Model, Setting, settings_of

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "config.example.yaml"
IN_USE = re.sub("^#:", "", EXAMPLE.read_text("utf-8"), flags=re.MULTILINE)
LINES = IN_USE.splitlines()


@pytest.fixture
def in_use(tmp_path: Path) -> Config:
    """The example with every "#:" taken away."""
    (tmp_path / "my-words.yaml").write_text("synonyms: {集采: {aliases: [团购]}}", "utf-8")
    path = tmp_path / "config.yaml"
    path.write_text(IN_USE, "utf-8")
    return load_config(path, ENVIRONMENT)


def written() -> Iterator[tuple[Setting, str]]:
    """Every setting in the file with its comment, as often as it stands there."""
    root = yaml.compose(IN_USE)
    assert isinstance(root, yaml.MappingNode)
    parts = {key.value: value for key, value in root.value}
    chosen = {key.value: value for key, value in parts["sources"].value}
    yield from below(parts["sources"], CatalogueSettings)
    for item in chosen["own"].value:
        kind = next(value.value for key, value in item.value if key.value == "kind")
        yield from below(item, SOURCE_KINDS[kind].settings)
    for name, channel in parts["channels"].value:
        yield from below(channel, CHANNELS[name.value].settings)
    root.value = [(key, value) for key, value in root.value if key.value not in ("sources", "channels")]
    yield from below(root, Settings)


def below(section: yaml.Node, model: Model) -> Iterator[tuple[Setting, str]]:
    """The settings of one section and of the sections inside of it."""
    known = {setting.name: setting for setting in settings_of(model)}
    for key, value in section.value:
        setting = known[key.value]
        yield setting, comment(key.start_mark.line)
        if setting.inner:
            for inner in sections_in(value, setting):
                yield from below(inner, setting.inner)


def sections_in(value: yaml.Node, setting: Setting) -> list[yaml.Node]:
    if isinstance(value, yaml.SequenceNode):
        return list(value.value)
    return [inner for _, inner in value.value] if setting.path.endswith("NAME") else [value]


def comment(line: int) -> str:
    """The comment of a line, or the one before it; one that ends in a colon is the heading of several."""
    found = re.search(r" # (.*)$", LINES[line]) or re.match(r" *# (.*[^:])$", LINES[line - 1])
    return found[1] if found else ""


def declared(model: Model) -> Iterator[Setting]:
    """The settings of a model and of the models inside of it."""
    for setting in settings_of(model):
        yield setting
        if setting.inner:
            yield from declared(setting.inner)


def says(comment: str, meaning: str) -> bool:
    """A comment is the setting's own description; it may go on for what stands on this line."""
    return comment == meaning or comment.startswith(f"{meaning}; ")


def test_unedited_it_watches_its_samples_and_needs_nothing() -> None:
    config = load_config(EXAMPLE, {})
    samples, *pages = config.sources
    assert (config.folder / "samples").is_dir()
    assert (samples.kind, samples.first_check) == ("folder", "alert")
    assert [page.kind for page in pages] == ["html_list", "html_list"]
    assert list(config.channels) == ["console"]
    (demo,) = config.subscribers
    assert len(demo.subscriptions) == 2
    assert [d.address.get_secret_value() for d in config.operator.destinations] == ["stderr"]


def test_with_everything_in_use_it_loads_and_shows_every_kind_of_source_and_channel(in_use: Config) -> None:
    assert {source.kind for source in in_use.sources} == set(SOURCE_KINDS)
    assert set(in_use.channels) == set(CHANNELS)


def test_the_environment_variables_it_names_are_those_of_the_tests() -> None:
    settings = "\n".join(line for line in LINES if not line.startswith("#"))
    assert set(re.findall(r"\$\{(\w+)", settings)) == set(ENVIRONMENT)


def test_every_setting_is_explained_where_it_first_stands() -> None:
    explained = {(setting.owner, setting.name) for setting, text in written() if text or not setting.meaning}
    models = [
        Settings,
        CatalogueSettings,
        *(kind.settings for kind in (*SOURCE_KINDS.values(), *CHANNELS.values())),
    ]
    missing = {
        f"{setting.owner.__name__}.{setting.name}: {setting.meaning}"
        for model in models
        for setting in declared(model)
        if (setting.owner, setting.name) not in explained
    }
    assert missing == set()


def test_every_comment_is_the_description_of_its_setting() -> None:
    wrong = [
        f"{setting.owner.__name__}.{setting.name}: {text!r} should be {setting.meaning!r}"
        for setting, text in written()
        if text and setting.meaning and not says(text, setting.meaning)
    ]
    assert wrong == []


def test_what_stands_at_its_default_does(in_use: Config) -> None:
    for name in ("reading", "check", "archive", "delivery", "log"):
        assert changed(getattr(in_use, name)) == set()
    assert changed(in_use.fetch) == {"contact", "browser"}
    assert changed(in_use.fetch.browser) == {"executable_path"}
    folder, page, *_ = in_use.sources
    assert changed(folder) == {"first_check"}
    assert changed(page) == {"cron", "fetch", "selectors", "hosts"}
    assert changed(page.fetch) == {"proxy", "headers"}


def changed(section: BaseModel) -> set[str]:
    """The settings with a value that is not their default."""
    fields = type(section).model_fields
    return {
        name
        for name in section.model_fields_set
        if not fields[name].is_required() and getattr(section, name) != fields[name].get_default()
    }


def test_the_reference_is_made_of_the_models_as_they_are() -> None:
    stored = (ROOT / "docs" / "reference" / "configuration.md").read_text("utf-8")
    assert stored == reference.page(), f"out of date; make it anew: {reference.COMMAND}"
