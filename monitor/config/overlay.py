"""What the program learned about sources, and those it was told on the command line or in a chat.

`sources.local.yaml` stands beside the configuration and is written by commands alone:

entries:                       # by id, of the catalogue or of the configuration
  national.nhsa.notices:
    enabled: true              # what `sources enable` and `disable` said
    verified: {date, address, …} # what `sources verify` found, for the address that it tried
    failed: {date, address, reason}
sources:                       # sources of the reader's own, as in the configuration
"""

import contextlib
import datetime as dt
import fcntl
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field

from monitor.config.problems import validate
from monitor.config.yaml_tree import YamlTree, plain_yaml, read_yaml
from monitor.errors import ConfigError
from monitor.words import Words

OVERLAY = "sources.local.yaml"
_HEADER = (
    "# 由 policy-monitor sources 的各命令维护；可以修改内容，但注释不会保留。\n"
    "# Kept by `policy-monitor sources …`: values may be edited, comments do not stay.\n"
)


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Verification(_Kept):
    """A try that found what it should, for the `address` that was set then; `url` is where that led."""

    date: dt.date
    address: str
    url: str | None = None
    rows: Annotated[int, Field(ge=0)] = 0
    newest: dt.date | None = None
    family: str | None = None
    encoding: str | None = None
    paging: bool | None = None


class Failure(_Kept):
    """A try that did not; `reason` is a sentence."""

    date: dt.date
    address: str
    reason: str


class EntryState(_Kept):
    """What is known of one source. `enabled` is None where nobody said anything."""

    enabled: bool | None = None
    verified: Verification | None = None
    failed: Failure | None = None

    def is_verified_at(self, address: str | None) -> bool:
        """Whether it was verified as it is set now."""
        return self.verified is not None and self.verified.address == address


class _Content(_Kept):
    entries: dict[str, EntryState | None] = {}
    sources: list[Any] = []


@dataclass(frozen=True, slots=True)
class Overlay:
    """The file's content. `tree` has its lines, and what is wrong with it."""

    entries: Mapping[str, EntryState] = field(default_factory=dict)
    sources: tuple[Any, ...] = ()
    tree: YamlTree = field(default_factory=YamlTree)

    def state(self, source_id: str) -> EntryState:
        """What is known of a source; all is None where nothing is."""
        return self.entries.get(source_id) or EntryState()


def read_overlay(folder: Path, environ: Mapping[str, str], words: Words) -> Overlay:
    """The overlay beside a configuration in `folder`; empty where there is none. Problems are in its tree."""
    try:
        text = (folder / OVERLAY).read_text("utf-8")
    except FileNotFoundError:
        return Overlay()
    except (OSError, UnicodeDecodeError) as error:
        return Overlay(tree=YamlTree(problems=[f"{OVERLAY}: 无法读取 / cannot be read: {error}"]))
    tree = read_yaml(text, environ, folder)
    content = validate(_Content, tree.values or {}, tree, words)
    if content is None:
        return Overlay(tree=tree)
    return Overlay(
        {name: state or EntryState() for name, state in content.entries.items()}, tuple(content.sources), tree
    )


@contextlib.contextmanager
def edited(folder: Path) -> Iterator[dict[str, Any]]:
    """The file's content to change; what it is at the end is written, whole or not at all.

    Others who change it meanwhile wait. Raises `ConfigError` where it cannot be read or written.
    """
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise ConfigError([f"{folder}: {error.strerror}"]) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        content = _read(folder / OVERLAY)
        yield content
        _write(folder / OVERLAY, content)
    finally:
        os.close(handle)


def change_entry(folder: Path, source_id: str, **changes: Any) -> None:
    """Set `enabled`, `verified` or `failed` of one source; None takes it away. Raises `ConfigError`."""
    with edited(folder) as content:
        state = content.setdefault("entries", {}).setdefault(source_id, {})
        for name, value in changes.items():
            state.pop(name, None)
            if value is not None:
                state[name] = _plain(value)


def add_sources(folder: Path, *sources: Mapping[str, Any]) -> None:
    """Add sources, written as in the configuration. Raises `ConfigError`."""
    with edited(folder) as content:
        content.setdefault("sources", []).extend(dict(source) for source in sources)


def as_written(source: BaseModel) -> dict[str, Any]:
    """A source's settings as one would write them: what is set, `id` and `kind` first. Secrets are masked."""
    values = source.model_dump(mode="json", exclude_unset=True)
    return {name: values[name] for name in ("id", "kind")} | values


def _plain(value: Any) -> Any:
    return value.model_dump(mode="json", exclude_none=True) if isinstance(value, BaseModel) else value


def _read(path: Path) -> dict[str, Any]:
    try:
        content = plain_yaml(path.read_text("utf-8")) or {}
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigError([f"{path}: 无法读取 / cannot be read: {error}"]) from error
    if not isinstance(content, dict):
        raise ConfigError([f"{path}: 应为一组“键: 值” / expected keys with values"])
    return content


def _write(path: Path, content: Mapping[str, Any]) -> None:
    text = _HEADER + yaml.safe_dump(dict(content), allow_unicode=True, sort_keys=False, width=1000)
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=path.parent, prefix=f".{path.name}.", delete=False
        ) as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(path)
    except OSError as error:
        raise ConfigError([f"{path}: 无法写入 / cannot be written: {error.strerror}"]) from error
