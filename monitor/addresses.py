"""Is an address one that a stranger may make us connect to?"""

import ipaddress
import socket
from ipaddress import IPv4Address, IPv6Address
from typing import Any

_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class PrivateAddressError(OSError):
    """A connection to a private, loopback or otherwise local address was not made."""

    def __init__(self) -> None:
        super().__init__("a private or local address")


def is_public(address: str) -> bool:
    """False for private, loopback, link-local, shared, reserved and multicast addresses, however wrapped.

    An IPv6 address that carries an IPv4 one (mapped, 6to4, Teredo, NAT64) is as public as both.
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    return all(part.is_global and not part.is_multicast for part in _unwrapped(ip))


def _unwrapped(ip: IPv4Address | IPv6Address) -> list[IPv4Address | IPv6Address]:
    if isinstance(ip, IPv4Address):
        return [ip]
    if ip.ipv4_mapped:
        return [ip.ipv4_mapped]
    if ip in _NAT64:
        return [IPv4Address(int(ip) & 0xFFFFFFFF)]
    carried = [ip.sixtofour, *(ip.teredo or ())]
    return [ip, *(part for part in carried if part)]


def public_socket(info: tuple[Any, ...]) -> socket.socket:
    """A socket for one row of `getaddrinfo` that is about to be connected to.

    Raises `PrivateAddressError` for a local one. The check stands here because a name can resolve to
    something else a moment later.
    """
    family, kind, protocol, _, address = info
    if not is_public(str(address[0])):
        raise PrivateAddressError
    return socket.socket(family, kind, protocol)
