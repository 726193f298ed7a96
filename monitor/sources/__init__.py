"""Places to look: one module per kind of source.

A new kind is one module with a settings model and a class, and a line in `SOURCE_KINDS`.
"""

from collections.abc import Mapping
from typing import Any

from monitor.sources.base import PageFetcher, Source, SourceSettings, SourceState
from monitor.sources.feed import FeedSource
from monitor.sources.folder import FolderSource
from monitor.sources.html_list import HtmlListSource
from monitor.sources.json_list import JsonListSource
from monitor.sources.page import PageSource

SOURCE_KINDS: Mapping[str, Any] = {
    kind.kind: kind for kind in (FolderSource, HtmlListSource, FeedSource, PageSource, JsonListSource)
}
"""Name of a kind → its class: `settings` is its model, `create(settings, home)` makes a source of it."""

__all__ = ["SOURCE_KINDS", "PageFetcher", "Source", "SourceSettings", "SourceState"]
