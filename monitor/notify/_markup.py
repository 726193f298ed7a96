"""A message in a marked-up text: what Telegram's HTML and the chat programs' kinds of Markdown share."""

import re
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field

from monitor.compose import ONE_ROW, Composition, Line, Part, PartKind, Span

_MARKDOWN = re.compile(r"[\\`*_~|\[\]<>]|^[#+-]")


def _quote(rows: Sequence[str]) -> str:
    return "\n".join(f"> {row}" for row in rows)


@dataclass(frozen=True, slots=True)
class Markup:
    """How one program marks text up.

    `escape` makes a publisher's words harmless and `escape_url` an address; `looks` has a template for the
    lines of a part; `quote` sets the reasons off; `line_end` is what the program takes for a new line.
    """

    escape: Callable[[str], str]
    escape_url: Callable[[str], str]
    bold: str = "**{}**"
    link: str = "[{text}]({url})"
    looks: Mapping[PartKind, str] = field(default_factory=dict)
    quote: Callable[[Sequence[str]], str] = _quote
    line_end: str = "\n"

    def render(self, composition: Composition, without: Container[PartKind] = ()) -> str:
        """The parts in order, but for those that the program shows in a place of their own."""
        return self.line_end.join(self._part(part) for part in composition.parts if part.kind not in without)

    def _part(self, part: Part) -> str:
        if part.kind is PartKind.REASONS:
            heading = self.bold.format(self.escape(part.heading))
            return self.quote([heading, *(self._reason(line) for line in part.lines)])
        look = self.looks.get(part.kind, "{}")
        rows = (look.format(self.escape(line.prefix) + self.spans(line)) for line in part.lines)
        return (" · " if part.kind in ONE_ROW else self.line_end).join(rows)

    def _reason(self, line: Line) -> str:
        if line.label:
            return f"{self.bold.format(self.escape(line.label))} {self.spans(line)}".rstrip()
        return f"• {self.spans(line)}"

    def spans(self, line: Line) -> str:
        """A line's words with links and hits marked."""
        return "".join(self._span(span) for span in line.spans)

    def _span(self, span: Span) -> str:
        text = self.escape(span.text)
        if span.url:
            return self.link.format(text=text, url=self.escape_url(span.url))
        return self.bold.format(text) if span.hit else text


def backslashed(text: str) -> str:
    """Markdown's signs made plain."""
    return _MARKDOWN.sub(r"\\\g<0>", text)


def bracket_free(url: str) -> str:
    """An address that cannot end a Markdown link early."""
    return url.replace("(", "%28").replace(")", "%29").replace("|", "%7C")
