"""Which addresses a stranger may make us connect to."""

import socket

import pytest

from monitor.addresses import PrivateAddressError, is_public, public_socket


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fd00::1",
        "ff02::1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "2002:7f00:1::",
        "2001:0:7f00:1::",
    ],
)
def test_a_local_address_is_not_however_it_is_wrapped(address: str) -> None:
    assert not is_public(address)


def test_no_socket_is_made_for_a_local_address() -> None:
    (info, *_) = socket.getaddrinfo("127.0.0.1", 80, type=socket.SOCK_STREAM)
    with pytest.raises(PrivateAddressError):
        public_socket(info)
    (info, *_) = socket.getaddrinfo("8.8.8.8", 80, type=socket.SOCK_STREAM)
    public_socket(info).close()
