"""Places to look: one module per kind of source."""

from monitor.sources.base import Source, SourceSettings, SourceState

__all__ = ["Source", "SourceSettings", "SourceState"]
