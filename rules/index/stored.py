"""An index as a file, so that a restart need not read every rule again.

The file is a pickle: keep it where only the program can write, like the database.
"""

import hashlib
import os
import pickle
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO

import rules
from rules.index import RuleIndex
from rules.vocabulary import Vocabulary, default_vocabulary

_FORMAT = f"policy-monitor rule index 2, python {sys.version_info.major}.{sys.version_info.minor}"
_VOCABULARY = "vocabulary"
_SOURCES = {".py", ".lark", ".yaml", ".tsv"}
_DIGEST_SIZE = 32


class StoredIndexError(Exception):
    """A stored index cannot be used; the sentence says why. Build the index from the rules again."""


def fingerprint(vocabulary_files: Iterable[Path] = ()) -> str:
    """What a stored index depends on besides its rules: the code and the data of this package, and the files
    that add to the vocabulary."""
    own = sorted(path for path in Path(rules.__file__).parent.rglob("*") if path.suffix in _SOURCES)
    digest = hashlib.sha256()
    for path in (*own, *vocabulary_files):
        digest.update(f"{path.name} {path.stat().st_size}\n".encode() + path.read_bytes())
    return digest.hexdigest()


def save(index: RuleIndex, path: Path, label: str, about: object = None) -> None:
    """Store the index. `label` says what it depends on, `about` is given back by `load`. The file is there as
    a whole or as it was before."""
    index.settle()
    fresh = path.with_name(path.name + ".new")
    with open(fresh, "wb", opener=_private) as file:
        file.write(_header(label))
        _Pickler(file, protocol=5).dump((index, about))
    digest = _digest(fresh)
    with fresh.open("ab") as file:
        file.write(digest)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def load(path: Path, label: str, vocabulary: Vocabulary | None = None) -> tuple[RuleIndex, Any]:
    """The index that was stored under that label, and what was stored about it.

    Raises:
        StoredIndexError: there is none, it was stored under another label or format, or it is damaged.
    """
    try:
        with path.open("rb") as file:
            if file.readline() != _header(label):
                raise StoredIndexError(f"{path}: was stored for other rules or by another version")
            whole = path.stat().st_size - _DIGEST_SIZE
            file.seek(max(whole, 0))
            if file.read() != _digest(path, whole):
                raise StoredIndexError(f"{path}: is damaged")
            file.seek(len(_header(label)))
            index, about = _Unpickler(file, vocabulary or default_vocabulary()).load()
    except OSError as error:
        raise StoredIndexError(f"{path}: cannot be read: {error.strerror}") from error
    except (pickle.UnpicklingError, EOFError, AttributeError, ImportError, ValueError) as error:
        raise StoredIndexError(f"{path}: is damaged: {error}") from error
    return index, about


def _digest(path: Path, size: int | None = None) -> bytes:
    """The digest of the file's first `size` bytes, all of them if absent."""
    digest = hashlib.blake2b(digest_size=_DIGEST_SIZE)
    left = path.stat().st_size if size is None else size
    with path.open("rb") as file:
        while left > 0 and (part := file.read(min(left, 1 << 20))):
            digest.update(part)
            left -= len(part)
    return digest.digest()


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
