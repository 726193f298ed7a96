"""The prepared rules of all subscriptions as a file, which spares a start the reading of every rule.

It is used when the program and the vocabulary are the same, when its content is whole, and when the database
has the mark that was made for it: one that was put back from an older copy, or another one, does not. What
changed since is followed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import structlog

from monitor.storage import Storage, Transaction
from rules import RuleIndex, Vocabulary
from rules.index import stored

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Prepared:
    """An index as of a value of the change counter, and the subscriptions that it could not read."""

    rules: RuleIndex
    counter: int
    broken: tuple[int, ...]


class PreparedRules:
    """The file at `path`; `vocabulary_files` are those that the configuration adds."""

    def __init__(self, path: Path, vocabulary_files: Iterable[Path] = ()) -> None:
        self._path = path
        self._label = stored.fingerprint(vocabulary_files)
        self._mark: str | None = None

    def load(self, tx: Transaction, vocabulary: Vocabulary) -> Prepared | None:
        """What is stored, None where it cannot be used."""
        if not self._path.exists():
            return None
        try:
            rules, (mark, counter, broken) = stored.load(self._path, self._label, vocabulary)
        except stored.StoredIndexError as error:
            log.warning("prepared rules are made anew", reason=str(error))
            return None
        if tx.subscriptions.marked(mark) != counter:
            log.warning("prepared rules are made anew", reason=f"{self._path}: is of another database")
            return None
        self._mark = mark
        return Prepared(rules, counter, tuple(broken))

    def save(self, storage: Storage, prepared: Prepared) -> None:
        """Store it in place of what was stored; where that fails the next start only takes longer."""
        with storage.begin() as tx:
            mark = tx.subscriptions.mark(prepared.counter, instead_of=self._mark)
        try:
            about = (mark, prepared.counter, prepared.broken)
            stored.save(prepared.rules, self._path, self._label, about)
        except OSError as error:
            log.warning("prepared rules cannot be stored", path=str(self._path), error=str(error))
        self._mark = mark
