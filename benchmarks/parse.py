"""What reading and parsing a document costs: CPU seconds and peak memory of a process that does only that.

    python -m benchmarks.parse DIGEST.txt DIGEST.pdf

Each file is read in a process of its own, three times, and the quickest counts. Beside it stands a floor from
the same run: for a PDF, pypdfium2 taking the text of all pages and nothing more; for other files, their bytes
decoded and split into lines. `start` is the interpreter with our modules imported.
"""

import json
import subprocess
import sys
from pathlib import Path

ROUNDS = 3

_OURS = """
import json, resource, sys, time
from monitor.reading import read_notices
from monitor.types import Page
started = time.process_time()
page = Page(url=sys.argv[1], body=open(sys.argv[1], "rb").read())
notices = len(read_notices(page).notices)
"""
_FLOOR_PDF = """
import json, resource, sys, time
import pypdfium2
started = time.process_time()
notices = sum(len(page.get_textpage().get_text_range()) > 0 for page in pypdfium2.PdfDocument(sys.argv[1]))
"""
_FLOOR_TEXT = """
import json, resource, sys, time
started = time.process_time()
notices = len(open(sys.argv[1], encoding="utf-8", errors="replace").read().splitlines())
"""
_REPORT = """
done = time.process_time()
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"start": started, "work": done - started, "peak": peak, "found": notices}))
"""


def measured(program: str, file: Path) -> dict[str, float]:
    """The quickest of three runs: CPU seconds before and in the work, peak memory in MB, what was found."""
    runs = []
    for _ in range(ROUNDS):
        command = [sys.executable, "-c", program + _REPORT, str(file)]
        runs.append(json.loads(subprocess.run(command, capture_output=True, check=True).stdout))
    return min(runs, key=lambda run: run["work"])


def main() -> None:
    print("file                             notices  start s   work s  floor s   ratio  peak MB")
    for name in sys.argv[1:]:
        file = Path(name)
        ours = measured(_OURS, file)
        floor = measured(_FLOOR_PDF if file.suffix == ".pdf" else _FLOOR_TEXT, file)
        ratio = ours["work"] / max(floor["work"], 1e-6)
        print(
            f"{file.name:32} {ours['found']:7.0f} {ours['start']:8.2f} {ours['work']:8.2f} "
            f"{floor['work']:8.3f} {ratio:6.1f}x {ours['peak']:8.0f}"
        )


if __name__ == "__main__":
    main()
