"""What it costs to match one notice against many rules, beside the bare scan and the plain ways to do it.

    python -m benchmarks.match [CORPUS] [--rules 1000 100000] [--profiles selective] [--picture match.png]
        [--lucene-monitor FOLDER] [--rows FILE]

Each row is measured in a process of its own: the rules are read from a SQLite file, and every notice is
matched against all of them. Without a folder of documents the notices are invented. Times are wall time per
notice, the best of five, the median over the notices. Memory is the resident size that the index added.
Lucene's percolator takes part where `benchmarks.percolator` finds what it needs. Rows are kept in the file
`--rows` and not measured again: what takes long can be measured in parts.
"""

import argparse
import gc
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from benchmarks.match_peers import (
    PERCOLATOR_LIMIT,
    ROUNDS,
    TODAY,
    big_re,
    loop,
    median_ms,
    pyahocorasick_scan,
    scan,
)
from benchmarks.percolator import LeftOutError, percolate
from benchmarks.rules_sample import PROFILES, corpus_notices, draw_rules, invented_notices
from monitor.types import Notice
from rules import RuleIndex, default_vocabulary, parse_rule
from rules.evidence import Evidence
from rules.index.stored import load, save

COLUMNS = {
    "profile": "profile",
    "rules": "rules",
    "words": "words",
    "build_s": "build, s",
    "built_mb": "built, MB",
    "load_s": "load, s",
    "loaded_mb": "loaded, MB",
    "change_ms": "slowest change, ms",
    "match_ms": "match, ms",
    "all_ms": "match and go through all hits, ms",
    "hits": "hits",
    "scan_ms": "bare scan, ms",
    "ratio": "match / scan",
    "pyahocorasick_ms": "pyahocorasick scan, ms",
    "loop_ms": "loop, ms",
    "re_ms": "one re, ms",
    "percolator_ms": "percolator, ms",
}
CURVES = {"match_ms": "RuleIndex", "scan_ms": "bare scan", "pyahocorasick_ms": "pyahocorasick scan"}
CURVES |= {"loop_ms": "loop over the rules", "re_ms": "one re", "percolator_ms": "percolator (Lucene)"}
CHANGES = 1000
Row = dict[str, Any]


def main() -> None:
    """Measure every size and profile, print the table, draw the curves."""
    arguments = _arguments()
    if arguments.one:
        notices = notices_of(arguments.corpus)
        print(json.dumps(measure(notices, arguments.one, arguments.lucene_monitor)))
    elif arguments.stored:
        print(json.dumps(measure_load(arguments.stored)))
    else:
        rows = [row for profile in arguments.profiles for row in measure_all(arguments, profile)]
        print(table(rows))
        if arguments.picture:
            draw(rows, arguments.picture)


def measure_all(arguments: argparse.Namespace, profile: str) -> Iterator[Row]:
    """A row for each number of rules, each measured in a process of its own."""
    notices = notices_of(arguments.corpus)
    corpus = [str(arguments.corpus)] if arguments.corpus else []
    lucene = ["--lucene-monitor", str(arguments.lucene_monitor)] if arguments.lucene_monitor else []
    for number in arguments.rules:
        if row := _kept(arguments.rows, profile, number):
            yield row
            continue
        with tempfile.TemporaryDirectory() as folder:
            database = Path(folder) / "rules.db"
            _store(draw_rules(notices, number, PROFILES[profile]), database)
            row = {"profile": profile} | _in_own_process(*corpus, *lucene, "--one", str(database))
        print(json.dumps(row), file=sys.stderr)
        if arguments.rows:
            with arguments.rows.open("a", encoding="utf-8") as file:
                print(json.dumps(row), file=file)
        yield row


def _kept(file: Path | None, profile: str, number: int) -> Row | None:
    """The row that was measured before."""
    rows = map(json.loads, file.read_text("utf-8").splitlines()) if file and file.exists() else ()
    return next((row for row in rows if (row["profile"], row["rules"]) == (profile, number)), None)


def measure(notices: Sequence[Notice], database: Path, lucene_monitor: Path | None) -> Row:
    """The index over the rules of a database, and its peers."""
    index = RuleIndex()
    index.match(notices[0], today=TODAY)
    parse_rule("省:山西")  # vocabulary, grammar and folding are loaded
    before, started = resident_mb(), time.perf_counter()
    problems = index.extend(_rules(database))
    row: Row = {"rules": len(index), "build_s": time.perf_counter() - started}
    assert not problems, problems[0]
    row["built_mb"] = resident_mb() - before
    stored = database.with_suffix(".index")
    save(index, stored, "benchmark")
    row |= _in_own_process("--stored", str(stored))
    row |= _matching(index, notices)
    row["loop_ms"] = loop((text for _, text in _rules(database)), len(index), _evidences(notices))
    row["percolator_ms"] = _percolator_ms(index, database, notices, lucene_monitor)
    return row | {"change_ms": _slowest_change_ms(index)}


def measure_load(stored: Path) -> Row:
    """A stored index read into a fresh process."""
    default_vocabulary()
    before, started = resident_mb(), time.perf_counter()
    index, _ = load(stored, "benchmark")
    row = {"load_s": time.perf_counter() - started, "loaded_mb": resident_mb() - before}
    assert len(index)
    return row


def _matching(index: RuleIndex, notices: Sequence[Notice]) -> Row:
    evidences, words = _evidences(notices), index.words
    match_ms = median_ms(lambda notice: index.match(notice, today=TODAY), notices)
    all_ms = median_ms(lambda notice: list(index.match(notice, today=TODAY)), notices)
    hits = sorted(len(index.match(notice, today=TODAY)) for notice in notices)
    scan_ms = scan(words, evidences)
    return {
        "words": len(words),
        "match_ms": match_ms,
        "all_ms": all_ms,
        "hits": hits[len(hits) // 2],
        "scan_ms": scan_ms,
        "ratio": match_ms / scan_ms,
        "pyahocorasick_ms": pyahocorasick_scan(words, evidences),
        "re_ms": big_re(words, evidences),
    }


def _percolator_ms(
    index: RuleIndex, database: Path, notices: Sequence[Notice], lucene_monitor: Path | None
) -> float | None:
    """The percolator's time for every fifth notice, once it is sure that it finds the same rules."""
    if len(index) > PERCOLATOR_LIMIT:
        return None
    rules, some = dict(_rules(database)), notices[::5]
    try:
        percolated = percolate(rules.values(), _evidences(some), lucene_monitor, ROUNDS)
    except LeftOutError as error:
        print(f"the percolator is left out: {error}", file=sys.stderr)
        return None
    ids = [*rules]
    for notice, places in zip(some, percolated.hits, strict=True):
        found = {ids[place] for place in places}
        assert found == set(index.match(notice, today=TODAY).rule_ids), notice.title
    return statistics.median(percolated.match_ms)


def _slowest_change_ms(index: RuleIndex) -> float:
    times = []
    for number in range(CHANGES):
        started = time.perf_counter()
        index.add(f"added {number}", f"省:山西 新词{number} | 集采")
        times.append(time.perf_counter() - started)
    for number in range(CHANGES):
        started = time.perf_counter()
        index.remove(f"added {number}")
        times.append(time.perf_counter() - started)
    return max(times) * 1000


def notices_of(corpus: Path | None) -> list[Notice]:
    """Those of a folder, or invented ones."""
    return corpus_notices(corpus) if corpus else invented_notices()


def _evidences(notices: Sequence[Notice]) -> list[Evidence]:
    return [Evidence(notice, default_vocabulary(), TODAY) for notice in notices]


def _store(rules: Iterator[str], database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("CREATE TABLE rules (id INTEGER PRIMARY KEY, rule TEXT NOT NULL)")
        connection.executemany("INSERT INTO rules (rule) VALUES (?)", ((rule,) for rule in rules))


def _rules(database: Path) -> Iterator[tuple[int, str]]:
    with closing(sqlite3.connect(database)) as connection:
        yield from connection.execute("SELECT id, rule FROM rules ORDER BY id")


def _in_own_process(*arguments: str) -> Row:
    command = [sys.executable, "-m", "benchmarks.match", *arguments]
    row: Row = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return row


def resident_mb() -> float:
    """The memory that this process holds, in MB."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def table(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table."""
    lines = [list(COLUMNS.values()), ["---"] * len(COLUMNS)]
    lines += [[_cell(row.get(column)) for column in COLUMNS] for row in rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _cell(value: object) -> str:
    if value is None:
        return "–"
    return (
        f"{value:.3g}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)
    )


def draw(rows: Sequence[Row], picture: Path) -> None:
    """Time by number of rules, a panel for each profile, both axes logarithmic. Needs matplotlib."""
    from matplotlib import pyplot  # noqa: PLC0415 - optional

    profiles = list(dict.fromkeys(row["profile"] for row in rows))
    _, panels = pyplot.subplots(
        1, len(profiles), figsize=(5.5 * len(profiles) + 2, 4.5), sharey=True, squeeze=False
    )
    for panel, profile in zip(panels[0], profiles, strict=True):
        for column, label in CURVES.items():
            points = [(r["rules"], r[column]) for r in rows if r["profile"] == profile and r[column]]
            if points:
                panel.loglog(*zip(*points, strict=True), marker="o", label=label)
        panel.set(title=f"{profile} rules", xlabel="rules")
        panel.grid(visible=True, alpha=0.3)
    panels[0][0].set(ylabel="ms per notice")
    panels[0][-1].legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    pyplot.tight_layout()
    pyplot.savefig(picture, dpi=110)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", nargs="?", type=Path, help="a folder of documents as text")
    parser.add_argument("--rules", nargs="+", type=int, default=[1_000, 10_000, 100_000, 1_000_000])
    parser.add_argument("--profiles", nargs="+", choices=list(PROFILES), default=list(PROFILES))
    parser.add_argument("--picture", type=Path)
    parser.add_argument("--lucene-monitor", type=Path, help="a folder with the sources of that module")
    parser.add_argument("--rows", type=Path, help="a file of rows that were measured before, and of new ones")
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--stored", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
