"""A message as plain text: for pipes, the text half of a mail, and whoever shows no markup."""

from monitor.composition import Composition, Line, Part, PartKind, Span
from monitor.wording import words

_ONE_ROW = {PartKind.DATES, PartKind.TOPICS}


def render_text(composition: Composition) -> str:
    """Lines of text, a blank one before each part that has a heading or follows one."""
    language = composition.language
    blocks: list[str] = []
    for part in composition.parts:
        block = _block(part, language)
        blocks.append(f"\n{block}\n" if part.heading else block)
    return "\n".join(blocks).strip("\n")


def _block(part: Part, language: str) -> str:
    if part.kind in _ONE_ROW:
        return " · ".join(_line(line, language) for line in part.lines)
    if part.heading:
        return "\n".join([part.heading, *(f"  {reason_text(line)}" for line in part.lines)])
    return "\n".join(_line(line, language, links=part.kind is not PartKind.HEAD) for line in part.lines)


def reason_text(line: Line) -> str:
    """A line of the reasons: the subscription with its rule, or below it one reason with the hit in «»."""
    if line.label:
        return f"{line.label} {line.text}".rstrip()
    return "· " + "".join(f"«{span.text}»" if span.hit else span.text for span in line.spans)


def _line(line: Line, language: str, *, links: bool = True) -> str:
    text = "".join(visible(span) if links else span.text for span in line.spans)
    return words(language)["label"].format(line.label) + text if line.label else text


def visible(span: Span) -> str:
    """The span where links cannot be clicked: its address is printed."""
    if span.url is None:
        return span.text
    return span.url if span.text in span.url else f"{span.text} {span.url}"
