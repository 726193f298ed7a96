"""The program's fetcher, looked through: what a source asked for, and what came."""

from monitor.fetch import Fetcher, FetchOptions, Request
from monitor.fetch.fetcher import DEFAULT_OPTIONS, NO_VALIDATORS
from monitor.types import Page, Validators


class Witness(Fetcher):
    """Passes requests on to another fetcher, asks for nothing twice, and keeps the pages.

    So an address is tried by the very code that will check it, and what came can be looked at afterwards.
    """

    def __init__(self, fetcher: Fetcher) -> None:
        super().__init__()  # never opened: all goes through `fetcher`
        self._fetcher = fetcher
        self._kept: dict[tuple[str, str, bytes | None], Page | None] = {}
        self.asked = 0

    @property
    def pages(self) -> list[Page]:
        """What came, in order."""
        return list(dict.fromkeys(page for page in self._kept.values() if page is not None))

    async def send(
        self,
        request: Request,
        *,
        validators: Validators = NO_VALIDATORS,
        options: FetchOptions = DEFAULT_OPTIONS,
    ) -> Page | None:
        """As `Fetcher.send`."""
        key = (request.method, request.url, request.body)
        if key not in self._kept:
            self.asked += 1
            page = await self._fetcher.send(request, validators=validators, options=options)
            self._kept[key] = page
            if page is not None and request.method == "GET":
                self._kept.setdefault(("GET", page.base_url, None), page)  # where redirects led
        return self._kept[key]
