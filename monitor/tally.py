"""What one check of a source found, counted as it goes, and its report."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field

from monitor.errors import FetchError, LostRowsError, ParseError, SourceError
from monitor.matching import Told
from monitor.recording import Status
from monitor.storage import Check, CheckOutcome
from monitor.types import Listing, Notice


@dataclass(frozen=True, slots=True)
class CheckReport:
    """A finished check, the notices it saw, and a sentence for everything that went wrong in it."""

    check: Check
    notices: tuple[tuple[Status, Notice], ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(slots=True)
class Tally:
    """Entries read, failed, and postponed because they failed not long ago; what was recorded and queued."""

    read: int = 0
    failed: int = 0
    postponed: int = 0
    matched: int = 0
    queued: int = 0
    notices: list[tuple[Status, Notice]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        """Every entry that was listed is recorded."""
        return not self.failed and not self.postponed

    def add(self, status: Status, notice: Notice, told: Told) -> None:
        self.notices.append((status, notice))
        self.matched += told.matched
        self.queued += told.queued

    def summary(  # noqa: PLR0917 - the parts of one row
        self,
        source_id: str,
        listing: Listing | None,
        error: SourceError | None,
        baseline: bool,
        started_at: dt.datetime,
        finished_at: dt.datetime,
    ) -> Check:
        """The check as it is stored; `listing` is None where the source as a whole could not be read."""
        statuses = Counter(status for status, _ in self.notices)
        return Check(
            source_id=source_id,
            started_at=started_at,
            finished_at=finished_at,
            outcome=self._outcome(listing),
            baseline=baseline,
            rows=listing.row_count if listing else None,
            listed=len(listing.entries) if listing else 0,
            read=self.read,
            failed=self.failed,
            new=statuses[Status.NEW],
            corrected=statuses[Status.CORRECTED],
            matched=self.matched,
            queued=self.queued,
            cause=_cause(error),
            message=self.problems[0] if self.problems else None,
        )

    def _outcome(self, listing: Listing | None) -> CheckOutcome:
        if listing is None:
            return CheckOutcome.FAILED
        if not self.complete:
            return CheckOutcome.PARTIAL
        return CheckOutcome.OK if self.read else CheckOutcome.UNCHANGED


def _cause(error: SourceError | None) -> str | None:
    if isinstance(error, FetchError):
        return error.cause.value
    if isinstance(error, LostRowsError):
        return "lost_rows"
    if isinstance(error, ParseError):
        return "parse"
    return None if error is None else "internal"
