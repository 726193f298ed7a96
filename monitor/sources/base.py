"""What every kind of source has in common."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, ClassVar, Literal, Protocol

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from monitor.fetch import FetchOptions, Request
from monitor.types import Entry, Listing, Page, Validators
from monitor.units import AUTO, Every


def _web_address(url: str) -> str:
    if not url.startswith(("http://", "https://")):
        raise ValueError("must start with http:// or https://")
    return url


WebAddress = Annotated[str, AfterValidator(_web_address)]


class SourceSettings(BaseModel):
    """Settings of every kind of source; each kind adds its own and fixes `kind`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Annotated[str, Field(description="folder, html_list, feed, page or json_list")]
    id: Annotated[str, Field(pattern=r"^[\w.-]{1,80}$", description="short name, unique; appears in alerts")]
    enabled: Annotated[bool, Field(description="false: known, but not checked")] = True
    every: Annotated[
        Every,
        Field(
            description="time between checks: 1h, or {min: 10m, max: 6h} as it publishes; auto: 10m to 40m"
        ),
    ] = AUTO
    cron: Annotated[
        str | None,
        Field(description="instead of every: minute hour day month weekday, e.g. 0 9,14 * * mon-fri"),
    ] = None
    first_check: Annotated[
        Literal["baseline", "alert"],
        Field(description="what the first check finds: baseline records it silently, alert tells it"),
    ] = "baseline"
    layout: Annotated[str, Field(description="auto, monthly, reference, weekly or notice")] = "auto"
    fetch: Annotated[FetchOptions, Field(description="what is different in fetching this source")] = (
        FetchOptions()
    )
    may_be_empty: Annotated[bool, Field(description="an empty list is no error")] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """What was stored of the last good check.

    `first`: there was none. `known`: address → version of every entry that was recorded. `row_count`: how
    many rows the list had then (`Listing.row_count`), None before there was one.
    """

    first: bool = False
    validators: Validators = field(default_factory=Validators)
    page_hash: str | None = None
    row_count: int | None = None
    known: Mapping[str, str] = field(default_factory=dict)


class PageFetcher(Protocol):
    """What a source needs of a `Fetcher`."""

    async def send(self, request: Request, *, validators: Validators, options: FetchOptions) -> Page | None:
        """The page, None when it is the same as for `validators`. Raises `FetchError`."""


class Source(Protocol):
    """A configured place to look.

    Of the entries it lists, those whose (url, version) is in `state.known` need nothing more; each other
    one is read, parsed and recorded by the check, and then settled.
    """

    kind: ClassVar[str]

    @property
    def id(self) -> str:
        """The source's name in the configuration."""

    async def list(self, fetcher: PageFetcher, state: SourceState) -> Listing:
        """What the source lists now. Raises `FetchError` and `ParseError`."""

    async def read(self, fetcher: PageFetcher, entry: Entry) -> Page:
        """The content of one entry, with this source's fetch options. Raises `FetchError`."""

    async def settle(self, entry: Entry, ok: bool) -> None:
        """Called after an entry was recorded, or with `ok=False` after it could not be read."""
