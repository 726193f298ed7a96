"""A message as plain text: for pipes, the text half of a mail, and whoever shows no markup."""

from monitor.compose import ONE_ROW, Composition, Line, Part, PartKind, Span


def render_text(composition: Composition) -> str:
    """Lines of text; a part with a heading stands between blank lines."""
    blocks = (_apart(part) + _block(part) + "\n" * bool(part.heading) for part in composition.parts)
    return "\n".join(blocks).strip("\n")


def _apart(part: Part) -> str:
    return "\n" if part.heading or part.kind is PartKind.GROUP else ""


def _block(part: Part) -> str:
    if part.heading:
        return "\n".join([part.heading, *(f"  {_reason(line)}" for line in part.lines)])
    rows = (_line(line, links=part.kind is not PartKind.HEAD) for line in part.lines)
    return (" · " if part.kind in ONE_ROW else "\n").join(rows)


def _reason(line: Line) -> str:
    """The subscription with its rule, or below it one reason with the hit in «»."""
    if line.label:
        return f"{line.label} {line.text}".rstrip()
    return "· " + "".join(f"«{span.text}»" if span.hit else span.text for span in line.spans)


def _line(line: Line, *, links: bool) -> str:
    return line.prefix + "".join(visible(span) if links else span.text for span in line.spans)


def visible(span: Span) -> str:
    """The span where links cannot be clicked: its address is printed."""
    if span.url is None:
        return span.text
    return span.url if span.text in span.url else f"{span.text} {span.url}"
