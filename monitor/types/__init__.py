"""The nouns of the program. Frozen; aware datetimes; a plain `date` where a publisher gives only a day.

The pipeline in their terms::

    source → Listing of Entries → Page → Document of Blocks → Notices → Message to a destination

`Notice` is also the contract with the outside: `to_record()` and `from_record()` are its two directions,
described field by field in docs/reference/notice-record.md.
"""

from monitor.types.messages import Cause, Hit, Hold, Item, Lateness, Message, Receipt, Summary
from monitor.types.notices import (
    Attachment,
    Interpretation,
    Notice,
    NoticeKind,
    Reference,
    Relation,
    SourceDigest,
    with_warning,
)
from monitor.types.pages import Block, BlockKind, Document, Entry, Link, Listing, Page, Redirect, Validators

__all__ = [
    "Attachment",
    "Block",
    "BlockKind",
    "Cause",
    "Document",
    "Entry",
    "Hit",
    "Hold",
    "Interpretation",
    "Item",
    "Lateness",
    "Link",
    "Listing",
    "Message",
    "Notice",
    "NoticeKind",
    "Page",
    "Receipt",
    "Redirect",
    "Reference",
    "Relation",
    "SourceDigest",
    "Summary",
    "Validators",
    "with_warning",
]
