"""The one way in: `read` finds the format of a page and calls the reader for it."""

from monitor.types import Document, Page

MIB = 1 << 20


def read(
    page: Page, *, max_pages: int = 2000, max_bytes: int = 100 * MIB, max_members: int = 1000
) -> list[Document]:
    """The documents in a page: one, or one for each member of a ZIP archive (url `archive.zip!/inner.pdf`).

    `max_bytes` bounds the page and all that it unpacks to, `max_pages` a PDF, `max_members` an archive. A
    member that cannot be read becomes a document without blocks whose warning says why; the others stand.
    Raises `ParseError` with a sentence that starts with the page's address and says what was found and what
    to do: encrypted, empty, scanned, damaged, too large, of a format that is not read.
    """
    raise NotImplementedError
