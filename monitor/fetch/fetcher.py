"""The only door to the web: one polite request at a time to each host."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from monitor.fetch.settings import FetchOptions, FetchSettings
from monitor.types import Page, Validators


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to ask for. `body` is sent as it is; its type belongs into `headers`."""

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None


class Fetcher:
    """Fetches pages politely; an async context manager, made once and shared by all sources."""

    def __init__(self, settings: FetchSettings = FetchSettings()) -> None: ...

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    async def get(
        self, url: str, *, validators: Validators = Validators(), options: FetchOptions = FetchOptions()
    ) -> Page | None:
        """The page at `url`, or None when the server says that it is the same as for `validators` (304).

        Raises `FetchError` with its cause, and a sentence that holds no secrets of the address.
        """
        return await self.send(Request(url=url), validators=validators, options=options)

    async def send(
        self,
        request: Request,
        *,
        validators: Validators = Validators(),
        options: FetchOptions = FetchOptions(),
    ) -> Page | None:
        """Like `get`, for requests with another method, headers or a body."""
        raise NotImplementedError
