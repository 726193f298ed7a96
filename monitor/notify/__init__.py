"""Sending: one module per channel.

Every module here whose name has no leading underscore is a channel and offers a `KIND`; adding a channel is
adding a module. `CHANNELS` loads one when it is asked for, since some bring large libraries along::

    kind = CHANNELS["webhook"]
    address = kind.check_address("https://example.org/alerts")   # ValueError says what is wrong with it
    channel = kind.create(kind.settings(secrets=["whsec_…"]), clock)
    receipt = await channel.send(address, message)               # or DeliveryError with its outcome
"""

import pkgutil
from collections.abc import Iterator, Mapping
from importlib import import_module

from monitor.notify._channel import Channel, ChannelKind, ChannelSettings, Clock

__all__ = ["CHANNELS", "Channel", "ChannelKind", "ChannelSettings", "Clock"]


class _Channels(Mapping[str, ChannelKind]):
    """The channels of this package by name."""

    def __init__(self) -> None:
        modules = (module.name for module in pkgutil.iter_modules(__path__))
        self._names = tuple(sorted(name for name in modules if not name.startswith("_")))

    def __getitem__(self, name: str) -> ChannelKind:
        if name not in self._names:
            raise KeyError(name)
        kind: ChannelKind = import_module(f"{__name__}.{name}").KIND
        return kind

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


CHANNELS: Mapping[str, ChannelKind] = _Channels()
