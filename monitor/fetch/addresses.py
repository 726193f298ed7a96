"""Web addresses: as they go over the wire, and as they may be shown."""

import re
from functools import lru_cache
from urllib.parse import SplitResult, parse_qsl, quote, urlencode, urlsplit, urlunsplit

from monitor.errors import FetchCause
from monitor.fetch.trouble import TroubleError

_PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))
_SECRET_NAME = re.compile(r"token|secret|passw|pwd|auth|sign|credential|session|(?:^|[_-])key$|apikey", re.I)
_SECRET_VALUE = re.compile(r"eyJ[\w-]{8,}\.|[\w+/=-]{40,}")
_LINE_ENDS = re.compile(r"[\r\n\t]")
_HIDDEN = "***"
_KEPT = 4096  # the lists are asked for again and again, and each request takes them apart several times


@lru_cache(_KEPT)
def wire_url(url: str) -> str:
    """The address as it is sent: host in ASCII, other characters percent-encoded, what is encoded kept.

    Raises `TroubleError` for anything but http and https, and for what is no address at all.
    """
    text = _LINE_ENDS.sub("", url.partition("#")[0].strip())
    try:
        parts = urlsplit(text)
        host = _ascii_host(parts)
    except (ValueError, UnicodeError):
        raise TroubleError(FetchCause.FORBIDDEN_ADDRESS, "this is not a web address") from None
    if parts.scheme not in {"http", "https"} or not host:
        raise TroubleError(FetchCause.FORBIDDEN_ADDRESS, "only http and https addresses are fetched")
    userinfo, at, _ = parts.netloc.rpartition("@")
    path = quote(parts.path.encode("utf-8", "surrogateescape"), safe=_PRINTABLE) or "/"
    query = quote(parts.query.encode("utf-8", "surrogateescape"), safe=_PRINTABLE)
    return urlunsplit((parts.scheme, quote(userinfo, safe=_PRINTABLE) + at + host, path, query, ""))


def _ascii_host(parts: SplitResult) -> str:
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host.encode("idna").decode("ascii")
    return f"{host}:{parts.port}" if parts.port is not None else host


@lru_cache(_KEPT)
def host_of(url: str) -> str:
    """The host an address leads to, in lower case, without the port."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def redacted(url: str) -> str:
    """The address without what may be a secret: user and password, and token-like values of its query."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url.split("?", 1)[0]
    netloc = parts.netloc.rpartition("@")[2]
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    shown = [(name, _HIDDEN if _is_secret(name, value) else value) for name, value in pairs]
    query = parts.query if shown == pairs else urlencode(shown, safe="*")
    return urlunsplit((parts.scheme, netloc, parts.path, query, ""))


def _is_secret(name: str, value: str) -> bool:
    return bool(value) and bool(_SECRET_NAME.search(name) or _SECRET_VALUE.match(value))
