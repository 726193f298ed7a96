"""The tables.

Unique keys, not checks in code, keep repeats out:

    pages          (source, address, hash)           one content of an address is kept once
    sightings      (notice, source, address)         one appearance is recorded once
    revisions      (notice, number)
    matches        (notice, edition, subscription)   one telling of a notice meets a subscription once
    deliveries     (destination, topic)              and reaches a destination once
    attempts       (delivery, number)                the number is the fence of a lease
    chat_updates   (channel, id)                     what somebody said to the bot is acted upon once

An *edition* of a notice is what a reader was told: it grows with a correction, and not with a variant (the
same notice in another source's wording). A delivery's *topic* says what it is about: `notice:12:1` is
edition 1 of notice 12, `summary:2026-03-02T01:00:00Z:1` the first part of the summary of the window that
ended then. A match without a delivery waits for its window: `due_at` is its end and `held_by` the reason; a
reason without a time means that what the subscriber wants has changed meanwhile.
"""

from monitor.storage.schema.base import metadata
from monitor.storage.schema.chat import (
    admissions,
    chat_errors,
    chat_payloads,
    chat_updates,
    conversations,
    invites,
)
from monitor.storage.schema.deliveries import attempts, buckets, deliveries, matches
from monitor.storage.schema.notices import notice_keys, notices, revisions, search_texts, sightings
from monitor.storage.schema.readers import (
    confirmations,
    destinations,
    mutes,
    saved_rules,
    subscribers,
    subscriptions,
)
from monitor.storage.schema.sources import checks, counters, entries, episodes, pages, sources

__all__ = [
    "admissions",
    "attempts",
    "buckets",
    "chat_errors",
    "chat_payloads",
    "chat_updates",
    "checks",
    "confirmations",
    "conversations",
    "counters",
    "deliveries",
    "destinations",
    "entries",
    "episodes",
    "invites",
    "matches",
    "metadata",
    "mutes",
    "notice_keys",
    "notices",
    "pages",
    "revisions",
    "saved_rules",
    "search_texts",
    "sightings",
    "sources",
    "subscribers",
    "subscriptions",
]
