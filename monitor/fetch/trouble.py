"""What went wrong inside fetching, before it is known which address to name."""

from monitor.errors import FetchCause


class TroubleError(Exception):
    """A cause and a sentence; `Fetcher` makes a `FetchError` of it and adds the address."""

    def __init__(
        self,
        cause: FetchCause,
        sentence: str,
        *,
        status: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(sentence)
        self.cause = cause
        self.status = status
        self.retry_after = retry_after
