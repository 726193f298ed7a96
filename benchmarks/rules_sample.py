"""Notices and rules to measure matching with: from real documents, or invented where there are none."""

import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from monitor.documents.reading import read
from monitor.parsing.layout import parse
from monitor.types import Notice, Page
from rules import default_vocabulary
from rules.signs import is_plain_word

_HAN = re.compile(r"[一-鿿]{2,}")
_COMMON = [chr(code) for code in range(0x4E00, 0x9000, 7)]
_LENGTHS = range(2, 9)
_KINDS = ("医保局", "药监局", "卫健委", "中医药局", "财政", "人社")
_NATIONAL = ("国家医疗保障局", "国家药品监督管理局", "国家卫生健康委员会")


@dataclass(frozen=True, slots=True)
class Profile:
    """How broad the drawn rules are: the exponent of Zipf's law over the terms by frequency (the higher, the
    more rules name what most notices contain), and the share of rules that may name regions or agencies.
    """

    skew: float
    narrowed: float


PROFILES = {"selective": Profile(0.1, 0.95), "broad": Profile(0.55, 0.5)}


def corpus_notices(folder: Path) -> list[Notice]:
    """The notices of every text in a folder."""
    pages = (Page(url=path.name, body=path.read_bytes()) for path in sorted(folder.glob("*.txt")))
    return [notice for page in pages for document in read(page) for notice in parse(document)]


def invented_notices(number: int = 120, seed: int = 1) -> list[Notice]:
    """Notices of about 1,800 characters whose made-up words are as frequent as words are."""
    chance = random.Random(seed)
    words = ["".join(chance.choices(_COMMON, k=chance.choice((2, 2, 3, 4)))) for _ in range(8000)]
    weights = list(accumulate(1 / rank for rank in range(1, len(words) + 1)))
    notices = []
    for _ in range(number):
        text = "".join(chance.choices(words, cum_weights=weights, k=700))
        region = chance.choice(default_vocabulary().provinces())
        agency = f"{region.slug}.{chance.choice(('nhsa', 'nmpa', 'nhc'))}"
        notices.append(Notice(title=text[:30], body=text, provinces=(region.short,), agency_ids=(agency,)))
    return notices


def draw_rules(notices: Sequence[Notice], number: int, profile: Profile, seed: int = 7) -> Iterator[str]:
    """Rules in their canonical form: 0-3 provinces, 0-2 agencies, 1-4 terms joined by AND, OR and NOT."""
    chance = random.Random(seed)
    regions = default_vocabulary().provinces()
    provinces = ["国家", *(region.short for region in regions)]
    agencies = [*_KINDS, *_NATIONAL, *(f"{region.name}医疗保障局" for region in regions)]
    drawn = _draw_terms(_terms(notices), profile.skew, chance)
    for _ in range(number):
        parts = []
        if chance.random() < profile.narrowed:
            parts += _listed("省", provinces, chance.randint(0, 3), chance)
            parts += _listed("机构", agencies, chance.choice((0, 0, 1, 2)), chance)
        yield _joined(parts, list(dict.fromkeys(next(drawn) for _ in range(chance.randint(1, 4)))), chance)


def _terms(notices: Sequence[Notice]) -> list[str]:
    """The strings of 2 to 8 characters that occur more than once, the most frequent first."""
    counts: Counter[str] = Counter()
    for notice in notices:
        for run in _HAN.findall(f"{notice.title}\n{notice.body}"):
            counts.update(run[i : i + n] for n in _LENGTHS for i in range(len(run) - n + 1))
    return [term for term, count in counts.most_common() if count > 1 and is_plain_word(term)]


def _draw_terms(terms: Sequence[str], skew: float, chance: random.Random) -> Iterator[str]:
    weights = list(accumulate(rank**-skew for rank in range(1, len(terms) + 1)))
    while True:
        yield from chance.choices(terms, cum_weights=weights, k=10_000)


def _listed(facet: str, values: Sequence[str], number: int, chance: random.Random) -> list[str]:
    return [f"{facet}:{','.join(chance.sample(values, number))}"] if number else []


def _joined(parts: list[str], terms: list[str], chance: random.Random) -> str:
    shape = chance.random()
    if len(terms) == 1 or shape < 0.4:
        return " ".join(parts + terms)
    if shape < 0.8:
        alternatives = " | ".join(terms)
        return " ".join([*parts, f"({alternatives})"]) if parts else alternatives
    return " ".join([*parts, *terms[:-1], f"-{terms[-1]}"])
