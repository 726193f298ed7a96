"""Known names that look like a misspelt one."""

from collections.abc import Mapping

from rapidfuzz import fuzz, process

from rules.text import normalise


def nearest(word: str, names: Mapping[str, str]) -> list[str]:
    """What the names (normalised → to show) nearest to a word stand for, best first, at most five."""
    found = process.extract(normalise(word), list(names), scorer=fuzz.ratio, limit=15, score_cutoff=50)
    return list(dict.fromkeys(names[name] for name, _, _ in found))[:5]
