"""Bytes → text: a `Page` becomes `Document`s, whatever format it came in.

    Page → format (bytes first, then the declared type, then the name) → reader → Document of Blocks

`reading.read` is the way in; one module per format (html, pdf, docx, doc, plain, archive); `charset` finds
the character set and `paragraphs` puts together what line and page ends cut. Pure: nothing here touches
network or storage.
"""
