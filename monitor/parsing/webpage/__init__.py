"""A notice's web page: title, text, public-information block, meta tags and attachments → one `Notice`.

    markup → lines (flat) → where the text stands (body) → labels before and around it → title → attachments
    → evidence → notice (assembly: what counts more, and what contradicts it)

A page that is a script challenge must be told from a notice before it comes here: it has no text.
"""

from monitor.parsing.webpage.reading import read_notice

__all__ = ["read_notice"]
