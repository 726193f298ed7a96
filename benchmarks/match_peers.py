"""Other ways to find which rules a notice meets, or only the words of the rules in it."""

import datetime as dt
import re
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from ahocorasick_rs import AhoCorasick, Implementation

from rules import default_vocabulary, parse_rule
from rules.conditions import And, Condition, Not, Or
from rules.evidence import Evidence
from rules.meaning import Word, triggers

TODAY = dt.date(2023, 1, 1)
# Rules and words above which there is nothing to do but wait.
LOOP_LIMIT, PERCOLATOR_LIMIT, RE_LIMIT = 100_000, 100_000, 5_000
ROUNDS = 5

Item = TypeVar("Item")
Test = Callable[[Evidence], bool]


def median_ms(work: Callable[[Item], object], items: Sequence[Item], rounds: int = ROUNDS) -> float:
    """The median over the items of the shortest time of `rounds`."""
    return statistics.median(_shortest(work, item, rounds) for item in items) * 1000


def _shortest(work: Callable[[Item], object], item: Item, rounds: int) -> float:
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        work(item)
        times.append(time.perf_counter() - started)
    return min(times)


def scan(words: Sequence[str], evidences: Sequence[Evidence]) -> float:
    """The floor: one Aho-Corasick pass over the folded text with all words, its hits thrown away."""
    machine = AhoCorasick(words, store_patterns=False, implementation=Implementation.ContiguousNFA)
    return median_ms(lambda e: machine.find_matches_as_indexes(e.text, overlapping=True), evidences)


def pyahocorasick_scan(words: Sequence[str], evidences: Sequence[Evidence]) -> float | None:
    """The same with pyahocorasick, where it is installed."""
    try:
        import ahocorasick  # noqa: PLC0415 - optional
    except ImportError:
        return None
    machine: Any = ahocorasick.Automaton()
    for number, word in enumerate(words):
        machine.add_word(word, number)
    machine.make_automaton()
    return median_ms(lambda evidence: list(machine.iter(evidence.text)), evidences)


def big_re(words: Sequence[str], evidences: Sequence[Evidence]) -> float | None:
    """All words as the alternatives of one expression; it finds no overlapping words, so it only costs."""
    if len(words) > RE_LIMIT:
        return None
    expression = re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))
    return median_ms(lambda evidence: expression.findall(evidence.text), evidences, rounds=1)


def loop(rules: Iterable[str], number: int, evidences: Sequence[Evidence]) -> float | None:
    """Every rule asked in turn, each prepared as nested functions over folded words and facts."""
    if number > LOOP_LIMIT:
        return None
    tests = [_test(parse_rule(text).condition) for text in rules]
    return median_ms(lambda e: [test for test in tests if test(e)], evidences[::10], rounds=1)


def _test(condition: Condition) -> Test:
    match condition:
        case And(parts=parts):
            tests = [_test(part) for part in parts]
            return lambda evidence: all(test(evidence) for test in tests)
        case Or(parts=parts):
            tests = [_test(part) for part in parts]
            return lambda evidence: any(test(evidence) for test in tests)
        case Not(part=part):
            inner = _test(part)
            return lambda evidence: not inner(evidence)
    found = triggers(condition, default_vocabulary())
    words = [trigger.text for trigger in found if isinstance(trigger, Word)]
    if words:
        return lambda evidence: any(word in evidence.text for word in words)
    return lambda evidence: found[0] in evidence.facts
