"""Lucene's percolator (`lucene-monitor`) as a peer: a program of its own, given the same rules and notices.

It takes part where there are a JDK, Debian's `liblucene8-java`, and the sources of that Lucene's monitor
module, which Debian does not build: `apt-get source --download-only lucene8`, unpacked.
"""

import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rules import default_vocabulary, parse_rule
from rules.conditions import ANY, And, Condition, Not, Or
from rules.evidence import BOUNDARY, Evidence
from rules.meaning import Trigger, Word, triggers

JARS = Path("/usr/share/java")
MODULES = ("core", "memory", "queries", "analyzers-common")
PROGRAM = Path(__file__).with_name("Percolator.java")


class LeftOutError(Exception):
    """The percolator cannot take part; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Percolated:
    """Seconds for building; for each notice the milliseconds, and which rules, by their place, it met."""

    build_s: float
    match_ms: list[float]
    hits: list[set[int]]


def percolate(
    rules: Iterable[str], evidences: Sequence[Evidence], monitor: Path | None, rounds: int
) -> Percolated:
    """Match every notice. `monitor` is the folder of Lucene's monitor module.

    Raises:
        LeftOutError: something that it needs is not there.
    """
    with tempfile.TemporaryDirectory() as folder:
        classes = _compiled(monitor, Path(folder, "classes"))
        rule_file, notice_file = Path(folder, "rules"), Path(folder, "notices")
        rule_file.write_text("".join(f"{_line(rule)}\n" for rule in rules), "utf-8")
        notice_file.write_text("".join(f"{_notice(evidence)}\n" for evidence in evidences), "utf-8")
        command = ["java", "-Xmx4g", "-cp", classes, "Percolator", rule_file, notice_file, str(rounds)]
        answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    build, *lines = answer.splitlines()
    pairs = [line.split("\t") for line in lines]
    return Percolated(
        float(build), [float(ms) for ms, _ in pairs], [set(map(int, ids.split())) for _, ids in pairs]
    )


def _compiled(monitor: Path | None, classes: Path) -> str:
    """The class path with the program and the monitor module, compiled."""
    if not shutil.which("java") or not shutil.which("javac"):
        raise LeftOutError("there is no java or no javac")
    jars = [jar for module in MODULES for jar in sorted(JARS.glob(f"lucene-{module}-8.*.jar"))]
    if len(jars) < len(MODULES):
        raise LeftOutError(f"{JARS} lacks the jars of lucene 8 (liblucene8-java)")
    sources = sorted((monitor / "src/java").rglob("*.java")) if monitor else []
    if not sources:
        raise LeftOutError("--lucene-monitor names no folder with the sources of Lucene's monitor module")
    path = ":".join(map(str, [*jars, classes]))
    subprocess.run(
        ["javac", "-nowarn", "-Xlint:none", "-cp", path, "-d", classes, *sources, PROGRAM], check=True
    )
    return path


def _line(rule: str) -> str:
    return "\t".join(_parts(parse_rule(rule).condition))


def _parts(condition: Condition) -> Iterator[str]:
    """The condition in prefix notation, as the program reads it."""
    match condition:
        case And(parts=parts) | Or(parts=parts):
            yield f"{'&' if isinstance(condition, And) else '|'}{len(parts)}"
            for part in parts:
                yield from _parts(part)
        case Not(part=part):
            yield "-"
            yield from _parts(part)
        case _:
            found = triggers(condition, default_vocabulary())
            yield from (f"|{len(found)}", *map(_leaf, found))


def _leaf(trigger: Trigger) -> str:
    if isinstance(trigger, Word):
        assert trigger.scope == ANY and len(trigger.text) > 1, "only such are drawn"
        return f"'{trigger.text}"
    return f"={trigger}"


def _notice(evidence: Evidence) -> str:
    start, end = evidence.scopes[ANY]
    text = evidence.text[start:end].replace(BOUNDARY, "\x1f")
    return "\t".join([*map(str, sorted(evidence.facts)), text])
