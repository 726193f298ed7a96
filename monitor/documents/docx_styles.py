"""How the paragraphs of a Word document stand: their headings, spaces and lists, with what styles inherit."""

from dataclasses import dataclass, replace

from lxml.etree import _Element as Element


def local_name(element: Element) -> str:
    """The name without its namespace, which differs between the transitional and the strict form."""
    return str(element.tag).rpartition("}")[2]


def attribute(element: Element, name: str) -> str:
    """An attribute by its local name; empty where it is absent."""
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return ""


def number(text: str, default: int = 0) -> int:
    """A whole number as an attribute gives it; the default where it is none."""
    try:
        return int(float(text))
    except (ValueError, OverflowError):
        return default


@dataclass(frozen=True, slots=True)
class ParagraphStyle:
    """`heading` is its level (0: none); spaces are in twentieths of a point; `indented` is the first line."""

    heading: int = 0
    space_before: int = 0
    space_after: int = 0
    starts_page: bool = False
    alignment: str = ""
    indented: bool = False
    list_id: str = ""
    list_level: int = 0


class Styles:
    """The paragraph styles of a document, with what they inherit."""

    def __init__(self, root: Element | None) -> None:
        self._elements = {} if root is None else {attribute(s, "styleId"): s for s in root.iter("{*}style")}
        defaults = None if root is None else root.find(".//{*}pPrDefault/{*}pPr")
        self._resolved = {"": _changed(ParagraphStyle(), defaults)}
        default = (name for name, s in self._elements.items() if attribute(s, "default") in ("1", "true"))
        self._default = next((n for n in default if attribute(self._elements[n], "type") == "paragraph"), "")

    def of(self, paragraph: Element) -> ParagraphStyle:
        """The style of a paragraph with its own settings."""
        properties = paragraph.find("{*}pPr")
        named = properties.find("{*}pStyle") if properties is not None else None
        return _changed(
            self._named(attribute(named, "val") if named is not None else self._default), properties
        )

    def _named(self, name: str) -> ParagraphStyle:
        if name not in self._resolved:
            self._resolved[name] = self._resolved[""]  # in case styles are based on each other in a circle
            self._resolved[name] = self._inherited(name)
        return self._resolved[name]

    def _inherited(self, name: str) -> ParagraphStyle:
        element = self._elements.get(name)
        if element is None:
            return self._resolved[""]
        base = element.find("{*}basedOn")
        style = _changed(
            self._named(attribute(base, "val") if base is not None else ""), element.find("{*}pPr")
        )
        title = element.find("{*}name")
        words = attribute(title, "val").lower().split() if title is not None else []
        if len(words) == 2 and words[0] == "heading" and words[1].isdigit():
            return replace(style, heading=int(words[1]))
        return style


def _changed(style: ParagraphStyle, properties: Element | None) -> ParagraphStyle:
    """The style with the settings of a `pPr` element."""
    for element in properties if properties is not None else ():
        match local_name(element):
            case "spacing":
                before, after = attribute(element, "before"), attribute(element, "after")
                style = replace(
                    style,
                    space_before=number(before, style.space_before),
                    space_after=number(after, style.space_after),
                )
            case "outlineLvl":
                level = number(attribute(element, "val"), 9) + 1
                style = replace(style, heading=level if level < 10 else 0)
            case "ind":
                style = replace(style, indented=_is_indented(element, style.indented))
            case "jc":
                style = replace(style, alignment=attribute(element, "val"))
            case "pageBreakBefore":
                style = replace(style, starts_page=attribute(element, "val") not in ("0", "false", "off"))
            case "numPr":
                style = _in_list(style, element)
    return style


def _is_indented(element: Element, inherited: bool) -> bool:
    lengths = [attribute(element, name) for name in ("firstLine", "firstLineChars")]
    return any(number(length) > 0 for length in lengths) if any(lengths) else inherited


def _in_list(style: ParagraphStyle, properties: Element) -> ParagraphStyle:
    for element in properties:
        match local_name(element):
            case "numId":
                style = replace(style, list_id=attribute(element, "val"))
            case "ilvl":
                style = replace(style, list_level=number(attribute(element, "val")))
    return style
