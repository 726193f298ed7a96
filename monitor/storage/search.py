"""Finding notices by their words, alike on both databases.

Chinese is written without spaces, so a text is looked up by its pairs of neighbouring characters:

    search_texts   what a revision says, folded as for matching; a word is found where it stands in it
    search_grams   which texts hold a pair: an FTS5 table on SQLite, a `tsvector` with GIN on PostgreSQL

The pairs of a word narrow the search down, the text decides: so both databases find exactly what a look
through every text would find. A pair is written as its two code points in hexadecimal, which no tokenizer
takes apart; the last character of a line stands alone, so that every character begins a gram.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from sqlalchemy import ColumnElement, Connection, Select, column, func, insert, select, table, text

from monitor.storage import schema
from monitor.storage.columns import clean
from monitor.types import Notice
from rules.text import normalise

_T = schema.search_texts.c
_QUOTED_OR_WORD = re.compile(r'"[^"]*"|“[^”]*”|「[^」]*」|\S+')
MOST_WORDS = 20
"""Words of a query beyond these are not looked at."""


def words_of(query: str) -> tuple[str, ...]:
    """The words that all have to be there, folded; what stands in quotation marks is one word."""
    found = (normalise(clean(word)) for word in _QUOTED_OR_WORD.findall(query))
    return tuple(dict.fromkeys(word for word in found if word))[:MOST_WORDS]


def index(connection: Connection, revision_id: int, notice_id: int, notice: Notice) -> None:
    """Make a revision one that is found."""
    lines = [clean(line) for line in _lines(notice)]
    row = {
        "revision_id": revision_id,
        "notice_id": notice_id,
        "comment_deadline": notice.comment_deadline,
        "text": "\n".join(lines),
    }
    connection.execute(insert(schema.search_texts).values(row))
    grams = sorted({gram for line in lines for gram in _grams(line)})
    connection.execute(_INSERT[connection.dialect.name], {"id": revision_id, "grams": " ".join(grams)})


def holding(connection: Connection, words: Sequence[str]) -> Select[tuple[int]]:
    """The ids of the notices with all these words in one of their texts."""
    found = select(_T.notice_id)
    if words:
        found = found.where(_T.revision_id.in_(_candidates(connection.dialect.name, words)))
    sure = [word for word in words if len(word) > 2]  # one pair, or what begins one, is found as it stands
    return found.where(*(_stands_in(connection.dialect.name, word) for word in sure))


_GRAMS = table("search_grams", column("rowid"), column("revision_id"), column("grams"))
_INSERT = {
    "sqlite": text("INSERT INTO search_grams (rowid, grams) VALUES (:id, :grams)"),
    "postgresql": text(
        "INSERT INTO search_grams (revision_id, grams)"
        " VALUES (:id, array_to_tsvector(string_to_array(:grams, ' ')))"
    ),
}


def _candidates(dialect: str, words: Iterable[str]) -> Select[tuple[int]]:
    """The ids of the texts with all pairs of these words."""
    if dialect == "sqlite":
        wanted = " AND ".join(f'"{gram}"{"*" * first}' for gram, first in _wanted(words))
        return select(_GRAMS.c.rowid).where(text("search_grams MATCH :wanted").bindparams(wanted=wanted))
    wanted = " & ".join(f"'{gram}'{':*' * first}" for gram, first in _wanted(words))
    matches = text("search_grams.grams @@ CAST(:wanted AS tsquery)").bindparams(wanted=wanted)
    return select(_GRAMS.c.revision_id).where(matches)


def _stands_in(dialect: str, word: str) -> ColumnElement[bool]:
    find = func.instr if dialect == "sqlite" else func.strpos
    return find(_T.text, word) > 0


def _wanted(words: Iterable[str]) -> list[tuple[str, bool]]:
    """The grams of the words; True for a word of one character, which only begins them."""
    grams = {word: _grams(word) if len(word) == 1 else _pairs(word) for word in words}
    return sorted({(gram, len(word) == 1) for word, found in grams.items() for gram in found})


def _grams(line: str) -> Iterator[str]:
    yield from _pairs(line)
    yield from (_code(character) for character in line[-1:])


def _pairs(line: str) -> Iterator[str]:
    codes = [_code(character) for character in line]
    return map("".join, pairwise(codes))


def _code(character: str) -> str:
    return f"{ord(character):05x}"


def _lines(notice: Notice) -> Iterator[str]:
    """What a reader may look for, folded; a word does not reach from one line into the next."""
    parts = (
        notice.title,
        notice.doc_number,
        notice.index_number,
        *notice.agencies,
        *notice.provinces,
        notice.category,
        *notice.keywords,
        notice.summary,
        notice.body,
        *(file.name for file in notice.attachments),
        *(text for one in notice.interpretations for text in (one.title, one.body)),
    )
    folded = (normalise(part).replace("\n", " ") for part in parts if part)
    return (line for line in dict.fromkeys(folded) if line)
