"""Entries of the catalogue that a configuration selects.

selected       by the facets of `catalogue`, or enabled in the overlay
checked        where it was seen working, or verified here, or somebody said `enabled: true` of it
waiting        else, which is said with what to do: nothing unverified is enabled silently
"""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from monitor.config.overlay import EntryState, Overlay, Verification
from monitor.config.problems import validate
from monitor.config.yaml_tree import SettingPath, YamlTree
from monitor.sources import SOURCE_KINDS, SourceSettings
from monitor.sources.catalogue import CatalogueEntry, Evidence, UnknownFacetError, catalogue, select
from monitor.sources.catalogue.facets import nearest
from monitor.words import Words
from rules import Vocabulary


class Why(StrEnum):
    """Why a selected entry is not checked."""

    UNVERIFIED = "unverified"
    FAILED = "failed"  # it was tried, in vain
    UNUSABLE = "unusable"  # the catalogue has no address for it


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An entry of the catalogue that is selected and not checked. `note` is a sentence about it."""

    id: str
    name: str
    why: Why
    note: str = ""


class Selection:
    """Chooses entries and makes settings of them; problems are added to the tree."""

    def __init__(self, tree: YamlTree, overlay: Overlay, vocabulary: Vocabulary, words: Words) -> None:
        self._tree = tree
        self._overlay = overlay
        self._vocabulary = vocabulary
        self._words = words

    def entries(
        self,
        facets: Sequence[str],
        overrides: Mapping[str, Mapping[str, Any]],
        own: AbstractSet[str],
    ) -> Iterator[SourceSettings | Waiting]:
        """The selected entries but those whose ids are in `own`, as settings or as waiting."""
        switched_on = [name for name, state in self._overlay.entries.items() if state.enabled]
        if not facets and not overrides and not switched_on:
            return  # the catalogue is not even read
        self._check_overrides(overrides)
        known = catalogue()
        chosen = {entry.id for entry in select(self._known(facets), known, self._vocabulary)}
        chosen |= set(switched_on)
        for entry in known.values():
            if entry.id in chosen - own:
                found = self._entry(entry, overrides.get(entry.id, {}))
                if found is not None:
                    yield found

    def _known(self, facets: Sequence[str]) -> Iterator[str]:
        """The facets that select something; each other one is a problem."""
        for index, facet in enumerate(facets):
            try:
                select([facet.removeprefix("-")], catalogue(), self._vocabulary)
            except UnknownFacetError as error:
                self._unknown(("sources", "catalogue", index), error.facet, error.near)
            else:
                yield facet

    def _check_overrides(self, overrides: Mapping[str, Mapping[str, Any]]) -> None:
        for name in overrides:
            if name not in catalogue():
                near = nearest(name, catalogue(), self._vocabulary)
                self._unknown(("sources", "overrides", name), name, near)

    def _entry(self, entry: CatalogueEntry, override: Mapping[str, Any]) -> SourceSettings | Waiting | None:
        state = self._overlay.state(entry.id)
        address = override.get("url") or override.get("path") or entry.address
        if address is None:
            note = f"{entry.unusable}：{entry.home}" if entry.home else entry.unusable or ""
            return Waiting(id=entry.id, name=entry.name, why=Why.UNUSABLE, note=note)
        verified = state.is_verified_at(address)
        source = self._settings(entry, override, state.verified if verified else None)
        if source is None:
            return None
        if state.enabled is not None:
            source = source.model_copy(update={"enabled": state.enabled})
        said_so = state.enabled or override.get("enabled") is True
        if not source.enabled or said_so or verified or entry.evidence is Evidence.SEEN:
            return source
        return self._waiting(entry, state, address)

    def _settings(
        self, entry: CatalogueEntry, override: Mapping[str, Any], verified: Verification | None
    ) -> SourceSettings | None:
        """The entry's settings, with where its address leads now, with what the reader wants otherwise."""
        learned = {"url": verified.url} if verified and verified.url else {}
        values = entry_values(entry, {**learned, **override})
        path: SettingPath = ("sources", "overrides", entry.id)
        kind = SOURCE_KINDS.get(values["kind"])
        if kind is None:
            self._problem(
                (*path, "kind"),
                f"应为 {', '.join(SOURCE_KINDS)} 之一",
                f"expected one of {', '.join(SOURCE_KINDS)}",
            )
            return None
        source: SourceSettings | None = validate(kind.settings, values, self._tree, self._words, at=path)
        return source

    def _waiting(self, entry: CatalogueEntry, state: EntryState, address: str) -> Waiting:
        if state.failed is not None and state.failed.address == address:
            note = f"{state.failed.date} {state.failed.reason}"
            return Waiting(id=entry.id, name=entry.name, why=Why.FAILED, note=note)
        return Waiting(id=entry.id, name=entry.name, why=Why.UNVERIFIED, note=entry.note or "")

    def _unknown(self, path: SettingPath, word: str, near: Sequence[str]) -> None:
        hint = (
            self._words(f"，是不是 {'、'.join(near)}？", f"; did you mean {', '.join(near)}?") if near else ""
        )
        self._problem(
            path,
            f"{word} 在来源目录里选不到任何条目{hint}",
            f"{word} selects nothing in the catalogue{hint}",
        )

    def _problem(self, path: SettingPath, chinese: str, english: str) -> None:
        self._tree.problems.append(f"{self._tree.place(path)}: {self._words(chinese, english)}")


def entry_values(entry: CatalogueEntry, override: Mapping[str, Any]) -> dict[str, Any]:
    """An entry as it would be written in a configuration, with what the reader wants otherwise."""
    values: dict[str, Any] = {"id": entry.id, **entry.settings}
    return values | {name: _merged(values.get(name), value) for name, value in override.items()}


def _merged(known: Any, wanted: Any) -> Any:
    """A setting as wanted; of a group of settings only those that are wanted otherwise."""
    both = isinstance(known, Mapping) and isinstance(wanted, Mapping)
    return {**known, **wanted} if both else wanted
