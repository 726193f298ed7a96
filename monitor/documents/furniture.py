"""What belongs to the pages of a print and not to its text: running heads, feet and page numbers.

Found by place and repetition, never by wording.
"""

from collections.abc import Sequence

from monitor.documents.printed import PrintedPage


def without_furniture(pages: Sequence[PrintedPage]) -> list[PrintedPage]:
    return list(pages)
