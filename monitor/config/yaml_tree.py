"""YAML as people write it: no surprises in the values, and the line of every setting.

YAML 1.1 turns `no` into False, `012` into 10 and `12:30` into 750; here only true, false, null and plain
decimal numbers are anything but text. A key given twice is a problem, not a silent loss.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

SettingPath = tuple[str | int, ...]

_FROM_FILES = frozenset(
    f"{name}_file" for name in ("token", "password", "secret", "url", "address", "database", "proxy")
)
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}")


class _Loader(yaml.SafeLoader):
    yaml_implicit_resolvers = {}  # noqa: RUF012 - declared so by the base class


_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|)$"), ["~", "n", ""])
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^-?(?:0|[1-9]\d*)$"), list("-0123456789"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(r"^-?\d+\.\d+$"), list("-0123456789"))


@dataclass
class YamlTree:
    """Plain values, the line (from 1) of each setting's path, and what is wrong, a sentence each."""

    values: Any = None
    lines: dict[SettingPath, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def place(self, path: SettingPath) -> str:
        """A setting's path and its line, as far as it is known: `sources.2.url (line 14)`."""
        known = path
        while known and known not in self.lines:
            known = known[:-1]
        name = ".".join(str(part) for part in path) or "the file"
        return f"{name} (line {self.lines[known]})" if known in self.lines else name


def read_yaml(text: str, environ: Mapping[str, str], folder: Path) -> YamlTree:
    """Read a configuration's text; `${NAME}` is filled from `environ`, and a secret's `NAME_file:`
    from a file; a relative one starts at `folder`."""
    tree = YamlTree()
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if node is not None:
            tree.values = _Builder(tree, loader, environ, folder).build(node, ())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else "the file"
        tree.problems.append(f"{place}: not YAML: {error.problem}")
    except yaml.YAMLError as error:
        tree.problems.append(f"the file: not YAML: {error}")
    finally:
        loader.dispose()
    return tree


def plain_yaml(text: str) -> Any:
    """The values of a text as they are written: `${NAME}` stays. Raises `yaml.YAMLError`."""
    return yaml.load(text, _Loader)


class _Builder:
    def __init__(self, tree: YamlTree, loader: _Loader, environ: Mapping[str, str], folder: Path) -> None:
        self._tree = tree
        self._loader = loader
        self._environ = environ
        self._folder = folder

    def build(self, node: yaml.Node, path: SettingPath) -> Any:
        self._tree.lines[path] = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(item, (*path, index)) for index, item in enumerate(node.value)]
        value = self._loader.construct_object(node)
        return self._fill(value, path) if isinstance(value, str) else value

    def _mapping(self, node: yaml.MappingNode, path: SettingPath) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            value = self.build(value_node, (*path, key))
            if key in _FROM_FILES and isinstance(value, str):
                self._tree.lines[(*path, key.removesuffix("_file"))] = key_node.start_mark.line + 1
                value, key = self._read_file(value, (*path, key)), key.removesuffix("_file")
            if key in result:
                self._problem((*path, key), "is given twice; keep one")
            result[key] = value
        return result

    def _fill(self, value: str, path: SettingPath) -> str:
        def variable(match: re.Match[str]) -> str:
            name, default = match.groups()
            found = self._environ.get(name) or default
            if found is None:
                self._problem(path, f"needs the environment variable {name}, which is not set")
                return f"${{{name}}}"
            return found

        return _VARIABLE.sub(variable, value)

    def _read_file(self, name: str, path: SettingPath) -> str:
        try:
            return (self._folder / name).expanduser().read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
            self._problem(path, f"cannot be read from {name}: {reason}")
            return ""

    def _problem(self, path: SettingPath, sentence: str) -> None:
        self._tree.problems.append(f"{self._tree.place(path)}: {sentence}")
