"""How a finding is shown."""

from monitor.cli.terminal import out, words
from monitor.discovery import Finding


def print_rows(finding: Finding, most: int) -> None:
    for entry in finding.entries[:most]:
        out.print(
            f"    {entry.date or words('无日期', 'undated')}  {entry.title or entry.url}",
            style="dim",
            markup=False,
        )
    for warning in finding.warnings:
        out.print(f"    {warning}", style="yellow", markup=False)
