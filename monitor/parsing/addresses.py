"""Web addresses that a text prints."""

import re
from collections.abc import Sequence

from monitor.parsing.markdown import Unmarked

_URL = re.compile(r"https?://[A-Za-z0-9\-._~:/?#@!$&'()*+,;=%\[\]]{3,600}")
_END = re.compile(r"[.,;:!?)\]']+$")
_GOES_ON = re.compile(r"^[A-Za-z0-9\-._~/?#&=%]{3,300}$")
_WHOLE = re.compile(r"\.(?:s?html?|jsp|aspx?|php|pdf|docx?|xlsx?|zip|rar)(?:[?#].*)?$|/$", re.IGNORECASE)


def printed_urls(lines: Sequence[Unmarked]) -> tuple[str, ...]:
    """The addresses that the lines print or link to; one that a line end has cut is put together."""
    urls: list[str] = []
    for number, line in enumerate(lines):
        urls += line.urls
        for match in _URL.finditer(line.text):
            url = _END.sub("", match[0])
            following = lines[number + 1].text if number + 1 < len(lines) else ""
            if match.end() == len(line.text) and not _WHOLE.search(url) and _GOES_ON.match(following):
                url += following
            urls.append(url)
    return tuple(dict.fromkeys(urls))
