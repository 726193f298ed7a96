"""The one way in: `read` finds the format of a page and calls the reader for it."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from monitor.documents.archive import Budget, members
from monitor.documents.doc import RTF, read_doc
from monitor.documents.docx import read_docx
from monitor.documents.formats import Format, format_of, suffix_of
from monitor.documents.html import read_html
from monitor.documents.pdf import read_pdf
from monitor.documents.plain import read_text
from monitor.errors import ParseError
from monitor.types import Document, Page

_MIB = 1 << 20
_MOST_FILES = 1000  # of an archive and those inside it
_DEEPEST = 3  # archives inside archives
_BINARY_NAMES = (".pdf", ".doc", ".docx", ".zip")


def read(page: Page, *, max_pages: int = 2000, max_bytes: int = 100 * _MIB) -> list[Document]:
    """The documents in a page: one, or one for each file of a ZIP archive (url `archive.zip!/inner.pdf`).

    `max_bytes` bounds the page and, apart from it, all that it unpacks to; `max_pages` a PDF. A file of an
    archive that cannot be read becomes a document without blocks whose warning says why; the others stand.
    Raises `ParseError` with a sentence that starts with the page's address and says what was found and what
    to do: encrypted, empty, scanned, damaged, too large, of a format not read.
    """
    if len(page.body) > max_bytes:
        raise ParseError(f"{page.url}: has {len(page.body):,} bytes, more than the limit of {max_bytes:,}.")
    reader = _Reader(Budget(bytes=max_bytes, members=_MOST_FILES), max_pages)
    documents = list(reader.documents(page))
    if all(not document.blocks and document.markup is None for document in documents):
        raise ParseError("\n".join(reader.errors))
    return documents


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one page and what is packed in it, within limits."""

    budget: Budget
    max_pages: int
    errors: list[str] = field(default_factory=list)

    def documents(self, page: Page, depth: int = 0) -> Iterator[Document]:
        """The documents of a page; for what cannot be read, one that says so in its warnings."""
        try:
            found, text = format_of(page)
            if found is Format.ZIP:
                yield from self._unpacked(page, depth)
            else:
                yield self._document(page, found, text)
        except ParseError as error:
            yield self._unread(page.url, str(error))
        except MemoryError:
            raise
        except Exception as error:
            # Whatever a library stumbles over is the damage of one file, and the others go on.
            yield self._unread(page.url, f"cannot be read ({type(error).__name__}: {error}); it is damaged.")

    def _unpacked(self, page: Page, depth: int) -> Iterator[Document]:
        if depth == _DEEPEST:
            raise ParseError(f"is an archive inside {depth} others, which is deeper than is read.")
        for member in members(page, self.budget):
            if isinstance(member, Page):
                yield from self.documents(member, depth + 1)
            else:
                yield self._unread(*member)

    def _document(self, page: Page, found: Format, text: str) -> Document:
        match found:
            case Format.HTML:
                return _with_promise(read_html(text, url=page.base_url), page)
            case Format.PDF:
                return read_pdf(page.body, url=page.base_url, max_pages=self.max_pages)
            case Format.DOCX:
                return read_docx(page.body, url=page.base_url, max_bytes=self.budget.bytes)
            case Format.DOC:
                return read_doc(page.body, url=page.base_url, max_bytes=self.budget.bytes)
            case Format.RTF:
                return read_doc(page.body, url=page.base_url, max_bytes=self.budget.bytes, media_type=RTF)
            case _:
                return _not_blank(read_text(text, url=page.base_url))

    def _unread(self, url: str, sentence: str) -> Document:
        error = f"{url}: {sentence}"
        self.errors.append(error)
        return Document(
            blocks=(), url=url, media_type="application/octet-stream", warnings=(f"无法读取（{error}）",)
        )


def _not_blank(document: Document) -> Document:
    if not document.blocks:
        raise ParseError("is a text without a character to be seen.")
    return document


def _with_promise(document: Document, page: Page) -> Document:
    """A web page where a file was promised is often a notice of the server's own: log in, not found."""
    if suffix_of(page.url) not in _BINARY_NAMES:
        return document
    warning = f"{page.url}是网页，而按其名称应为{suffix_of(page.url)[1:].upper()}文件。"
    return replace(document, warnings=(*document.warnings, warning))
