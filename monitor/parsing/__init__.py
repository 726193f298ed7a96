"""Document → notices: one module per layout, and the fields that all of them share.

`monitor.parsing.layout` is the way in. It is not imported here: who only wants the names of the layouts, or
to read a date, does not wait for every pattern to be compiled.
"""

LAYOUT_NAMES = ("monthly", "weekly", "reference", "notice")
"""What settings and the command line call the layouts, in the order in which they are tried."""
