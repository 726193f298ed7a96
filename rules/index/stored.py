"""An index as a file, so that a restart need not read every rule again.

The file is a pickle: keep it where only the program can write, like the database.
"""

import os
import pickle
import sys
from pathlib import Path
from typing import BinaryIO

from rules.index import RuleIndex
from rules.vocabulary import Vocabulary, default_vocabulary

_FORMAT = f"policy-monitor rule index 1, python {sys.version_info.major}.{sys.version_info.minor}"
_VOCABULARY = "vocabulary"


class StoredIndexError(Exception):
    """A stored index cannot be used; the sentence says why. Build the index from the rules again."""


def save(index: RuleIndex, path: Path, label: str) -> None:
    """Store the index. `label` says what it holds: the state of the rules and of the vocabulary."""
    index.settle()
    fresh = path.with_name(path.name + ".new")
    with open(fresh, "wb", opener=_private) as file:
        file.write(_header(label))
        _Pickler(file, protocol=5).dump(index)
    fresh.replace(path)


def load(path: Path, label: str, vocabulary: Vocabulary | None = None) -> RuleIndex:
    """The index that was stored under that label.

    Raises:
        StoredIndexError: there is none, it was stored under another label or format, or it is damaged.
    """
    try:
        with path.open("rb") as file:
            if file.readline() != _header(label):
                raise StoredIndexError(f"{path}: was stored for other rules or by another version")
            index = _Unpickler(file, vocabulary or default_vocabulary()).load()
    except OSError as error:
        raise StoredIndexError(f"{path}: cannot be read: {error.strerror}") from error
    except (pickle.UnpicklingError, EOFError, AttributeError, ImportError, ValueError) as error:
        raise StoredIndexError(f"{path}: is damaged: {error}") from error
    if not isinstance(index, RuleIndex):
        raise StoredIndexError(f"{path}: holds no index")
    return index


def _header(label: str) -> bytes:
    return f"{_FORMAT}, {label!r}\n".encode()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


class _Pickler(pickle.Pickler):
    """Leaves out the vocabulary, which has files of its own."""

    def persistent_id(self, thing: object) -> str | None:
        return _VOCABULARY if isinstance(thing, Vocabulary) else None


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: BinaryIO, vocabulary: Vocabulary) -> None:
        super().__init__(file)
        self._vocabulary = vocabulary

    def persistent_load(self, _: object) -> Vocabulary:
        return self._vocabulary
