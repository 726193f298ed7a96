"""The stable hash over what identifies a notice."""

import hashlib

from monitor.parsing.numbers import find_number
from monitor.parsing.text import key
from monitor.types import Notice


def fingerprint(notice: Notice) -> str:
    """Equal for two printings of one notice, whatever their width, spaces and brackets.

    Over the title, the document number, the lead agency (else the province) and the date.
    """
    number = find_number(notice.doc_number or "") or notice.doc_number or ""
    issuer = next(iter((*notice.agency_ids, *notice.agencies, *notice.provinces)), "")
    date = notice.written_date or notice.published_date
    identity = "\n".join((key(notice.title), key(number), key(issuer), date.isoformat() if date else ""))
    return hashlib.sha256(identity.encode()).hexdigest()[:32]
