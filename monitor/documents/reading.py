"""The one way in: `read` finds the format of a page and calls the reader for it."""

from collections.abc import Iterator
from dataclasses import replace

from monitor.documents.archive import Budget, members
from monitor.documents.doc import RTF, WORD, read_doc
from monitor.documents.docx import read_docx
from monitor.documents.formats import Format, format_of, suffix_of
from monitor.documents.html import read_html
from monitor.documents.pdf import read_pdf
from monitor.documents.plain import read_text
from monitor.errors import ParseError
from monitor.types import Document, Page

_MIB = 1 << 20
_BINARY_NAMES = (".pdf", ".doc", ".docx", ".zip")


def read(
    page: Page, *, max_pages: int = 2000, max_bytes: int = 100 * _MIB, max_members: int = 1000
) -> list[Document]:
    """The documents in a page: one, or one for each file of a ZIP archive (url `archive.zip!/inner.pdf`).

    `max_bytes` bounds the page and, apart from it, all that it unpacks to; `max_pages` a PDF; `max_members`
    an archive. A file of an archive that cannot be read becomes a document without blocks whose warning says
    why; the others stand. Raises `ParseError` with a sentence that starts with the page's address and says
    what was found and what to do: encrypted, empty, scanned, damaged, too large, of a format not read.
    """
    if len(page.body) > max_bytes:
        raise ParseError(f"{page.url}: has {len(page.body):,} bytes, more than the limit of {max_bytes:,}.")
    budget = Budget(bytes=max_bytes, members=max_members)
    documents = list(_documents(page, budget, max_pages))
    if all(not document.blocks and document.markup is None for document in documents):
        raise ParseError("\n".join(warning for document in documents for warning in document.warnings))
    return documents


def _documents(page: Page, budget: Budget, max_pages: int) -> Iterator[Document]:
    """The documents of a page; for what cannot be read, one that says so in its warnings."""
    try:
        found, text = format_of(page)
        if found is Format.ZIP:
            yield from _unpacked(page, budget, max_pages)
        else:
            yield _document(page, found, text, budget.bytes, max_pages)
    except ParseError as error:
        yield _unread(page.url, str(error))
    except MemoryError:
        raise
    except Exception as error:
        # Whatever a library stumbles over: one file's damage, and the others go on.
        yield _unread(page.url, f"cannot be read ({type(error).__name__}: {error}); it is probably damaged.")


def _unpacked(page: Page, budget: Budget, max_pages: int) -> Iterator[Document]:
    if budget.depth == 0:
        raise ParseError("is an archive inside too many others.")
    budget.depth -= 1
    for member in members(page, budget):
        if isinstance(member, Page):
            yield from _documents(member, budget, max_pages)
        else:
            yield _unread(member[0], str(member[1]))
    budget.depth += 1


def _document(page: Page, found: Format, text: str, max_bytes: int, max_pages: int) -> Document:
    match found:
        case Format.HTML:
            return _with_promise(read_html(text, url=page.base_url), page)
        case Format.PDF:
            return read_pdf(page.body, url=page.base_url, max_pages=max_pages)
        case Format.DOCX:
            return read_docx(page.body, url=page.base_url, max_bytes=max_bytes)
        case Format.DOC | Format.RTF:
            media_type = WORD if found is Format.DOC else RTF
            return read_doc(page.body, url=page.base_url, max_bytes=max_bytes, media_type=media_type)
        case _:
            return _not_blank(read_text(text, url=page.base_url))


def _not_blank(document: Document) -> Document:
    if not document.blocks:
        raise ParseError("is a text without a character to be seen.")
    return document


def _with_promise(document: Document, page: Page) -> Document:
    """A web page where a file was promised is often a notice of the server's own: log in, not found."""
    if suffix_of(page.url) not in _BINARY_NAMES:
        return document
    warning = f"{page.url}: is a web page, although its name promises {suffix_of(page.url)[1:].upper()}."
    return replace(document, warnings=(*document.warnings, warning))


def _unread(url: str, sentence: str) -> Document:
    return Document(
        blocks=(), url=url, media_type="application/octet-stream", warnings=(f"{url}: {sentence}",)
    )
