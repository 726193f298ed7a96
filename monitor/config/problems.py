"""What pydantic found, as sentences for the person who wrote the file."""

import difflib
from collections.abc import Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from monitor.config.yaml_tree import SettingPath, YamlTree
from monitor.preferences import PreferenceError
from monitor.words import Words

M = TypeVar("M", bound=BaseModel)


def validate(
    model: type[M],
    values: Any,
    tree: YamlTree,
    words: Words,
    *,
    at: SettingPath = (),
    beside: Sequence[str] = (),
) -> M | None:
    """The model filled from `values`, or None with every problem added to `tree`.

    `beside` names settings that stand beside the model's own and are read elsewhere.
    """
    try:
        return model.model_validate(values)
    except ValidationError as error:
        for detail in error.errors():
            path = (*at, *(part for part in detail["loc"] if isinstance(part, str | int)))
            known = _known_keys(model, detail["loc"])
            sentence = _sentence(detail, [*known, *(beside if len(detail["loc"]) == 1 else ())], words)
            tree.problems.append(f"{tree.place(path)}: {sentence}")
        return None


# What pydantic calls a mistake → what was expected, in Chinese and English.
_EXPECTED = {
    "literal_error": ("{expected}", "{expected}"),
    "model_type": ("一组“键: 值”", "keys with values"),
    "dict_type": ("一组“键: 值”", "keys with values"),
    "list_type": ("列表", "a list"),
    "int_type": ("整数", "a whole number"),
    "int_parsing": ("整数", "a whole number"),
    "int_from_float": ("整数", "a whole number"),
    "bool_type": ("true 或 false", "true or false"),
    "bool_parsing": ("true 或 false", "true or false"),
    "string_type": ("文字", "text"),
    "greater_than": ("大于 {gt} 的数", "more than {gt}"),
    "greater_than_equal": ("至少 {ge}", "at least {ge}"),
    "less_than_equal": ("至多 {le}", "at most {le}"),
}


def _sentence(detail: ErrorDetails, known: list[str], words: Words) -> str:
    kind, found, context = detail["type"], detail["input"], detail.get("ctx", {})
    if kind == "missing":
        return words("缺少这一项", "is missing")
    if kind == "extra_forbidden":
        return _unknown(str(detail["loc"][-1]), known, words)
    if kind == "value_error":
        error = context["error"]
        return error.render(words) if isinstance(error, PreferenceError) else str(error)
    if kind in _EXPECTED:
        chinese, english = (text.format(**context) for text in _EXPECTED[kind])
        chinese = chinese.replace(" or ", " 或 ")
        return words(f"应为{chinese}，却是 {found!r}", f"expected {english}, found {found!r}")
    return f"{detail['msg']}: {found!r}"


def _unknown(name: str, known: list[str], words: Words) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    if near:
        return words(f"没有这一项，是不是 {near[0]}？", f"is not a setting; did you mean {near[0]}?")
    listed = ", ".join(known)
    return words(f"没有这一项，可用的有：{listed}", f"is not a setting; known here: {listed}")


def _known_keys(model: type[BaseModel], location: tuple[int | str, ...]) -> list[str]:
    """The settings that may stand where the last part of `location` does."""
    current: Any = model
    for part in location[:-1]:
        if isinstance(part, str) and isinstance(current, type) and issubclass(current, BaseModel):
            field = current.model_fields.get(part)
            current = _model_in(field.annotation) if field else None
    return list(current.model_fields) if current is not None else []


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inner = (_model_in(argument) for argument in getattr(annotation, "__args__", ()))
    return next((found for found in inner if found), None)
