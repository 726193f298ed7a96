"""A configuration file → `Config`, or `ConfigError` with everything that is wrong with it."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from monitor.config.model import Config, DestinationSettings, Settings, SubscriberSettings
from monitor.config.overlay import OVERLAY, read_overlay
from monitor.config.problems import validate
from monitor.config.sources import read_sources
from monitor.config.yaml_tree import SettingPath, YamlTree, read_yaml
from monitor.errors import ConfigError
from monitor.notify import CHANNELS, ChannelSettings
from monitor.words import Words
from rules import RuleError, Vocabulary, parse_rule
from rules.vocabulary import VocabularyError, shipped_vocabulary


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
    config = _Checker(tree, folder, environ).config()
    if tree.problems or config is None:
        raise ConfigError(tree.problems)
    return config


class _Checker:
    """Collects problems in the tree while it builds the configuration."""

    def __init__(self, tree: YamlTree, folder: Path, environ: Mapping[str, str]) -> None:
        self._tree = tree
        self._folder = folder
        self._environ = environ
        values = tree.values if isinstance(tree.values, dict) else {}
        self._words = Words("en" if values.get("language") == "en" else "zh")

    def config(self) -> Config | None:
        values = self._tree.values or {}
        if not isinstance(values, dict):
            self._problem((), "文件应为一组“键: 值”", "expected keys with values")
            return None
        values = dict(values)
        listed = values.pop("sources", None) or []
        channels = self._channels(values.pop("channels", None) or {})
        settings = validate(Settings, values, self._tree, self._words, beside=("sources", "channels"))
        vocabulary = self._vocabulary(settings.vocabulary if settings else [])
        overlay = read_overlay(self._folder, self._environ, self._words)
        sources = read_sources(listed, self._tree, overlay, vocabulary, self._words)
        self._tree.problems += [f"{OVERLAY}: {problem}" for problem in overlay.tree.problems]
        if settings is None:
            return None
        self._check_timezone(settings)
        self._check_webhook(settings)
        self._check_subscribers(settings, channels, vocabulary)
        if self._tree.problems:
            return None
        return Config(
            **{name: getattr(settings, name) for name in Settings.model_fields},
            folder=self._folder,
            sources=sources.settings,
            waiting=sources.waiting,
            overrides=dict(sources.overrides),
            channels=channels,
        )

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

    def _check_webhook(self, settings: Settings) -> None:
        if settings.chat.webhook and settings.web.listen is None:
            self._problem(
                ("chat", "webhook"),
                "需要同时设置 web.listen，否则收不到推送",
                "nothing would be heard without web.listen: set it too",
            )

    def _check_subscribers(
        self, settings: Settings, channels: Mapping[str, ChannelSettings], vocabulary: Vocabulary
    ) -> None:
        names: set[str] = set()
        for index, subscriber in enumerate(settings.subscribers):
            path: SettingPath = ("subscribers", index)
            if subscriber.name in names:
                self._problem((*path, "name"), "与另一订阅人同名", "names another subscriber already")
            names.add(subscriber.name)
            self._check_destinations(subscriber.destinations, channels, path)
            self._check_rules(subscriber, vocabulary, path)
        self._check_destinations(settings.operator.destinations, channels, ("operator",))

    def _vocabulary(self, files: Sequence[Path]) -> Vocabulary:
        if not files:
            return shipped_vocabulary()
        try:
            return Vocabulary.load(*(self._folder / path for path in files))
        except VocabularyError as error:
            self._tree.problems.append(f"{self._tree.place(('vocabulary',))}: {error}")
            return shipped_vocabulary()

    def _check_rules(self, subscriber: SubscriberSettings, vocabulary: Vocabulary, path: SettingPath) -> None:
        saved = subscriber.saved_rules
        rules: list[tuple[str, str | None, SettingPath]] = [
            (subscription.rule, None, (*path, "subscriptions", number, "rule"))
            for number, subscription in enumerate(subscriber.subscriptions)
        ]
        rules += [(rule, name, (*path, "saved_rules", name)) for name, rule in saved.items()]
        for rule, name, place in rules:
            try:
                parse_rule(rule, vocabulary, saved, name=name)
            except RuleError as error:
                self._problem(place, error.render("zh"), error.render("en"))

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
