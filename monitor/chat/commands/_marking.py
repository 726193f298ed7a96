"""Lines of alerts in the marks of a chat's text."""

from markupsafe import Markup

from monitor.compose import Line, Span


def marked(line: Line) -> Markup:
    """The line with what a rule looked for in bold, and links."""
    return Markup("{}{}").format(line.prefix, Markup().join(map(_span, line.spans)))


def reasoned(line: Line) -> Markup:
    """A subscription's name with its rule, or below it one reason."""
    spans = Markup().join(map(_span, line.spans))
    if not line.label:
        return Markup("• {}").format(spans)
    return Markup("<b>{}</b> {}").format(line.label, spans).rstrip()


def _span(span: Span) -> Markup:
    if span.url:
        return Markup('<a href="{}">{}</a>').format(span.url, span.text)
    return Markup("<b>{}</b>" if span.hit else "{}").format(span.text)
