"""The HTML half of a mail: tables and inline styles, which is what mail programs agree on.

No background and no text colour is set but on the highlight, so that a dark theme can do its work.
"""

from html import escape

from monitor.compose import Composition, Line, Part, PartKind, Span

_FONT = "-apple-system,BlinkMacSystemFont,'Segoe UI','PingFang SC','Microsoft YaHei',sans-serif"
_HIT = "background:#ffe58f;color:#1f1f1f;padding:0 2px"
_LINK = "color:#1668dc;text-decoration:none"
_LOOKS = {
    PartKind.HEAD: "font-size:18px;line-height:1.45;font-weight:600;padding:0 0 8px",
    PartKind.ISSUER: "padding:0 0 10px",
    PartKind.GROUP: "font-weight:600;padding:14px 0 2px;border-bottom:1px solid #8884",
    PartKind.ITEM: "font-size:14px;padding:6px 0",
    PartKind.REASONS: "padding:12px 0",
    PartKind.NOTES: "font-size:13px;padding:2px 0;color:#d46b08",
}
_PAGE = """\
<!DOCTYPE html>
<html lang="{language}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">
<title>{title}</title></head>
<body style="margin:0;padding:0">
<div style="display:none;max-height:0;overflow:hidden">{preview}</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr>\
<td align="center" style="padding:20px 16px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" \
style="max-width:640px;text-align:left;font-family:{font};font-size:15px;line-height:1.6">
{rows}
</table></td></tr></table></body></html>
"""


def render_html(composition: Composition) -> str:
    """The page. What mail programs show beside the subject are the issuer and the deadline."""
    shown_beside = (PartKind.ISSUER, PartKind.DEADLINE, PartKind.TEXT)
    preview = "　".join(
        line.prefix + line.text
        for part in composition.parts
        if part.kind in shown_beside
        for line in part.lines
    )
    return _PAGE.format(
        language=escape(composition.language),
        title=escape(composition.subject),
        preview=escape(preview[:200]),
        font=_FONT,
        rows="\n".join(_part(part) for part in composition.parts),
    )


def _part(part: Part) -> str:
    if part.kind is PartKind.REASONS:
        content = _reasons(part)
    elif all(line.label for line in part.lines):
        content = _table(part)
    else:
        content = "<br>".join(_spans(line) for line in part.lines)
    return f'<tr><td style="{_LOOKS.get(part.kind, "padding:1px 0")}">{content}</td></tr>'


def _table(part: Part) -> str:
    """Labels in a column of their own."""
    value = "font-weight:600;color:#d4380d" if part.kind is PartKind.DEADLINE else ""
    rows = (
        f'<tr><td width="96" style="vertical-align:top;opacity:.65">{escape(line.label)}</td>'
        f'<td style="vertical-align:top;{value}">{_spans(line)}</td></tr>'
        for line in part.lines
    )
    return (
        '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" '
        f'style="font-size:14px">{"".join(rows)}</table>'
    )


def _reasons(part: Part) -> str:
    rows = "".join(f'<div style="padding:2px 0">{_reason(line)}</div>' for line in part.lines)
    return (
        '<div style="border-left:3px solid #1668dc;padding:2px 0 2px 12px;font-size:14px">'
        f'<div style="font-weight:600">{escape(part.heading)}</div>{rows}</div>'
    )


def _reason(line: Line) -> str:
    if line.label:
        return f'<b>{escape(line.label)}</b> <span style="opacity:.65">{_spans(line)}</span>'
    return f"· {_spans(line)}"


def _spans(line: Line) -> str:
    return "".join(_span(span) for span in line.spans)


def _span(span: Span) -> str:
    if span.url:
        return f'<a href="{escape(span.url)}" style="{_LINK}">{escape(span.text)}</a>'
    return f'<b style="{_HIT}">{escape(span.text)}</b>' if span.hit else escape(span.text)
