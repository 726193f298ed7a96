"""What is asked of a server, and what it says."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime

from monitor.types import Redirect, Validators

REDIRECTS = frozenset({301, 302, 303, 307, 308})

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.I)
_PRINTABLE = re.compile(r"[\x20-\x7e]{1,1000}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to ask for. `body` is sent as it is; its type belongs into `headers`."""

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a server said. `url` is the address asked, after `redirects`; `body` is empty for a redirect and
    for 304."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes = b""
    redirects: tuple[Redirect, ...] = ()

    @property
    def media_type(self) -> str | None:
        """The declared type in lower case, without parameters."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower() or None

    @property
    def charset(self) -> str | None:
        """The declared character set."""
        match = _CHARSET.search(self.headers.get("Content-Type", ""))
        return match[1] if match else None

    @property
    def validators(self) -> Validators:
        """ETag and Last-Modified, word for word."""
        etag, modified = self.headers.get("ETag", ""), self.headers.get("Last-Modified", "")
        return Validators(_sendable(etag), _sendable(modified))

    @property
    def retry_after(self) -> float | None:
        """Seconds to wait, from either form of the header (RFC 9110, 10.2.3)."""
        value = self.headers.get("Retry-After", "").strip()
        if value.isdecimal():
            return float(value)
        try:
            moment = parsedate_to_datetime(value)
        except ValueError:
            return None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=dt.UTC)
        return max((moment - dt.datetime.now(dt.UTC)).total_seconds(), 0.0)

    @property
    def may_be_markup(self) -> bool:
        """Whether the declared type, if any, does not speak against HTML or XML."""
        media_type = self.media_type or "text/html"
        return media_type.startswith("text/") or "html" in media_type or "xml" in media_type

    @property
    def target(self) -> str | None:
        """Where a redirect leads, as written."""
        return self.headers.get("Location") if self.status in REDIRECTS else None


def _sendable(value: str) -> str | None:
    return value if _PRINTABLE.fullmatch(value) else None
