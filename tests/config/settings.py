"""The settings of the program, as its models know them."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from inspect import get_annotations
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt
from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from monitor.preferences import Frequency, QuietHours
from monitor.units import Interval, Size, describe_duration, describe_interval

Model = type[BaseModel]


@dataclass(frozen=True, slots=True)
class Setting:
    """One field of a model. `owner` is the model that declares it, its heirs are not."""

    owner: Model
    name: str
    field: FieldInfo

    @property
    def inner(self) -> Model | None:
        """The model of its value, or of each of its values."""
        return next((t for t in _types(self.field.annotation) if issubclass(t, BaseModel)), None)

    @property
    def path(self) -> str:
        """Its name, and what stands for the number or the name of one of several sections."""
        origin = get_origin(self.field.annotation)
        return self.name + ("[]" if origin is list else ".NAME" if origin is dict else "")

    @property
    def is_section(self) -> bool:
        """Whether its value is one model that is described as a whole."""
        return self.field.annotation is self.inner and self.field.description is None

    @property
    def meaning(self) -> str:
        """The comment that belongs to it; empty for a list of sections, which speak for themselves."""
        return (first_line(self.inner) if self.inner and self.is_section else self.field.description) or ""

    @property
    def default(self) -> str:
        if self.field.is_required():
            return "**required**"
        value = self.field.get_default(call_default_factory=True)
        shown = "" if value is None or self.inner else _written(value, is_size=self._is_size)
        return f"`{shown}`" if shown else ""

    @property
    def kind(self) -> str:
        """What may be written: the type, and its bounds."""
        bounds = [f"{sign} {_written(bound, is_size=self._is_size)}" for sign, bound in self._bounds()]
        return ", ".join([self._type_name(), *bounds])

    @property
    def _is_size(self) -> bool:
        return any(mark in self.field.metadata for mark in get_args(Size)[1:])

    def _type_name(self) -> str:
        return "size" if self._is_size else _type_name(self.field.annotation)

    def _bounds(self) -> Iterator[tuple[str, Any]]:
        for mark in self.field.metadata:
            match mark:
                case Ge(bound):
                    yield "≥", bound
                case Gt(bound):
                    yield ">", bound
                case Le(bound):
                    yield "≤", bound
                case Lt(bound):
                    yield "<", bound


def settings_of(model: Model) -> list[Setting]:
    """The fields of a model in order."""
    return [Setting(_owner(model, name), name, field) for name, field in model.model_fields.items()]


def first_line(model: Model) -> str:
    """What a model is for."""
    return (model.__doc__ or "").splitlines()[0]


def _owner(model: Model, name: str) -> Model:
    return next(base for base in model.__mro__ if name in get_annotations(base))


def _types(annotation: Any) -> Iterator[type]:
    if isinstance(annotation, type) and not get_args(annotation):
        yield annotation
    for argument in get_args(annotation):
        yield from _types(argument)


_PLAIN: Mapping[Any, str] = {
    str: "text",
    SecretStr: "secret",
    bool: "true or false",
    int: "whole number",
    float: "number",
    dt.timedelta: "duration",
    Path: "path",
    Frequency: "frequency",
    QuietHours: "hours",
    Interval: "interval",
}


def _type_name(annotation: Any) -> str:
    origin, arguments = get_origin(annotation), [a for a in get_args(annotation) if a is not NoneType]
    if origin is Literal:
        return " or ".join(f"`{choice}`" for choice in arguments)
    if origin is Annotated or (origin in (Union, UnionType) and len(arguments) == 1):
        return _type_name(arguments[0])
    if origin in (list, tuple):
        return f"list of {_type_name(arguments[0])}"
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return f"name → {_type_name(arguments[1])}"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return "section"
    return _PLAIN.get(annotation, "value")


def _written(value: Any, *, is_size: bool) -> str:
    if isinstance(value, dt.timedelta):
        return describe_duration(value)
    if isinstance(value, Interval):
        return describe_interval(value)
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, bool):
        return str(value).lower()
    if is_size and value:
        unit, name = next((u, n) for u, n in ((1 << 30, "GB"), (1 << 20, "MB"), (1, "B")) if value % u == 0)
        return f"{value // unit}{name}"
    return "" if value in ([], {}, ()) else str(value)
