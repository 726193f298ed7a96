"""The ready-made sources: what is known of every agency's lists, one file per province and one national.

The files are data, kept by hand; docs/reference/catalogue.md describes them. Nothing in them is checked by
itself: a configuration selects entries (`select`), and of those only what was seen working or verified here.
"""

from monitor.sources.catalogue.entries import Catalogue, CatalogueEntry, Evidence, catalogue
from monitor.sources.catalogue.facets import UnknownFacetError, select

__all__ = ["Catalogue", "CatalogueEntry", "Evidence", "UnknownFacetError", "catalogue", "select"]
