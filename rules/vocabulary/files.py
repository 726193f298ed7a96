"""Reading data files; everything wrong in one is reported at once, each with its place."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from rapidfuzz import fuzz, process

Shape = Any
"""`str`, `bool`, `[shape]` for a list, `{"field": shape}` for a record, `{str: shape}` for a table."""


class VocabularyError(ValueError):
    """A data file of the vocabulary cannot be used. `problems`: a sentence each, with file and place."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def read_yaml(path: Path, shape: Shape) -> dict[str, Any]:
    """The file's content when it has that shape.

    Raises:
        VocabularyError: the file is unreadable or not of that shape; every problem is in it.
    """
    try:
        content = yaml.load(path.read_bytes(), Loader=_Loader)
    except OSError as error:
        raise VocabularyError([f"{path}: cannot be read: {error.strerror}"]) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise VocabularyError([f"{path}: cannot be used as YAML: {error}"]) from error
    problems = [f"{path}: {problem}" for problem in _problems(content or {}, shape, "")]
    if problems:
        raise VocabularyError(problems)
    return content or {}


def _problems(value: Any, shape: Shape, place: str) -> list[str]:
    if isinstance(shape, type):
        return [] if isinstance(value, shape) else [_mismatch(value, _NAMES[shape], place)]
    if isinstance(shape, list):
        if not isinstance(value, list):
            return [_mismatch(value, "a list", place)]
        return [p for i, item in enumerate(value) for p in _problems(item, shape[0], f"{place}[{i}]")]
    if not isinstance(value, dict):
        return [_mismatch(value, "a table of names and values", place)]
    return [p for key, item in value.items() for p in _field_problems(key, item, shape, place)]


def _field_problems(key: Any, item: Any, shape: Mapping[Any, Shape], place: str) -> list[str]:
    inner = f"{place}.{key}" if place else str(key)
    if not isinstance(key, str):
        return [f"{inner}: the name {key!r} is not text; put it in quotes"]
    if str in shape:
        return _problems(item, shape[str], inner)
    if key not in shape:
        near = process.extractOne(key, list(shape), scorer=fuzz.ratio, score_cutoff=60)
        hint = f"; did you mean {near[0]}?" if near else f"; known are {', '.join(shape)}"
        return [f"{inner}: unknown{hint}"]
    return _problems(item, shape[key], inner)


def _mismatch(value: Any, expected: str, place: str) -> str:
    return f"{place or 'the file'}: expected {expected}, found {value!r}"


_NAMES = {str: "text (in quotes where it looks like a number)", bool: "true or false"}


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # the C parser where built
    """Refuses a name that stands twice in one table: YAML would drop the first without a word."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                problem = f"the name {key.value!r} stands twice"
                raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
            seen.add(key.value)
        content: dict[Any, Any] = super().construct_mapping(node, deep)
        return content
