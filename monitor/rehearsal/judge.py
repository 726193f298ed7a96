"""One rule, one notice: why it matched, or which condition failed first."""

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.rehearsal.arrivals import Arrival
from rules import Rule, Vocabulary
from rules.explain import Explanation, explain


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a rule makes of a notice, by the text of `arrival`, one of `texts`."""

    arrival: Arrival
    texts: int
    explanation: Explanation


def judge(rule: Rule, texts: Sequence[Arrival], vocabulary: Vocabulary) -> Judgement:
    """By the latest of the texts (one at least) that the rule matches; by the latest of all where it matches
    none.

    A notice matches with any of its texts: a source digest may print less of it than its publisher. Limits
    such as `截止<14d` are counted from the day on which the text could be told.
    """
    judgements = [
        Judgement(text, len(texts), explain(rule, text.notice, today=text.day, vocabulary=vocabulary))
        for text in reversed(texts)
    ]
    return next((judgement for judgement in judgements if judgement.explanation.matched), judgements[0])
