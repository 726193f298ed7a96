"""What an operator may set about fetching: for the whole program, and for one source."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from monitor.units import Duration, Size


class BrowserSettings(BaseModel):
    """The browser for sources that need one; an extra."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    executable_path: Annotated[
        Path | None, Field(description="the Chromium to use; looked for in the usual places if absent")
    ] = None
    pages: Annotated[int, Field(ge=1, le=10, description="pages open at the same time")] = 2
    timeout: Annotated[
        Duration, Field(description="longest time for one page, with its scripts and a challenge")
    ] = timedelta(seconds=60)


class FetchSettings(BaseModel):
    """How the program behaves towards all sites."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    contact: Annotated[
        str | None,
        Field(
            description="mail address or page where a site's operator can reach you; part of the user agent"
        ),
    ] = None
    per_host: Annotated[int, Field(ge=1, le=4, description="requests to one host at the same time")] = 1
    gap: Annotated[Duration, Field(description="least time between two requests to one host")] = timedelta(
        seconds=1
    )
    jitter: Annotated[
        float, Field(ge=0, le=2, description="random part added to the gap, as a share of it")
    ] = 0.5
    timeout: Annotated[
        Duration, Field(description="longest time for one page, from connecting to its last byte")
    ] = timedelta(seconds=60)
    connect_timeout: Annotated[
        Duration, Field(description="longest time to find a host and to connect to it")
    ] = timedelta(seconds=15)
    max_size: Annotated[Size, Field(gt=0, description="largest page or file, unpacked")] = 64 << 20
    max_redirects: Annotated[int, Field(ge=0, description="longest chain of redirects")] = 8
    patience: Annotated[
        Duration,
        Field(description="longest Retry-After that is waited for at once; a longer one ends the check"),
    ] = timedelta(seconds=10)
    allow_private: Annotated[
        bool, Field(description="allow private and loopback addresses (an intranet, tests)")
    ] = False
    browser: BrowserSettings = BrowserSettings()


def _proxy(proxy: SecretStr) -> SecretStr:
    if not proxy.get_secret_value().startswith("http://"):
        raise ValueError("must start with http://")
    return proxy


class FetchOptions(BaseModel):
    """What is different for one source."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    proxy: Annotated[
        Annotated[SecretStr, AfterValidator(_proxy)] | None,
        Field(description="http:// address of a proxy, with user and password if it needs them"),
    ] = None
    old_tls: Annotated[bool, Field(description="allow the TLS of old servers; for this source only")] = False
    ignore_robots: Annotated[
        bool, Field(description="fetch what robots.txt forbids; every use is logged")
    ] = False
    allow_private: Annotated[bool, Field(description="allow private and loopback addresses")] = False
    headers: Annotated[dict[str, str], Field(description="request headers to add or replace")] = {}
    browser: Annotated[
        Literal["never", "auto", "always"],
        Field(description="fetch with a browser: never, auto once a script challenge blocks, or always"),
    ] = "never"
