"""Is there a source at this address, of what kind, and how would it be checked?

    finding = await inspect(fetcher, "ybj.shanxi.gov.cn/zwgk/", vocabulary=vocabulary, taken=ids)
    finding.settings       # what to save: kind, address, a proposed id
    finding.entries        # the rows it shows; also `family`, `encoding`, `paging`, `doubt`

    finding = await examine(fetcher, settings, home)     # the same for settings that exist already
    async for settings, result in verify(fetcher, …): …  # for many of them

Knows neither the command line nor the chat; `advice`, `summary` and `doubtful` are sentences for both.
"""

from monitor.discovery.advice import advice
from monitor.discovery.finding import Doubt, Finding, NoSourceError, Problem
from monitor.discovery.inspecting import examine, inspect
from monitor.discovery.sentences import doubtful, summary
from monitor.discovery.verifying import verify

__all__ = [
    "Doubt",
    "Finding",
    "NoSourceError",
    "Problem",
    "advice",
    "doubtful",
    "examine",
    "inspect",
    "summary",
    "verify",
]
