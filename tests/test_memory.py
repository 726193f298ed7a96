"""What stands when the program has started is looked through no more."""

import subprocess
import sys

SCRIPT = """
import gc
import monitor.app
from monitor.memory import settle
before = len(gc.get_objects())
settle()
assert gc.get_freeze_count() > before / 2, gc.get_freeze_count()
assert len(gc.get_objects()) < before / 10, len(gc.get_objects())
young, *_ = gc.get_threshold()
assert young > 1_000, young
ring = []
ring.append(ring)
del ring
assert gc.collect() > 0, "what came later and goes round in a ring is still found"
"""


def test_the_collector_leaves_what_stands_alone_and_finds_what_comes_later() -> None:
    subprocess.run([sys.executable, "-c", SCRIPT], check=True)
