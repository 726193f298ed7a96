"""Does a page hold a script challenge instead of what was asked for?"""


def challenge(markup: str | bytes, status: int = 200) -> str | None:
    """The name of the wall that answered instead of the site, or None for an honest page.

    A challenge is a marker of a known wall, or a script that sets a cookie and loads the page again,
    on a page with fewer than 60 visible Chinese characters; with status 202, 403, 412 or 521 any script
    on such a page is enough. A marker on a page with text is not: real notices carry it too.
    """
    raise NotImplementedError
