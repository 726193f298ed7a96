"""Every error the program raises on purpose.

    MonitorError
    ├─ ConfigError        at start; lists everything wrong, each with its place in the file
    ├─ SourceError        recorded on the check; other sources go on
    │  ├─ FetchError      a page did not arrive; `cause` says why
    │  └─ ParseError      a page arrived and is not as expected: what was found, what was expected
    │     └─ LostRowsError   a list shows far fewer rows than before
    ├─ DeliveryError      a send that did not succeed; `outcome` says whether another try can help
    ├─ SavedRuleError     a saved rule that cannot be changed or forgotten (monitor.saved_rules)
    └─ StorageError       the run stops

`rules.RuleError` is raised when a rule is written and belongs to the `rules` package. Anything else that
escapes is a bug of ours: it is logged with its context and raised.
"""

from enum import StrEnum


class MonitorError(Exception):
    """Base of all errors that are expected; `str(error)` is a sentence for people."""


class ConfigError(MonitorError):
    """The configuration cannot be used. `problems`: a sentence each, starting with the setting's path."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class SourceError(MonitorError):
    """A source could not be checked as a whole or in part."""


class FetchCause(StrEnum):
    """Why a page did not arrive."""

    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    TIMEOUT = "timeout"
    STATUS = "status"
    BLOCKED = "blocked"
    TOO_LARGE = "too_large"
    WRONG_TYPE = "wrong_type"
    ROBOTS = "robots"
    REDIRECT = "redirect"
    FORBIDDEN_ADDRESS = "forbidden_address"
    FILE = "file"


PASSING = frozenset(
    {FetchCause.DNS, FetchCause.CONNECT, FetchCause.TLS, FetchCause.TIMEOUT, FetchCause.BLOCKED}
)
"""Causes that are often gone by the next try."""


class FetchError(SourceError):
    """A page did not arrive."""

    def __init__(
        self,
        message: str,
        *,
        cause: FetchCause,
        url: str,
        status: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.cause = cause
        self.url = url
        self.status = status
        self.retry_after = retry_after  # seconds, as the server asked

    def __reduce__(self) -> tuple[object, ...]:
        return (_restore_fetch_error, (str(self), self.cause, self.url, self.status, self.retry_after))


def _restore_fetch_error(
    message: str, cause: FetchCause, url: str, status: int | None, retry_after: float | None
) -> FetchError:
    return FetchError(message, cause=cause, url=url, status=status, retry_after=retry_after)


class ParseError(SourceError):
    """A page arrived and could not be read as what it should be; the message says found and expected."""


class LostRowsError(ParseError):
    """A list shows far fewer rows than before: its layout may have changed."""


class SendOutcome(StrEnum):
    """What became of one try to send. `SENT` is the only good one."""

    SENT = "sent"
    RETRY = "retry"  # certainly not delivered; another try can help
    TOO_FAST = "too fast"  # not delivered because of a provider's limit: it counts as no try
    AMBIGUOUS = "ambiguous"  # the connection broke after the request went out: it may have arrived
    PERMANENT = "permanent"  # refused for good; trying again cannot help


class DeliveryError(MonitorError):
    """A send that did not succeed.

    `answer` is the provider's status and code, trimmed and free of secrets; `retry_after` is in seconds;
    `too_fast` says that it is a limit that was broken, which others in the same bucket would meet as well;
    `moved_to` is the address to use from now on (a Telegram group that became a supergroup).
    """

    def __init__(
        self,
        message: str,
        *,
        outcome: SendOutcome,
        answer: str = "",
        retry_after: float | None = None,
        too_fast: bool = False,
        moved_to: str | None = None,
    ) -> None:
        super().__init__(message)
        self.outcome = outcome
        self.answer = answer
        self.retry_after = retry_after
        self.too_fast = too_fast
        self.moved_to = moved_to


class StorageError(MonitorError):
    """The database cannot be used: unreachable, full, of a newer version, or damaged."""
