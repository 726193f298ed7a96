"""Sources as text: YAML with all kinds, OPML with the feeds. What is written reads back.

Neither holds secrets: a proxy with a password, and headers that carry a key, are left out.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

import yaml
from lxml import etree

from monitor.config.overlay import as_written
from monitor.config.problems import validate
from monitor.config.yaml_tree import YamlTree, plain_yaml
from monitor.errors import ConfigError
from monitor.sources import SOURCE_KINDS, SourceSettings
from monitor.sources.catalogue.entries import plain_address
from monitor.words import Words

_SECRET_HEADER = re.compile(r"auth|cookie|token|key|secret|session", re.I)
_NOT_IN_ID = re.compile(r"[^\w.-]+")
_LONGEST_ID = 80


def to_yaml(sources: Iterable[SourceSettings]) -> tuple[str, tuple[str, ...]]:
    """The sources as a configuration holds them, and the ids of those whose secrets were left out."""
    written, without = [], []
    for source in sources:
        values = as_written(source)
        if _leave_secrets_out(values, source):
            without.append(source.id)
        written.append(values)
    text = yaml.safe_dump({"sources": written}, allow_unicode=True, sort_keys=False, width=1000)
    return text, tuple(without)


def to_opml(sources: Iterable[SourceSettings]) -> tuple[str, tuple[str, ...]]:
    """The feeds among the sources as OPML 2.0 (http://opml.org/spec2.opml), and the ids of the others."""
    root = ElementTree.Element("opml", version="2.0")
    ElementTree.SubElement(ElementTree.SubElement(root, "head"), "title").text = "policy-monitor"
    body = ElementTree.SubElement(root, "body")
    others = []
    for source in sources:
        if source.kind == "feed":
            ElementTree.SubElement(body, "outline", type="rss", text=source.id, xmlUrl=address_of(source))
        else:
            others.append(source.id)
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="unicode", xml_declaration=False)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n', tuple(others)


@dataclass(frozen=True, slots=True)
class Taken:
    """Sources of a text that are new, as they are written, and the others: a name and why each was skipped.

    `renamed`: old id → new id, where the old one names another source already.
    """

    sources: tuple[Mapping[str, Any], ...]
    skipped: tuple[tuple[str, str], ...]
    renamed: Mapping[str, str]


def take(text: str, known: Iterable[SourceSettings], taken: Collection[str], words: Words) -> Taken:
    """Which sources of a text (YAML or OPML) to add to those that are known; `taken` are further ids in use.

    A source is the same when its address is. Raises `ConfigError` where the text is neither.
    """
    watched = {plain_address(address_of(source)): source.id for source in known}
    ids = {*watched.values(), *taken}
    sources, skipped, renamed = [], [], {}
    for number, item in enumerate(_items(text), 1):
        name = str(item.get("id") or item.get("url") or number)
        problem = _problem(item, words)
        if problem is not None:
            skipped.append((name, problem))
            continue
        address = plain_address(str(item.get("url") or item.get("path")))
        if address in watched:
            other = watched[address]
            skipped.append((name, words(f"网址已有：{other}", f"its address is known: {other}")))
            continue
        free = _free_id(str(item["id"]), ids)
        if free != item["id"]:
            renamed[name] = free
        watched[address] = free
        ids.add(free)
        sources.append({**item, "id": free})
    return Taken(tuple(sources), tuple(skipped), renamed)


def address_of(source: SourceSettings) -> str:
    """Where a source looks: a web address, or a folder."""
    return str(getattr(source, "url", None) or getattr(source, "path", ""))


def _problem(item: Mapping[str, Any], words: Words) -> str | None:
    """What is wrong with a source as it is written, None for nothing."""
    kind = SOURCE_KINDS.get(str(item.get("kind")))
    if kind is None:
        known = ", ".join(SOURCE_KINDS)
        return words(f"kind 应为 {known} 之一", f"kind: expected one of {known}")
    tree = YamlTree()
    validate(kind.settings, item, tree, words)
    return "; ".join(tree.problems) or None


def _free_id(wanted: str, ids: Collection[str]) -> str:
    numbered = (f"{wanted[: _LONGEST_ID - 5]}_{number}" for number in range(2, len(ids) + 3))
    return next(name for name in (wanted, *numbered) if name not in ids)


def _leave_secrets_out(values: dict[str, Any], source: SourceSettings) -> bool:
    fetch = values.get("fetch", {})
    headers = fetch.get("headers", {})
    secret = [name for name in headers if _SECRET_HEADER.search(name)]
    for name in secret:
        del headers[name]
    proxy = source.fetch.proxy.get_secret_value() if source.fetch.proxy else ""
    if "@" in proxy:
        del fetch["proxy"]
    elif proxy:
        fetch["proxy"] = proxy
    return bool(secret) or "@" in proxy


def _items(text: str) -> Iterator[dict[str, Any]]:
    text = text.lstrip("\ufeff \r\n\t")
    yield from _outlines(text) if text.startswith("<") else _listed(text)


def _listed(text: str) -> Iterator[dict[str, Any]]:
    """The sources of a list, or of a configuration in either of its forms."""
    try:
        value = plain_yaml(text)
    except yaml.YAMLError as error:
        raise ConfigError([f"不是 YAML / this is not YAML: {error}"]) from error
    for key in ("sources", "own"):
        value = value.get(key, value) if isinstance(value, Mapping) else value
    if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
        raise ConfigError(["没有来源列表 / there is no list of sources in it"])
    yield from (dict(item) for item in value)


def _outlines(text: str) -> Iterator[dict[str, Any]]:
    """The feeds of an OPML file, in whatever folders they stand."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise ConfigError([f"不是 OPML / this is not OPML: {error}"]) from error
    if etree.QName(root).localname.lower() != "opml":
        raise ConfigError([f"不是 OPML / this is not OPML: it starts with <{root.tag}>"])
    for outline in root.iter("outline"):
        address = outline.get("xmlUrl") or outline.get("xmlurl")
        if address:
            name = _NOT_IN_ID.sub("_", outline.get("text") or outline.get("title") or "").strip("_.")
            yield {"id": (name or "feed")[:_LONGEST_ID], "kind": "feed", "url": address.strip()}
