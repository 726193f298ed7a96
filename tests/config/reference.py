"""docs/reference/configuration.md, made of the models:

python -m tests.config.reference > docs/reference/configuration.md
"""

import re
from collections.abc import Iterator, Sequence

from monitor.config.model import Settings
from monitor.config.sources import CatalogueSettings
from monitor.notify import CHANNELS
from monitor.sources import SOURCE_KINDS, SourceSettings
from tests.config.settings import Model, Setting, first_line, settings_of

COMMAND = "python -m tests.config.reference > docs/reference/configuration.md"

_INTRODUCTION = f"""\
# Configuration

<!-- Made of the models by `{COMMAND}`. -->

One YAML file: `config.yaml` in the present folder, unless `--config` or `POLICY_MONITOR_CONFIG` names
another. [config.example.yaml](../../config.example.yaml) has every setting with a comment and works unedited.

- **Mistakes** are reported all at once, each with its path, its line and what was expected; exit status 2. A
  key that nobody reads is a mistake.
- **Secrets**: `${{NAME}}` inside a value is filled from the environment; `${{NAME:-other}}` is `other` where
  that is not set. `token`, `password`, `url`, `address`, `database` and `proxy` may also be read from a file:
  `token_file: /run/secrets/telegram`.
- **Durations**: `90s`, `15m`, `1h30m`, `7d`, `2w`; a number without a unit is a mistake. **Sizes**: `512KB`,
  `100MB`, `1GB`, in powers of 1024.
- **Truth values** are `true` and `false` alone; `no`, `on` and `08:30` are text.
- **Relative paths** start at the folder of this file.
"""


def page() -> str:
    """The whole page."""
    return "\n".join(_parts()).rstrip("\n") + "\n"


def _parts() -> Iterator[str]:
    yield _INTRODUCTION
    top = settings_of(Settings)
    yield "## The program\n"
    yield _table([setting for setting in top if not setting.inner])
    yield "## `sources`\n\nA list of your own sources, or these keys ([how to](../howto/sources.md)):\n"
    yield _table(settings_of(CatalogueSettings))
    yield "Sources of every kind have these settings:\n"
    yield from _content("sources[]", settings_of(SourceSettings))
    for kind in SOURCE_KINDS:
        yield from _kind(kind)
    yield "## `channels`\n\nBy name. Only channels that stand here can be destinations.\n"
    for names, model in _channels():
        yield from _channel(names, model)
    for setting in top:
        if setting.inner:
            yield from _section("##", setting.path, setting)


def _kind(name: str) -> Iterator[str]:
    model = SOURCE_KINDS[name].settings
    yield f"### `kind: {name}`\n\n{first_line(model)}\n"
    own = [setting for setting in settings_of(model) if setting.owner is not SourceSettings]
    yield from _content("sources[]", own)


def _channels() -> list[tuple[list[str], Model]]:
    """The channels, those with the same settings together."""
    names: dict[Model, list[str]] = {}
    for name, kind in CHANNELS.items():
        names.setdefault(kind.settings, []).append(name)
    return [(same, model) for model, same in names.items()]


def _channel(names: Sequence[str], model: Model) -> Iterator[str]:
    yield f"### {', '.join(f'`{name}`' for name in names)}\n\n{first_line(model)}\n"
    yield from _content(f"channels.{names[0] if len(names) == 1 else 'NAME'}", settings_of(model))


def _section(marks: str, path: str, setting: Setting) -> Iterator[str]:
    """A heading, what it is for, its settings, and the sections inside of it."""
    assert setting.inner is not None
    yield f"{marks} `{path}`\n\n{first_line(setting.inner)}\n"
    yield from _content(path, settings_of(setting.inner))


def _content(path: str, settings: Sequence[Setting]) -> Iterator[str]:
    if settings:
        yield _table(settings)
    for setting in settings:
        if setting.inner:
            yield from _section("####", f"{path}.{setting.path}", setting)


def _table(settings: Sequence[Setting]) -> str:
    rows = [f"| `{s.name}` | {s.kind} | {s.default} | {_escaped(s.meaning)} |" for s in settings]
    return "\n".join(("| setting | value | default | meaning |", "|---|---|---|---|", *rows, ""))


def _escaped(text: str) -> str:
    return re.sub(r"([<>*|])", r"\\\1", text)


if __name__ == "__main__":
    print(page(), end="")
