"""What a term stands for, in sentences for people."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rules.vocabulary import Vocabulary


def explain(vocabulary: "Vocabulary", term: str, language: str) -> tuple[str, ...]:
    """Sentences in `zh` or `en`: what the term expands to and why; what place or agency it names."""
    return tuple(f"{e.alias}: {e.set}, {e.why}" for e in vocabulary.expand(term))
