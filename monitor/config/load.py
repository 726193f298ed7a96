"""A configuration file → `Config`, or `ConfigError` with everything that is wrong with it."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from apscheduler.triggers.cron import CronTrigger

from monitor.config.model import Config, DestinationSettings, Settings
from monitor.config.problems import validate
from monitor.config.yaml_tree import SettingPath, YamlTree, read_yaml
from monitor.errors import ConfigError
from monitor.notify import CHANNELS, ChannelSettings
from monitor.parsing import LAYOUT_NAMES
from monitor.sources import SOURCE_KINDS, SourceSettings
from monitor.words import Words
from rules import RuleError, Vocabulary, parse_rule
from rules.vocabulary import VocabularyError


def load_config(path: Path, environ: Mapping[str, str] = os.environ) -> Config:
    """Read and check a configuration file.

    Raises:
        ConfigError: all problems at once, each with its setting's path and line, in the file's language.
    """
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError:
        raise ConfigError([f"{path}: 没有这个文件 / there is no such file"]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError([f"{path}: 无法读取 / cannot be read: {error}"]) from error
    folder = path.resolve().parent
    tree = read_yaml(text, environ, folder)
    config = _Checker(tree, folder).config()
    if tree.problems or config is None:
        raise ConfigError(tree.problems)
    return config


class _Checker:
    """Collects problems in the tree while it builds the configuration."""

    def __init__(self, tree: YamlTree, folder: Path) -> None:
        self._tree = tree
        self._folder = folder
        values = tree.values if isinstance(tree.values, dict) else {}
        self._words = Words("en" if values.get("language") == "en" else "zh")

    def config(self) -> Config | None:
        values = self._tree.values or {}
        if not isinstance(values, dict):
            self._problem((), "文件应为一组“键: 值”", "expected keys with values")
            return None
        values = dict(values)
        sources = self._sources(values.pop("sources", None) or [])
        channels = self._channels(values.pop("channels", None) or {})
        settings = validate(Settings, values, self._tree, self._words, beside=("sources", "channels"))
        if settings is None:
            return None
        self._check_timezone(settings)
        self._check_subscribers(settings, channels)
        if self._tree.problems:
            return None
        return Config(
            **{name: getattr(settings, name) for name in Settings.model_fields},
            folder=self._folder,
            sources=tuple(sources),
            channels=channels,
        )

    def _sources(self, items: Any) -> list[SourceSettings]:
        if not isinstance(items, list):
            self._problem(("sources",), "应为列表", "expected a list")
            return []
        sources = [self._source(item, ("sources", index)) for index, item in enumerate(items)]
        found = [source for source in sources if source is not None]
        for index, source in enumerate(sources):
            if source and any(other and other.id == source.id for other in sources[:index]):
                path = ("sources", index, "id")
                self._problem(
                    path, f"{source.id} 已用于另一来源", f"{source.id} names another source already"
                )
        return found

    def _source(self, item: Any, path: SettingPath) -> SourceSettings | None:
        kind = item.get("kind") if isinstance(item, dict) else None
        if not isinstance(kind, str) or kind not in SOURCE_KINDS:
            known = ", ".join(SOURCE_KINDS)
            self._problem(
                (*path, "kind"),
                f"应为 {known} 之一，却是 {kind!r}",
                f"expected one of {known}, found {kind!r}",
            )
            return None
        source = validate(SOURCE_KINDS[kind].settings, item, self._tree, self._words, at=path)
        if source is not None:
            self._check_schedule(source, path)
        return source

    def _check_schedule(self, source: SourceSettings, path: SettingPath) -> None:
        if source.layout not in ("auto", *LAYOUT_NAMES):
            known = ", ".join(("auto", *LAYOUT_NAMES))
            self._problem((*path, "layout"), f"应为 {known} 之一", f"expected one of {known}")
        try:
            if source.cron is not None:
                CronTrigger.from_crontab(source.cron)
        except ValueError as error:
            self._problem((*path, "cron"), f"不是 cron 表达式：{error}", f"is not a cron expression: {error}")

    def _channels(self, items: Any) -> dict[str, ChannelSettings]:
        channels: dict[str, ChannelSettings] = {}
        if not isinstance(items, dict):
            self._problem(("channels",), "应为一组“键: 值”", "expected keys with values")
            return channels
        for name, value in items.items():
            if name not in CHANNELS:
                known = ", ".join(CHANNELS)
                self._problem(
                    ("channels", name), f"没有这种渠道，可用的有：{known}", f"is no channel; known: {known}"
                )
                continue
            settings = validate(
                CHANNELS[name].settings, value or {}, self._tree, self._words, at=("channels", name)
            )
            if settings is not None:
                channels[name] = settings
        return channels

    def _check_timezone(self, settings: Settings) -> None:
        try:
            ZoneInfo(settings.timezone)
        except (ZoneInfoNotFoundError, ValueError):
            name = settings.timezone
            self._problem(("timezone",), f"没有时区 {name!r}", f"there is no time zone {name!r}")

    def _check_subscribers(self, settings: Settings, channels: Mapping[str, ChannelSettings]) -> None:
        vocabulary = self._vocabulary(settings)
        names: set[str] = set()
        for index, subscriber in enumerate(settings.subscribers):
            path: SettingPath = ("subscribers", index)
            if subscriber.name in names:
                self._problem((*path, "name"), "与另一订阅人同名", "names another subscriber already")
            names.add(subscriber.name)
            self._check_destinations(subscriber.destinations, channels, path)
            for number, subscription in enumerate(subscriber.subscriptions):
                self._check_rule(subscription.rule, vocabulary, (*path, "subscriptions", number, "rule"))
        self._check_destinations(settings.operator.destinations, channels, ("operator",))

    def _vocabulary(self, settings: Settings) -> Vocabulary:
        try:
            return Vocabulary.load(*(self._folder / path for path in settings.vocabulary))
        except VocabularyError as error:
            self._tree.problems.append(f"{self._tree.place(('vocabulary',))}: {error}")
            return Vocabulary.load()

    def _check_rule(self, rule: str, vocabulary: Vocabulary, path: SettingPath) -> None:
        try:
            parse_rule(rule, vocabulary=vocabulary)
        except RuleError as error:
            self._problem(path, error.render("zh"), error.render("en"))

    def _check_destinations(
        self,
        destinations: list[DestinationSettings],
        channels: Mapping[str, ChannelSettings],
        path: SettingPath,
    ) -> None:
        for index, destination in enumerate(destinations):
            place = (*path, "destinations", index)
            if destination.channel not in channels:
                known = ", ".join(channels) or "-"
                self._problem(
                    (*place, "channel"),
                    f"channels 里没有 {destination.channel}，已设置的有：{known}",
                    f"{destination.channel} is not among the channels that are set: {known}",
                )
                continue
            try:
                address = CHANNELS[destination.channel].check_address(destination.address.get_secret_value())
                self._check_name(address, channels[destination.channel], (*place, "address"))
            except ValueError as error:
                self._tree.problems.append(f"{self._tree.place((*place, 'address'))}: {error}")

    def _check_name(self, address: str, channel: ChannelSettings, path: SettingPath) -> None:
        names = channel.names()
        if names is not None and address not in names:
            known = ", ".join(sorted(names))
            self._problem(
                path,
                f"没有设置 {address}，已设置的有：{known}",
                f"{address} is not set up; there are: {known}",
            )

    def _problem(self, path: SettingPath, chinese: str, english: str) -> None:
        self._tree.problems.append(f"{self._tree.place(path)}: {self._words(chinese, english)}")
