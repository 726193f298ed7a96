"""The automatic numbers of a Word document, which its text does not contain: `一、`, `（三）`, `2.1`."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from lxml.etree import _Element as Element

from monitor.documents.docx_styles import ParagraphStyle, attribute, local_name, number


@dataclass(frozen=True, slots=True)
class _Level:
    """One level of a list: `text` is a pattern such as `第%1条`, `form` says how its numbers are written."""

    start: int = 1
    form: str = "decimal"
    text: str = "%1."


class Numbering:
    """The automatic numbers of a document; counts as the paragraphs come."""

    def __init__(self, root: Element | None) -> None:
        abstract = (
            {} if root is None else {attribute(a, "abstractNumId"): a for a in root.iter("{*}abstractNum")}
        )
        self._lists: dict[str, tuple[str, dict[int, _Level]]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        for element in () if root is None else root.iter("{*}num"):
            reference = element.find("{*}abstractNumId")
            key = attribute(reference, "val") if reference is not None else ""
            levels = dict(_levels(abstract.get(key)))
            overrides = dict(_restarts(element))
            levels |= {n: replace(levels.get(n, _Level()), start=start) for n, start in overrides.items()}
            # Lists of one definition count on, unless one says where it starts anew.
            counter = f"{key}/{attribute(element, 'numId')}" if overrides else key
            self._lists[attribute(element, "numId")] = (counter, levels)

    def label(self, style: ParagraphStyle) -> str:
        """What Word prints before the next paragraph of this style; empty where nothing."""
        if style.list_id not in self._lists:
            return ""
        counter, levels = self._lists[style.list_id]
        level = levels.get(style.list_level)
        if level is None or level.form == "none":
            return ""
        if level.form == "bullet":
            return "• "
        counts = self._counts.setdefault(counter, {})
        counts[style.list_level] = counts.get(style.list_level, level.start - 1) + 1
        for deeper in [n for n in counts if n > style.list_level]:
            del counts[deeper]
        return _spaced(_filled(level.text, levels, counts))


def _levels(abstract: Element | None) -> Iterator[tuple[int, _Level]]:
    for element in abstract.iterfind("{*}lvl") if abstract is not None else ():
        settings = {local_name(child): attribute(child, "val") for child in element}
        yield (
            number(attribute(element, "ilvl")),
            _Level(
                number(settings.get("start", ""), 1),
                settings.get("numFmt", "decimal"),
                settings.get("lvlText", ""),
            ),
        )


def _restarts(element: Element) -> Iterator[tuple[int, int]]:
    for override in element.iterfind("{*}lvlOverride"):
        start = override.find("{*}startOverride")
        if start is not None:
            yield number(attribute(override, "ilvl")), number(attribute(start, "val"), 1)


def _filled(pattern: str, levels: dict[int, _Level], counts: dict[int, int]) -> str:
    for n, level in levels.items():
        if (place := f"%{n + 1}") in pattern:
            pattern = pattern.replace(place, _written(counts.get(n, level.start), level.form))
    return pattern


def _spaced(label: str) -> str:
    return f"{label} " if label and label[-1].isascii() else label


def _written(count: int, form: str) -> str:
    if "hinese" in form or form.startswith(("japaneseCounting", "ideographDigital", "taiwanese")):
        return _chinese(count)
    match form:
        case "lowerLetter" | "upperLetter" if 0 < count <= 26:
            letter = chr(ord("a") + count - 1)
            return letter if form == "lowerLetter" else letter.upper()
        case "lowerRoman" | "upperRoman" if 0 < count < 4000:
            return _roman(count) if form == "upperRoman" else _roman(count).lower()
        case "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" if 0 < count <= 20:
            return chr(ord("①") + count - 1)
        case "decimalZero":
            return f"{count:02}"
        case _:
            return str(count)


def _chinese(count: int) -> str:
    """1 to 999 as 一 … 九百九十九; digits beyond."""
    digits = "零一二三四五六七八九"
    if not 0 < count < 1000:
        return str(count)
    hundreds, rest = divmod(count, 100)
    tens, ones = divmod(rest, 10)
    text = f"{digits[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else digits[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (digits[ones] if ones else "")


def _roman(count: int) -> str:
    text = ""
    for value, sign in zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"),
        strict=True,
    ):
        text += sign * (count // value)
        count %= value
    return text
