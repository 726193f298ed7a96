"""The `sources` of a configuration: one's own, and those of the catalogue that it selects.

One's own are those of the file, then those of the overlay; one of them with the id of an entry stands for it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

from apscheduler.triggers.cron import CronTrigger
from pydantic import BaseModel, ConfigDict, Field

from monitor.config.overlay import Overlay
from monitor.config.problems import validate
from monitor.config.selection import Selection, Waiting
from monitor.config.yaml_tree import SettingPath, YamlTree
from monitor.parsing import LAYOUT_NAMES
from monitor.sources import SOURCE_KINDS, SourceSettings
from monitor.words import Words
from rules import Vocabulary


class CatalogueSettings(BaseModel):
    """Sources from the catalogue, and one's own beside them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    catalogue: Annotated[
        list[str],
        Field(description="names, patterns and facets that select entries; with - before it one is left out"),
    ] = []
    overrides: Annotated[
        dict[str, dict[str, Any]], Field(description="settings that are different for an entry, by its id")
    ] = {}
    own: Annotated[list[Any], Field(description="sources of your own, as in a plain list")] = []


@dataclass(frozen=True, slots=True)
class Sources:
    """What is to be watched, and what waits."""

    settings: tuple[SourceSettings, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    overrides: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def read_sources(
    value: Any, tree: YamlTree, overlay: Overlay, vocabulary: Vocabulary, words: Words
) -> Sources:
    """The sources that a configuration's `sources` and the overlay mean; problems are added to `tree`."""
    return _Reader(tree, overlay, vocabulary, words).read(value)


class _Reader:
    def __init__(self, tree: YamlTree, overlay: Overlay, vocabulary: Vocabulary, words: Words) -> None:
        self._tree = tree
        self._overlay = overlay
        self._vocabulary = vocabulary
        self._words = words

    def read(self, value: Any) -> Sources:
        start: SettingPath = ("sources",)
        chosen = CatalogueSettings()
        if isinstance(value, Mapping):
            chosen = validate(CatalogueSettings, value, self._tree, self._words, at=start) or chosen
            value, start = chosen.own, (*start, "own")
        if not isinstance(value, list):
            self._problem(
                start,
                "应为列表，或含 catalogue、own 的一组键",
                "expected a list, or keys such as catalogue and own",
            )
            return Sources()
        own = self._own(value, start)
        selection = Selection(self._tree, self._overlay, self._vocabulary, self._words)
        entries = list(selection.entries(chosen.catalogue, chosen.overrides, {source.id for source in own}))
        sources = [entry for entry in entries if isinstance(entry, SourceSettings)]
        waiting = tuple(entry for entry in entries if isinstance(entry, Waiting))
        return Sources((*own, *sources), waiting, chosen.overrides)

    def _own(self, items: Sequence[Any], start: SettingPath) -> list[SourceSettings]:
        found: dict[str, SourceSettings] = {}
        for index, item in enumerate(items):
            source = self._source(item, (*start, index), self._tree)
            if source is not None and source.id in found:
                path = (*start, index, "id")
                self._problem(
                    path, f"{source.id} 已用于另一来源", f"{source.id} names another source already"
                )
            elif source is not None:
                found[source.id] = source
        for index, item in enumerate(self._overlay.sources):
            source = self._source(item, ("sources", index), self._overlay.tree)
            if source is not None:
                found.setdefault(source.id, source)
        return [self._switched(source) for source in found.values()]

    def _switched(self, source: SourceSettings) -> SourceSettings:
        """The source as the overlay has it on or off."""
        enabled = self._overlay.state(source.id).enabled
        return source if enabled is None else source.model_copy(update={"enabled": enabled})

    def _source(self, item: Any, path: SettingPath, tree: YamlTree) -> SourceSettings | None:
        kind = item.get("kind") if isinstance(item, dict) else None
        if not isinstance(kind, str) or kind not in SOURCE_KINDS:
            known = ", ".join(SOURCE_KINDS)
            sentence = self._words(
                f"应为 {known} 之一，却是 {kind!r}", f"expected one of {known}, found {kind!r}"
            )
            tree.problems.append(f"{tree.place((*path, 'kind'))}: {sentence}")
            return None
        source = validate(SOURCE_KINDS[kind].settings, item, tree, self._words, at=path)
        if source is not None:
            self._check_schedule(source, path, tree)
        return source

    def _check_schedule(self, source: SourceSettings, path: SettingPath, tree: YamlTree) -> None:
        if source.layout not in ("auto", *LAYOUT_NAMES):
            known = ", ".join(("auto", *LAYOUT_NAMES))
            sentence = self._words(f"应为 {known} 之一", f"expected one of {known}")
            tree.problems.append(f"{tree.place((*path, 'layout'))}: {sentence}")
        try:
            if source.cron is not None:
                CronTrigger.from_crontab(source.cron)
        except ValueError as error:
            sentence = self._words(f"不是 cron 表达式：{error}", f"is not a cron expression: {error}")
            tree.problems.append(f"{tree.place((*path, 'cron'))}: {sentence}")

    def _problem(self, path: SettingPath, chinese: str, english: str) -> None:
        self._tree.problems.append(f"{self._tree.place(path)}: {self._words(chinese, english)}")
