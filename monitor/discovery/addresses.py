"""An address as somebody typed or pasted it."""

import re
import unicodedata
from urllib.parse import urlsplit

from monitor.discovery.finding import NoSourceError, Problem

_AROUND = " \t\r\n<>\"'“”‘’「」《》（）()，。、；;,"
_SCHEME = re.compile(r"^(?P<scheme>[a-z]{2,9})(?:\s*:\s*/{1,3}|//|:/{0,2}(?=\w[\w-]*\.))\s*", re.I)
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+|\[[0-9a-f:.]+\]|localhost", re.I)


def typed_address(text: str) -> tuple[str, ...]:
    """The addresses that may be meant, the likeliest first: with a scheme given one, without two.

    Full-width characters, quotes around it, `htps:/` and a Chinese full stop in the host are put right.
    Raises `NoSourceError`.
    """
    address = unicodedata.normalize("NFKC", text.strip(_AROUND)).replace("。", ".").replace(" ", "")
    match = _SCHEME.match(address)
    rest = address[match.end() :] if match else address
    schemes = _schemes(match["scheme"].lower()) if match else ("https", "http")
    host, slash, path = rest.partition("/")
    if not schemes or not _HOST.fullmatch(re.sub(r":\d{1,5}$", "", host.partition("?")[0])):
        raise NoSourceError(Problem.ADDRESS, text.strip(), "this is not a web address")
    return tuple(f"{scheme}://{host}{slash or '/'}{path}" for scheme in schemes)


def _schemes(typed: str) -> tuple[str, ...]:
    if typed in ("http", "https"):
        return (typed,)
    is_slip = len(typed) >= 3 and typed[0] in "ht" and set(typed) <= set("https")
    return ("https", "http") if is_slip else ()


def host_of(address: str) -> str:
    """The host of a web address, in lower case, without its port."""
    return (urlsplit(address).hostname or "").lower()
